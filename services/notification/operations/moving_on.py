"""After a channel was given up: the next one is used, or the notice has reached nobody outside the program."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from services.notification.model import Contact, Message, Notice
from services.notification.model.contact import next_after
from services.notification.model.message import TAKEN, UNDER_WAY
from services.notification.operations.plan_notices import pending
from shared.contracts.base import Event
from shared.contracts.notification import MessageState, Unreached
from shared.infra.arrays import among
from shared.infra.unit_of_work import Transaction


async def contacts_of(tx: Transaction, messages: Sequence[Message]) -> dict[str, list[Contact]]:
    """All contacts of the posts these messages are for."""
    found: dict[str, list[Contact]] = defaultdict(list)
    staff = {message.staff for message in messages}
    for contact in await tx.session.scalars(sa.select(Contact).where(among(Contact.staff, staff))):
        found[contact.staff].append(contact)
    return found


async def siblings_of(tx: Transaction, messages: Sequence[Message]) -> dict[UUID, list[Message]]:
    """All messages of the same notices, by notice, as they stand in this transaction."""
    await tx.session.flush()
    found: dict[UUID, list[Message]] = defaultdict(list)
    notices = {message.notice_id for message in messages}
    query = sa.select(Message).where(among(Message.notice_id, notices)).order_by(Message.message_id)
    for message in await tx.session.scalars(query):
        found[message.notice_id].append(message)
    return found


def next_channel(message: Message, siblings: Sequence[Message], contacts: Sequence[Contact]) -> Contact | None:
    """The channel this post was not tried on yet."""
    used = [one.channel for one in siblings if one.staff == message.staff]
    return next_after(used, contacts)


async def move_on(tx: Transaction, failed: Sequence[Message], now: datetime) -> list[Event]:
    """For each given up: a message on the next channel. Returns what is to be told where there is none left."""
    if not failed:
        return []
    contacts, siblings = await contacts_of(tx, failed), await siblings_of(tx, failed)
    notices = {notice.notice_id: notice for notice in await tx.session.scalars(_notices_of(failed))}
    told: list[Event] = []
    for message in failed:
        notice, family = notices[message.notice_id], siblings[message.notice_id]
        contact = next_channel(message, family, contacts[message.staff])
        if contact is not None:
            following = pending(notice, staff=message.staff, role=message.role, channel=contact.channel, now=now)
            tx.add(following)
            family.append(following)
        elif _reached_nobody(notice, family):
            told += notice.give_up(Unreached.ALL_CHANNELS_FAILED, now=now)
    return told


def _notices_of(messages: Sequence[Message]) -> sa.Select[Notice]:
    wanted = among(Notice.notice_id, {message.notice_id for message in messages})
    return sa.select(Notice).where(wanted).order_by(Notice.notice_id).with_for_update()


def _reached_nobody(notice: Notice, family: Sequence[Message]) -> bool:
    """Of a summons: an inbox that nobody has looked into does not bring anybody into the room.

    For anything else the inbox is enough: it is read when the post is next at work.
    """
    if notice.kind != "summons":
        return False
    alive = TAKEN | UNDER_WAY
    seen = (MessageState.READ, MessageState.ANSWERED)
    return not any(one.state in (seen if one.inside else alive) for one in family)
