"""The row itself: what one case shows on a board. Ids, codes, places, times; never a person, never a free word."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from shared.contracts.base import Frozen, Level
from shared.contracts.escalation import Stage

RowStage = Literal[
    "accept",
    "dispatch",
    "sign_off",
    "handle",
    "support",
    "verify",
    "follow_up",
    "close",
    "suspended",
    "joined",
    "over",
]
Lamp = Literal["calm", "soon", "late"]
UnitState = Literal[
    "named",
    "called",
    "acknowledged",
    "on_the_way",
    "substitute_sent",
    "cannot_come",
    "arrived",
    "not_arrived",
]
OrderState = Literal["dispatched", "signed_off", "reopened", "reported_back", "returned", "withdrawn"]
OPEN_ORDERS = frozenset({"dispatched", "signed_off", "reopened"})
OVER = frozenset({"closed", "not_accepted"})
LAMPS: Mapping[str, Lamp] = {"running": "calm", "warned": "soon", "overdue": "late"}
OF_CLOCKS: Mapping[str, Any] = {
    "due_at": True,
    "due_stage": True,
    "owes": True,
    "lamp": True,
    "orders": {"__all__": {"due_at", "due_stage", "lamp"}},
    "arrivals": {"__all__": {"due_at": True, "units": {"__all__": {"notified"}}}},
}
"""What changes by itself: a clock begins or runs out, a message is handed over."""


class OrderedUnit(Frozen):
    """One unit's own part in the case: its work order, and what it owes next on it."""

    work_order_id: str
    unit: str
    role: Literal["lead", "support"]
    state: OrderState
    round: int
    designated: bool = False
    due_at: datetime | None = None
    due_stage: Stage | None = None
    lamp: Lamp = "calm"
    supervised: bool = False


class CalledUnit(Frozen):
    unit: str
    state: UnitState
    notified: bool = False


class ArrivalClock(Frozen):
    """One summons under way: each called unit with its own state (one answer never silences the others)."""

    summons_id: str
    state: Literal["asked", "running"]
    ground: str
    drill: bool
    called_at: datetime | None
    due_at: datetime | None
    units: tuple[CalledUnit, ...]


class Row(Frozen):
    """`hands`: the posts that handled or verified it, who may not ask the requester about it."""

    code: str
    level: Level = "IV"
    category: str | None = None
    place: str | None = None
    flags: tuple[str, ...] = ()
    owner: str | None = None
    window: str | None = None
    unit: str | None = None
    supporters: tuple[str, ...] = ()
    stage: RowStage = "accept"
    desk: str | None = None
    registered_at: datetime | None = None
    due_at: datetime | None = None
    due_stage: Stage | None = None
    owes: str | None = None
    lamp: Lamp = "calm"
    returns: int = 0
    round: int = 1
    attempts: int = 0
    leader: str | None = None
    arrivals: tuple[ArrivalClock, ...] = ()
    orders: tuple[OrderedUnit, ...] = ()
    hands: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    ever: tuple[str, ...] = ()
    shown: bool = False
    drill: bool = False

    @property
    def mark(self) -> str:
        """Changes with whatever somebody did, and with nothing that came by itself."""
        return hashlib.sha256(self.model_dump_json(exclude=dict(OF_CLOCKS)).encode()).hexdigest()[:12]


class LiveRow(Frozen):
    """One row in one version, as screens are told of it."""

    id: UUID
    version: int
    row: Row


Sections = Mapping[Any, Mapping[str, Any]]


def row_of(code: str, sections: Sections) -> Row:
    """A pure function of the four sections, complete or not: whichever service is heard first."""
    intake, dispatch = sections["intake"], sections["dispatch"]
    clocks = sections["clocks"]
    arrivals = tuple(_arrivals(dispatch, clocks))
    if not intake:
        return _drill_row(code, dispatch, arrivals)
    lead, supporters = _units(dispatch)
    due = _next_due(clocks.values())
    over = intake["state"] in OVER
    return Row(
        code=code,
        level=intake["level"],
        category=intake["category"],
        place=intake["place"],
        flags=tuple(intake["flags"]),
        owner=intake["owner"],
        window=intake["window"],
        unit=lead,
        supporters=supporters,
        stage="over" if over else _stage(intake, dispatch, sections["grid"]),
        desk=dispatch.get("desk"),
        registered_at=intake["registered_at"],
        due_at=due.get("due_at"),
        due_stage=due.get("stage"),
        owes=due.get("owes"),
        lamp=LAMPS[due.get("state", "running")],
        returns=dispatch.get("returns", 0),
        round=intake.get("round", 1),
        attempts=intake.get("attempts", 0),
        leader=intake.get("leader"),
        arrivals=() if over else arrivals,
        orders=tuple(_orders(dispatch, clocks)),
        hands=_hands(dispatch, sections["grid"]),
        units=tuple(sorted({*([lead] if lead else ()), *supporters, *(u.unit for a in arrivals for u in a.units)})),
        ever=tuple(sorted(dispatch.get("ever", {}))),
        shown=not over,
    )


