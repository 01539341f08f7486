"""What may be read of messages: why each did or did not arrive, and a post's own inbox. Texts are made when read."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from services.notification.channels.base import INBOX, Rendered
from services.notification.model import Attempt, Message, Notice
from services.notification.model.attempt import UNDER_WAY
from services.notification.model.message import TAKEN
from services.notification.model.reading import is_for, may_read
from services.notification.policy.facts import NoticeFacts
from services.notification.texts import FactNotAllowed, Tongue, render
from shared.centre.pack import CentrePack
from shared.contracts.actors import Actor, Role
from shared.contracts.notification import Attempt as AttemptView
from shared.contracts.notification import ListMessages, Messages, MessageState, MessageView, ReadInbox
from shared.errors import Unavailable
from shared.infra.arrays import among
from shared.infra.packs import NoCentrePack
from shared.infra.unit_of_work import UnitOfWork

UNARRIVED = tuple(state.value for state in MessageState if state not in TAKEN)
_UNREAD = (MessageState.SENT.value, MessageState.DELIVERED.value)


async def list_messages(
    work: UnitOfWork, request: ListMessages, /, *, now: datetime, tongue: Tongue = "zh"
) -> Messages:
    """Newest first, with every attempt."""
    wanted: list[sa.ColumnElement[bool]] = []
    equal = ((Message.case_code, request.case_code), (Message.staff, request.staff), (Message.channel, request.channel))
    wanted += [column == value for column, value in equal if value is not None]
    if request.state is not None:
        wanted.append(Message.state == request.state.value)
    if request.only_unarrived:
        wanted.append(Message.state.in_(UNARRIVED))
    return await _messages(work, request.actor, wanted, request.limit, now, tongue)


async def read_inbox(work: UnitOfWork, request: ReadInbox, /, *, now: datetime, tongue: Tongue = "zh") -> Messages:
    """The actor's own, and what is for everybody with its role; newest first."""
    taken = _UNREAD if request.only_unread else tuple(state.value for state in TAKEN)
    wanted = [Message.channel == INBOX, Message.state.in_(taken), is_for(request.actor)]
    return await _messages(work, request.actor, wanted, request.limit, now, tongue)


async def _messages(
    work: UnitOfWork,
    actor: Actor,
    wanted: Sequence[sa.ColumnElement[bool]],
    limit: int,
    now: datetime,
    tongue: Tongue,
) -> Messages:
    joined = sa.select(Message, Notice).join(Notice, Notice.notice_id == Message.notice_id).where(*wanted)
    newest = joined.order_by(Message.created_at.desc(), Message.message_id.desc()).limit(limit)
    counted = sa.select(sa.func.count()).select_from(joined.subquery())
    async with work.read() as session:
        total = await session.scalar(counted)
        rows = (await session.execute(newest)).all()
        attempts = await _attempts(session, [message.message_id for message, _ in rows])
        packs = await _packs(work, session, [notice.told for _, notice in rows])
    views = [
        _view(message, notice, attempts[message.message_id], actor, _text(notice.told, packs, now, tongue))
        for message, notice in rows
    ]
    return Messages(messages=tuple(views), total=total or 0)


async def _attempts(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, list[AttemptView]]:
    found: dict[UUID, list[AttemptView]] = defaultdict(list)
    query = sa.select(Attempt).where(among(Attempt.message_id, ids)).order_by(Attempt.message_id, Attempt.number)
    for row in await session.scalars(query):
        found[row.message_id].append(AttemptView(number=row.number, at=row.at, result=row.result))
    return found


async def _packs(work: UnitOfWork, session: AsyncSession, facts: Sequence[NoticeFacts]) -> dict[str | None, CentrePack]:
    """The packs these notices began with; under None the one in force."""
    found: dict[str | None, CentrePack] = {}
    try:
        found[None] = await work.packs.in_force(session)
        for version in {fact.pack_version for fact in facts} - {None}:
            found[version] = await work.packs.version(session, str(version))
    except (NoCentrePack, Unavailable):
        return found
    return found


def _view(
    message: Message,
    notice: Notice,
    attempts: Sequence[AttemptView],
    actor: Actor,
    text: Rendered | None,
) -> MessageView:
    open_ = actor.role is Role.ADMINISTRATOR or may_read(actor, message, notice)
    return MessageView(
        message_id=message.message_id,
        notice_id=message.notice_id,
        staff=message.staff,
        post=notice.post,
        unit=notice.unit,
        state=MessageState(message.state),
        subject=notice.kind if text is None else text.subject,
        body=text.body if text is not None and open_ else None,
        drill=notice.drill,
        why=_why(message, attempts),
        attempts=tuple(attempts),
        **_times(message),
    )


def _times(message: Message) -> dict[str, Any]:
    names = ("channel", "case_code", "created_at", "sent_at", "delivered_at", "read_at", "ended_at", "next_try_at")
    return {name: getattr(message, name) for name in names}


def _text(facts: NoticeFacts, packs: dict[str | None, CentrePack], now: datetime, tongue: Tongue) -> Rendered | None:
    pack = packs.get(facts.pack_version) or packs.get(None)
    if pack is None:
        return None
    try:
        return render(facts, pack, now=now, tongue=tongue)
    except FactNotAllowed:
        return None


def _why(message: Message, attempts: Sequence[AttemptView]) -> str | None:
    """In words, for whoever asks why it did not arrive."""
    if message.state in TAKEN:
        return None
    if message.state == MessageState.SENDING:
        return "it is being handed to the channel"
    said = next((one.result for one in reversed(attempts) if one.result != UNDER_WAY), None)
    return message.why or said or "it waits for its turn"
