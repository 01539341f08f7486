"""Supervision orders: issued, answered, judged, raised, withdrawn; and ended with their case."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from services.escalation.errors.supervision import CaseIsOver, HigherOrderStands, SupervisedAlready, UnitHasNoPart
from services.escalation.model import CaseClocks, SupervisionAnswer, SupervisionOrder
from services.escalation.operations.case_clocks import arm, open_case
from services.escalation.operations.cases_by_code import case_of_code
from services.escalation.operations.take_up_raised import meet_raised
from services.escalation.policy.obligations import Obligation, Which
from services.escalation.policy.supervising import UNDER_WAY, reads_words
from shared.centre.pack import CentrePack
from shared.contracts.actors import Actor, system
from shared.contracts.base import Envelope
from shared.contracts.escalation import (
    AnswerSupervision,
    IssueSupervision,
    JudgeSupervision,
    RaiseSupervision,
    SupervisionLevel,
    SupervisionOrderView,
    SupervisionOutcome,
    WithdrawSupervision,
)
from shared.contracts.intake import CaseClosed, CaseJoined, CaseNotAccepted
from shared.errors import not_found
from shared.infra.event_record import new_id
from shared.infra.unit_of_work import Transaction, UnitOfWork

Answers = list[SupervisionAnswer]


async def issue_supervision(work: UnitOfWork, command: IssueSupervision, /, *, now: datetime) -> SupervisionOrderView:
    async with work.begin(command) as tx:
        case = await case_of_code(tx, command.case_code)
        pack = await work.packs.in_force(tx.session)
        _require_part(case, command.unit, pack)
        earlier = [one for one in await orders_of(tx, case) if one.unit == command.unit]
        by_hand = next((one for one in earlier if one.under_way and one.clock is None), None)
        if by_hand is not None:
            raise SupervisedAlready(
                f"order {by_hand.order_id} is under way; raise that one", field="unit", order_id=str(by_hand.order_id)
            )
        order = SupervisionOrder.of(
            new_id(),
            case.file,
            unit=command.unit,
            level=command.level,
            by=command.actor,
            reason=command.reason,
            now=now,
        )
        await issue(work, tx, case, order, now=now)
        tx.record(*meet_raised(case, now=now))
        return tx.answers(_view(case, order, [], command.actor))


async def answer_supervision(work: UnitOfWork, command: AnswerSupervision, /, *, now: datetime) -> SupervisionOrderView:
    async with work.begin(command) as tx:
        case, order, answers = await _open(tx, command.order_id)
        key = order.clock_key
        given, told = order.answer(command.answer, by=command.actor, now=now)
        tx.add(given)
        tx.record(told, *case.meet(Which(key=key), now, now=now))
        return tx.answers(_view(case, order, [*answers, given], command.actor))


async def judge_supervision(work: UnitOfWork, command: JudgeSupervision, /, *, now: datetime) -> SupervisionOrderView:
    """Accepted or improved, it closes. Not accepted, it is answered again, by a shorter clock."""
    async with work.begin(command) as tx:
        case, order, answers = await _open(tx, command.order_id)
        order.require_another_unit(command.actor)
        order.require("judge")
        given, outcome = answers[-1], SupervisionOutcome(command.outcome)
        if outcome is SupervisionOutcome.NOT_ACCEPTED:
            order.send_back(given, command.words, by=command.actor, now=now)
            due_at = await _arm_answer(work, tx, case, order, now=now)
            tx.record(order.sent_back(command.actor.staff, due_at, now))
        else:
            tx.record(order.close(given, outcome, command.words, by=command.actor, now=now))
        return tx.answers(_view(case, order, answers, command.actor))


async def raise_supervision(work: UnitOfWork, command: RaiseSupervision, /, *, now: datetime) -> SupervisionOrderView:
    async with work.begin(command) as tx:
        case, order, answers = await _open(tx, command.order_id)
        order.require_another_unit(command.actor)
        order.require_not_below(command.actor)
        order.require("raise")
        level = order.level_above()
        _require_none_at(level, order, await orders_of(tx, case))
        higher = SupervisionOrder.of(
            new_id(),
            case.file,
            unit=order.unit,
            level=level,
            by=command.actor,
            reason=command.reason,
            now=now,
            clock=order.clock,
        )
        await raise_to(work, tx, case, order, higher, answers, by=command.actor, words=command.reason, now=now)
        return tx.answers(_view(case, higher, [], command.actor))


async def withdraw_supervision(
    work: UnitOfWork, command: WithdrawSupervision, /, *, now: datetime
) -> SupervisionOrderView:
    async with work.begin(command) as tx:
        case, order, answers = await _open(tx, command.order_id)
        order.require_another_unit(command.actor)
        told = order.withdraw(command.reason, by=command.actor, now=now)
        tx.record(told, *case.cancel(Which(key=order.clock_key), now, "supervision_withdrawn", now=now))
        return tx.answers(_view(case, order, answers, command.actor))


async def end_supervision(
    work: UnitOfWork, event: CaseClosed | CaseNotAccepted | CaseJoined, envelope: Envelope, *, now: datetime
) -> None:
    """A case that is over, or follows another, ends its orders, each on record; their clocks end with the case's."""
    at = _over_at(event)
    async with work.begin(envelope) as tx:
        case = await open_case(tx, event.case_id, event.case_code)
        if case.file.owes_nothing("supervision") is None:
            return
        for order in await orders_of(tx, case):
            if order.under_way:
                tx.record(order.end_with_case(system(work.service).name, at))


