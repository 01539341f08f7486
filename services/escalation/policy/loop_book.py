"""What was told of the end of the loop, kept as facts: explanations owed, dates promised, cases raised, places unknown.

Beside the table of clocks, and by another road, as `case_book` does for everything else. Pure.
"""

from collections.abc import Callable
from functools import singledispatch

from services.escalation.policy.case_book import CaseBook
from services.escalation.policy.obligations import (
    DUTY_DIRECTOR,
    FIRST_RECEIVER,
    RAISED,
    Grounds,
    Owing,
    explain_delay_key,
    explain_key,
    promise_key,
    raised_key,
)
from shared.contracts.base import CaseEvent
from shared.contracts.dispatch import WorkOrderDelayed, WorkOrderReopened, WorkOrderReturned, WorkOrderWithdrawn
from shared.contracts.intake import (
    CaseClosed,
    CaseDelayExplained,
    CaseExplained,
    CaseFollowedUp,
    CaseHandled,
    CaseJoined,
    CaseNotAccepted,
    CaseRaised,
    CaseReopened,
    CaseSplit,
    LeaderReopened,
)

Keep = Callable[[str, Owing], bool]


def left(book: CaseBook, keep: Keep) -> CaseBook:
    return book.but(owing={key: one for key, one in book.owing.items() if keep(key, one)})


def owing(book: CaseBook, key: str, one: Owing) -> CaseBook:
    """On a case that is over nothing is; one that follows another is followed up, and no more."""
    if book.over or (book.joined and one.stage != "follow_up"):
        return book
    return book.but(owing={**book.owing, key: one})


def taken_up(book: CaseBook) -> CaseBook:
    """The duty director looked at what was raised."""
    return left(book, lambda key, _: not key.startswith(RAISED))


def _no_follow_up(_: str, one: Owing) -> bool:
    return one.stage != "follow_up"


@singledispatch
def loop_after(event: CaseEvent, before: CaseBook, after: CaseBook) -> CaseBook:
    """The book after an event. `before`: as it was, `after`: with what `case_book` made of the event."""
    return after


@loop_after.register
def _(event: CaseFollowedUp, before: CaseBook, after: CaseBook) -> CaseBook:
    if not event.contacted:
        return after
    met = left(after, lambda _, one: one.stage not in {"follow_up", "handle"})
    grounds = _grounds_known(before)
    if event.leads_to != "to_explain" or grounds is None:
        return met
    owed = Owing("follow_up", before.owner or FIRST_RECEIVER, event.followed_up_at, grounds)
    return owing(met, explain_key(event.case_id, event.round), owed)


def _grounds_known(book: CaseBook) -> Grounds | None:
    """Those of the follow-up that is on; else of whatever work was sent."""
    if book.to_follow_up is not None:
        return book.to_follow_up.grounds
    return next((order.grounds for order in book.orders.values()), None)


@loop_after.register
def _(event: CaseExplained, before: CaseBook, after: CaseBook) -> CaseBook:
    explained = explain_key(event.case_id, event.round)
    return left(after, lambda key, _: key != explained)


@loop_after.register
def _(event: CaseDelayExplained, before: CaseBook, after: CaseBook) -> CaseBook:
    earlier = promise_key(event.case_id, event.number - 1)
    kept = left(after, lambda key, one: one.stage != "follow_up" and key != earlier)
    grounds = Grounds(event.pack_version, event.category, event.level)
    promise = Owing("handle", event.owner, event.explained_at, grounds, due_at=event.promised_for)
    return owing(kept.but(to_follow_up=None), promise_key(event.case_id, event.number), promise)


@loop_after.register
def _(event: CaseRaised, before: CaseBook, after: CaseBook) -> CaseBook:
    grounds = Grounds(event.pack_version, event.category, event.level)
    raised = Owing("dispatch", DUTY_DIRECTOR, event.raised_at, grounds)
    return owing(after, raised_key(event.case_id, event.round, event.led_to), raised)


@loop_after.register
def _(event: WorkOrderDelayed, before: CaseBook, after: CaseBook) -> CaseBook:
    grounds = Grounds(event.pack_version, event.category, event.level)
    word = Owing("follow_up", event.first_receiver, event.delayed_at, grounds, work_order_id=event.work_order_id)
    return owing(after, explain_delay_key(event.work_order_id, event.number), word)


@loop_after.register(WorkOrderReturned)
@loop_after.register(WorkOrderWithdrawn)
def _(event: WorkOrderReturned | WorkOrderWithdrawn, before: CaseBook, after: CaseBook) -> CaseBook:
    return left(after, lambda _, one: one.work_order_id != event.work_order_id)


@loop_after.register
def _(event: CaseHandled, before: CaseBook, after: CaseBook) -> CaseBook:
    return left(after, lambda _, one: one.stage != "handle")


@loop_after.register(WorkOrderReopened)
@loop_after.register(CaseReopened)
@loop_after.register(CaseSplit)
@loop_after.register(LeaderReopened)
def _(event: CaseEvent, before: CaseBook, after: CaseBook) -> CaseBook:
    return left(after, _no_follow_up)


@loop_after.register
def _(event: CaseJoined, before: CaseBook, after: CaseBook) -> CaseBook:
    return left(after, lambda _, one: one.stage == "follow_up") if after.joined else after


@loop_after.register(CaseClosed)
@loop_after.register(CaseNotAccepted)
def _(event: CaseEvent, before: CaseBook, after: CaseBook) -> CaseBook:
    return after.but(owing={})
