"""The sweeps of intake."""

from collections.abc import Sequence

from services.intake.operations import erase_expired
from shared.infra.scheduling import Sweep
from shared.infra.unit_of_work import UnitOfWork


def sweeps(work: UnitOfWork) -> Sequence[Sweep]:
    return [Sweep("intake-erase-expired", lambda: erase_expired(work), work.clock)]
