"""How everybody behaves about one case once it is in, drawn up front."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from deploy.demo.dice import minutes, weighted
from shared.centre.pack import CentrePack
from shared.contracts.base import Level
from shared.contracts.dispatch import ReportOutcome, ReturnReason, SummonsGround
from shared.contracts.escalation import VerificationOutcome
from shared.contracts.intake import DeclineReason, DissatisfactionCause, Satisfaction, Source

LEGAL_CHANNELS = {
    DeclineReason.EMERGENCY: "紧急警情、火情、急救，请立即拨打110、119、120",
    DeclineReason.COURT: "法院已立案审理，请依诉讼程序向承办法庭反映",
    DeclineReason.ARBITRATION: "请向劳动人事争议仲裁委员会申请仲裁",
    DeclineReason.UNDER_WAY_ELSEWHERE: "其他部门正在依法办理，请向该部门查询进度",
    DeclineReason.NOT_PUBLIC: "属当事人之间的民事约定，可申请人民调解或向法院起诉",
}
URGENT: tuple[Level, ...] = ("I", "II")


@dataclass(frozen=True, slots=True)
class UnitConduct:
    """How the unit handles its work order. Spans are office time; `late` waits until its clock is overdue.

    Where it returns the work order and `disputes` the duty, the duty director has to rule.
    """

    signs_off_after: timedelta
    reports_after: timedelta
    outcome: ReportOutcome
    returns: ReturnReason | None = None
    disputes: bool = False
    late: bool = False


@dataclass(frozen=True, slots=True)
class RequesterMood:
    """How the follow-up ends. `unreached` attempts come first; three of them close the case as unreachable."""

    unreached: int
    satisfaction: Satisfaction
    cause: DissatisfactionCause | None = None


@dataclass(frozen=True, slots=True)
class Conduct:
    """`accepted_after` None: accepted in the act of registering. `handled_here_after` None: handed on to a unit."""

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
class CalledUnitConduct:
    """How one unit answers the whistle, counted from its call in minutes that never stop. None: never."""

    unit: str
    acknowledges_after: timedelta | None
    arrives_after: timedelta | None


@dataclass(frozen=True, slots=True)
class SummonsPlan:
    """Asked some time after the case came in, approved some time after that."""

    asked_after: timedelta
    approved_after: timedelta
    ground: SummonsGround
    units: tuple[CalledUnitConduct, ...]


def draw_conduct(pack: CentrePack, dice: Random, *, source: Source, level: Level) -> Conduct:
    """Shares: 4 % declined, 12 % of window cases handled there, 6 % returned, 5 % late, 5 % not verified at first."""
    declined = dice.choice(tuple(LEGAL_CHANNELS)) if dice.random() < 0.04 else None
    at_once = source is not Source.GRID_PATROL and declined is None and dice.random() < 0.7
    here = source is Source.WINDOW and declined is None and dice.random() < 0.12
    return Conduct(
        accepted_after=None if at_once else minutes(dice, 2, 11),
        declined=declined,
        handled_here_after=minutes(dice, 8, 45) if here else None,
        unit=_unit_conduct(dice, level),
        redispatch_to=dice.choice(handling_units(pack)),
        redispatched_after=minutes(dice, 2, 11),
        verified_after=minutes(dice, 15, 100),
        first_verification=_first_verification(dice),
        followed_up_after=minutes(dice, 10, 90),
        closed_after=minutes(dice, 2, 15),
        mood=_mood(dice),
    )


def draw_summons(pack: CentrePack, dice: Random, *, one_is_silent: bool) -> SummonsPlan:
    """Two to five units; about one in ten arrives late."""
    called = dice.sample(handling_units(pack), min(len(handling_units(pack)), dice.randint(2, 5)))
    units = [_called_unit(dice, unit) for unit in called]
    if one_is_silent:
        units[-1] = CalledUnitConduct(called[-1], None, None)
    return SummonsPlan(
        asked_after=minutes(dice, 8, 40),
        approved_after=minutes(dice, 1, 4),
        ground=dice.choice(tuple(SummonsGround)),
        units=tuple(units),
    )


def handling_units(pack: CentrePack) -> tuple[str, ...]:
    """Units a case can be sent to: every one but the triage desk."""
    return tuple(unit.code for unit in pack.units if unit.code != pack.triage.unit)


def _unit_conduct(dice: Random, level: Level) -> UnitConduct:
    urgent = level in URGENT
    slow = dice.random() < 0.12
    reports_after = minutes(dice, 15, 70) if urgent else minutes(dice, 240, 600) if slow else minutes(dice, 25, 240)
    return UnitConduct(
        signs_off_after=minutes(dice, 1, 8) if urgent else minutes(dice, 3, 50),
        reports_after=reports_after,
        outcome=weighted(dice, {ReportOutcome.SOLVED: 85, ReportOutcome.PARTLY: 5, ReportOutcome.EXPLAINED: 10}),
        returns=dice.choice((ReturnReason.NOT_OUR_DUTY, ReturnReason.NOT_OUR_PLACE)) if dice.random() < 0.06 else None,
        late=dice.random() < 0.05,
        disputes=dice.random() < 0.3,
    )


def _first_verification(dice: Random) -> VerificationOutcome:
    failed = dice.choice((VerificationOutcome.NOT_SOLVED, VerificationOutcome.PARTLY))
    return failed if dice.random() < 0.05 else VerificationOutcome.SOLVED


def _mood(dice: Random) -> RequesterMood:
    """Four in a hundred blame whoever handled the case: that one is reopened."""
    roll = dice.random()
    unreached = 3 if roll < 0.008 else 1 if roll < 0.08 else 0
    if dice.random() < 0.04:
        return RequesterMood(unreached, Satisfaction.DISSATISFIED, DissatisfactionCause.UNIT)
    satisfaction = weighted(
        dice, {Satisfaction.SATISFIED: 80, Satisfaction.BASICALLY: 16, Satisfaction.DISSATISFIED: 4}
    )
    lawful = DissatisfactionCause.LAWFUL_RESULT if satisfaction is Satisfaction.DISSATISFIED else None
    return RequesterMood(unreached, satisfaction, lawful)


def _called_unit(dice: Random, unit: str) -> CalledUnitConduct:
    if dice.random() < 0.1:
        return CalledUnitConduct(unit, minutes(dice, 2, 6), minutes(dice, 23, 40))
    return CalledUnitConduct(unit, minutes(dice, 0.3, 2.5), minutes(dice, 4, 13))