def _over_at(event: CaseClosed | CaseNotAccepted | CaseJoined) -> datetime:
    match event:
        case CaseClosed():
            return event.closed_at
        case CaseNotAccepted():
            return event.decided_at
        case CaseJoined():
            return event.joined_at


# -- for the ladder too ------------------------------------------------------------------------------------------------


async def issue(work: UnitOfWork, tx: Transaction, case: CaseClocks, order: SupervisionOrder, *, now: datetime) -> None:
    """The order and the clock of its answer, in one."""
    if case.file.owes_nothing("supervision") is not None:
        raise CaseIsOver(
            f"case {case.file.case_code} is over, or follows another", field="case_code", case_code=case.file.case_code
        )
    tx.add(order)
    due_at = await _arm_answer(work, tx, case, order, now=now)
    tx.record(order.issued(due_at))


async def raise_to(
    work: UnitOfWork,
    tx: Transaction,
    case: CaseClocks,
    order: SupervisionOrder,
    higher: SupervisionOrder,
    answers: Answers,
    *,
    by: Actor,
    words: str | None,
    now: datetime,
) -> None:
    key = order.clock_key
    raised = order.raise_to(higher, answers[-1] if answers else None, words, by=by, now=now)
    await tx.session.flush()  # the one before has ended when the next is written: only one fits into the table
    tx.record(raised, *case.cancel(Which(key=key), now, "supervision_raised", now=now))
    await issue(work, tx, case, higher, now=now)


async def orders_of(tx: Transaction, case: CaseClocks) -> list[SupervisionOrder]:
    """All of the case, oldest first. Who has the case's lock is alone with them."""
    query = sa.select(SupervisionOrder).where(SupervisionOrder.case_id == case.file.case_id)
    found = await tx.session.scalars(
        query.order_by(SupervisionOrder.issued_at, SupervisionOrder.order_id), execution_options=FRESHLY
    )
    return list(found)


async def answers_of(tx: Transaction, order: SupervisionOrder) -> Answers:
    query = sa.select(SupervisionAnswer).where(SupervisionAnswer.order_id == order.order_id)
    return list(await tx.session.scalars(query.order_by(SupervisionAnswer.round), execution_options=FRESHLY))


FRESHLY = {"populate_existing": True}


async def _open(tx: Transaction, order_id: UUID) -> tuple[CaseClocks, SupervisionOrder, Answers]:
    """The case before the order, as events do: two locks in one order cannot deadlock."""
    known = await tx.get(SupervisionOrder, order_id)
    if known is None:
        raise not_found("supervision order", order_id, field="order_id")
    case = await open_case(tx, known.case_id, known.case_code)
    order = await tx.lock(SupervisionOrder, order_id, field="order_id")
    return case, order, await answers_of(tx, order)


async def _arm_answer(
    work: UnitOfWork, tx: Transaction, case: CaseClocks, order: SupervisionOrder, *, now: datetime
) -> datetime:
    """When the answer is due. A round that is answered again has half of the time."""
    obligation = Obligation(
        order.clock_key,
        "supervision",
        order.unit,
        now,
        case.facts().known_grounds(),
        unit=order.unit,
        shortened=order.round > 1,
    )
    tx.record(*await arm(tx, work.packs, case, obligation, now=now))
    return case.clock(order.clock_key).due_at


def _require_none_at(level: SupervisionLevel, order: SupervisionOrder, orders: list[SupervisionOrder]) -> None:
    """Beside an answered order, which waits for its judge, the ladder may have gone on to the next level."""
    for other in orders:
        if order.clock is not None and (other.clock, other.of_level) == (order.clock, level):
            raise HigherOrderStands(
                f"order {other.order_id} has that level already", field="order_id", order_id=str(other.order_id)
            )


def _require_part(case: CaseClocks, unit: str, pack: CentrePack) -> None:
    window = None if case.file.window is None else pack.window(case.file.window)
    if not case.owed_by(unit) and (window is None or window.unit != unit):
        raise UnitHasNoPart(f"{unit} has had no part in case {case.file.case_code}", field="unit", unit=unit)


def _view(case: CaseClocks, order: SupervisionOrder, answers: Answers, actor: Actor) -> SupervisionOrderView:
    clock = case.clock(order.clock_key)
    return order.view(answers, clock.due_at, clock.fired_at, with_words=reads_words(actor, order.unit))


def under_way(orders: list[SupervisionOrder]) -> list[SupervisionOrder]:
    return [one for one in orders if one.state in UNDER_WAY]
