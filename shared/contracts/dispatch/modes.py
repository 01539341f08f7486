"""平战转换: what is told of the centre's mode, and what may be asked (DOMAIN: normal and surge mode)."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Code, Command, Event, Frozen, Instant, Level, Query, ShortText

Mode = Literal["normal", "surge.I", "surge.II", "surge.III", "surge.IV"]
"""What a centre is in: 平时, or 战时 at a level, I the highest."""

# -- events ------------------------------------------------------------------------------------------------------------


class ModeEvent(Event):
    @property
    def chain(self) -> str:
        return "mode"


class ModeSwitched(ModeEvent):
    """From `switched_at` on the centre is in `mode`: into a surge, to another level of it, or back to normal."""

    TYPE: ClassVar[str] = "dispatch.mode.switched"

    number: int = Field(description="of the period that begins; each begins exactly where the one before it ended")
    surge_id: UUID = Field(description="the surge that begins, goes on at another level, or ends")
    mode: Mode
    before: Mode
    measures: tuple[str, ...]
    expected_end: Instant | None
    tells: tuple[str, ...] = Field(description="units whose liaison officers are told, as the pack says")
    pack_version: str
    switched_at: Instant


class SurgeEvent(ModeEvent):
    surge_id: UUID
    mode: Mode
    number: int
    expected_end: Instant


class SurgeProlonged(SurgeEvent):
    TYPE: ClassVar[str] = "dispatch.mode.prolonged"

    expected_before: Instant
    prolonged_at: Instant


class SurgeReminded(SurgeEvent):
    """The expected end comes near, is here, or is past (`late`). The surge goes on until a commander ends it."""

    TYPE: ClassVar[str] = "dispatch.mode.reminded"

    late: bool
    reminded_at: Instant


class SituationReportDue(SurgeEvent):
    """情况专报: due at the pack's rhythm since the switch; each once."""

    TYPE: ClassVar[str] = "dispatch.mode.report_due"

    report_at: Instant
    told_at: Instant


class UnitFigures(Frozen):
    unit: str
    work_orders: int = Field(description="sent in the surge")
    overdue: int = Field(description="whose time to report back ran out in the surge")
    summoned: int
    arrived_in_time: int


class SurgeFigures(Frozen):
    """From the rows of dispatch: cases the window handled itself are not among them."""

    cases_accepted: int
    cases_closed: int
    work_orders: int
    overdue: int
    summonses: int
    summoned: int
    arrived_in_time: int
    prolonged: int
    units: tuple[UnitFigures, ...] = ()


class SurgeSummarized(ModeEvent):
    """The surge is over; what happened in it, in numbers."""

    TYPE: ClassVar[str] = "dispatch.mode.summarized"

    surge_id: UUID
    began_at: Instant
    ended_at: Instant
    highest: Mode
    figures: SurgeFigures
    summarized_at: Instant


# -- requests ----------------------------------------------------------------------------------------------------------


class SurgeSummary(Frozen):
    surge_id: UUID
    began_at: Instant
    ended_at: Instant
    highest: Mode
    figures: SurgeFigures


class ModeView(Frozen):
    """One period of the centre's history, or the one it is in."""

    number: int
    mode: Mode
    measures: tuple[str, ...]
    reason: str | None = Field(description="for the centre's own staff")
    switched_by: str
    began_at: Instant
    ended_at: Instant | None
    expected_end: Instant | None = Field(description="as it stands, with what it was prolonged by")
    late: bool = Field(default=False, description="the expected end is past and nobody has ended the surge")
    prolonged: int = 0


class SwitchMode(Command[ModeView]):
    """Into a surge, or to another level of it: one explicit act of the commander or a deputy."""

    NAME: ClassVar[str] = "switch_mode"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = ModeView

    level: Level
    reason: ShortText
    measures: tuple[Code, ...] = Field(default=(), max_length=20)
    expected_end: Instant
    seen: int | None = Field(default=None, description="the period the asker looked at; refused where it is over")


class ProlongSurge(Command[ModeView]):
    NAME: ClassVar[str] = "prolong_surge"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = ModeView

    expected_end: Instant
    reason: ShortText
    seen: int | None = None


class EndSurge(Command[ModeView]):
    """Back to normal. A surge never ends by itself."""

    NAME: ClassVar[str] = "end_surge"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = ModeView

    reason: ShortText
    seen: int | None = None


class ReadMode(Query[ModeView]):
    """What mode the centre is in, or was at any instant."""

    NAME: ClassVar[str] = "read_mode"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = ModeView

    at: Instant | None = None


class ModePeriods(Frozen):
    periods: tuple[ModeView, ...] = Field(description="newest first, without a gap")
    summaries: tuple[SurgeSummary, ...] = Field(description="of the surges that are over, newest first")
    total: int


class ListModePeriods(Query[ModePeriods]):
    NAME: ClassVar[str] = "list_mode_periods"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = ModePeriods

    limit: int = Field(default=50, ge=1, le=1000)
