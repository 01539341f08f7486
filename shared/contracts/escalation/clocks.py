"""What clocks tell, and how they are read."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import CaseCode, CaseEvent, Command, Done, Frozen, Instant, Query
from shared.contracts.escalation.words import Stage, WhyNotice

# -- events ------------------------------------------------------------------------------------------------------------


class ClockEvent(CaseEvent):
    clock: str = Field(description="the obligation's key, e.g. `sign_off:<work order>:<round>`")
    stage: Stage
    owes: str = Field(description="the unit or post that owes this")

    @property
    def chain(self) -> str:
        """Beside the case's own chain: whoever acts on what escalation decides need not read what clocks do."""
        return f"{self.case_id}:clocks"


class ClockArmed(ClockEvent):
    TYPE: ClassVar[str] = "escalation.clock.armed"

    started_at: Instant
    due_at: Instant
    provisional: bool
    limit: str = Field(description="e.g. `5 working_day`")
    limit_id: str
    limit_source: str
    service_due_at: Instant | None = Field(
        default=None, description="the centre's own promise, where a statute gives the due time: heard of by then"
    )
    service_limit: str | None = None
    replaces: str | None = Field(default=None, description="the clock whose promise this one took over")
    pack_version: str
    armed_at: Instant


class ClockRecomputed(ClockEvent):
    """The due time rested on days nobody had published; they are now. Told too where only the doubt is gone."""

    TYPE: ClassVar[str] = "escalation.clock.recomputed"

    first_due_at: Instant = Field(description="as it was armed")
    old_due_at: Instant
    due_at: Instant
    provisional: bool
    reason: Literal["days_published"] = "days_published"
    recomputed_at: Instant


class ClockWarned(ClockEvent):
    TYPE: ClassVar[str] = "escalation.clock.warned"

    percent: int
    due_at: Instant
    warned_at: Instant
    late_s: int = Field(default=0, description="seconds after its own time: the length of an outage, else nought")


class ClockOverdue(ClockEvent):
    """Fired: the due time passed unmet. Once per clock."""

    TYPE: ClassVar[str] = "escalation.clock.overdue"

    due_at: Instant
    fired_at: Instant
    late_s: int = Field(default=0, description="seconds after its own time: the length of an outage, else nought")
    work_order_id: UUID | None = None
    summons_id: UUID | None = None


class ClockMet(ClockEvent):
    TYPE: ClassVar[str] = "escalation.clock.met"

    due_at: Instant
    met_at: Instant
    late: bool


class ClockCancelled(ClockEvent):
    TYPE: ClassVar[str] = "escalation.clock.cancelled"

    reason: str
    cancelled_at: Instant


class NoticeIssued(ClockEvent):
    """A step of the ladder was climbed: this post is to be told. Notification finds who that is, and the channel."""

    TYPE: ClassVar[str] = "escalation.notice.issued"

    notice_id: UUID
    step: int
    post: str
    unit: str | None
    action: str | None
    why: WhyNotice = Field(
        default="ladder",
        description="by its time; the unit sits too long; the step before reached nobody; the unit cannot come",
    )
    work_order_id: UUID | None = None
    summons_id: UUID | None = None
    drill: bool = False
    due_at: Instant
    issued_at: Instant
    late_s: int = Field(default=0, description="seconds after its own time: the length of an outage, else nought")

    @property
    def chain(self) -> str:
        """A chain of its own: notification reads what is to be told, not what clocks do."""
        return f"{self.case_id}:notices"


class ArrivalGivenUp(ClockEvent):
    """The last step of an arrival ladder: the unit is recorded as not arrived."""

    TYPE: ClassVar[str] = "escalation.arrival.given_up"

    summons_id: UUID
    unit: str
    given_up_at: Instant

    @property
    def chain(self) -> str:
        return str(self.case_id)


class AuditFound(ClockEvent):
    """What is owed and what is timed disagreed. `missing`: armed now; `dead`: cancelled now; `ended`: for a person."""

    TYPE: ClassVar[str] = "escalation.audit.found"

    finding: Literal["missing", "dead", "ended"]
    mended: bool
    found_at: Instant


# -- requests ----------------------------------------------------------------------------------------------------------


class TakeUpRaised(Command[Done]):
    """The duty director has looked at a case that came back as often as it may (提请督办)."""

    NAME: ClassVar[str] = "take_up_raised"
    SERVICE: ClassVar[str] = "escalation"
    ANSWER = Done

    case_code: CaseCode


class ClockView(Frozen):
    clock: str
    case_code: str
    stage: Stage
    owes: str
    state: str
    started_at: Instant
    due_at: Instant
    first_due_at: Instant | None = Field(default=None, description="as it was armed, where it was counted again since")
    provisional: bool = False
    limit: str
    limit_source: str
    service_due_at: Instant | None = None
    service_limit: str | None = None
    replaces: str | None = None
    fired_at: Instant | None
    ended_at: Instant | None
    reason: str | None = Field(default=None, description="why it was cancelled")
    drill: bool = False
    supervised: bool = Field(default=False, description="督办: a listed order on its case is under way")
    exempted_at: Instant | None = Field(default=None, description="an appeal was granted: it fired, but does not count")


class Clocks(Frozen):
    clocks: tuple[ClockView, ...]
    total: int
    now: Instant = Field(description="the service's own time: what is left is counted from it, never from a PC's clock")


class ListClocks(Query[Clocks]):
    """Open clocks by due time; of one case, with the ended ones, where a code is given. Drills only where asked for."""

    NAME: ClassVar[str] = "list_clocks"
    SERVICE: ClassVar[str] = "escalation"
    ANSWER = Clocks

    case_code: CaseCode | None = None
    stage: Stage | None = None
    drills: bool = Field(default=False, description="with the clocks of drills (演练)")
    limit: int = Field(default=200, ge=1, le=1000)
