"""What the acts of a unit, and the end of the loop, mean for the whole case."""

from datetime import datetime

from services.dispatch.model.case_file import CaseFile
from services.dispatch.model.changes import Changes, Moment
from services.dispatch.model.work_order import WorkOrder
from services.dispatch.policy.cases import return_due
from services.dispatch.policy.handing import desk_after_return, require_fair_suggestion, return_words
from shared.contracts.base import CaseEvent
from shared.contracts.dispatch import Desk, ReportBack, ReturnWorkOrder, WorkOrderReturned


def take_back(file: CaseFile, order: WorkOrder, ask: ReturnWorkOrder, moment: Moment) -> WorkOrderReturned:
    """退单. From the lead unit: the triage desk answers for the case again, until a person sends it on.

    From a supporting unit: the case stays with its lead unit, which waits until a person has decided.
    """
    order.require_own(ask.actor)
    if ask.suggested_unit is not None:
        decision = file.case.decided()
        require_fair_suggestion(moment.pack, decision, unit=order.unit, suggested=ask.suggested_unit)
    if order.part == "support":
        return _supporter_returns(file, order, ask, moment)
    case, returns = file.case, file.case.returns + 1
    desk = desk_after_return(moment.pack.handing, returns=returns, hops=case.hops, disputed=ask.disputed)
    told = _give_back(file, order, ask, moment, returns=returns, desk=desk)
    unit = moment.pack.unit(order.unit)
    name = order.unit if unit is None else unit.short
    words = return_words(name, ask.reason, returns=returns, desk=desk, disputed=ask.disputed)
    case.returns = returns
    case.wait_for(desk, unit=moment.pack.triage.unit, reason=words, now=moment.now)
    return told


def report(file: CaseFile, order: WorkOrder, ask: ReportBack, moment: Moment) -> Changes:
    """The lead unit has finished when no supporting unit owes any more; a new route proposed before lapses then."""
    kept, told = order.report_back(ask, file.case.graded(), owing=file.owing, now=moment.now)
    lapsed = file.lapse_proposal(now=moment.now) if order.part == "lead" else ()
    return Changes((kept,), (told, *lapsed))


def close(file: CaseFile, *, at: datetime) -> tuple[CaseEvent, ...]:
    """The loop is closed: nobody answers for it here any more, and nobody owes anything on it."""
    for order in file.orders:
        if order.owes:
            order.close(now=at)
    file.case.close(now=at)
    return file.lapse_proposal(now=at)


def _supporter_returns(file: CaseFile, order: WorkOrder, ask: ReturnWorkOrder, moment: Moment) -> WorkOrderReturned:
    """Whose return comes after one that was decided, returns a second time: that is the duty director's."""
    decided = sum(each.part == "support" and each.returned_at is not None and not each.owes for each in file.orders)
    desk = desk_after_return(moment.pack.handing, returns=decided + 1, hops=0, disputed=ask.disputed)
    return _give_back(file, order, ask, moment, returns=file.case.returns, desk=desk)


def _give_back(
    file: CaseFile, order: WorkOrder, ask: ReturnWorkOrder, moment: Moment, *, returns: int, desk: Desk
) -> WorkOrderReturned:
    graded = file.case.graded()
    mode = moment.mode_at(order.dispatched_at)
    until = return_due(moment.pack, graded["category"], graded["level"], order.dispatched_at, mode).at
    return order.give_back(ask, returns=returns, goes_to=desk, until=until, now=moment.now)
