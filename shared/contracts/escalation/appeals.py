"""Appeals against an overdue clock (超时申诉): what is told of them, and what may be asked."""

from enum import StrEnum
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field, model_validator

from shared.contracts.base import CaseCode, CaseEvent, Command, Frozen, Instant, Key, Query, ShortText, Text
from shared.contracts.escalation.words import Stage


class AppealReason(StrEnum):
    """Why a unit says that it should not be held against it; its words stay with the appeal, not in the event."""

    NOT_REACHED = "not_reached"
    FORCE_MAJEURE = "force_majeure"
    WAITED_FOR_OTHERS = "waited_for_others"
    STATUTORY_STEP = "statutory_step"
    CLOCK_WRONG = "clock_wrong"


AppealState = Literal["made", "proposed", "granted", "refused"]

# -- events ------------------------------------------------------------------------------------------------------------


class AppealEvent(CaseEvent):
    appeal_id: UUID
    clock: str
    stage: Stage
    unit: str

    @property
    def chain(self) -> str:
        return f"{self.case_id}:appeals"


class AppealMade(AppealEvent):
    TYPE: ClassVar[str] = "escalation.appeal.made"

    reason: AppealReason
    fired_at: Instant
    made_by: str
    made_at: Instant


class AppealProposed(AppealEvent):
    """The duty director's word on it; another decides."""

    TYPE: ClassVar[str] = "escalation.appeal.proposed"

    advice: Literal["support", "oppose"]
    proposed_by: str
    proposed_at: Instant


class AppealGranted(AppealEvent):
    """Exempt from scoring from now on. That the clock fired stays on record."""

    TYPE: ClassVar[str] = "escalation.appeal.granted"

    decided_by: str
    exempted_at: Instant


class AppealRefused(AppealEvent):
    TYPE: ClassVar[str] = "escalation.appeal.refused"

    decided_by: str
    refused_at: Instant


# -- requests ----------------------------------------------------------------------------------------------------------


class AppealView(Frozen):
    appeal_id: UUID
    case_code: str
    clock: str
    stage: Stage
    unit: str
    state: AppealState
    fired_at: Instant
    reason: AppealReason
    words: str | None = Field(description="the unit's; told to the centre's staff and the unit only")
    made_by: str
    made_at: Instant
    advice: Literal["support", "oppose"] | None
    proposed_by: str | None
    proposed_at: Instant | None
    advice_words: str | None = None
    decided_by: str | None
    decided_at: Instant | None
    decision_words: str | None = None
    exempted_at: Instant | None


class MakeAppeal(Command[AppealView]):
    """Once per clock, within so many working days after it fired as the centre pack says."""

    NAME: ClassVar[str] = "make_appeal"
    SERVICE: ClassVar[str] = "escalation"
    ANSWER = AppealView

    clock: Key = Field(description="the clock's key, as `list_clocks` tells it")
    reason: AppealReason
    words: Text


class ProposeOnAppeal(Command[AppealView]):
    """The first of two steps, by the duty director."""

    NAME: ClassVar[str] = "propose_on_appeal"
    SERVICE: ClassVar[str] = "escalation"
    ANSWER = AppealView

    appeal_id: UUID
    support: bool
    words: ShortText | None = None


class DecideAppeal(Command[AppealView]):
    """The second step, by a commander or deputy who neither made nor proposed it."""

    NAME: ClassVar[str] = "decide_appeal"
    SERVICE: ClassVar[str] = "escalation"
    ANSWER = AppealView

    appeal_id: UUID
    grant: bool
    words: ShortText | None = Field(default=None, description="needed to refuse")

    @model_validator(mode="after")
    def _refused_with_words(self) -> "DecideAppeal":
        if not self.grant and self.words is None:
            raise ValueError("a refusal needs words")
        return self


class Appeals(Frozen):
    appeals: tuple[AppealView, ...]


class ListAppeals(Query[Appeals]):
    """Those that wait, oldest first; with the decided ones where asked for. A unit sees its own."""

    NAME: ClassVar[str] = "list_appeals"
    SERVICE: ClassVar[str] = "escalation"
    ANSWER = Appeals

    case_code: CaseCode | None = None
    appeal_id: UUID | None = None
    only_open: bool = True
    limit: int = Field(default=200, ge=1, le=1000)
