"""Claiming: due messages of one channel are looked at again, leased and packed for sending, by one copy alone.

What the transaction leaves behind is a lease and an attempt row for each; the sending itself is outside of it. Whoever
dies while sending leaves a lease that runs out, and the message is tried again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from services.notification.channels.base import Channel
from services.notification.model import Attempt, Contact, Message, Notice
from services.notification.model.attempt import UNDER_WAY, address_mark
from services.notification.operations.moving_on import contacts_of, move_on, next_channel, siblings_of
from services.notification.operations.parcel import Letter, Parcel
from services.notification.operations.plan_notices import pack_of, settled_among
from services.notification.operations.rates import free_places
from services.notification.policy.bundling import bundles
from services.notification.policy.settled import needless
from services.notification.policy.timing import LEASE_S
from shared.clock import Clock
from shared.contracts.base import Event
from shared.contracts.notification import MessageState
from shared.infra.arrays import among
from shared.infra.event_record import new_id
from shared.infra.unit_of_work import Transaction, UnitOfWork

SENDER_LOST = "the sender did not come back; it may have been sent"


@dataclass(slots=True)
class Claim:
    """What one claim found: how many rows were dealt with, and what is to be sent."""

    seen: int = 0
    parcels: list[Parcel] = field(default_factory=list)


def lease_span(clock: Clock) -> timedelta:
    """LEASE_S real seconds, as the centre's clock counts them: a clock that runs fast must not end it sooner."""
    per_second = clock.real_seconds(timedelta(seconds=1))
    return timedelta(seconds=LEASE_S * max(1.0, 1.0 / per_second if per_second > 0 else 1.0))


async def due_channels(work: UnitOfWork) -> list[str]:
    """Channels with anything due, those with something urgent first."""
    query = sa.select(Message.channel).where(_due(work.clock.now())).group_by(Message.channel)
    async with work.read() as session:
        return list(await session.scalars(query.order_by(sa.func.bool_or(Message.urgent).desc(), Message.channel)))


async def claim_messages(
    work: UnitOfWork, name: str, channel: Channel | None, limit: int, *, urgent_only: bool = False
) -> Claim:
    """At most `limit` due messages of this channel, urgent ones first; a channel that is not there fails them."""
    now = work.clock.now()
    claim = Claim()
    async with work.begin() as tx:
        rows = await _take_due(tx, name, limit, now, urgent_only=urgent_only)
        claim.seen = len(rows)
        if not rows:
            return claim
        await _close_lost(tx, rows, now)
        events, ready = await _look_again(tx, rows, channel, now)
        if channel is not None:
            claim.parcels = await _pack(work, tx, ready, channel, now)
        tx.record(*events)
    return claim


def _due(now: datetime) -> sa.ColumnElement[bool]:
    waiting = sa.and_(Message.state == MessageState.PENDING.value, Message.next_try_at <= now)
    lost = sa.and_(Message.state == MessageState.SENDING.value, Message.leased_until <= now)
    return sa.or_(waiting, lost)


async def _take_due(tx: Transaction, name: str, limit: int, now: datetime, *, urgent_only: bool) -> list[Message]:
    """Due ones, and with the ordinary ones those of the same posts that still wait for company."""
    due = sa.select(Message).where(Message.channel == name, _due(now))
    due = due.where(Message.urgent) if urgent_only else due
    first = due.order_by(Message.urgent.desc(), Message.next_try_at, Message.message_id).limit(limit)
    rows = list(await tx.session.scalars(first.with_for_update(skip_locked=True)))
    staff = {row.staff for row in rows if not row.urgent}
    if not staff:
        return rows
    company = (
        sa.select(Message)
        .where(
            Message.channel == name,
            Message.state == MessageState.PENDING.value,
            Message.urgent.is_(False),
            Message.tries == 0,
            among(Message.staff, staff),
            Message.message_id.not_in([row.message_id for row in rows]),
        )
        .order_by(Message.message_id)
        .limit(limit)
    )
    return rows + list(await tx.session.scalars(company.with_for_update(skip_locked=True)))


async def _close_lost(tx: Transaction, rows: Sequence[Message], now: datetime) -> None:
    lost = [row.message_id for row in rows if row.lease is not None]
    if lost:
        await tx.session.execute(
            sa.update(Attempt)
            .where(among(Attempt.message_id, lost), Attempt.ended_at.is_(None))
            .values(ended_at=now, result=SENDER_LOST)
            .execution_options(synchronize_session=False)
        )


# -- is there still something to say, and a way to say it? -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ready:
    message: Message
    notice: Notice
    contact: Contact


