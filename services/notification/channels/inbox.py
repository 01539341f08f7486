"""The post's own list inside the program. Nothing has to be carried: what is in the table has arrived."""

from dataclasses import dataclass

from services.notification.channels.addresses import wrong
from services.notification.channels.base import INBOX, HandedOver, Outgoing


@dataclass(frozen=True, slots=True)
class InboxChannel:
    name: str = INBOX
    per_minute: int | None = None
    timeout_s: float = 1.0
    outside: bool = False

    def check(self, address: str) -> None:
        if len(address) > 80:
            wrong("an inbox is named by its post's code")

    async def send(self, message: Outgoing) -> HandedOver:
        return HandedOver(remote_id=str(message.message_id), delivered=True)

    async def close(self) -> None:
        """Nothing is held."""
