"""The sweeps of the console."""

from collections.abc import Sequence

from services.console.operations.announce import Publish, announcing
from shared.infra.scheduling import ANY_CHANGE, Sweep
from shared.infra.unit_of_work import UnitOfWork


def sweeps(work: UnitOfWork, publish: Publish) -> Sequence[Sweep]:
    return [Sweep("console-announce", announcing(work, publish), work.clock, after=(ANY_CHANGE,))]
