"""The plan of a simulated day: who brings what and when, and how everybody will behave. Pure: same seed, same plan."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from deploy.demo.matters import Matter, matters_for
from shared.centre.pack import CentrePack, Grid, Place
from shared.contracts.base import Level
from shared.contracts.dispatch import ReportOutcome, ReturnReason, SummonsGround
from shared.contracts.escalation import VerificationOutcome
from shared.contracts.intake import DeclineReason, Requester, Source

CASES_PER_SUMMONS = 40
QUIET_BEFORE_CLOSING = timedelta(minutes=20)
STEMS = "甲乙丙丁戊己庚辛壬癸"

LEGAL_CHANNELS = {
    DeclineReason.EMERGENCY: "紧急警情、火情、急救，请立即拨打110、119、120",
    DeclineReason.COURT: "法院已立案审理，请依诉讼程序向承办法庭反映",
    DeclineReason.ARBITRATION: "请向劳动人事争议仲裁委员会申请仲裁",
    DeclineReason.UNDER_WAY_ELSEWHERE: "其他部门正在依法办理，请向该部门查询进度",
    DeclineReason.NOT_PUBLIC: "属当事人之间的民事约定，可申请人民调解或向法院起诉",
}


@dataclass(frozen=True, slots=True)
class UnitConduct:
    """How the unit handles its work order. Spans are office time; `late` waits until its clock is overdue."""

    signs_off_after: timedelta
    reports_after: timedelta
    outcome: ReportOutcome
    returns: ReturnReason | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class RequesterMood:
    """How the follow-up ends. `unreached` attempts come first; three of them close the case as unreachable."""

    unreached: int = 0
    satisfied: bool = True
    dissatisfied_with_unit: bool = False


@dataclass(frozen=True, slots=True)
class CalledUnitConduct:
    """How one unit answers the whistle, counted from its call, in minutes that never stop. None: never."""

    unit: str
    acknowledges_after: timedelta | None
    arrives_after: timedelta | None


@dataclass(frozen=True, slots=True)
class SummonsPlan:
    """Asked some time after the case is accepted, approved some time after that."""

    asked_after: timedelta
    approved_after: timedelta
    ground: SummonsGround
    units: tuple[CalledUnitConduct, ...]


@dataclass(frozen=True, slots=True)
class Conduct:
    """What everybody does about one case once it is in."""

    accepted_after: timedelta | None
    declined: DeclineReason | None
    handled_here_after: timedelta | None
    unit: UnitConduct
    redispatch_to: str
    redispatched_after: timedelta
    verified_after: timedelta
    first_verification: VerificationOutcome
    followed_up_after: timedelta
    closed_after: timedelta
    mood: RequesterMood


@dataclass(frozen=True, slots=True)
class CasePlan:
    """`enters_at` is time since local midnight."""

    number: int
    enters_at: timedelta
    source: Source
    window: str
    grid: str | None
    matter: str = field(repr=False)
    requester: Requester = field(repr=False)
    category: str | None = None
    place: str | None = None
    level: Level = "IV"
    conduct: Conduct = field(kw_only=True)
    summons: SummonsPlan | None = None


@dataclass(frozen=True, slots=True)
class DayPlan:
    """Cases in the order they enter."""

    seed: int
    cases: tuple[CasePlan, ...]


def plan_day(pack: CentrePack, *, cases: int, seed: int) -> DayPlan:
    """One office day with that many cases, and a summons in every forty of them (at least one)."""
    dice = Random(f"day/{seed}")  # noqa: S311 - a simulation
    entries = sorted(_entry(dice, pack) for _ in range(cases))
    drawn = [draw_case(pack, Random(f"case/{seed}/{n}"), number=n, enters_at=at) for n, at in enumerate(entries)]  # noqa: S311
    return DayPlan(seed, _with_summonses(dice, pack, drawn))


def draw_case(pack: CentrePack, dice: Random, *, number: int, enters_at: timedelta) -> CasePlan:
    source = _draw(dice, {Source.WINDOW: 62, Source.PLATFORM_PUSH: 20, Source.GRID_PATROL: 12, Source.SUPERIOR_ORDER: 6})
    matters = matters_for(pack)
    matter = dice.choices(matters, [one.weight for one in matters])[0]
    place = _place(dice, pack)
    level = _draw(dice, {"IV": 900, "III": 60, "II": 30, "I": 10})
    conduct = draw_conduct(pack, dice, source=source, level=level)
    return CasePlan(
        number=number,
        enters_at=enters_at,
        source=source,
        window=_window(dice, pack, matter.category) if source is Source.WINDOW else general_window(pack),
        grid=place.code if source is Source.GRID_PATROL else None,
        matter=_words(dice, matter),
        requester=_requester(dice, source),
        category=None if dice.random() < 0.035 else matter.category,
        place=None if source is not Source.GRID_PATROL and dice.random() < 0.03 else place.code,
        level=level,
        conduct=conduct,
    )


def draw_conduct(pack: CentrePack, dice: Random, *, source: Source, level: Level) -> Conduct:
    """Also for a case nobody planned: one found open from an earlier run."""
    at_once = source is not Source.GRID_PATROL and dice.random() < 0.7
    declined = dice.choice(tuple(LEGAL_CHANNELS)) if dice.random() < 0.04 else None
    here = source is Source.WINDOW and declined is None and dice.random() < 0.12
    return Conduct(
        accepted_after=None if at_once and declined is None else _minutes(dice, 2, 11),
        declined=declined,
        handled_here_after=_minutes(dice, 8, 45) if here else None,
        unit=_unit_conduct(dice, level),
        redispatch_to=dice.choice(handling_units(pack)),
        redispatched_after=_minutes(dice, 2, 12),
        verified_after=_minutes(dice, 15, 100),
        first_verification=(
            dice.choice((VerificationOutcome.NOT_SOLVED, VerificationOutcome.PARTLY))
            if dice.random() < 0.05
            else VerificationOutcome.SOLVED
        ),
        followed_up_after=_minutes(dice, 10, 90),
        closed_after=_minutes(dice, 2, 15),
        mood=_mood(dice),
    )


def handling_units(pack: CentrePack) -> tuple[str, ...]:
    """Units a case can be sent to: every one but the triage desk."""
    return tuple(unit.code for unit in pack.units if unit.code != pack.triage.unit)


def general_window(pack: CentrePack) -> str:
    """The counter for what comes by other ways than a person at a window: the triage unit's, else the first."""
    own = (window.code for window in pack.windows if window.unit == pack.triage.unit)
    return next(own, pack.windows[0].code)


