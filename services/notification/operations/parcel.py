"""What one call of a channel carries, and what came of it."""

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from services.notification.channels.base import HandedOver
from services.notification.policy.drafts import URGENT
from services.notification.policy.facts import NoticeFacts
from shared.centre.pack import CentrePack


@dataclass(frozen=True, slots=True)
class Letter:
    """One message of a parcel, with all that its text is made of."""

    message_id: UUID
    number: int
    staff: str
    unit: str | None
    facts: NoticeFacts
    pack: CentrePack


@dataclass(frozen=True, slots=True)
class Parcel:
    """Claimed and leased under `send_id`: one letter, or several ordinary ones that go as one text."""

    send_id: UUID
    channel: str
    address: str = field(repr=False)
    letters: tuple[Letter, ...]

    @property
    def urgent(self) -> bool:
        """Urgent letters go alone."""
        return self.letters[0].facts.kind in URGENT

    @property
    def drill(self) -> bool:
        return any(letter.facts.drill for letter in self.letters)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`words` say what the channel said, never the address."""

    parcel: Parcel
    result: Literal["taken", "refused", "later"]
    taken: HandedOver | None = None
    words: str = ""
    retry_after_s: float | None = None
