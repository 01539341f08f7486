"""The sweeps of notification."""

from collections.abc import Sequence

from shared.infra.scheduling import Sweep
from shared.infra.unit_of_work import UnitOfWork


def sweeps(_work: UnitOfWork) -> Sequence[Sweep]:
    return ()
