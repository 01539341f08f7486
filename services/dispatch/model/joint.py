"""联办: units that support the lead unit, each with a work order and a clock of its own.

A supporter that returns its work order still holds the lead up: a person releases it, replaces it, or - the duty
director - insists. A return that disputes whose duty it is, or that follows one already decided, is the duty director's
to answer.
"""

from datetime import datetime

from services.dispatch.errors.cases import NotPossibleNow
from services.dispatch.errors.handing import DirectorDecides
from services.dispatch.errors.joint import LeadCannotSupport, LeadNotAtWork, NotASupporter, UnitHasWorkOrder
from services.dispatch.model.case_file import CaseFile
from services.dispatch.model.changes import Changes, Moment
from services.dispatch.model.work_order import WorkOrder
from services.dispatch.policy.cases import WorkOrderState, known_unit
from shared.centre.pack import Unit
from shared.contracts.actors import Actor, Role
from shared.contracts.dispatch import (
    AddSupporter,
    InsistOnSupporter,
    ReleaseSupporter,
    ReplaceSupporter,
    WithdrawnCause,
    WorkOrderWithdrawn,
)


def add_supporter(file: CaseFile, ask: AddSupporter, moment: Moment) -> Changes:
    file.case.require_open()
    if file.lead is None or not file.lead.open:
        raise LeadNotAtWork(
            f"no unit is at work on case {file.case.case_code} as its lead",
            field="case_code",
            state=file.case.state if file.lead is None else file.lead.state,
        )
    unit = _free_supporter(file, ask.unit, ask.actor, moment)
    return file.send(unit, "support", moment, sent_by=ask.actor.name, words=ask.reason)


def release_supporter(order: WorkOrder, ask: ReleaseSupporter, *, now: datetime) -> WorkOrderWithdrawn:
    _require_supporter(order, ask.actor)
    return order.withdraw(WithdrawnCause.RELEASED, by=ask.actor, reason=ask.reason, now=now)


def replace_supporter(file: CaseFile, order: WorkOrder, ask: ReplaceSupporter, moment: Moment) -> Changes:
    _require_supporter(order, ask.actor)
    unit = _free_supporter(file, ask.unit, ask.actor, moment)
    told = order.withdraw(WithdrawnCause.REPLACED, by=ask.actor, reason=ask.reason, now=moment.now)
    return Changes((), (told,)) + file.send(unit, "support", moment, sent_by=ask.actor.name, words=ask.reason)


def insist_on_supporter(file: CaseFile, order: WorkOrder, ask: InsistOnSupporter, moment: Moment) -> Changes:
    """Sent again, by the duty director's word: this one may not be returned."""
    _require_supporter(order, ask.actor)
    if order.state != WorkOrderState.RETURNED:
        raise NotPossibleNow(
            f"{order.unit} has not returned its work order: it is {order.state}",
            field="work_order_id",
            state=order.state,
        )
    unit = known_unit(moment.pack, order.unit, field="work_order_id")
    told = order.withdraw(WithdrawnCause.REPLACED, by=ask.actor, reason=ask.ground, now=moment.now)
    sent = file.send(unit, "support", moment, sent_by=ask.actor.name, words=ask.ground, designated=True)
    return Changes((), (told,)) + sent


def _require_supporter(order: WorkOrder, by: Actor) -> None:
    if order.part != "support":
        raise NotASupporter(f"{order.unit} leads on this case", field="work_order_id", unit=order.unit)
    if order.waits_for_director and by.role is not Role.DUTY_DIRECTOR:
        raise DirectorDecides(f"the duty director decides on the return of {order.unit}", field="work_order_id")


def _free_supporter(file: CaseFile, code: str, by: Actor, moment: Moment) -> Unit:
    unit = file.receiver(code, by, moment, field="unit", role="support")
    if file.lead is not None and unit.code == file.lead.unit:
        raise LeadCannotSupport(f"{unit.short} leads on this case", field="unit", unit=code)
    if code in file.owing:
        raise UnitHasWorkOrder(f"{unit.short} has a work order on this case", field="unit", unit=code)
    return unit
