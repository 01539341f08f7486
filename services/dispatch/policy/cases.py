"""Pure decisions about cases and work orders: what follows what, who answers, until when it may be returned."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Literal

from services.dispatch.errors.cases import OwnDutyPushedDown, SuggestsItself, UnknownUnit
from shared.calendar import Due, due_at
from shared.centre.jurisdiction import Route, route
from shared.centre.pack import CentrePack, Unit
from shared.centre.working_time import calendar_of, duration_of
from shared.contracts.actors import Role
from shared.contracts.base import Level
from shared.contracts.dispatch import ReturnReason

# -- what follows what -------------------------------------------------------------------------------------------------


class CaseState(StrEnum):
    TRIAGE = "triage"
    DISPATCHED = "dispatched"
    CLOSED = "closed"


class WorkOrderState(StrEnum):
    """`handling`: reopened after a report; the unit signed it off long ago and does not do so again."""

    DISPATCHED = "dispatched"
    SIGNED_OFF = "signed_off"
    HANDLING = "handling"
    REPORTED_BACK = "reported_back"
    RETURNED = "returned"
    CLOSED = "closed"


WorkOrderVerb = Literal["sign_off", "return", "report_back", "reopen", "close"]

WORK_ORDER_MOVES: Mapping[tuple[WorkOrderState, WorkOrderVerb], WorkOrderState] = {
    (WorkOrderState.DISPATCHED, "sign_off"): WorkOrderState.SIGNED_OFF,
    (WorkOrderState.DISPATCHED, "return"): WorkOrderState.RETURNED,
    (WorkOrderState.SIGNED_OFF, "return"): WorkOrderState.RETURNED,
    (WorkOrderState.SIGNED_OFF, "report_back"): WorkOrderState.REPORTED_BACK,
    (WorkOrderState.HANDLING, "report_back"): WorkOrderState.REPORTED_BACK,
    (WorkOrderState.REPORTED_BACK, "reopen"): WorkOrderState.HANDLING,
    (WorkOrderState.DISPATCHED, "close"): WorkOrderState.CLOSED,
    (WorkOrderState.SIGNED_OFF, "close"): WorkOrderState.CLOSED,
    (WorkOrderState.HANDLING, "close"): WorkOrderState.CLOSED,
}
OPEN_WORK_ORDERS = frozenset({WorkOrderState.DISPATCHED, WorkOrderState.SIGNED_OFF, WorkOrderState.HANDLING})


# -- who answers for a case --------------------------------------------------------------------------------------------

UNIT_MISSING = "规则所指的单位不在本中心名录内，转人工分派。"
SENT_BY_PERSON: Mapping[Role, str] = {Role.DISPATCHER: "由调度员指定", Role.DUTY_DIRECTOR: "由轮值主任指定"}
RETURN_WORDS: Mapping[ReturnReason, str] = {
    ReturnReason.NOT_OUR_DUTY: "不属本单位职责",
    ReturnReason.NOT_OUR_PLACE: "不属本单位辖区",
    ReturnReason.FACTS_WRONG: "所述情况有误",
    ReturnReason.IN_COURT: "已进入司法程序",
}
SECOND_RETURN = 2


def route_case(pack: CentrePack, *, category: str | None, place: str | None, source: str, level: Level) -> Route:
    """The table's decision; where it names a unit nobody knows, the triage desk's, so that no case goes nowhere."""
    decision = route(pack, category=category, place=place, source=source, level=level)
    if decision.unit is not None and pack.unit(decision.unit) is not None:
        return decision
    return decision.model_copy(update={"unit": pack.triage.unit, "by": "triage", "reason": UNIT_MISSING})


def reached_by(unit: Unit) -> Literal["desk", "liaison"]:
    return "desk" if unit.presence == "resident" else "liaison"


def pushes_duty_down(pack: CentrePack, decision: Route, *, unit: str, suggested: Unit) -> bool:
    """Whether a unit whose duty this is by a rule of the table would hand it to a township."""
    if suggested.kind != "township" or decision.by != "rule" or decision.unit != unit:
        return False
    rule = next((each for each in pack.rules if each.id == decision.rule_id), None)
    return rule is not None and rule.unit == unit


def known_unit(pack: CentrePack, code: str, *, field: str) -> Unit:
    unit = pack.unit(code)
    if unit is None:
        raise UnknownUnit(f"{code!r} is not a unit of this centre", field=field, unit=code)
    return unit


def require_fair_suggestion(pack: CentrePack, decision: Route, *, unit: str, suggested: str) -> None:
    """A unit that returns a case may name another known unit for it, but no township for what is its own duty."""
    other = known_unit(pack, suggested, field="suggested_unit")
    if other.code == unit:
        raise SuggestsItself("suggest another unit than your own, or none", field="suggested_unit")
    if pushes_duty_down(pack, decision, unit=unit, suggested=other):
        raise OwnDutyPushedDown(
            f"the duty table names {unit} for this matter; it may not be handed down to {other.short}",
            field="suggested_unit",
            rule_id=decision.rule_id,
        )


def return_words(unit: str, reason: ReturnReason, returns: int) -> str:
    """Why a returned case waits for a person, in fixed words: what the unit wrote stays with the work order."""
    words = f"{unit}退单：{RETURN_WORDS[reason]}。"
    return words if returns < SECOND_RETURN else f"{words}本件第{returns}次退单，请轮值主任指定承办单位。"


# -- until when it may be returned -------------------------------------------------------------------------------------


def return_due(pack: CentrePack, category: str | None, level: Level, dispatched_at: datetime) -> Due:
    """The last instant a work order may be returned (DOMAIN: dispatch, 4 and 5): the limit runs from dispatch."""
    limit = pack.limit_for("return", category, level)
    return due_at(calendar_of(pack), dispatched_at, duration_of(limit))
