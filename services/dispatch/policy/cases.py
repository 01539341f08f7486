"""Pure decisions about cases and work orders: what follows what, who answers, until when it may be returned."""

from collections.abc import Mapping, Set
from datetime import datetime
from enum import StrEnum
from typing import Literal

from services.dispatch.errors.cases import UnknownUnit
from shared.calendar import Due, due_at
from shared.centre.jurisdiction import Route, route
from shared.centre.pack import CentrePack, Mode, Unit
from shared.centre.working_time import calendar_of, duration_of
from shared.contracts.base import Level
from shared.contracts.dispatch import OrderRole

# -- what follows what -------------------------------------------------------------------------------------------------


class CaseState(StrEnum):
    TRIAGE = "triage"
    DISPATCHED = "dispatched"
    CLOSED = "closed"
    JOINED = "joined"


class WorkOrderState(StrEnum):
    """`handling`: reopened after a report; the unit signed it off long ago and does not do so again.

    A lead unit that returned is done with the case. A supporting unit that returned still owes, until a person releases
    it, replaces it or insists.
    """

    DISPATCHED = "dispatched"
    SIGNED_OFF = "signed_off"
    HANDLING = "handling"
    REPORTED_BACK = "reported_back"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


WorkOrderVerb = Literal["sign_off", "contact_requester", "return", "report_back", "reopen", "withdraw", "close"]
WorkOrderMoves = Mapping[tuple[WorkOrderState, WorkOrderVerb], WorkOrderState]

WORK_ORDER_MOVES: WorkOrderMoves = {
    (WorkOrderState.DISPATCHED, "sign_off"): WorkOrderState.SIGNED_OFF,
    (WorkOrderState.DISPATCHED, "return"): WorkOrderState.RETURNED,
    (WorkOrderState.DISPATCHED, "withdraw"): WorkOrderState.WITHDRAWN,
    (WorkOrderState.DISPATCHED, "close"): WorkOrderState.CLOSED,
    (WorkOrderState.SIGNED_OFF, "contact_requester"): WorkOrderState.SIGNED_OFF,
    (WorkOrderState.SIGNED_OFF, "return"): WorkOrderState.RETURNED,
    (WorkOrderState.SIGNED_OFF, "report_back"): WorkOrderState.REPORTED_BACK,
    (WorkOrderState.SIGNED_OFF, "withdraw"): WorkOrderState.WITHDRAWN,
    (WorkOrderState.SIGNED_OFF, "close"): WorkOrderState.CLOSED,
    (WorkOrderState.HANDLING, "contact_requester"): WorkOrderState.HANDLING,
    (WorkOrderState.HANDLING, "report_back"): WorkOrderState.REPORTED_BACK,
    (WorkOrderState.HANDLING, "withdraw"): WorkOrderState.WITHDRAWN,
    (WorkOrderState.HANDLING, "close"): WorkOrderState.CLOSED,
    (WorkOrderState.REPORTED_BACK, "reopen"): WorkOrderState.HANDLING,
}
SUPPORT_MOVES: WorkOrderMoves = {
    **{move: after for move, after in WORK_ORDER_MOVES.items() if move[1] not in ("reopen", "contact_requester")},
    (WorkOrderState.RETURNED, "withdraw"): WorkOrderState.WITHDRAWN,
    (WorkOrderState.RETURNED, "close"): WorkOrderState.CLOSED,
}
MOVES_OF: Mapping[OrderRole, WorkOrderMoves] = {"lead": WORK_ORDER_MOVES, "support": SUPPORT_MOVES}
OPEN_WORK_ORDERS = frozenset({WorkOrderState.DISPATCHED, WorkOrderState.SIGNED_OFF, WorkOrderState.HANDLING})
NO_PART_STATES = frozenset({WorkOrderState.RETURNED, WorkOrderState.WITHDRAWN})
"""Of work orders that give their unit no part in the case (any more)."""
OWING: Mapping[OrderRole, frozenset[WorkOrderState]] = {
    "lead": OPEN_WORK_ORDERS,
    "support": OPEN_WORK_ORDERS | {WorkOrderState.RETURNED},
}


# -- who answers for a case --------------------------------------------------------------------------------------------

ReachedBy = Literal["desk", "liaison"]
UNIT_MISSING = "规则所指的单位不在本中心名录内，转人工分派。"


def route_case(
    pack: CentrePack,
    *,
    category: str | None,
    place: str | None,
    source: str,
    level: Level,
    flags: tuple[str, ...] = (),
    at: datetime,
    mode: Mode = "normal",
) -> Route:
    """The table's decision, as at the instant of acceptance and in the mode of that instant.

    Where it names a unit nobody knows the triage desk answers, so that no case goes nowhere.
    """
    decision = route(pack, category=category, place=place, source=source, level=level, flags=flags, at=at, mode=mode)
    if decision.unit is not None and pack.unit(decision.unit) is not None:
        known = tuple(unit for unit in decision.supporters if pack.unit(unit) is not None)
        return decision if known == decision.supporters else decision.model_copy(update={"supporters": known})
    lost: dict[str, object] = {"unit": pack.triage.unit, "by": "triage", "reason": UNIT_MISSING, "supporters": ()}
    return decision.model_copy(update=lost)


def reached_by(unit: Unit, *, in_hall: Set[str]) -> ReachedBy:
    """`in_hall`: the rotating units that have their day in the hall now."""
    at_desk = unit.presence == "resident" or (unit.presence == "rotating" and unit.code in in_hall)
    return "desk" if at_desk else "liaison"


def known_unit(pack: CentrePack, code: str, *, field: str) -> Unit:
    unit = pack.unit(code)
    if unit is None:
        raise UnknownUnit(f"{code!r} is not a unit of this centre", field=field, unit=code)
    return unit


# -- until when it may be returned -------------------------------------------------------------------------------------


def return_due(
    pack: CentrePack, category: str | None, level: Level, dispatched_at: datetime, mode: Mode = "normal"
) -> Due:
    """The last instant a work order may be returned (DOMAIN: dispatch, 4 and 5): the limit runs from dispatch."""
    limit = pack.limit_for("return", category, level, mode)
    return due_at(calendar_of(pack), dispatched_at, duration_of(limit))
