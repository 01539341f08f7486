"""The sweep of escalation."""

from collections.abc import Sequence

from services.escalation.operations.sweep_clocks import sweep_clocks
from shared.infra.scheduling import Sweep
from shared.infra.unit_of_work import UnitOfWork


def sweeps(work: UnitOfWork) -> Sequence[Sweep]:
    return [Sweep("escalation-clocks", lambda: sweep_clocks(work), work.clock, after_changes=True)]
