"""The sweeps of intake."""

from collections.abc import Sequence

from services.intake.operations.entrusted import erase_expired
from services.intake.operations.learning import Learning
from shared.infra.scheduling import Sweep
from shared.infra.unit_of_work import UnitOfWork


def sweeps(work: UnitOfWork, learning: Learning) -> Sequence[Sweep]:
    return [
        Sweep("intake-erase-expired", lambda: erase_expired(work), work.clock),
        Sweep("intake-learn-categories", lambda: learning.learn_when_due(work), work.clock),
    ]
