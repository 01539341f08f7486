"""中心吹哨、部门报到: who is called to the command centre, who answers, who comes."""

import re
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from shared.contracts.actors import STAFF_FORM
from shared.contracts.base import (
    CaseCode,
    CaseEvent,
    Code,
    Command,
    Done,
    Frozen,
    Instant,
    Level,
    Query,
    ShortText,
)
from shared.contracts.dispatch.words import SummonsGround, UnitSummonsState

# -- events ------------------------------------------------------------------------------------------------------------


class SummonsEvent(CaseEvent):
    """A drill has no case: there `case_id` is the summons' own id and `case_code` is `drill`."""

    summons_id: UUID
    drill: bool = False


class SummonsAsked(SummonsEvent):
    TYPE: ClassVar[str] = "dispatch.summons.asked"

    ground: SummonsGround
    units: tuple[str, ...]
    plans: tuple[str, ...] = Field(default=(), description="the response plans that named units")
    asked_at: Instant


class SummonsApproved(SummonsEvent):
    TYPE: ClassVar[str] = "dispatch.summons.approved"

    approved_at: Instant


class SummonsRefused(SummonsEvent):
    TYPE: ClassVar[str] = "dispatch.summons.refused"

    refused_at: Instant


class SummonsUnitEvent(SummonsEvent):
    unit: str


class SummonsUnitCalled(SummonsUnitEvent):
    """The whistle for one unit: its 20 minutes run from here."""

    TYPE: ClassVar[str] = "dispatch.summons.unit_called"

    level: Level
    category: str | None
    place: str | None = None
    pack_version: str
    called_at: Instant


class SummonsUnitNotified(SummonsUnitEvent):
    """The first notice left for the unit."""

    TYPE: ClassVar[str] = "dispatch.summons.unit_notified"

    channel: str
    notified_at: Instant


class SummonsUnitAcknowledged(SummonsUnitEvent):
    TYPE: ClassVar[str] = "dispatch.summons.unit_acknowledged"

    acknowledged_at: Instant


class SummonsUnitOnTheWay(SummonsUnitEvent):
    TYPE: ClassVar[str] = "dispatch.summons.unit_on_the_way"

    expected_at: Instant
    told_at: Instant


class SummonsUnitSubstituteSent(SummonsUnitEvent):
    """Somebody else of the unit comes in the liaison's place: `substitute` is that post."""

    TYPE: ClassVar[str] = "dispatch.summons.unit_substitute_sent"

    substitute: str
    expected_at: Instant
    told_at: Instant


class SummonsUnitCannotCome(SummonsUnitEvent):
    """Said, with a reason that stays with the summons. Still awaited: only arrival or the end is final."""

    TYPE: ClassVar[str] = "dispatch.summons.unit_cannot_come"

    told_at: Instant


class SummonsUnitArrived(SummonsUnitEvent):
    TYPE: ClassVar[str] = "dispatch.summons.unit_arrived"

    checked_in: Literal["room", "code"] = Field(default="room", description="by the room; by its code")
    arrived_at: Instant


class SummonsUnitNotArrived(SummonsUnitEvent):
    TYPE: ClassVar[str] = "dispatch.summons.unit_not_arrived"

    ended_at: Instant


class SummonsEnded(SummonsEvent):
    TYPE: ClassVar[str] = "dispatch.summons.ended"

    outcome: Literal["assembled", "incomplete", "stood_down"]
    ended_at: Instant


# -- asked and decided -------------------------------------------------------------------------------------------------


class SummonsStarted(Frozen):
    summons_id: UUID
    state: str


class AskSummons(Command[SummonsStarted]):
    """Units by name, or by the pack's response plans for the case's matter and level, or both."""

    NAME: ClassVar[str] = "ask_summons"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = SummonsStarted

    case_code: CaseCode
    ground: SummonsGround
    units: tuple[Code, ...] = Field(default=(), max_length=60)
    by_plan: bool = False
    reason: ShortText


class PlannedUnit(Frozen):
    unit: str
    plan: str
    why: str


class SummonsPlan(Frozen):
    units: tuple[PlannedUnit, ...]
    already_under_way: tuple[str, ...] = Field(default=(), description="named by an open summons of this case")


class PlanSummons(Query[SummonsPlan]):
    """Whom the response plans would call for this case; nothing is called."""

    NAME: ClassVar[str] = "plan_summons"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = SummonsPlan

    case_code: CaseCode
    level: Level | None = Field(default=None, description="as if the case had this level")


class AskDrill(Command[SummonsStarted]):
    """演练: a marked test summons, of no case; approved like any other, it measures who would have answered."""

    NAME: ClassVar[str] = "ask_drill"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = SummonsStarted

    units: tuple[Code, ...] = Field(min_length=1, max_length=60)
    reason: ShortText


class ApproveSummons(Command[SummonsStarted]):
    """By the commander or a deputy, never by the asker."""

    NAME: ClassVar[str] = "approve_summons"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = SummonsStarted

    summons_id: UUID


