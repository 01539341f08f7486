"""What every event and every request has."""

import unicodedata
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, field_validator

from shared.codes import parse_case_code
from shared.contracts.actors import Actor

Level = Literal["I", "II", "III", "IV"]
Key = Annotated[str, Field(min_length=1, max_length=200)]
Instant = AwareDatetime
Received = Annotated[AwareDatetime, Field(ge=datetime(1990, 1, 1, tzinfo=UTC))]
RowId = Annotated[int, Field(ge=1, lt=2**63)]


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Event(Frozen):
    """A fact that happened. Ids, codes, places, times and enumerated reasons only: never a person, never free text."""

    TYPE: ClassVar[str]
    SCHEMA: ClassVar[int] = 1

    @property
    def chain(self) -> str:
        """Events of one chain are recorded, published and applied in order."""
        raise NotImplementedError


class CaseEvent(Event):
    case_id: UUID
    case_code: str

    @property
    def chain(self) -> str:
        return str(self.case_id)


class Envelope(Frozen):
    """CloudEvents 1.0 attributes, with our extensions: centre, chain, sequence in the chain, cause and trace."""

    specversion: Literal["1.0"] = "1.0"
    id: UUID
    source: str
    type: str
    time: Instant
    subject: str
    datacontenttype: Literal["application/json"] = "application/json"
    schema_version: int = 1
    centre: str
    chain: str
    sequence: int
    actor: str | None = None
    causation: str | None = None
    trace: str
    data: dict[str, Any]


Answer = TypeVar("Answer", bound=BaseModel)


class Request(Frozen, Generic[Answer]):
    """Something asked of a service. `NAME` is its last subject token, `SERVICE` whom it is asked of."""

    NAME: ClassVar[str]
    SERVICE: ClassVar[str]
    ANSWER: ClassVar[type[BaseModel]]

    actor: Actor
    trace: str | None = Field(default=None, max_length=64, pattern=r"^[A-Za-z0-9-]+$")

    @field_validator("*", mode="after")
    @classmethod
    def _can_be_kept(cls, value: Any) -> Any:
        """No database takes the character NUL in a text."""
        if isinstance(value, str) and "\0" in value:
            raise ValueError("must not contain the character NUL")
        return value


class Command(Request[Answer], Generic[Answer]):
    """A request that changes something; repeated under the same key it is done once and answered the same."""

    REMEMBERED: ClassVar[bool] = True  # False where the answer must not be kept: it is done again, and recorded again

    idempotency_key: Key


class Query(Request[Answer], Generic[Answer]):
    """A request that changes nothing."""


class Done(Frozen):
    """The plain answer: it is done, and since when."""

    at: Instant


def _not_blank(text: str) -> str:
    """Spaces, marks of direction and other characters that nobody sees do not make a text."""
    if all(unicodedata.category(character)[0] in "ZC" for character in text):
        raise ValueError("must not be empty")
    return text.strip()


Text = Annotated[str, Field(max_length=8_000), AfterValidator(_not_blank)]
ShortText = Annotated[str, Field(max_length=500), AfterValidator(_not_blank)]
CaseCode = Annotated[str, Field(max_length=80), AfterValidator(parse_case_code)]
"""A case code as written or spoken, in its one form; refused where a digit is wrong."""

Code = Annotated[str, Field(min_length=1, max_length=80)]


class TimelineEntry(Frozen):
    """One recorded event as the case's story shows it."""

    at: datetime
    service: str
    type: str
    actor: str | None
    sequence: int
    data: dict[str, Any]
