"""When a matter is so late, or was so often put right, that a person has to decide on a referral (问责移送)."""

from datetime import datetime

from services.escalation.policy.agenda import Step
from services.escalation.policy.obligations import Obligation
from shared.calendar import Duration, Unit, due_at
from shared.centre.check_supervision import UNIT_STAGES
from shared.centre.pack import CentrePack
from shared.centre.working_time import calendar_of
from shared.contracts.escalation import Evidence, ReferralCause

SUPERVISION = "supervision"


def referral_step(pack: CentrePack, obligation: Obligation, due: datetime) -> tuple[Step, ...]:
    """The step of a unit's clock at which a referral is due; none for what no unit owes, and in a drill.

    It stands in the clock's own plan, so that no outage makes it go by unseen.
    """
    if obligation.unit is None or obligation.drill:
        return ()
    if obligation.stage == SUPERVISION:
        days = pack.accountability.unanswered_days
    elif obligation.stage in UNIT_STAGES:
        days = pack.accountability.overdue_days
    else:
        return ()
    number = 1 + max(len(ladder.steps) for ladder in pack.ladders if obligation.stage in ladder.stages)
    at = working_days_after(pack, due, days)
    return (Step(at=at, kind="climb", number=number, action="refer"),)


def working_days_after(pack: CentrePack, instant: datetime, days: int) -> datetime:
    """To close of business of that day, as limits are counted."""
    return due_at(calendar_of(pack), instant, Duration(days, Unit.WORKING_DAY)).at


def cause_of(stage: str) -> ReferralCause:
    return ReferralCause.UNANSWERED if stage == SUPERVISION else ReferralCause.OVERDUE


def reopened_often(pack: CentrePack, round_: int) -> bool:
    """Once, in the round that crosses it. A case comes back to its unit only for a cause on the unit's side."""
    return round_ - 1 == pack.accountability.reopened_times


def clock_of(evidence: tuple[Evidence, ...]) -> str | None:
    """The clock a referral stands on, if it stands on one."""
    return next((one.ref for one in evidence if one.kind == "clock"), None)
