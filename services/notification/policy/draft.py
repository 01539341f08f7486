"""A notice before it is written down."""

from dataclasses import dataclass, field
from uuid import UUID

from services.notification.policy.facts import NoticeFacts


@dataclass(frozen=True, slots=True)
class Draft:
    """A notice before it is written down. `unit` is set where the post is one of that unit."""

    facts: NoticeFacts
    matter: str
    unit: str | None = None
    case_id: UUID | None = None
    settled_by: tuple[str, ...] = ()
    clock: str | None = None
    notice_id: UUID | None = field(default=None)

    @property
    def summons_id(self) -> UUID | None:
        """Only a rung of the arrival ladder is a word about the summons itself."""
        return self.facts.summons_id if self.facts.kind == "summons" else None
