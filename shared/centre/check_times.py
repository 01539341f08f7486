"""Checks of limits, ladders and office hours: every obligation has a sane clock and somebody to tell."""

from collections.abc import Iterator
from itertools import pairwise

from shared.centre.errors import Fault
from shared.centre.indexes import limit_cells
from shared.centre.locations import Locations
from shared.centre.nouns import STAGES, Ladder, Limit, Stage, TimeUnit
from shared.centre.pack import CentrePack

LIMIT_MAX_DAYS = 3_650
_PER_DAY: dict[TimeUnit, float] = {
    "minute": 1_440,
    "hour": 24,
    "working_minute": 1_440,
    "working_hour": 24,
    "working_day": 1,
    "calendar_day": 1,
    "month": 1 / 30,
}


def broken_limits(pack: CentrePack, where: Locations) -> Iterator[Fault]:
    """Amounts are positive and below ten years, warnings rise below 100 %, no two limits say the same thing twice."""
    for index, limit in enumerate(pack.limits):
        if limit.amount <= 0 or limit.amount / _PER_DAY[limit.unit] > LIMIT_MAX_DAYS:
            what = f"the limit '{limit.id}' of {limit.amount} {limit.unit} is not a usable length of time"
            advice = f"Write an amount above 0 and of at most {LIMIT_MAX_DAYS} days"
            yield where.fault("limits", index, "amount", what=what, advice=advice)
        if not _rises(limit.warn_percent):
            what = f"the limit '{limit.id}' warns at {list(limit.warn_percent)} percent"
            advice = "Write rising percentages between 1 and 99"
            yield where.fault("limits", index, "warn_percent", what=what, advice=advice)
        if limit.stage == "arrival" and limit.unit not in ("minute", "hour"):
            what = f"the arrival limit '{limit.id}' stops with office hours"
            advice = "Use minute or hour: a summons runs day and night"
            yield where.fault("limits", index, "unit", what=what, advice=advice)
    yield from _rival_limits(pack, where)


def stages_without_clock(pack: CentrePack, where: Locations) -> Iterator[Fault]:
    """Each stage has a general limit, and exactly one ladder."""
    general = {limit.stage for limit in pack.limits if not limit.categories and not limit.levels}
    for stage in STAGES:
        if stage not in general:
            what = f"the stage '{stage}' has no general limit"
            advice = "Add a limit for it without categories and without levels"
            yield where.fault("limits", what=what, advice=advice)
        if not any(stage in ladder.stages for ladder in pack.ladders):
            what = f"the stage '{stage}' has no ladder"
            yield where.fault("ladders", what=what, advice="Add the stage to the stages of one ladder")


def broken_ladders(pack: CentrePack, where: Locations) -> Iterator[Fault]:
    """Steps lie in the future and do something; a stage climbs one ladder; a summons always ends."""
    owner: dict[Stage, str] = {}
    for index, ladder in enumerate(pack.ladders):
        for stage in ladder.stages:
            if stage in owner:
                what = f"the stage '{stage}' is in the ladders '{owner[stage]}' and '{ladder.id}'"
                yield where.fault("ladders", index, "stages", what=what, advice="Leave it in one of them")
            owner.setdefault(stage, ladder.id)
        yield from _broken_steps(ladder, index, where)
        yield from _steps_from_nowhere(ladder, index, where)
        if "arrival" in ladder.stages and all(step.action != "end" for step in ladder.steps):
            what = f"the arrival ladder '{ladder.id}' never ends"
            advice = "Add a last step with action: end, so that every summons ends on record"
            yield where.fault("ladders", index, "steps", what=what, advice=advice)


def broken_days(pack: CentrePack, where: Locations) -> Iterator[Fault]:
    """Sessions open before they close and do not overlap; no day is both a holiday and a workday."""
    edges = [edge for session in pack.office_hours.sessions for edge in (session.opens, session.closes)]
    if any(earlier >= later for earlier, later in pairwise(edges)):
        advice = "Write the sessions in the order of the day, each opening before it closes"
        yield where.fault("office_hours", what="the office hours run backwards or overlap", advice=advice)
    for index, day in enumerate(pack.extra_workdays):
        if day in pack.holidays:
            what = f"{day} is both a holiday and an extra workday"
            yield where.fault("extra_workdays", index, what=what, advice="Leave it in one of the two lists")


def _rises(percents: tuple[int, ...]) -> bool:
    return all(a < b for a, b in pairwise((0, *percents, 100)))


def _rival_limits(pack: CentrePack, where: Locations) -> Iterator[Fault]:
    first: dict[tuple[str, str | None, str | None], Limit] = {}
    for index, limit in enumerate(pack.limits):
        rivals = [first.setdefault((limit.stage, *cell), limit) for cell in limit_cells(limit)]
        rival = next((each for each in rivals if each is not limit), None)
        if rival is not None:
            what = f"the limits '{rival.id}' and '{limit.id}' hold for the same stage, category and level"
            yield where.fault("limits", index, what=what, advice="Delete one, or give it other categories or levels")


def _broken_steps(ladder: Ladder, index: int, where: Locations) -> Iterator[Fault]:
    for nth, step in enumerate(ladder.steps):
        if not 0 <= step.minutes <= LIMIT_MAX_DAYS * 1_440:
            what = f"a step of the ladder '{ladder.id}' is {step.minutes} minutes away"
            advice = f"Write minutes from 0 up to {LIMIT_MAX_DAYS} days"
            yield where.fault("ladders", index, "steps", nth, what=what, advice=advice)
        if not step.notify and step.action is None:
            what = f"a step of the ladder '{ladder.id}' tells nobody and does nothing"
            yield where.fault("ladders", index, "steps", nth, what=what, advice="Add notify or action, or delete it")


def _steps_from_nowhere(ladder: Ladder, index: int, where: Locations) -> Iterator[Fault]:
    """Only a summons is acknowledged (收到): elsewhere a step that counts from it would never come."""
    for nth, step in enumerate(ladder.steps):
        if step.from_ != "acknowledged":
            continue
        path = ("ladders", index, "steps", nth, "from")
        if set(ladder.stages) != {"arrival"}:
            what = f"a step of the ladder '{ladder.id}' counts from an acknowledgement, which only a summons has"
            yield where.fault(*path, what=what, advice="Count it from start or due, or move it to the arrival ladder")
        elif step.unless == "acknowledged":
            what = f"a step of the ladder '{ladder.id}' counts from the acknowledgement and is off once acknowledged"
            yield where.fault(*path, what=what, advice="Write unless: on_the_way or arrived")
