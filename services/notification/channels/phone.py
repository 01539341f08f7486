"""Short messages and calls: two channels over one gateway that knows how to reach a phone."""

from dataclasses import dataclass
from typing import Protocol

from services.notification.channels.addresses import check_phone, dialled
from services.notification.channels.base import HandedOver, Outgoing
from services.notification.channels.wording import one_part, spoken


class PhoneGateway(Protocol):
    """Gives back the gateway's own id of what it took; raises ChannelRefused or ChannelUnavailable."""

    async def send_text(self, number: str, words: str) -> str | None: ...

    async def call(self, number: str, words: str) -> str | None: ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class SmsChannel:
    gateway: PhoneGateway
    name: str = "sms"
    per_minute: int | None = 10  # a phone that rings on and on is put away
    timeout_s: float = 15.0
    outside: bool = True

    def check(self, address: str) -> None:
        check_phone(address)

    async def send(self, message: Outgoing) -> HandedOver:
        return HandedOver(await self.gateway.send_text(dialled(message.address), one_part(message.text)))

    async def close(self) -> None:
        await self.gateway.close()


@dataclass(frozen=True, slots=True)
class VoiceChannel:
    gateway: PhoneGateway
    name: str = "voice"
    per_minute: int | None = 2
    timeout_s: float = 60.0
    outside: bool = True

    def check(self, address: str) -> None:
        check_phone(address)

    async def send(self, message: Outgoing) -> HandedOver:
        return HandedOver(await self.gateway.call(dialled(message.address), spoken(message.text)))

    async def close(self) -> None:
        await self.gateway.close()
