"""The sweeps of escalation."""

from collections.abc import Sequence

from services.escalation.operations.audit_clocks import Auditor
from services.escalation.operations.recount_clocks import Recount
from services.escalation.operations.sweep_clocks import sweep_clocks
from services.escalation.operations.switch_modes import look_at_switches
from shared.contracts.dispatch import CentrePackApplied, ModeSwitched
from shared.infra.scheduling import ANY_CHANGE, Sweep
from shared.infra.unit_of_work import UnitOfWork


def sweeps(work: UnitOfWork) -> Sequence[Sweep]:
    recount = Recount(work)
    return [
        Sweep("escalation-modes", lambda: look_at_switches(work), work.clock, after=(ModeSwitched.TYPE,)),
        Sweep("escalation-clocks", lambda: sweep_clocks(work), work.clock, after=(ANY_CHANGE,)),
        Sweep("escalation-recount", recount.run, work.clock, after=(CentrePackApplied.TYPE,)),
        Sweep("escalation-audit", Auditor(work).run, work.clock),
    ]
