"""The cases of a run: the demo's days, one after the other, so that nights and weekends lie in between."""

from bisect import bisect_right
from dataclasses import replace
from datetime import datetime, time, timedelta

from deploy.demo.office import Office
from deploy.demo.plan import DayPlan, plan_day
from shared.centre.pack import CentrePack
from tests.support.chaos.kill_plan import Session


def plan_workload(pack: CentrePack, *, first_day: datetime, days: int, cases: int, seed: int) -> DayPlan:
    """`cases` over so many working days; each day is the demo's, with its own share of everything."""
    office = Office(pack)
    begin = office.local(first_day).date()
    planned = []
    for number, day in enumerate(working_days(office, first_day, days)):
        share = cases // days + (number < cases % days)
        offset = timedelta(days=(day.date() - begin).days)
        planned += [
            replace(case, number=len(planned) + place, enters_at=case.enters_at + offset)
            for place, case in enumerate(plan_day(pack, cases=share, seed=seed * 100 + number).cases)
        ]
    return DayPlan(seed, tuple(planned))


def midnight_before(pack: CentrePack, at: datetime) -> datetime:
    """From which the plan of a day that begins at `at` counts."""
    office = Office(pack)
    return datetime.combine(office.local(at).date(), time(0), office.zone)


def come_in_by(plan: DayPlan, gone: timedelta) -> int:
    """How many cases are to have come in when so much is gone since midnight of the first day."""
    return bisect_right(plan.cases, gone, key=lambda case: case.enters_at)


def compressed(plan: DayPlan, opens: timedelta, within: timedelta) -> DayPlan:
    """The same cases in the same order, all of them within a short time after the office opens."""
    step = within / max(1, len(plan.cases))
    return replace(
        plan, cases=tuple(replace(case, enters_at=opens + place * step) for place, case in enumerate(plan.cases))
    )


def sessions_of(pack: CentrePack, first_day: datetime, days: int) -> tuple[Session, ...]:
    """When the office is open on the days of the workload."""
    office = Office(pack)
    return tuple(session for day in working_days(office, first_day, days) for session in office.sessions(day.date()))


def working_days(office: Office, first_day: datetime, days: int) -> tuple[datetime, ...]:
    """Mornings, local."""
    mornings = [office.local(office.morning(office.local(first_day).date()))]
    while len(mornings) < days:
        mornings.append(office.local(office.next_morning(mornings[-1])))
    return tuple(mornings)
