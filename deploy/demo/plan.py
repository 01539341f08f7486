"""The plan of a simulated day: who brings what, when and by which way. Pure: same pack and seed, same plan."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random

from deploy.demo.conduct import Conduct, SummonsPlan, draw_conduct, draw_summons
from deploy.demo.dice import dice_for, weighted
from deploy.demo.matters import Matter, matters_for
from deploy.packs import general_window
from shared.centre.pack import CentrePack, Place
from shared.contracts.base import Level
from shared.contracts.intake import Requester, Source

CASES_PER_SUMMONS = 40
QUIET_BEFORE_CLOSING = timedelta(minutes=20)
UNDER_SUMMONS = timedelta(minutes=100)
STEMS = "甲乙丙丁戊己庚辛壬癸"
SOURCES = {Source.WINDOW: 62, Source.PLATFORM_PUSH: 20, Source.GRID_PATROL: 12, Source.SUPERIOR_ORDER: 6}
LEVELS: dict[Level, int] = {"IV": 900, "III": 60, "II": 30, "I": 10}


@dataclass(frozen=True, slots=True)
class CasePlan:
    """`enters_at` is the time of day, local. `grid` is the worker's who found it on patrol."""

    number: int
    enters_at: timedelta
    source: Source
    window: str
    grid: str | None
    category: str | None
    place: str | None
    level: Level
    conduct: Conduct
    summons: SummonsPlan | None = None
    matter: str = field(repr=False, kw_only=True)
    requester: Requester = field(repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class DayPlan:
    """Cases in the order they enter."""

    seed: int
    cases: tuple[CasePlan, ...]


def plan_day(pack: CentrePack, *, cases: int, seed: int) -> DayPlan:
    """One office day with that many cases, one in forty of them (at least one) with a summons."""
    dice = dice_for("day", seed)
    entries = sorted(_moment_in_office_hours(dice, pack) for _ in range(cases))
    drawn = [
        draw_case(pack, dice_for("case", seed, number), number=number, enters_at=at)
        for number, at in enumerate(entries)
    ]
    return DayPlan(seed, _with_summonses(dice, pack, drawn))


def draw_case(pack: CentrePack, dice: Random, *, number: int, enters_at: timedelta) -> CasePlan:
    """About one in fifteen lacks its category or its place: no rule can place that one."""
    source = weighted(dice, SOURCES)
    matters = matters_for(pack)
    matter = dice.choices(matters, [one.weight for one in matters])[0]
    place = _place(dice, pack)
    level = weighted(dice, LEVELS)
    on_patrol = source is Source.GRID_PATROL
    return CasePlan(
        number=number,
        enters_at=enters_at,
        source=source,
        window=_window(dice, pack, matter.category) if source is Source.WINDOW else general_window(pack),
        grid=place.code if on_patrol else None,
        category=None if dice.random() < 0.035 else matter.category,
        place=None if not on_patrol and dice.random() < 0.03 else place.code,
        level=level,
        conduct=draw_conduct(pack, dice, source=source, level=level),
        matter=_words(dice, matter),
        requester=Requester() if on_patrol else _requester(dice),
    )


def with_summons(case: CasePlan, summons: SummonsPlan) -> CasePlan:
    """Its unit reports when the meeting is over, not before."""
    unit = case.conduct.unit
    slower = replace(unit, reports_after=max(unit.reports_after, UNDER_SUMMONS))
    return replace(case, summons=summons, conduct=replace(case.conduct, unit=slower))


def goes_to_a_unit(case: CasePlan) -> bool:
    """Placed by a rule and handled by the unit the rule names."""
    conduct = case.conduct
    placed = case.category is not None and case.place is not None
    return placed and conduct.declined is None and conduct.handled_here_after is None and conduct.unit.returns is None


def _with_summonses(dice: Random, pack: CentrePack, cases: Sequence[CasePlan]) -> tuple[CasePlan, ...]:
    """The gravest cases of the first two thirds of the day get the whistle, so that it ends in office hours."""
    early = [case for case in cases[: max(1, len(cases) * 2 // 3)] if goes_to_a_unit(case)]
    gravest = sorted(early, key=lambda case: (case.level, case.number))
    called = gravest[: max(1, round(len(cases) / CASES_PER_SUMMONS))]
    summonses = {
        case.number: draw_summons(pack, dice, one_is_silent=count % 3 == 1) for count, case in enumerate(called)
    }
    return tuple(with_summons(case, summonses[case.number]) if case.number in summonses else case for case in cases)


def _words(dice: Random, matter: Matter) -> str:
    """Now and then somebody leaves a number in the text, as people do; it must be as safe there as in its field."""
    return f"{matter.text}联系电话{_phone(dice)}。" if dice.random() < 0.15 else matter.text


def _requester(dice: Random) -> Requester:
    return Requester(name=f"测试{dice.choice(STEMS)}{dice.choice(STEMS)}", phone=_phone(dice))


def _phone(dice: Random) -> str:
    """Of the invented block 1380000xxxx."""
    return f"1380000{dice.randrange(10_000):04}"


def _place(dice: Random, pack: CentrePack) -> Place:
    places: Sequence[Place] = pack.grids if pack.grids and dice.random() < 0.85 else pack.townships
    return dice.choice(places)


def _window(dice: Random, pack: CentrePack, category: str) -> str:
    """The window of the unit that knows the matter, where it has one; else the general counter."""
    chain = set(pack.category_chain(category))
    units = {rule.unit for rule in pack.rules if not chain.isdisjoint(rule.categories)}
    fitting = [window.code for window in pack.windows if window.unit in units]
    return dice.choice(fitting) if fitting and dice.random() < 0.7 else general_window(pack)


def _moment_in_office_hours(dice: Random, pack: CentrePack) -> timedelta:
    """A little busier in the morning, and none in the last minutes before closing."""
    sessions = [
        (timedelta(hours=s.opens.hour, minutes=s.opens.minute), timedelta(hours=s.closes.hour, minutes=s.closes.minute))
        for s in pack.office_hours.sessions
    ]
    open_for = sum((closes - opens for opens, closes in sessions), timedelta(0)) - QUIET_BEFORE_CLOSING
    gone = open_for * dice.betavariate(1.05, 1.25)
    for opens, closes in sessions:
        if opens + gone <= closes:
            return opens + gone
        gone -= closes - opens
    raise AssertionError("unreachable: the span drawn is shorter than the day")
