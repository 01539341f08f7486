"""Checks of limits, ladders and office hours: every obligation has a sane clock and somebody to tell."""

from collections.abc import Iterator
from itertools import pairwise

from shared.calendar.duration import MOST, STYLED_UNITS, Unit
from shared.centre.check_days import broken_hours, broken_local_days
from shared.centre.check_notices import broken_notices
from shared.centre.errors import Fault
from shared.centre.indexes import limit_cells, modes_named
from shared.centre.locations import Locations
from shared.centre.nouns import STAGES, Ladder, Limit, Mode, Stage
from shared.centre.pack import CentrePack

STEP_MAX_DAYS = 3_650


def broken_limits(pack: CentrePack, where: Locations) -> Iterator[Fault]:
    """Amounts are positive and below ten years, warnings rise below 100 %, no two limits say the same thing twice."""
    for index, limit in enumerate(pack.limits):
        most = MOST[Unit(limit.unit)]
        if not 1 <= limit.amount <= most:
            what = f"the limit '{limit.id}' of {limit.amount} {limit.unit} is not a usable length of time"
            advice = f"Write an amount from 1 to {most} {limit.unit}, which is ten years"
            yield where.fault("limits", index, "amount", what=what, advice=advice)
        if not _rises(limit.warn_percent):
            what = f"the limit '{limit.id}' warns at {list(limit.warn_percent)} percent"
            advice = "Write rising percentages between 1 and 99"
            yield where.fault("limits", index, "warn_percent", what=what, advice=advice)
        if limit.style == "elapsed" and limit.unit not in STYLED_UNITS:
            what = f"the limit '{limit.id}' counts {limit.unit} elapsed, which they are in any case"
            yield where.fault("limits", index, "style", what=what, advice="Delete the style; it is for days and months")
        if limit.statutory and not limit.categories:
            what = f"the statutory limit '{limit.id}' names no categories"
            advice = "Name the categories the statute is about, or delete 'statutory'"
            yield where.fault("limits", index, what=what, advice=advice)
        if limit.stage == "arrival" and limit.unit not in ("minute", "hour"):
            what = f"the arrival limit '{limit.id}' stops with office hours"
            advice = "Use minute or hour: a summons runs day and night"
            yield where.fault("limits", index, "unit", what=what, advice=advice)
    yield from _rival_limits(pack, where)


def stages_without_clock(pack: CentrePack, where: Locations) -> Iterator[Fault]:
    """Each stage has a general limit and a ladder, whatever mode it is."""
    general = {
        limit.stage for limit in pack.limits if limit_cells(limit) == ((None, None, None),) and not limit.statutory
    }
    for stage in STAGES:
        if stage not in general:
            what = f"the stage '{stage}' has no general limit"
            advice = "Add a limit for it without categories, levels and modes"
            yield where.fault("limits", what=what, advice=advice)
        if not any(stage in ladder.stages and not ladder.modes for ladder in pack.ladders):
            what = f"the stage '{stage}' has no ladder"
            advice = "Add the stage to the stages of one ladder without modes"
            yield where.fault("ladders", what=what, advice=advice)


def broken_ladders(pack: CentrePack, where: Locations) -> Iterator[Fault]:
    """Steps lie in the future and do something; in a mode a stage climbs one ladder; a summons always ends."""
    owner: dict[tuple[Stage, Mode | None], str] = {}
    for index, ladder in enumerate(pack.ladders):
        for stage in ladder.stages:
            rivals = [owner.setdefault((stage, mode), ladder.id) for mode in modes_named(ladder.modes)]
            rival = next((each for each in rivals if each != ladder.id), None)
            if rival is not None:
                what = f"the stage '{stage}' is in the ladders '{rival}' and '{ladder.id}'"
                yield where.fault("ladders", index, "stages", what=what, advice="Leave it in one of them")
        yield from _broken_steps(ladder, index, where)
        yield from _steps_from_nowhere(ladder, index, where)
        if "arrival" in ladder.stages and all(step.action != "end" for step in ladder.steps):
            what = f"the arrival ladder '{ladder.id}' never ends"
            advice = "Add a last step with action: end, so that every summons ends on record"
            yield where.fault("ladders", index, "steps", what=what, advice=advice)


def broken_days(pack: CentrePack, where: Locations) -> Iterator[Fault]:
    """Office hours run forwards, and no day is closed and worked at once: not by the centre, not by a notice."""
    yield from broken_hours(pack, where)
    for index, day in enumerate(pack.extra_workdays):
        if day in pack.holidays:
            what = f"{day} is both a holiday and an extra workday"
            yield where.fault("extra_workdays", index, what=what, advice="Leave it in one of the two lists")
    yield from broken_local_days(pack, where)
    yield from broken_notices(pack, where)


def _rises(percents: tuple[int, ...]) -> bool:
    return all(a < b for a, b in pairwise((0, *percents, 100)))


def _rival_limits(pack: CentrePack, where: Locations) -> Iterator[Fault]:
    first: dict[tuple[bool, str, str | None, str | None, str | None], Limit] = {}
    for index, limit in enumerate(pack.limits):
        rivals = [first.setdefault((limit.statutory, limit.stage, *cell), limit) for cell in limit_cells(limit)]
        rival = next((each for each in rivals if each is not limit), None)
        if rival is not None:
            what = f"the limits '{rival.id}' and '{limit.id}' hold for the same stage, category, level and mode"
            advice = "Delete one, or give it other categories, levels or modes"
            yield where.fault("limits", index, what=what, advice=advice)


def _broken_steps(ladder: Ladder, index: int, where: Locations) -> Iterator[Fault]:
    for nth, step in enumerate(ladder.steps):
        if not 0 <= step.minutes <= STEP_MAX_DAYS * 1_440:
            what = f"a step of the ladder '{ladder.id}' is {step.minutes} minutes away"
            advice = f"Write minutes from 0 up to {STEP_MAX_DAYS} days"
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