class RefuseSummons(Command[SummonsStarted]):
    NAME: ClassVar[str] = "refuse_summons"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = SummonsStarted

    summons_id: UUID
    reason: ShortText


class StandDownSummons(Command[Done]):
    NAME: ClassVar[str] = "stand_down_summons"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Done

    summons_id: UUID
    reason: ShortText


def _no_words(post: str) -> str:
    if re.fullmatch(STAFF_FORM, post) is None:
        raise ValueError("must be the code of a post, e.g. police.lead: letters, digits and . _ : @ - only")
    return post


PostCode = Annotated[Code, AfterValidator(_no_words)]
"""Travels in events: it names a post and has no room for words about whoever holds it."""


# -- a unit's own answers ----------------------------------------------------------------------------------------------


class AcknowledgeSummons(Command[Done]):
    NAME: ClassVar[str] = "acknowledge_summons"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Done

    summons_id: UUID


class TellOnTheWay(Command[Done]):
    """Acknowledges too, where that was not done before. May be said again with another estimate."""

    NAME: ClassVar[str] = "tell_on_the_way"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Done

    summons_id: UUID
    arrives_in_minutes: int = Field(ge=0, le=240)


class SendSubstitute(Command[Done]):
    """A post of the same unit comes instead of the liaison."""

    NAME: ClassVar[str] = "send_substitute"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Done

    summons_id: UUID
    substitute: PostCode
    arrives_in_minutes: int = Field(ge=0, le=240)


class TellCannotCome(Command[Done]):
    NAME: ClassVar[str] = "tell_cannot_come"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Done

    summons_id: UUID
    reason: ShortText


LinkAnswer = Literal["acknowledge", "on_the_way", "cannot_come"]


class LinkAnswered(Frozen):
    at: Instant
    summons_id: UUID
    unit: str
    answer: LinkAnswer


class AnswerByLink(Command[LinkAnswered]):
    """The answer of whoever holds a signed link: of one post, to one summons, for one kind of answer, once, in time."""

    NAME: ClassVar[str] = "answer_by_link"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = LinkAnswered

    token: str = Field(min_length=1, max_length=1_000)
    arrives_in_minutes: int | None = Field(default=None, ge=0, le=240)
    reason: ShortText | None = None


# -- arrival -----------------------------------------------------------------------------------------------------------


class CheckInArrival(Command[Done]):
    """到场: checked in by the command room or the duty director, never by the unit itself."""

    NAME: ClassVar[str] = "check_in_arrival"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Done

    summons_id: UUID
    unit: Code


class CheckInByCode(Command[Done]):
    """到场 by the code that stands on the command room's wall: only who is there can read it."""

    NAME: ClassVar[str] = "check_in_by_code"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Done

    summons_id: UUID
    room_code: str = Field(pattern=r"^[0-9]{6}$")


class RoomCode(Frozen):
    summons_id: UUID
    room_code: str


class ReadRoomCode(Query[RoomCode]):
    """For the room's wall and the director; never for the units."""

    NAME: ClassVar[str] = "read_room_code"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = RoomCode

    summons_id: UUID


# -- read --------------------------------------------------------------------------------------------------------------


class SummonedUnit(Frozen):
    unit: str
    state: UnitSummonsState
    called_at: Instant | None
    notified_at: Instant | None = None
    notified_on: str | None = None
    acknowledged_at: Instant | None
    expected_at: Instant | None = None
    substitute: str | None = None
    cannot_come_at: Instant | None = None
    cannot_come_reason: str | None = Field(default=None, description="told to the centre's staff only")
    arrived_at: Instant | None
    plan: str | None = Field(default=None, description="the response plan that named it")
    why: str | None = None


class SummonsView(Frozen):
    summons_id: UUID
    case_code: str
    drill: bool = False
    state: str
    ground: SummonsGround
    asked_by: str
    approved_by: str | None
    units: tuple[SummonedUnit, ...]
    asked_at: Instant | None = None
    approved_at: Instant | None = None
    ended_at: Instant | None = None
    reason: str | None = Field(default=None, description="the asker's words; told to the centre's staff only")


class Summonses(Frozen):
    summonses: tuple[SummonsView, ...]


class ListSummonses(Query[Summonses]):
    NAME: ClassVar[str] = "list_summonses"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Summonses

    only_running: bool = True
    case_code: CaseCode | None = None
    summons_id: UUID | None = None
    limit: int = Field(default=100, ge=1, le=1000)


class DrillUnit(Frozen):
    unit: str
    notified_after_s: float | None = Field(description="seconds from the whistle; None: no notice left")
    answered_after_s: float | None = Field(description="seconds from the whistle to the first answer")
    would_have_come: bool = Field(description="answered in time, and not that it cannot come")


class DrillResult(Frozen):
    summons_id: UUID
    state: str
    units: tuple[DrillUnit, ...]
    answered: int
    would_have_come: int


class ReadDrill(Query[DrillResult]):
    NAME: ClassVar[str] = "read_drill"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = DrillResult

    summons_id: UUID