# -- pieces ------------------------------------------------------------------------------------------------------------


def _unit_conduct(dice: Random, level: Level) -> UnitConduct:
    urgent = level in ("I", "II")
    slow = not urgent and dice.random() < 0.12
    reports_after = _minutes(dice, 15, 70) if urgent else _minutes(dice, 240, 600) if slow else _minutes(dice, 25, 240)
    return UnitConduct(
        signs_off_after=_minutes(dice, 1, 8) if urgent else _minutes(dice, 3, 50),
        reports_after=reports_after,
        outcome=_draw(dice, {ReportOutcome.SOLVED: 85, ReportOutcome.PARTLY: 5, ReportOutcome.EXPLAINED: 10}),
        returns=dice.choice((ReturnReason.NOT_OUR_DUTY, ReturnReason.NOT_OUR_PLACE)) if dice.random() < 0.06 else None,
        late=dice.random() < 0.05,
    )


def _mood(dice: Random) -> RequesterMood:
    roll = dice.random()
    unreached = 3 if roll < 0.008 else 1 if roll < 0.08 else 0
    if dice.random() < 0.04:
        return RequesterMood(unreached, satisfied=False, dissatisfied_with_unit=True)
    return RequesterMood(unreached, satisfied=dice.random() < 0.93)


def _words(dice: Random, matter: Matter) -> str:
    """Now and then somebody leaves a number in the text, as people do; it must be as safe there as in its field."""
    return f"{matter.text}联系电话{_phone(dice)}。" if dice.random() < 0.15 else matter.text


def _requester(dice: Random, source: Source) -> Requester:
    if source is Source.GRID_PATROL:
        return Requester()
    return Requester(name=f"测试{dice.choice(STEMS)}{dice.choice(STEMS)}", phone=_phone(dice))


