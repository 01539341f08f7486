"""What comes back about a message that a channel took: a receipt, or that its post has read it."""

from datetime import datetime

import sqlalchemy as sa

from services.notification.errors import NotYourMessage, UnknownReceipt
from services.notification.model import Contact, Message, Notice
from services.notification.model.message import TAKEN
from services.notification.model.reading import may_read
from services.notification.operations.moving_on import move_on
from shared.contracts.base import Done, Event
from shared.contracts.notification import MarkRead, MessageState, RecordReceipt
from shared.errors import not_found
from shared.infra.unit_of_work import UnitOfWork


async def record_receipt(work: UnitOfWork, command: RecordReceipt, /, *, now: datetime) -> Done:
    """Delivered; or failed after all, then the next channel is used. Said twice it changes nothing."""
    named = (Message.channel == command.channel, Message.remote_id == command.remote_id)
    query = sa.select(Message).where(*named).order_by(Message.message_id).with_for_update()
    async with work.begin(command) as tx:
        rows = list(await tx.session.scalars(query))
        if not rows:
            raise UnknownReceipt(f"channel {command.channel} took no message of this id", field="remote_id")
        events: list[Event] = []
        failed: list[Message] = []
        for row in rows:
            if command.state == "delivered":
                events += row.delivered(now=now)
            elif row.state == MessageState.SENT:
                words = f"the channel said later: {command.reason or 'not delivered'}"
                events += row.fail("refused", words, now=now)
                failed.append(row)
                contact = await tx.session.get(Contact, (row.staff, row.channel))
                if contact is not None:
                    contact.failed(words, now)
        tx.record(*events, *await move_on(tx, failed, now))
        return tx.answers(Done(at=now))


async def mark_read(work: UnitOfWork, command: MarkRead, /, *, now: datetime) -> Done:
    """By whoever the message is for. Read twice is read once."""
    async with work.begin(command) as tx:
        message = await tx.lock(Message, command.message_id, field="message_id")
        notice = await tx.lock(Notice, message.notice_id)
        if message.state not in TAKEN:
            raise not_found("Message", command.message_id, field="message_id")
        if not may_read(command.actor, message, notice):
            raise NotYourMessage("this message is for another post", field="message_id")
        message.read(now=now)
        tx.record(*notice.hand_over(message.channel, now=now))
        return tx.answers(Done(at=now))