async def _look_again(
    tx: Transaction, rows: Sequence[Message], channel: Channel | None, now: datetime
) -> tuple[list[Event], list[Ready]]:
    """State is read again before anything is sent. Returns what came to an end, and what is ready to go."""
    query = sa.select(Notice).where(among(Notice.notice_id, {row.notice_id for row in rows}))
    notices = {notice.notice_id: notice for notice in await tx.session.scalars(query)}
    settled = await settled_among(tx, notices.values())
    contacts = await contacts_of(tx, rows)
    late = [row for row in rows if row.deadline_at is not None and row.deadline_at <= now]
    siblings = await siblings_of(tx, late) if late else {}
    events: list[Event] = []
    failed: list[Message] = []
    ready: list[Ready] = []
    for row in rows:
        notice = notices[row.notice_id]
        why = needless(notice.settled_by, settled, issued_at=notice.told.at)
        if why is not None:
            events += row.skip(why, now=now)
            continue
        contact = next((one for one in contacts[row.staff] if one.channel == row.channel), None)
        over = _over(row, channel, contact, siblings.get(row.notice_id, ()), contacts[row.staff], now)
        if contact is None or over:
            events += over
            failed.append(row)
        else:
            ready.append(Ready(row, notice, contact))
    await _count_failures(failed, contacts, now)
    return [*events, *await move_on(tx, failed, now)], ready


def _over(
    row: Message,
    channel: Channel | None,
    contact: Contact | None,
    siblings: Sequence[Message],
    contacts: Sequence[Contact],
    now: datetime,
) -> tuple[Event, ...]:
    """What ends this message here, if anything does. Past its deadline it ends where there is another channel."""
    said = "" if row.why is None else f": {row.why}"
    if channel is None:
        return row.fail("no_such_channel", f"this centre has no channel {row.channel}", now=now)
    if contact is None:
        return row.fail("no_such_channel", f"{row.staff} has no contact on {row.channel} any more", now=now)
    if row.give_up_at is not None and row.give_up_at <= now:
        return row.fail("unreachable", f"given up after {row.tries} tries{said}", now=now)
    if row.deadline_at is not None and row.deadline_at <= now:
        if next_channel(row, siblings, contacts) is not None:
            return row.fail("deadline", f"not taken in time after {row.tries} tries{said}", now=now)
        row.deadline_at = None  # there is nothing else: this channel is tried on until it is given up
    return ()


async def _count_failures(failed: Iterable[Message], contacts: Mapping[str, Sequence[Contact]], now: datetime) -> None:
    for row in failed:
        for contact in contacts[row.staff]:
            if contact.channel == row.channel:
                contact.failed(row.why or "", now)


# -- within the channel's rate, leased and packed ----------------------------------------------------------------------


async def _pack(
    work: UnitOfWork, tx: Transaction, ready: Sequence[Ready], channel: Channel, now: datetime
) -> list[Parcel]:
    until = now + lease_span(work.clock)
    free = await free_places(tx, {one.contact.address for one in ready}, channel, now)
    parcels: list[Parcel] = []
    for group in bundles(ready, staff=lambda one: one.message.staff, urgent=lambda one: one.message.urgent):
        address = group[0].contact.address
        mark = address_mark(channel.name, address)
        wait_until = free[mark].take()
        if wait_until is not None:
            for one in group:
                _wait(one.message, wait_until, now)
            continue
        send_id = new_id()
        letters = [await _letter(work, tx, one, send_id, until, mark, now) for one in group]
        parcels.append(Parcel(send_id, channel.name, address, tuple(letters)))
    return parcels


async def _letter(
    work: UnitOfWork, tx: Transaction, one: Ready, send_id: UUID, until: datetime, mark: str, now: datetime
) -> Letter:
    message, notice = one.message, one.notice
    number = message.take(send_id, until=until)
    attempt = Attempt(
        message_id=message.message_id,
        number=number,
        send_id=send_id,
        channel=message.channel,
        address_mark=mark,
        at=now,
        result=UNDER_WAY,
    )
    tx.add(attempt)
    facts = notice.told
    pack = await pack_of(work, tx, facts.pack_version)
    return Letter(message.message_id, number, message.staff, notice.unit, facts, pack)


def _wait(message: Message, until: datetime, now: datetime) -> None:
    """Until the address takes more; not beyond the deadline, where another channel may be quicker."""
    ends = [end for end in (message.deadline_at, message.give_up_at) if end is not None and end > now]
    message.put_off(min([until, *ends]), "waits: this channel takes only so many messages a minute")