def _phone(dice: Random) -> str:
    """The invented block 1380000xxxx."""
    return f"1380000{dice.randrange(10_000):04}"


def _place(dice: Random, pack: CentrePack) -> Place:
    grids: Sequence[Place] = pack.grids
    return dice.choice(grids if grids and dice.random() < 0.85 else pack.townships)


def _window(dice: Random, pack: CentrePack, category: str) -> str:
    """The window of the unit that knows the matter, where it has one; else the general counter."""
    units = {at.rule.unit for at in pack.rules_by_category.get(category, ())}
    fitting = [window.code for window in pack.windows if window.unit in units]
    return dice.choice(fitting) if fitting and dice.random() < 0.7 else general_window(pack)


def _entry(dice: Random, pack: CentrePack) -> timedelta:
    """A moment in office hours, busier in the middle of the morning, and none in the last minutes of the day."""
    sessions = [
        (timedelta(hours=s.opens.hour, minutes=s.opens.minute), timedelta(hours=s.closes.hour, minutes=s.closes.minute))
        for s in pack.office_hours.sessions
    ]
    open_for = sum((closes - opens for opens, closes in sessions), timedelta(0)) - QUIET_BEFORE_CLOSING
    gone = open_for * dice.betavariate(1.3, 1.9)
    for opens, closes in sessions:
        if opens + gone <= closes:
            return opens + gone
        gone -= closes - opens
    raise AssertionError("unreachable: the span drawn is shorter than the day")


def _with_summonses(dice: Random, pack: CentrePack, cases: Sequence[CasePlan]) -> tuple[CasePlan, ...]:
    """The gravest forwarded cases of the first two thirds of the day get the whistle, so that it ends in office hours."""
    early = [c for c in cases[: max(1, len(cases) * 2 // 3)] if _goes_to_a_unit(c)]
    wanted = max(1, round(len(cases) / CASES_PER_SUMMONS))
    gravest = sorted(early, key=lambda c: (c.level, c.number))[:wanted]
    plans = {case.number: _summons(dice, pack, count) for count, case in enumerate(gravest)}
    return tuple(_replace_summons(case, plans.get(case.number)) for case in cases)


def _goes_to_a_unit(case: CasePlan) -> bool:
    conduct = case.conduct
    placed = case.category is not None and case.place is not None
    return placed and conduct.declined is None and conduct.handled_here_after is None and conduct.unit.returns is None


def draw_summons(pack: CentrePack, dice: Random) -> SummonsPlan:
    """One whistle with two to five units, about one in fifteen of them silent."""
    return _summons(dice, pack, 1 if dice.random() < 0.25 else 0)


def _summons(dice: Random, pack: CentrePack, count: int) -> SummonsPlan:
    called = dice.sample(handling_units(pack), min(len(handling_units(pack)), dice.randint(2, 5)))
    units = [_called_unit(dice, unit) for unit in called]
    if count % 3 == 1:  # now and then somebody does not answer at all
        units[-1] = CalledUnitConduct(called[-1], None, None)
    return SummonsPlan(
        asked_after=_minutes(dice, 8, 40),
        approved_after=_minutes(dice, 1, 4),
        ground=dice.choice(tuple(SummonsGround)),
        units=tuple(units),
    )


def _called_unit(dice: Random, unit: str) -> CalledUnitConduct:
    if dice.random() < 0.1:
        return CalledUnitConduct(unit, _minutes(dice, 2, 6), _minutes(dice, 23, 40))
    return CalledUnitConduct(unit, _minutes(dice, 0.3, 2.5), _minutes(dice, 5, 14))


def _replace_summons(case: CasePlan, summons: SummonsPlan | None) -> CasePlan:
    from dataclasses import replace

    return replace(case, summons=summons) if summons else case


def _minutes(dice: Random, low: float, high: float) -> timedelta:
    return timedelta(seconds=round(dice.uniform(low, high) * 60))


def _draw[T](dice: Random, weights: dict[T, int]) -> T:
    return dice.choices(tuple(weights), tuple(weights.values()))[0]


__all__ = ["CasePlan", "Conduct", "DayPlan", "Grid", "SummonsPlan", "draw_case", "draw_conduct", "plan_day"]
