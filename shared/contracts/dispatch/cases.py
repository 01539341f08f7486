"""A case in dispatch: routed, waiting for a person, designated, put right later."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

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
from shared.contracts.dispatch.modes import Mode
from shared.contracts.dispatch.words import Desk, RoutedBy
from shared.contracts.dispatch.work_orders import WorkOrderSent

# -- events ------------------------------------------------------------------------------------------------------------


class CaseRouted(CaseEvent):
    """Who answers for the case and why. `unit` is the triage desk where no rule could place it."""

    TYPE: ClassVar[str] = "dispatch.case.routed"

    unit: str
    supporters: tuple[str, ...] = ()
    by: RoutedBy
    rule: str | None
    reason: str = Field(description="a sentence made from the pack's own words")
    considered: tuple[dict[str, str | None], ...]
    source: str
    category: str | None
    place: str | None
    level: Level
    flags: tuple[str, ...] = ()
    pack_version: str
    accepted_at: Instant
    routed_at: Instant


class CaseDesignated(CaseEvent):
    """指定: the duty director ruled who answers. Binding: the unit may not return it."""

    TYPE: ClassVar[str] = "dispatch.case.designated"

    ruling_id: UUID
    unit: str
    instead_of: tuple[str, ...] = Field(description="the units that had returned or held it before")
    category: str | None
    place: str | None
    designated_at: Instant


class RouteProposed(CaseEvent):
    """A case was put right and the table now names another unit, or more supporters: a person has to confirm.

    `unit` and `instead_of` are the same where the lead unit stays and only supporters are to join it.
    """

    TYPE: ClassVar[str] = "dispatch.route.proposed"

    proposal_id: UUID
    unit: str
    supporters: tuple[str, ...] = ()
    instead_of: str
    rule: str | None
    reason: str
    category: str | None
    place: str | None
    level: Level
    pack_version: str | None = Field(default=None, description="what limits are looked up by; none in events of old")
    proposed_at: Instant


class ProposalDecided(CaseEvent):
    TYPE: ClassVar[str] = "dispatch.route.decided"

    proposal_id: UUID
    confirmed: bool
    decided_at: Instant


# -- sent on by a person -----------------------------------------------------------------------------------------------


class RedispatchCase(Command[WorkOrderSent]):
    """A person sends a case that was returned, or that no rule could place, to a unit."""

    NAME: ClassVar[str] = "redispatch_case"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = WorkOrderSent

    case_code: CaseCode
    unit: Code
    supporters: tuple[Code, ...] = Field(default=(), max_length=20)
    reason: ShortText


class Designated(Frozen):
    ruling_id: UUID
    work_order_id: UUID
    unit: str
    designated_at: Instant


class DesignateUnit(Command[Designated]):
    """指定承办: the duty director's ruling on a case in triage or with a unit. It is a precedent."""

    NAME: ClassVar[str] = "designate_unit"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Designated

    case_code: CaseCode
    unit: Code
    supporters: tuple[Code, ...] = Field(default=(), max_length=20)
    ground: ShortText = Field(description="the duty document or law the ruling stands on")


class TriageCase(Frozen):
    case_code: str
    category: str | None
    place: str | None
    level: Level
    reason: str
    returns: int
    since: Instant
    desk: Desk = Field(
        default="dispatcher", description="who has to decide: a second return or a dispute is the duty director's"
    )
    suggested_unit: str | None = Field(default=None, description="whom the unit that returned it suggests")
    ground: str | None = Field(default=None, description="the returning unit's words; told to the centre's staff only")
    returned_by: tuple[str, ...] = ()
    precedents: tuple["Ruling", ...] = ()


class ReturnedSupport(Frozen):
    """A supporting unit said "not ours": a person releases it, replaces it or insists. The lead unit waits."""

    work_order_id: UUID
    case_code: str
    unit: str
    lead: str = Field(description="who answers for the case: its lead unit, or the triage desk")
    desk: Desk = Field(description="who has to decide: a dispute is the duty director's")
    since: Instant
    suggested_unit: str | None
    ground: str | None = Field(description="the returning unit's words; told to the centre's staff only")


