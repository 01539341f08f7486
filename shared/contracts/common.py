"""Requests every service answers: its part of a case's story, its dead letters, its health."""

from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.base import CaseCode, Command, Done, Frozen, Instant, Query, RowId, TimelineEntry


class Timeline(Frozen):
    entries: tuple[TimelineEntry, ...]
    chain_intact: bool = Field(description="the hash chain of this case was recomputed and fits")


class ReadTimeline(Query[Timeline]):
    NAME: ClassVar[str] = "read_timeline"
    SERVICE: ClassVar[str] = "*"
    ANSWER = Timeline

    case_code: CaseCode


class DeadLetter(Frozen):
    id: int
    consumer: str
    event_id: UUID | None
    event_type: str
    subject: str = Field(description="the case code, or what else the event is about")
    reason: str
    deliveries: int
    died_at: Instant
    retried_at: Instant | None
    envelope: dict[str, Any] | None = None


class DeadLetters(Frozen):
    letters: tuple[DeadLetter, ...]


class ListDeadLetters(Query[DeadLetters]):
    NAME: ClassVar[str] = "list_dead_letters"
    SERVICE: ClassVar[str] = "*"
    ANSWER = DeadLetters

    id: RowId | None = None
    include_retried: bool = False


class RetryDeadLetters(Command[DeadLetters]):
    """Applies the dead letter and every one parked behind it in the same chain, in order."""

    NAME: ClassVar[str] = "retry_dead_letters"
    SERVICE: ClassVar[str] = "*"
    ANSWER = DeadLetters

    id: RowId


class Health(Frozen):
    service: str
    healthy: bool
    facts: dict[str, str]


class ReadHealth(Query[Health]):
    NAME: ClassVar[str] = "read_health"
    SERVICE: ClassVar[str] = "*"
    ANSWER = Health


class Republished(Frozen):
    events: int


class RepublishEvents(Command[Republished]):
    """Publishes every recorded event again: for a broker that lost its data."""

    REMEMBERED: ClassVar[bool] = False
    NAME: ClassVar[str] = "republish_events"
    SERVICE: ClassVar[str] = "*"
    ANSWER = Republished


__all__ = [
    "DeadLetter",
    "DeadLetters",
    "Done",
    "Health",
    "ListDeadLetters",
    "ReadHealth",
    "ReadTimeline",
    "RepublishEvents",
    "Republished",
    "RetryDeadLetters",
    "Timeline",
]
