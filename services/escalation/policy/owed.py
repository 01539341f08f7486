"""What is owed on a case, from the facts told of it alone. Pure: no clock is asked."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from services.escalation.policy.case_book import CaseBook, Order
from services.escalation.policy.effects import EXTENDED, PROMISED, SUSPENDED
from services.escalation.policy.obligations import (
    DISPATCHER,
    DUTY_DIRECTOR,
    FIRST_RECEIVER,
    Moved,
    Obligation,
    accept_key,
    arrival_key,
    base_of,
    contact_key,
    decision_key,
    deferral_key,
    dispatch_key,
    follow_up_key,
    handle_key,
    proposal_key,
    report_back_key,
    return_key,
    sign_off_key,
    split_key,
)
from shared.contracts.escalation import Stage

# Supervision orders are nouns of escalation itself, with a clock each, kept together in every verb of theirs.
KEPT_ELSEWHERE: frozenset[Stage] = frozenset({"supervision"})


def owed(case_id: UUID, book: CaseBook) -> Iterator[Obligation]:
    """Every obligation that is open by what was told; none on a case that is over."""
    if book.over:
        return
    if book.registered is not None:
        begun = book.registered
        yield Obligation(accept_key(case_id), "accept", begun.owes, begun.at, begun.grounds)
    if book.forwarded is not None:
        begun = book.forwarded
        yield Obligation(dispatch_key(case_id, 0), "dispatch", DISPATCHER, begun.at, begun.grounds)
    if book.waiting is not None:
        begun = book.waiting
        yield Obligation(dispatch_key(case_id, begun.number), "dispatch", begun.owes, begun.at, begun.grounds)
    if book.split is not None:
        begun = book.split
        yield Obligation(split_key(case_id, begun.number), "dispatch", DISPATCHER, begun.at, begun.grounds)
    for proposal_id, begun in book.proposed.items():
        yield Obligation(proposal_key(proposal_id), "dispatch", DISPATCHER, begun.at, begun.grounds)
    if book.own_work is not None:
        begun = book.own_work
        key = handle_key(case_id, begun.number)
        yield Obligation(key, "handle", begun.owes, begun.at, begun.grounds, shortened=begun.number > 1)
    if book.to_follow_up is not None:
        begun = book.to_follow_up
        key, owner = follow_up_key(case_id, begun.number), book.owner or FIRST_RECEIVER
        yield Obligation(key, "follow_up", owner, begun.at, begun.grounds)
    for key, one in book.owing.items():
        moved = None if one.due_at is None else Moved(one.due_at, provisional=False, why=PROMISED)
        yield Obligation(key, one.stage, one.owes, one.at, one.grounds, work_order_id=one.work_order_id, moved=moved)
    for order_id, order in book.orders.items():
        yield from _of_order(order_id, order)
    for deferral_id, asked in book.asked.items():
        yield Obligation(
            deferral_key(deferral_id),
            "deferral",
            DUTY_DIRECTOR,
            asked.at,
            asked.grounds,
            work_order_id=asked.work_order_id,
            lapses_at=asked.lapses_at,
        )
    for called in book.called.values():
        yield Obligation(
            arrival_key(called.summons_id, called.unit),
            "arrival",
            called.unit,
            called.at,
            called.grounds,
            unit=called.unit,
            summons_id=called.summons_id,
            drill=called.drill,
        )


def _of_order(order_id: UUID, order: Order) -> Iterator[Obligation]:
    def of_unit(key: str, stage: Stage) -> Obligation:
        return Obligation(key, stage, order.unit, order.at, order.grounds, unit=order.unit, work_order_id=order_id)

    if order.state == "waits" and order.waits_for is not None:
        waits = order.waits_for
        yield Obligation(
            decision_key(order_id), "dispatch", waits.owes, waits.at, waits.grounds, work_order_id=order_id
        )
    if not order.open:
        return
    if order.state == "sent":
        yield of_unit(sign_off_key(order_id), "sign_off")
    if order.state != "reopened" and not order.designated:
        yield of_unit(return_key(order_id), "return")
    if order.state != "reopened" and order.role == "lead" and not order.contacted:
        yield of_unit(contact_key(order_id), "contact")
    if not order.suspended:
        yield _result_of(order_id, order)


def _result_of(order_id: UUID, order: Order) -> Obligation:
    """What is promised of the work order now: the limit of its round, or what a deferral made of it."""
    moved = order.moved
    return Obligation(
        report_back_key(order_id, order.round, moved=None if moved is None else moved.number),
        "report_back",
        order.unit,
        order.at if moved is None else moved.at,
        order.grounds,
        unit=order.unit,
        work_order_id=order_id,
        shortened=order.round > 1,
        moved=None
        if moved is None
        else Moved(moved.due_at, moved.provisional, SUSPENDED if moved.days is None else EXTENDED, moved.days),
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """A clock as far as the auditor looks at it. `lapsed`: it ended by itself, at a time of its own."""

    key: str
    stage: Stage
    owes: str
    open: bool
    lapsed: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """`missing`: owed, and no clock; `dead`: a clock, and nothing owed; `ended`: owed, and its clock is over."""

    kind: Literal["missing", "dead", "ended"]
    key: str
    stage: Stage
    owes: str
    obligation: Obligation | None = None


def findings(obligations: Iterable[Obligation], clocks: Iterable[Kept]) -> tuple[Finding, ...]:
    """Where what is owed and what is timed disagree. Empty: all is well.

    An obligation may have had several clocks, one after the other, as the mode was switched: one that runs is enough.
    """
    wanted = {one.key: one for one in obligations}
    kept: defaultdict[str, list[Kept]] = defaultdict(list)
    for clock in clocks:
        kept[base_of(clock.key)[0]].append(clock)
    found: list[Finding] = []
    for key, one in wanted.items():
        own = kept.get(key, [])
        if not own:
            found.append(Finding("missing", key, one.stage, one.owes, one))
        elif not any(clock.open or clock.lapsed for clock in own):
            found.append(Finding("ended", key, one.stage, one.owes))
    dead = (one for key, own in kept.items() if key not in wanted for one in own if one.open)
    found.extend(Finding("dead", one.key, one.stage, one.owes) for one in dead)
    return tuple(found)
