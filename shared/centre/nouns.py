"""The nouns of a centre pack: units, posts, places, windows, categories, rules, limits, ladders."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AliasChoices, Field

from shared.centre.parts import Code, CodeOrEvery, Frozen, LocalTime, PlaceName, Words

Stage = Literal[
    "accept",
    "dispatch",
    "contact",
    "sign_off",
    "return",
    "handle",
    "report_back",
    "verify",
    "follow_up",
    "arrival",
    "deferral",
    "supervision",
]
Level = Literal["I", "II", "III", "IV"]  # I is the highest; IV is ordinary
Role = Literal["liaison_officer", "unit_lead", "duty_director", "commander", "first_receiver", "dispatcher"]
CaseSource = Literal["window", "superior_order", "platform_push", "grid_patrol"]
TimeUnit = Literal["minute", "hour", "working_minute", "working_hour", "working_day", "calendar_day", "month"]
SupervisionLevel = Literal["reminder", "written_order", "listed"]  # 提醒、督办单、挂牌督办
CountingStyle = Literal["statute", "elapsed"]
GridKind = Literal["village", "unit", "micro"]  # 村级、单元、微
Mode = Literal["normal", "surge", "surge.I", "surge.II", "surge.III", "surge.IV"]
"""平战: `surge` is every level of it (战时), `surge.I` the highest alone."""

STAGES: tuple[Stage, ...] = (
    "accept",
    "dispatch",
    "contact",
    "sign_off",
    "return",
    "handle",
    "report_back",
    "verify",
    "follow_up",
    "arrival",
    "deferral",
    "supervision",
)
LEVELS: tuple[Level, ...] = ("I", "II", "III", "IV")
MODES: tuple[Mode, ...] = ("normal", "surge", "surge.I", "surge.II", "surge.III", "surge.IV")

EVERY = "*"
TERRITORY = "territory"


class Post(Frozen):
    """A post, never a person. `contact` is a placeholder address or `post:<code of another post>`."""

    code: Code
    title: Words
    contact: Words


class Unit(Frozen):
    """A participating unit (进驻部门). A township answers for its `territory`; the centre's own desk is a `centre`."""

    code: Code
    name: Words
    short: Words
    aliases: tuple[Words, ...] = ()
    kind: Literal["department", "company", "township", "court", "centre"]
    presence: Literal["resident", "rotating", "on_call"]
    territory: Code | None = None
    liaison: Post
    lead: Post


class Place(Frozen):
    """Somewhere a case can lie. `sample` marks an invented one."""

    code: Code
    name: PlaceName
    aliases: tuple[PlaceName, ...] = ()
    sample: bool = False

    @property
    def chain(self) -> tuple[str, ...]:
        """The codes a rule may name to mean this place, the narrowest first."""
        return (self.code,)


class Township(Place):
    """乡镇, the widest place a rule can name."""


class Grid(Place):
    """网格: village, unit or micro grid of one township."""

    kind: GridKind
    township: Code

    @property
    def chain(self) -> tuple[str, ...]:
        return (self.code, self.township)


class Window(Frozen):
    """窗口: a counter in the hall, staffed by `unit`."""

    code: Code
    name: Words
    kind: Literal["fixed", "flexible"]
    unit: Code


class Category(Frozen):
    """What a case is about. The code is dotted, one part for each level, and begins with the parent's code."""

    code: Code
    name: Words
    parent: Code | None = None
    aliases: tuple[Words, ...] = ()
    keywords: tuple[Words, ...] = ()


class Flag(Frozen):
    """A mark of the matter a rule may ask for, e.g. that safety is at stake. Never a mark of a person."""

    code: Code
    name: Words


class Rule(Frozen):
    """One row of the duty catalogue: these categories (with all below them) at these places belong to `unit`.

    `unit` is a code or `territory`: the township unit of the place. `source` is the document that says so. With
    `supporters` the matter is handled jointly (联办): `unit` leads. The other conditions narrow the rule; empty ones
    hold always: `levels`, `sources` (the four ways in), `flags` (all of them must be on the case), `modes` (平战: the
    mode at acceptance), and the time of acceptance: `days`, `opens` until just before `closes` (local time; a night
    stretch may pass midnight and belongs to the day it began on), `valid_from` to `valid_until`, both included.
    """

    id: Code
    categories: Annotated[tuple[CodeOrEvery, ...], Field(min_length=1)]
    places: Annotated[tuple[CodeOrEvery, ...], Field(min_length=1)] = (EVERY,)
    levels: tuple[Level, ...] = ()
    sources: tuple[CaseSource, ...] = ()
    flags: tuple[Code, ...] = ()
    modes: tuple[Mode, ...] = ()
    days: Literal["all", "workdays", "days_off"] = "all"
    opens: LocalTime | None = None
    closes: LocalTime | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    unit: Code
    supporters: tuple[Code, ...] = ()
    source: Words
    line: int = 0


