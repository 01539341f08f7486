"""Everything on record about one centre, as rows: what the checks after an outage are made on, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.contracts.subjects import CONSUMERS, SERVICES, Consumer
from tests.support.chaos.witness import Answered

READERS = tuple(consumer for consumer in CONSUMERS if consumer.reader in SERVICES)
"""The consumers of the services that run here: the console has no promise of its own to keep."""

Chain = tuple[str, str]
"""The service that records it, and its name."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One row of a service's record, in its order."""

    service: str
    event_id: str
    chain: str
    sequence: int
    type: str
    hash: bytes
    envelope: Mapping[str, Any]

    @property
    def data(self) -> Mapping[str, Any]:
        return self.envelope["data"]

    @property
    def trace(self) -> str:
        return self.envelope["trace"]

    @property
    def noun(self) -> str:
        return self.type.split(".")[1]


@dataclass(frozen=True, slots=True)
class Streamed:
    """One message of a stream. `digest` stands for its body."""

    event_id: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class CaseRow:
    case_id: str
    code: str
    owner: str
    state: str


@dataclass(frozen=True, slots=True)
class RoutedRow:
    """Dispatch's word on who has a case: `order` is the lead's work order, none in triage."""

    case_id: str
    state: str
    owner: str
    order: str | None


@dataclass(frozen=True, slots=True)
class ClockRow:
    key: str
    case_id: str
    stage: str
    state: str
    due_at: datetime
    next_at: datetime | None
    fired_at: datetime | None
    ended_at: datetime | None
    reason: str | None
    plan: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """`ends`: how it ended, or how the messages of it stand."""

    notice_id: str
    planned: bool
    ends: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message that has not come to its end. `tried_at`, `answered_at`: when its last try began and ended."""

    message_id: str
    state: str
    urgent: bool
    tries: int
    created_at: datetime
    next_try_at: datetime | None
    tried_at: datetime | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BoardRow:
    """The console's row of a case: what each service told of it, and what is shown."""

    case_id: str
    code: str
    sections: Mapping[str, Mapping[str, Any]]
    row: Mapping[str, Any]


@dataclass(frozen=True)
class Books:
    """`at` is the centre's time; `answered` what clients were told; `kept` the answers under their keys.

    `heads` are the ends of the chains, `applied` how far each consumer (reader, source) is with a chain. `board` is
    none where no console runs. What a nemesis planted is left out everywhere, but for `unkept`: poison that a consumer
    should have kept as a dead letter and did not. `leaks`: places where words of a requester were found.
    """

    at: datetime
    events: tuple[Recorded, ...]
    heads: Mapping[Chain, tuple[int, bytes]]
    applied: Mapping[tuple[str, str, str], int]
    streamed: Mapping[str, tuple[Streamed, ...]]
    kept: Mapping[tuple[str, str, str], Mapping[str, Any] | None]
    answered: tuple[Answered, ...]
    cases: tuple[CaseRow, ...]
    routed: tuple[RoutedRow, ...]
    clocks: tuple[ClockRow, ...]
    notices: tuple[NoticeRow, ...]
    under_way: tuple[MessageRow, ...] = ()
    dead_letters: tuple[str, ...] = ()
    unkept: tuple[str, ...] = ()
    board: tuple[BoardRow, ...] | None = None
    rulings: tuple[tuple[str, str], ...] = ()
    leaks: tuple[str, ...] = ()
    readers: tuple[Consumer, ...] = READERS

    def of(self, *types: str) -> tuple[Recorded, ...]:
        return tuple(event for event in self.events if event.type in types)
