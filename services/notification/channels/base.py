"""What a channel is: one kind of address, one way to hand a text over. Every channel is a plug-in of this form."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

INBOX = "inbox"
"""The post's own list inside the program: every post has it, and nothing can be in its way."""
REMOTE_ID_CHARACTERS_MAX = 200


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text ready to be sent. `links` are (label, url); `link` is where the matter itself can be looked at."""

    subject: str
    body: str
    link: str | None = None
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message on its way. The address is staff data: it is never logged and never quoted in a failure."""

    message_id: UUID
    address: str
    text: Rendered
    drill: bool


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The channel took it. `delivered`: it is known to have arrived, no receipt will come."""

    remote_id: str | None = None
    delivered: bool = False

    def __post_init__(self) -> None:
        if self.remote_id is not None:
            object.__setattr__(self, "remote_id", in_one_line(self.remote_id)[:REMOTE_ID_CHARACTERS_MAX] or None)


class ChannelRefused(Exception):
    """Permanent: this address or message will never be taken. `why` never contains the address."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = in_one_line(why)


class ChannelUnavailable(Exception):
    """Temporary: the same message may be taken later. `why` never contains the address."""

    def __init__(self, why: str, retry_after_s: float | None = None) -> None:
        super().__init__(why)
        self.why = in_one_line(why)
        self.retry_after_s = retry_after_s


def in_one_line(said: object) -> str:
    """What somebody else's program said, as it can be kept: no database takes NUL or half a pair of surrogates.

    One such text would be refused again in every round, and hold up whatever is written down with it.
    """
    return " ".join("".join(one if one.isprintable() else " " for one in str(said)).split())


class Channel(Protocol):
    """`send` raises ChannelRefused or ChannelUnavailable; it may be called again for a message it took unnoticed."""

    @property
    def name(self) -> str: ...

    @property
    def per_minute(self) -> int | None:
        """How many messages one address takes in a minute; None: any number."""
        ...

    @property
    def timeout_s(self) -> float: ...

    @property
    def outside(self) -> bool:
        """Reaches the post outside the program; the inbox does not."""
        ...

    async def send(self, message: Outgoing) -> HandedOver: ...

    async def close(self) -> None: ...