class ResponsePlan(Frozen):
    """出动预案: whom to call for these matters. Additive: level I also calls what II, III and IV call."""

    id: Code
    categories: Annotated[tuple[CodeOrEvery, ...], Field(min_length=1)]
    level: Level
    units: Annotated[tuple[Code, ...], Field(min_length=1)]
    why: Words


class Handing(Frozen):
    """How often a case may go from unit to unit. After `returns_to_director` returns the duty director decides."""

    returns_to_director: Annotated[int, Field(ge=1, le=10)] = 2
    hops_max: Annotated[int, Field(ge=2, le=50)] = 5


class DeferralTerms(Frozen):
    """延期与挂账: how much more time, how often, asked how early (preset: Shandong 2020, Xuzhou)."""

    extension_days_max: Annotated[int, Field(ge=1, le=365)] = 10
    extensions_max: Annotated[int, Field(ge=0, le=10)] = 1
    asked_before_days: Annotated[int, Field(ge=0, le=30)] = 1
    suspension_days_max: Annotated[int, Field(ge=1, le=730)] = 90
    suspensions_max: Annotated[int, Field(ge=0, le=10)] = 1


class DuplicateTerms(Frozen):
    """What counts as the same matter brought twice. Closed cases are offered for `days`.

    `scope`: how wide the same place is: its `grid`, or all of its `township`. Whoever stands at a window asks by
    contact at most `contact_questions_per_hour` times.
    """

    days: Annotated[int, Field(ge=1, le=365)] = 30
    scope: Literal["grid", "township"] = "grid"
    contact_questions_per_hour: Annotated[int, Field(ge=1, le=1000)] = 60


class Accountability(Frozen):
    """问责: what a referral to the oversight office is proposed for; and the time to appeal (申诉). In working days.

    `overdue_days` after a unit's time was up, `unanswered_days` after the answer to a supervision order was due;
    reopened `reopened_times` by cause of the unit; not come to a summons, where `absent` says so.
    """

    overdue_days: Annotated[int, Field(ge=1, le=365)] = 5
    unanswered_days: Annotated[int, Field(ge=1, le=365)] = 3
    reopened_times: Annotated[int, Field(ge=1, le=50)] = 2
    absent: bool = True
    appeal_days: Annotated[int, Field(ge=1, le=365)] = 5


class Fallback(Frozen):
    """属地兜底, named on purpose: who takes what no rule names at these places, and why."""

    places: Annotated[tuple[CodeOrEvery, ...], Field(min_length=1)]
    unit: Code
    reason: Words


class Triage(Frozen):
    """Who sorts by hand what cannot be routed: the centre's own desk."""

    unit: Code
    reason: Words


class Limit(Frozen):
    """By when a stage must be done. Without `categories`, `levels` or `modes` it holds for all of them.

    `style: elapsed` counts days and months from the instant, not from the next day to close of business.

    `statutory` (法定时限): a statute gives this time for these categories. It prevails over the service limits of every
    level, which are kept beside it: within them the requester hears of the matter.
    """

    id: Code
    stage: Stage
    statutory: bool = False
    amount: int
    unit: TimeUnit
    style: CountingStyle = "statute"
    categories: tuple[Code, ...] = ()
    levels: tuple[Level, ...] = ()
    modes: tuple[Mode, ...] = ()
    warn_percent: tuple[int, ...] = (50, 80)
    source: Words
    note: str = ""


class LadderStep(Frozen):
    """Whom to tell, `minutes` (continuous) after the clock's start, its due time or the unit's acknowledgement.

    `action: supervise` issues a supervision order (督办) of the `level` to the unit that owes, told or not.
    """

    from_: Literal["start", "due", "acknowledged"] = Field(validation_alias=AliasChoices("from", "from_"))
    minutes: int
    unless: Literal["acknowledged", "on_the_way", "arrived"] | None = None
    notify: tuple[Role, ...] = ()
    action: Literal["remind", "overdue", "end", "supervise"] | None = None
    level: SupervisionLevel | None = None


class Ladder(Frozen):
    """What happens, step by step, while an obligation of these stages is not met. Without `modes` it does in all."""

    id: Code
    stages: Annotated[tuple[Stage, ...], Field(min_length=1)]
    modes: tuple[Mode, ...] = ()
    steps: Annotated[tuple[LadderStep, ...], Field(min_length=1)]