def _drill_row(code: str, dispatch: Mapping[str, Any], arrivals: tuple[ArrivalClock, ...]) -> Row:
    """A drill has no case; a case whose registration was not heard yet is not shown."""
    drill = any(one["drill"] for one in dispatch.get("summonses", {}).values())
    units = tuple(sorted({unit.unit for arrival in arrivals for unit in arrival.units}))
    ever = tuple(sorted(dispatch.get("ever", {})))
    return Row(code=code, arrivals=arrivals if drill else (), units=units, ever=ever, drill=drill, shown=False)


def _units(dispatch: Mapping[str, Any]) -> tuple[str | None, tuple[str, ...]]:
    orders: Mapping[str, Any] = dispatch.get("orders", {})
    lead = orders.get(dispatch.get("lead") or "")
    leads = lead["unit"] if lead and lead["state"] not in {"returned", "withdrawn"} else None
    supporters = {o["unit"] for o in orders.values() if o["role"] == "support" and o["state"] in OPEN_ORDERS}
    return leads, tuple(sorted(supporters))


def _stage(intake: Mapping[str, Any], dispatch: Mapping[str, Any], grid: Mapping[str, Any]) -> RowStage:
    if intake["state"] == "registered":
        return "accept"
    if intake["state"] == "followed_up":
        return "close"
    if intake["state"] == "joined":
        return "joined"
    if intake["state"] in {"to_follow_up", "to_explain"}:
        return "follow_up"
    if intake["mode"] == "self":
        return "handle"
    if dispatch.get("suspended_until"):
        return "suspended"
    return _order_stage(dispatch, grid)


def _order_stage(dispatch: Mapping[str, Any], grid: Mapping[str, Any]) -> RowStage:
    orders: Mapping[str, Any] = dispatch.get("orders", {})
    lead = orders.get(dispatch.get("lead") or "")
    if lead is None or lead["state"] in {"returned", "withdrawn"}:
        return "dispatch"
    if lead["state"] == "dispatched":
        return "sign_off"
    if lead["state"] in OPEN_ORDERS:
        return "handle"
    if any(one["role"] == "support" and one["state"] in OPEN_ORDERS for one in orders.values()):
        return "support"
    outcomes = [one["outcome"] for one in grid.values() if one["round"] == lead["round"]]
    return "follow_up" if outcomes and all(outcomes) else "verify"


def _next_due(clocks: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The clock that is due first; arrival has its own place."""
    running = [one for one in clocks if one["stage"] != "arrival"]
    nothing: Mapping[str, Any] = {}
    return min(running, key=_due_order, default=nothing)


def _due_order(clock: Mapping[str, Any]) -> tuple[datetime, str, str]:
    return datetime.fromisoformat(clock["due_at"]), clock["stage"], clock["owes"]


def _orders(dispatch: Mapping[str, Any], clocks: Mapping[str, Any]) -> Iterator[OrderedUnit]:
    """Those that are a unit's still: at work on it, or reported and waiting for the end of the loop."""
    for order_id, order in dispatch.get("orders", {}).items():
        if order["state"] in OPEN_ORDERS | {"reported_back"}:
            own = [one for one in clocks.values() if one["owes"] == order["unit"]]
            due = _next_due(own)
            yield OrderedUnit(
                work_order_id=order_id,
                **{name: order[name] for name in ("unit", "role", "state", "round")},
                designated=order.get("designated", False),
                due_at=due.get("due_at"),
                due_stage=due.get("stage"),
                lamp=LAMPS[due.get("state", "running")],
                supervised=any(one["stage"] == "supervision" for one in own),
            )


def _hands(dispatch: Mapping[str, Any], grid: Mapping[str, Any]) -> tuple[str, ...]:
    reported = (one.get("reported_by") for one in dispatch.get("orders", {}).values())
    verified = (one.get("verified_by") for one in grid.values())
    return tuple(sorted({one.rpartition(":")[2] for one in (*reported, *verified) if one}))


def _arrivals(dispatch: Mapping[str, Any], clocks: Mapping[str, Any]) -> Iterator[ArrivalClock]:
    for summons_id, summons in dispatch.get("summonses", {}).items():
        if summons["state"] in {"asked", "running"}:
            mine = [clock for key, clock in clocks.items() if key.startswith(f"arrival:{summons_id}:")]
            yield ArrivalClock(
                summons_id=summons_id,
                state=summons["state"],
                ground=summons["ground"],
                drill=summons["drill"],
                called_at=summons.get("called_at"),
                due_at=min((datetime.fromisoformat(one["due_at"]) for one in mine), default=None),
                units=tuple(CalledUnit(unit=unit, **facts) for unit, facts in sorted(summons["units"].items())),
            )
