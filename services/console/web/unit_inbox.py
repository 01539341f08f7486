"""A unit's own part in the cases of the board: in which box each stands, by clock; the same for page and stream."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from services.console.policy.board import ArrivalClock, LiveRow, OrderedUnit
from services.console.web.board_lines import NEVER_MS, leaf_of
from services.console.web.stream import milliseconds
from shared.centre.pack import CentrePack
from shared.contracts.dispatch import WorkOrderView
from shared.story import Story

BOXES: Mapping[str, str] = {
    "dispatched": "待签收",
    "in_hand": "办理中",
    "supervised": "被督办",
    "reopened": "被退改",
    "reported": "已反馈",
}
STACKS = (("dispatched", "in_hand"), ("supervised", "reopened", "reported"))
"""Side by side at a desk; on a phone one below the other, what presses most first."""

STATES = {"signed_off": "signed_off", "handling": "reopened", "dispatched": "dispatched"}
"""What dispatch calls an open work order, and what the board does."""


@dataclass(frozen=True, slots=True)
class Item:
    """`owing`: how many supporting units have not reported to this lead yet. `version`: of the board's row."""

    code: str
    version: int
    order: OrderedUnit
    level: str
    title: str
    place: str
    lamp: str
    owing: int = 0
    suspended: bool = False

    @property
    def box(self) -> str:
        if self.order.state == "dispatched":
            return "dispatched"
        if self.order.state == "reported_back":
            return "reported"
        if self.order.supervised:
            return "supervised"
        return "reopened" if self.order.state == "reopened" or self.order.round > 1 else "in_hand"

    @property
    def rank(self) -> int:
        return milliseconds(self.order.due_at) if self.order.due_at else NEVER_MS


@dataclass(frozen=True, slots=True)
class Call:
    """One summons that calls this unit. A drill has no matter."""

    summons_id: str
    state: str
    drill: bool
    title: str | None
    place: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Calls:
    """All summonses of one case that call this unit: one element, so that one that ended goes with the next change."""

    key: str
    version: int
    calls: tuple[Call, ...]

    @property
    def rank(self) -> int:
        return min((milliseconds(one.due_at) for one in self.calls if one.due_at), default=NEVER_MS)


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One case as a unit sees it."""

    key: str
    code: str
    version: int
    item: Item | None
    calls: Calls


def unit_line(live: LiveRow, unit: str | None, pack: CentrePack, now: datetime) -> UnitLine:
    key, story = live.id.hex[:16], Story(pack)
    own = next((one for one in live.row.orders if one.unit == unit), None)
    calls = tuple(_call(live, one, story, pack, unit) for one in live.row.arrivals if _calls(one, unit))
    item = _item(live, own, story, pack, now) if own is not None and live.row.shown else None
    return UnitLine(key, live.row.code, live.version, item, Calls(key, live.version, calls))


def _item(live: LiveRow, own: OrderedUnit, story: Story, pack: CentrePack, now: datetime) -> Item:
    row = live.row
    supporting = [one for one in row.orders if one.role == "support" and one.state != "reported_back"]
    return Item(
        code=row.code,
        version=live.version,
        order=own,
        level=row.level,
        title=leaf_of(pack, row.category, story),
        place=story.place(row.place),
        lamp="late" if own.due_at is not None and own.due_at <= now else own.lamp,
        owing=len(supporting) if own.role == "lead" else 0,
        suspended=row.stage == "suspended" and own.role == "lead",
    )


def _calls(arrival: ArrivalClock, unit: str | None) -> bool:
    return any(one.unit == unit and one.state != "named" for one in arrival.units)


def _call(live: LiveRow, arrival: ArrivalClock, story: Story, pack: CentrePack, unit: str | None) -> Call:
    state = next(one.state for one in arrival.units if one.unit == unit)
    return Call(
        summons_id=arrival.summons_id,
        state=state,
        drill=arrival.drill,
        title=None if arrival.drill else leaf_of(pack, live.row.category, story),
        place="" if arrival.drill else story.place(live.row.place),
        due_at=None if state == "arrived" else arrival.due_at,
    )


def as_dispatch_has_them(lines: Iterable[UnitLine], orders: Iterable[WorkOrderView], pack: CentrePack) -> list[Item]:
    """The board hears of an act a moment after it was done: who has just signed off is shown it at once.

    What the board has not heard of at all yet comes without its clock; what it has for open and is not, is left out.
    """
    open_orders = {one.work_order_id.hex: one for one in orders}
    items: list[Item] = []
    for item in (line.item for line in lines if line.item is not None):
        told = open_orders.pop(item.order.work_order_id.replace("-", ""), None)
        if told is not None:
            state = STATES.get(told.state, "signed_off")
            items.append(_with(item, state, told.round))
        elif item.order.state == "reported_back":
            items.append(item)
    items += [_unheard(one, pack) for one in open_orders.values()]
    return sorted(items, key=lambda item: (item.rank, item.code))


def _with(item: Item, state: str, round_: int) -> Item:
    order = OrderedUnit.model_validate({**item.order.model_dump(), "state": state, "round": round_})
    return replace(item, order=order)


def _unheard(told: WorkOrderView, pack: CentrePack) -> Item:
    story = Story(pack)
    order = OrderedUnit(
        work_order_id=str(told.work_order_id),
        unit=told.unit,
        role=told.role,
        state=STATES.get(told.state, "signed_off"),  # pyright: ignore[reportArgumentType]
        round=told.round,
    )
    title = leaf_of(pack, told.category, story)
    return Item(told.case_code, 0, order, told.level, title, story.place(told.place), "calm")
