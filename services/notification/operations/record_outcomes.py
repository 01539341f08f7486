"""What came of sending is written down, where the message is still leased to whoever sent it."""

import random
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from services.notification.model import Attempt, Contact, Message, Notice
from services.notification.model.attempt import HANDED_OVER
from services.notification.operations.moving_on import contacts_of, move_on
from services.notification.operations.parcel import Letter, Outcome
from services.notification.policy.timing import patience, wait_before
from shared.contracts.base import Event
from shared.contracts.notification import MessageState
from shared.infra.arrays import among
from shared.infra.unit_of_work import Transaction, UnitOfWork

WORDS_MAX = 500


async def record_outcomes(work: UnitOfWork, outcomes: Sequence[Outcome]) -> None:
    """All in one transaction; rows are locked in one order, so that two copies cannot deadlock."""
    if not outcomes:
        return
    now = work.clock.now()
    by_message = {letter.message_id: (outcome, letter) for outcome in outcomes for letter in outcome.parcel.letters}
    locked = sa.select(Message).where(among(Message.message_id, by_message)).order_by(Message.message_id)
    async with work.begin() as tx:
        rows = list(await tx.session.scalars(locked.with_for_update()))
        await _end_attempts(tx, outcomes, now)
        own = [row for row in rows if row.lease == by_message[row.message_id][0].parcel.send_id]
        contacts = await contacts_of(tx, own)
        events: list[Event] = []
        failed: list[Message] = []
        for row in own:
            contact = next((one for one in contacts[row.staff] if one.channel == row.channel), None)
            events += _apply(row, by_message[row.message_id][0], contact, now)
            if row.state == MessageState.FAILED:
                failed.append(row)
        events += await _hand_over(tx, [row for row in own if row.state != MessageState.FAILED], now)
        events += await move_on(tx, failed, now)
        tx.record(*events)


def _apply(row: Message, outcome: Outcome, contact: Contact | None, now: datetime) -> Sequence[Event]:
    words = outcome.words[:WORDS_MAX]
    if outcome.taken is not None:
        if contact is not None:
            contact.taken(now)
        return row.sent(outcome.taken, now=now)
    if outcome.result == "refused":
        return _fail(row, "refused", words, contact, now)
    terms = patience(urgent=row.urgent)
    if row.tries >= terms.tries_max:
        return _fail(row, "unreachable", f"given up after {row.tries} tries: {words}", contact, now)
    wait = wait_before(row.tries, terms, chance=random.random(), asked_s=outcome.retry_after_s)  # noqa: S311 - no secret
    ends = [end for end in (row.deadline_at, row.give_up_at) if end is not None and end > now]
    row.put_off(min([now + wait, *ends]), words)
    return ()


def _fail(row: Message, why: str, words: str, contact: Contact | None, now: datetime) -> Sequence[Event]:
    if contact is not None:
        contact.failed(words, now)
    return row.fail("refused" if why == "refused" else "unreachable", words, now=now)


async def _hand_over(tx: Transaction, taken: Sequence[Message], now: datetime) -> list[Event]:
    """The first channel that took a message has handed its notice over, and those that told the same with it."""
    ids = {row.notice_id: row.channel for row in reversed(taken) if row.sent_at is not None}
    if not ids:
        return []
    open_ = sa.select(Notice).where(
        sa.or_(among(Notice.notice_id, ids), among(Notice.same_as, ids)), Notice.handed_over_at.is_(None)
    )
    told: list[Event] = []
    for notice in await tx.session.scalars(open_.order_by(Notice.notice_id).with_for_update()):
        channel = ids.get(notice.notice_id) or ids.get(notice.same_as)  # pyright: ignore[reportArgumentType]
        told += notice.hand_over(str(channel), now=now)
    return told


async def _end_attempts(tx: Transaction, outcomes: Sequence[Outcome], now: datetime) -> None:
    results = [_result(letter, outcome, now) for outcome in outcomes for letter in outcome.parcel.letters]
    connection = await tx.session.connection()
    end = (
        sa.update(Attempt)
        .where(Attempt.message_id == sa.bindparam("b_message"), Attempt.number == sa.bindparam("b_number"))
        .values(ended_at=sa.bindparam("b_ended"), result=sa.bindparam("b_result"))
    )
    await connection.execute(end, results)


def _result(letter: Letter, outcome: Outcome, now: datetime) -> dict[str, object]:
    said = HANDED_OVER if outcome.taken is not None else outcome.words[:WORDS_MAX] or outcome.result
    return {"b_message": letter.message_id, "b_number": letter.number, "b_ended": now, "b_result": said}
