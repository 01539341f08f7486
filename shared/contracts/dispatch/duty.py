"""Duty: rosters, who stands in for whom, who answers at an instant, and the director's watch handed over."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Code, Command, Done, Event, Frozen, Instant, Query, ShortText
from shared.duty import Gap, OnDuty, Overload, Override, Roster, RosterKind

# -- events ------------------------------------------------------------------------------------------------------------


class RosterChanged(Event):
    """The roster as it stands now, carried whole, so that every service that has to reach a post keeps a copy."""

    TYPE: ClassVar[str] = "dispatch.roster.changed"

    roster: Roster
    changed_at: Instant

    @property
    def chain(self) -> str:
        return f"roster:{self.roster.code}"


class DutyGapFound(Event):
    """Nobody is on duty for a stretch that begins within the next days. Told once per stretch."""

    TYPE: ClassVar[str] = "dispatch.duty.gap_found"

    roster: str
    kind: RosterKind
    unit: str | None
    starts_at: Instant
    ends_at: Instant
    found_at: Instant

    @property
    def chain(self) -> str:
        return f"duty:{self.roster}"


class HandoverEvent(Event):
    handover_id: UUID

    @property
    def chain(self) -> str:
        return "watch"


class HandoverOffered(HandoverEvent):
    TYPE: ClassVar[str] = "dispatch.handover.offered"

    outgoing: str
    incoming: str
    open_cases: int
    running_summonses: int
    offered_at: Instant


class HandoverAccepted(HandoverEvent):
    """From this instant on the incoming director answers: the watch before ends where this one begins."""

    TYPE: ClassVar[str] = "dispatch.handover.accepted"

    outgoing: str | None
    incoming: str
    accepted_at: Instant


# -- rosters -----------------------------------------------------------------------------------------------------------


class SetRoster(Command[Done]):
    """Puts a roster in the place of the one of its code. Overrides that are kept beside it stay."""

    NAME: ClassVar[str] = "set_roster"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Done

    roster: Roster


class OverrideMade(Frozen):
    """The stretch as it was made: it begins now at the soonest, and a substitution ends with the turn at the latest."""

    override_id: UUID
    at: Instant
    starts_at: Instant | None = None
    ends_at: Instant | None = None


class MakeOverride(Command[OverrideMade]):
    """For a stretch of time somebody is added, taken out or replaced; or the whole roster is another one."""

    NAME: ClassVar[str] = "make_override"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = OverrideMade

    roster: Code
    override: Override


class CancelOverride(Command[Done]):
    NAME: ClassVar[str] = "cancel_override"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Done

    roster: Code
    override_id: UUID
    reason: ShortText


class SubstituteAbsent(Command[OverrideMade]):
    """副班顶岗: the backup of the same unit stands in for an absent primary, for a stretch of time, on record."""

    NAME: ClassVar[str] = "substitute_absent"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = OverrideMade

    roster: Code
    absent: Code
    starts_at: Instant
    ends_at: Instant
    reason: ShortText


class SwapAsked(Frozen):
    swap_id: UUID
    at: Instant


class AskSwap(Command[SwapAsked]):
    """换班: somebody on duty asks another to take a stretch, and offers to take one in return, or not."""

    NAME: ClassVar[str] = "ask_swap"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = SwapAsked

    roster: Code
    gives: Code = Field(description="who gives the stretch away")
    takes: Code = Field(description="who is asked to take it")
    starts_at: Instant
    ends_at: Instant
    returned_starts_at: Instant | None = None
    returned_ends_at: Instant | None = None


class AnswerSwap(Command[Done]):
    NAME: ClassVar[str] = "answer_swap"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Done

    swap_id: UUID
    accept: bool


class Swap(Frozen):
    swap_id: UUID
    roster: str
    gives: str
    takes: str
    starts_at: Instant
    ends_at: Instant
    returned_starts_at: Instant | None
    returned_ends_at: Instant | None
    state: Literal["asked", "accepted", "declined", "lapsed"]
    asked_at: Instant


class Rosters(Frozen):
    rosters: tuple[Roster, ...]
    swaps: tuple[Swap, ...] = ()


class ListRosters(Query[Rosters]):
    NAME: ClassVar[str] = "list_rosters"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Rosters

    kind: RosterKind | None = None
    unit: Code | None = None


class Responsible(Frozen):
    at: Instant
    on_duty: tuple[OnDuty, ...] = Field(description="primary first; empty: nobody, and `why` says so")
    why: str


class WhoIsResponsible(Query[Responsible]):
    """Who answers at an instant, past or future, and why. Of a unit its liaison; else a rota of the centre."""

    NAME: ClassVar[str] = "who_is_responsible"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Responsible

    unit: Code | None = None
    kind: RosterKind = "duty_director"
    at: Instant | None = Field(default=None, description="now where it is left out")


class RosterFindings(Frozen):
    gaps: tuple[Gap, ...]
    overloads: tuple[Overload, ...]
    until: Instant


class CheckRosters(Query[RosterFindings]):
    NAME: ClassVar[str] = "check_rosters"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = RosterFindings

    days: int = Field(default=14, ge=1, le=366)


class DutyFeed(Frozen):
    calendar: str = Field(description="iCalendar (RFC 5545)")


class ReadDutyFeed(Query[DutyFeed]):
    """The shifts of one post as a calendar."""

    NAME: ClassVar[str] = "read_duty_feed"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = DutyFeed

    post: Code
    first: date | None = None
    days: int = Field(default=60, ge=1, le=366)


# -- the director's watch ----------------------------------------------------------------------------------------------


class HandoverList(Frozen):
    """What goes over with the watch."""

    triage: tuple[str, ...] = Field(description="case codes that wait for a person")
    open_cases: int
    running_summonses: tuple[UUID, ...]
    deferrals: tuple[UUID, ...] = Field(default=(), description="asked for and not decided")


class HandoverView(Frozen):
    handover_id: UUID
    outgoing: str
    incoming: str
    note: str
    items: HandoverList
    state: Literal["offered", "accepted", "withdrawn"]
    offered_at: Instant
    accepted_at: Instant | None


class OfferHandover(Command[HandoverView]):
    """交接: by the director on watch, to the next; with a note and all that is open."""

    NAME: ClassVar[str] = "offer_handover"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = HandoverView

    incoming: Code
    note: ShortText


class AcceptHandover(Command[HandoverView]):
    """By the incoming director. The first watch of a centre has no handover before it: no `handover_id`."""

    NAME: ClassVar[str] = "accept_handover"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = HandoverView

    handover_id: UUID | None = None


class Watch(Frozen):
    director: str
    began_at: Instant
    ended_at: Instant | None


class WatchLog(Frozen):
    watches: tuple[Watch, ...] = Field(description="newest first; each begins where the one before it ended")
    offered: HandoverView | None


class ReadWatch(Query[WatchLog]):
    """Who was on watch when, and the handover that waits to be accepted."""

    NAME: ClassVar[str] = "read_watch"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = WatchLog

    limit: int = Field(default=20, ge=1, le=500)