class TriageCases(Frozen):
    cases: tuple[TriageCase, ...]
    total: int
    returned_support: tuple[ReturnedSupport, ...] = ()


class ListTriage(Query[TriageCases]):
    """Cases that wait for a person to send them on: not placed by a rule, or returned."""

    NAME: ClassVar[str] = "list_triage"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = TriageCases

    desk: Desk | None = None
    limit: int = Field(default=200, ge=1, le=1000)


# -- rulings -----------------------------------------------------------------------------------------------------------


class Ruling(Frozen):
    """A designation, kept as a precedent for its category and place."""

    ruling_id: UUID
    case_code: str
    category: str | None
    place: str | None
    unit: str
    instead_of: tuple[str, ...]
    ground: str | None = Field(description="the duty director's words; told to the centre's staff only")
    ruled_by: str
    ruled_at: Instant


class Rulings(Frozen):
    rulings: tuple[Ruling, ...]


class ListRulings(Query[Rulings]):
    """Newest first: of a case, or on the like.

    A ruling is on the like of a category above it, the same or below it, and of a place in the same township.
    """

    NAME: ClassVar[str] = "list_rulings"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Rulings

    case_code: CaseCode | None = None
    category: Code | None = None
    place: Code | None = None
    limit: int = Field(default=50, ge=1, le=1000)


# -- the why of a route ------------------------------------------------------------------------------------------------


class Routing(Frozen):
    """One decision about who answers, as it was taken: by which rule, on which inputs, against whom."""

    number: int = Field(description="1 for the first routing of the case")
    by: RoutedBy
    unit: str
    supporters: tuple[str, ...]
    rule: str | None
    reason: str
    considered: tuple[dict[str, str | None], ...]
    source: str
    category: str | None
    place: str | None
    level: Level
    flags: tuple[str, ...]
    pack_version: str
    decided_by: str = Field(description="`table`, or who overrode it")
    words: str | None = Field(default=None, description="the person's reason; told to the centre's staff only")
    routed_at: Instant


class Proposal(Frozen):
    proposal_id: UUID
    case_code: str
    unit: str
    supporters: tuple[str, ...] = ()
    instead_of: str
    rule: str | None
    reason: str
    category: str | None
    place: str | None
    level: Level
    proposed_at: Instant


class RouteExplained(Frozen):
    case_code: str
    owner: str
    state: str
    hops: int = Field(description="how many lead work orders the case has had")
    routings: tuple[Routing, ...]
    precedents: tuple[Ruling, ...]
    proposal: Proposal | None = Field(default=None, description="a new route that waits for a person")


class ExplainRoute(Query[RouteExplained]):
    """Why this unit: every routing of the case, the first first, with what did not decide and why."""

    NAME: ClassVar[str] = "explain_route"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = RouteExplained

    case_code: CaseCode


class Proposals(Frozen):
    proposals: tuple[Proposal, ...]
    total: int = Field(default=0, description="how many wait, also where fewer are told")


class ListProposals(Query[Proposals]):
    """New routes that wait for a person, oldest first."""

    NAME: ClassVar[str] = "list_proposals"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Proposals

    limit: int = Field(default=200, ge=1, le=1000)


class DecideProposal(Command[Done]):
    NAME: ClassVar[str] = "decide_proposal"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Done

    proposal_id: UUID
    confirm: bool
    reason: ShortText


class RoutedInput(Frozen):
    """What a case was routed by: enough to route it again through another pack."""

    case_code: str
    source: str
    category: str | None
    place: str | None
    level: Level
    flags: tuple[str, ...]
    accepted_at: Instant
    mode: Mode = "normal"
    unit: str
    by: Literal["rule", "fallback", "triage"]


class RoutedInputs(Frozen):
    cases: tuple[RoutedInput, ...]
    total: int


class ListRoutedInputs(Query[RoutedInputs]):
    """Cases accepted since an instant with what the table decided then, in the order of acceptance."""

    NAME: ClassVar[str] = "list_routed_inputs"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = RoutedInputs

    since: Instant
    offset: int = Field(default=0, ge=0, le=2**31)
    limit: int = Field(default=1000, ge=1, le=2000)


TriageCase.model_rebuild()
