"""What was told of a case, kept as facts: who was sent what, what waits, what is over. Knows nothing of clocks.

What is owed follows from it (`owed`), by another road than the table of clocks takes: where the two disagree, one of
them is wrong, and the auditor says so. Pure.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import singledispatch
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.escalation.policy.obligations import Grounds, Owing
from shared.contracts.base import CaseEvent
from shared.contracts.dispatch import (
    DeferralAsked,
    DeferralRefused,
    ExtensionApproved,
    OrderRole,
    ProposalDecided,
    RequesterContacted,
    RouteProposed,
    SummonsEnded,
    SummonsUnitArrived,
    SummonsUnitCalled,
    SummonsUnitNotArrived,
    SuspensionApproved,
    SuspensionEnded,
    WorkOrderDispatched,
    WorkOrderReopened,
    WorkOrderReportedBack,
    WorkOrderReturned,
    WorkOrderSignedOff,
    WorkOrderWithdrawn,
)
from shared.contracts.intake import (
    CaseAccepted,
    CaseClosed,
    CaseFollowedUp,
    CaseHandled,
    CaseJoined,
    CaseNotAccepted,
    CaseRegistered,
    CaseReopened,
    CaseSplit,
    HandlingMode,
    LeaderReopened,
    LeaderSolved,
)


class Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Begun(Fact):
    """Something that began, and by which rules. `owes`: whose it is; `number`: the round of it, or its count."""

    at: datetime
    grounds: Grounds
    owes: str = ""
    number: int = 1


class Moved(Fact):
    """The promise that stands since a deferral was granted."""

    number: int
    at: datetime
    due_at: datetime
    provisional: bool
    days: int | None = None


class Order(Fact):
    unit: str
    role: OrderRole
    at: datetime
    grounds: Grounds
    round: int = 1
    designated: bool = False
    state: Literal["sent", "signed_off", "reopened", "waits", "over"] = "sent"
    contacted: bool = False
    suspended: bool = False
    moved: Moved | None = None
    waits_for: Begun | None = None

    @property
    def open(self) -> bool:
        return self.state in ("sent", "signed_off", "reopened")


class Asked(Fact):
    work_order_id: UUID
    at: datetime
    lapses_at: datetime
    grounds: Grounds


class Called(Fact):
    summons_id: UUID
    unit: str
    at: datetime
    grounds: Grounds
    drill: bool = False


class CaseBook(Fact):
    """`registered`, `forwarded`, `own_work`, `waiting`, `split`, `to_follow_up`: what waits for somebody now.

    `joined`: it follows another case. `splits` counts how often it was a matter of its own again, as far as was told;
    `split_sent` is the last of those it was dispatched after.
    """

    over: bool = False
    joined: bool = False
    splits: int = 0
    split_sent: int = 0
    owner: str | None = None
    decided: bool = False
    sent: bool = False
    registered: Begun | None = None
    forwarded: Begun | None = None
    own_work: Begun | None = None
    waiting: Begun | None = None
    followed: int = 0
    to_follow_up: Begun | None = None
    orders: Mapping[UUID, Order] = {}
    asked: Mapping[UUID, Asked] = {}
    called: Mapping[str, Called] = {}
    proposed: Mapping[UUID, Begun] = {}
    split: Begun | None = None
    owing: Mapping[str, Owing] = {}

    @property
    def quiet(self) -> bool:
        """Nothing new is owed on it: it is over, or follows another case."""
        return self.over or self.joined

    def work_over(self) -> "CaseBook":
        """What units and the centre owed on it is not owed any more, not even should the case be opened again."""
        orders = {key: one.model_copy(update={"state": "over"}) for key, one in self.orders.items()}
        nothing = {"forwarded": None, "own_work": None, "waiting": None, "split": None}
        return self.but(orders=orders, asked={}, proposed={}, registered=None, decided=True, **nothing)

    def but(self, **facts: Any) -> "CaseBook":
        return self.model_copy(update=facts)

    def order(self, work_order_id: UUID, **facts: Any) -> "CaseBook":
        """With these facts about one work order; of one that is not known there is nothing to say."""
        known = self.orders.get(work_order_id)
        if known is None:
            return self
        return self.but(orders={**self.orders, work_order_id: known.model_copy(update=facts)})

    def without_asked(self, work_order_id: UUID) -> "CaseBook":
        left = {key: one for key, one in self.asked.items() if one.work_order_id != work_order_id}
        return self.but(asked=left)

    def follows_up(self, at: datetime, grounds: Grounds) -> "CaseBook":
        """The first receiver is to ask the requester now."""
        number = self.followed + 1
        return self.but(followed=number, to_follow_up=Begun(at=at, grounds=grounds, number=number))


def _grounds(event: Any) -> Grounds:
    return Grounds(event.pack_version, event.category, event.level)


@singledispatch
def hear(event: CaseEvent, book: CaseBook) -> CaseBook:
    """The book after an event. Streams may interleave: what one of them tells never depends on the other's turn."""
    return book


