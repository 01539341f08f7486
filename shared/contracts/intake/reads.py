"""What is read of cases: masked, or revealed on record; and the care of what was entrusted."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.base import CaseCode, Command, Frozen, Instant, Level, Query, ShortText
from shared.contracts.intake.acts import Requester
from shared.contracts.intake.words import HandlingMode, Source


class MaskedCase(Frozen):
    case_id: UUID
    case_code: str
    state: str
    source: Source
    category: str | None
    place: str | None
    level: Level
    flags: tuple[str, ...] = ()
    handling_mode: HandlingMode | None
    owner: str
    window: str | None
    round: int
    pack_version: str
    received_at: Instant
    registered_at: Instant
    closed_at: Instant | None
    matter: str = Field(description="telephone and identity numbers in the text masked")
    requester_name: str | None
    requester_phone: str | None
    joined_to: str | None = Field(default=None, description="the leading case it follows")
    joined: tuple[str, ...] = Field(default=(), description="the cases that follow this one")


class ReadCase(Query[MaskedCase]):
    NAME: ClassVar[str] = "read_case"
    SERVICE: ClassVar[str] = "intake"
    ANSWER = MaskedCase

    case_code: CaseCode


class RevealedNote(Frozen):
    """What staff wrote about the case: what was answered to the requester, what was promised, what was said."""

    about: str
    text: str
    at: Instant


class RevealedRequester(Frozen):
    matter: str
    requester: Requester
    notes: tuple[RevealedNote, ...] = Field(default=(), description="for the centre's own staff, the oldest first")


class RevealRequester(Command[RevealedRequester]):
    """Reads what is masked, with a reason; who, when, why and which fields stay on record."""

    NAME: ClassVar[str] = "reveal_requester"
    REMEMBERED: ClassVar[bool] = False
    SERVICE: ClassVar[str] = "intake"
    ANSWER = RevealedRequester

    case_code: CaseCode
    reason: ShortText


class VaultRotated(Frozen):
    resealed: int


class RotateVault(Command[VaultRotated]):
    """Seals every requester's data again under the newest key, so that an old key may be destroyed."""

    NAME: ClassVar[str] = "rotate_vault"
    REMEMBERED: ClassVar[bool] = False
    SERVICE: ClassVar[str] = "intake"
    ANSWER = VaultRotated


class PromiseView(Frozen):
    """暂不能办结: a date promised to a requester, without the words it was explained with."""

    case_code: str
    number: int
    promised_for: Instant
    explained_at: Instant
    owner: str
    category: str | None
    place: str | None
    level: Level
    late: bool


class Promises(Frozen):
    promises: tuple[PromiseView, ...]
    total: int


class ListPromises(Query[Promises]):
    """Promises to requesters that are still to be kept, the nearest first."""

    NAME: ClassVar[str] = "list_promises"
    SERVICE: ClassVar[str] = "intake"
    ANSWER = Promises

    owner: str | None = None
    limit: int = Field(default=200, ge=1, le=1000)


class OpenCase(Frozen):
    case_code: str
    state: str
    category: str | None
    place: str | None
    level: Level
    owner: str
    registered_at: Instant
    joined_to: str | None = None


class OpenCases(Frozen):
    cases: tuple[OpenCase, ...]
    total: int


class ListOpenCases(Query[OpenCases]):
    NAME: ClassVar[str] = "list_open_cases"
    SERVICE: ClassVar[str] = "intake"
    ANSWER = OpenCases

    owner: str | None = None
    state: str | None = None
    limit: int = Field(default=200, ge=1, le=1000)
