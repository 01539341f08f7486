"""In the program itself a message has arrived as soon as it is there."""

from services.notification.channels.base import HandedOver
from services.notification.channels.inbox import InboxChannel
from tests.unit.notification.channels.given import MESSAGE, message


async def test_what_is_in_the_table_is_delivered() -> None:
    inbox = InboxChannel()
    assert await inbox.send(message("police.liaison")) == HandedOver(remote_id=str(MESSAGE), delivered=True)
    assert not inbox.outside
    await inbox.close()