@hear.register
def _(event: CaseRegistered, book: CaseBook) -> CaseBook:
    begun = None if book.decided else Begun(at=event.registered_at, grounds=_grounds(event), owes=event.owner)
    return book.but(owner=event.owner, registered=begun)


@hear.register
def _(event: CaseAccepted, book: CaseBook) -> CaseBook:
    begun = Begun(at=event.accepted_at, grounds=_grounds(event), owes=event.owner)
    forward = event.handling_mode is HandlingMode.FORWARD
    return book.but(
        owner=event.owner,
        decided=True,
        registered=None,
        forwarded=begun if forward and not book.sent and not book.quiet else None,
        own_work=None if forward or book.quiet else begun,
    )


@hear.register
def _(event: CaseHandled, book: CaseBook) -> CaseBook:
    return book.but(own_work=None).follows_up(event.handled_at, _grounds(event))


@hear.register
def _(event: CaseFollowedUp, book: CaseBook) -> CaseBook:
    return book.but(to_follow_up=None) if event.contacted else book


@hear.register
def _(event: CaseReopened, book: CaseBook) -> CaseBook:
    again = book.but(over=False, to_follow_up=None)
    if event.handling_mode is HandlingMode.FORWARD:
        return again
    return again.but(
        own_work=Begun(at=event.reopened_at, grounds=_grounds(event), owes=event.owner, number=event.round)
    )


@hear.register(CaseClosed)
@hear.register(CaseNotAccepted)
def _(event: CaseEvent, book: CaseBook) -> CaseBook:
    return book.work_over().but(over=True, to_follow_up=None, called={})


@hear.register
def _(event: CaseJoined, book: CaseBook) -> CaseBook:
    """Old news where it was split since. Its follow-up, and a summons, are its own."""
    if event.splits < book.splits:
        return book.but(registered=None, decided=True)
    return book.work_over().but(joined=True)


@hear.register
def _(event: CaseSplit, book: CaseBook) -> CaseBook:
    again = _split(book, event.splits).but(to_follow_up=None)
    if again.over or event.splits <= book.split_sent:
        return again
    return again.but(split=Begun(at=event.split_at, grounds=_grounds(event), number=event.splits))


def _split(book: CaseBook, splits: int) -> CaseBook:
    return book.but(splits=splits, joined=False) if splits > book.splits else book


@hear.register
def _(event: LeaderSolved, book: CaseBook) -> CaseBook:
    return book.follows_up(event.solved_at, _grounds(event))


@hear.register
def _(event: LeaderReopened, book: CaseBook) -> CaseBook:
    return book.but(to_follow_up=None)


@hear.register
def _(event: RouteProposed, book: CaseBook) -> CaseBook:
    known = [event.pack_version, *(order.grounds.pack_version for order in book.orders.values())]
    pack = next((version for version in known if version is not None), None)
    if book.quiet or pack is None:
        return book
    begun = Begun(at=event.proposed_at, grounds=Grounds(pack, event.category, event.level))
    return book.but(proposed={**book.proposed, event.proposal_id: begun})


@hear.register
def _(event: ProposalDecided, book: CaseBook) -> CaseBook:
    return book.but(proposed={key: one for key, one in book.proposed.items() if key != event.proposal_id})


@hear.register
def _(event: WorkOrderDispatched, book: CaseBook) -> CaseBook:
    book = _split(book, event.splits)
    order = Order(
        unit=event.unit,
        role=event.role,
        at=event.dispatched_at,
        grounds=_grounds(event),
        designated=event.designated,
        state="over" if book.quiet else "sent",
    )
    told = book.but(orders={**book.orders, event.work_order_id: order})
    if event.role == "support":
        return told
    sent = {"split_sent": max(event.splits, book.split_sent)}
    split = None if event.splits else told.split
    return told.but(sent=True, forwarded=None, waiting=None, split=split, **sent)


@hear.register
def _(event: WorkOrderSignedOff, book: CaseBook) -> CaseBook:
    known = book.orders.get(event.work_order_id)
    return book.order(event.work_order_id, state="signed_off") if known and known.state == "sent" else book


@hear.register
def _(event: RequesterContacted, book: CaseBook) -> CaseBook:
    return book.order(event.work_order_id, contacted=True)


@hear.register
def _(event: WorkOrderReturned, book: CaseBook) -> CaseBook:
    known = book.orders.get(event.work_order_id)
    if known is None or book.quiet:
        return book
    waits = Begun(at=event.dispatcher_owes_since, grounds=known.grounds, owes=event.goes_to, number=event.returns)
    told = book.without_asked(event.work_order_id)
    if event.role == "support":
        return told.order(event.work_order_id, state="waits", waits_for=waits)
    return told.order(event.work_order_id, state="over").but(waiting=waits)


@hear.register
def _(event: WorkOrderWithdrawn, book: CaseBook) -> CaseBook:
    return book.without_asked(event.work_order_id).order(event.work_order_id, state="over")


@hear.register
def _(event: WorkOrderReportedBack, book: CaseBook) -> CaseBook:
    return book.without_asked(event.work_order_id).order(event.work_order_id, state="over")


@hear.register
def _(event: WorkOrderReopened, book: CaseBook) -> CaseBook:
    again = {
        "state": "over" if book.quiet else "reopened",
        "round": event.round,
        "at": event.reopened_at,
        "grounds": _grounds(event),
        "moved": None,
        "suspended": False,
    }
    return book.but(to_follow_up=None).order(event.work_order_id, **again)


@hear.register
def _(event: DeferralAsked, book: CaseBook) -> CaseBook:
    order = book.orders.get(event.work_order_id)
    if order is None or not order.open:
        return book
    asked = Asked(
        work_order_id=event.work_order_id,
        at=event.asked_at,
        lapses_at=event.lapses_at or event.due_at,
        grounds=order.grounds,
    )
    return book.but(asked={**book.asked, event.deferral_id: asked})


def _decided(book: CaseBook, deferral_id: UUID) -> CaseBook:
    return book.but(asked={key: one for key, one in book.asked.items() if key != deferral_id})


@hear.register
def _(event: DeferralRefused, book: CaseBook) -> CaseBook:
    return _decided(book, event.deferral_id)


@hear.register
def _(event: ExtensionApproved, book: CaseBook) -> CaseBook:
    moved = Moved(
        number=event.number,
        at=event.approved_at,
        due_at=event.extended_to,
        provisional=event.provisional,
        days=event.days,
    )
    return _decided(book, event.deferral_id).order(event.work_order_id, moved=moved)


@hear.register
def _(event: SuspensionApproved, book: CaseBook) -> CaseBook:
    return _decided(book, event.deferral_id).order(event.work_order_id, suspended=True)


@hear.register
def _(event: SuspensionEnded, book: CaseBook) -> CaseBook:
    moved = Moved(number=event.number, at=event.resumed_at, due_at=event.due_at, provisional=event.provisional)
    return book.order(event.work_order_id, moved=moved, suspended=False)


@hear.register
def _(event: SummonsUnitCalled, book: CaseBook) -> CaseBook:
    if book.over:
        return book
    called = Called(
        summons_id=event.summons_id, unit=event.unit, at=event.called_at, grounds=_grounds(event), drill=event.drill
    )
    return book.but(called={**book.called, f"{event.summons_id}:{event.unit}": called})


@hear.register(SummonsUnitArrived)
@hear.register(SummonsUnitNotArrived)
def _(event: SummonsUnitArrived | SummonsUnitNotArrived, book: CaseBook) -> CaseBook:
    mine = f"{event.summons_id}:{event.unit}"
    return book.but(called={key: one for key, one in book.called.items() if key != mine})


@hear.register
def _(event: SummonsEnded, book: CaseBook) -> CaseBook:
    return book.but(called={key: one for key, one in book.called.items() if one.summons_id != event.summons_id})
