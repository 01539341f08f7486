"""Checks of ladder steps that issue supervision orders (督办): they are for units, after the time was up, and rise."""

from collections.abc import Iterator

from shared.centre.errors import Fault
from shared.centre.locations import Locations
from shared.centre.nouns import Ladder, LadderStep, Stage, SupervisionLevel
from shared.centre.pack import CentrePack

UNIT_STAGES: frozenset[Stage] = frozenset({"contact", "sign_off", "return", "handle", "report_back"})
"""Owed by a unit. Not `supervision` itself: an order that is not answered is raised, not ordered once more."""

_WEIGHT: dict[SupervisionLevel, int] = {"reminder": 1, "written_order": 2, "listed": 3}


def broken_supervision(pack: CentrePack, where: Locations) -> Iterator[Fault]:
    for index, ladder in enumerate(pack.ladders):
        for nth, step in enumerate(ladder.steps):
            for field, what, advice in _faults(ladder, step):
                yield where.fault("ladders", index, "steps", nth, field, what=what, advice=advice)
        yield from _falling_levels(ladder, index, where)


def _faults(ladder: Ladder, step: LadderStep) -> Iterator[tuple[str, str, str]]:
    if (step.action == "supervise") != (step.level is not None):
        what = f"a step of the ladder '{ladder.id}' has {'no level' if step.level is None else 'a level but no order'}"
        yield "action", what, "Write action: supervise together with level: reminder, written_order or listed"
    if step.action != "supervise":
        return
    others = [stage for stage in ladder.stages if stage not in UNIT_STAGES]
    if others:
        what = f"the ladder '{ladder.id}' supervises the stage '{others[0]}', which is no unit's to finish"
        yield "action", what, f"Give it a ladder of its own; units owe {', '.join(sorted(UNIT_STAGES))}"
    if step.from_ != "due":
        what = f"the ladder '{ladder.id}' supervises before the time is up"
        yield "from", what, "Count the step from due"


def _falling_levels(ladder: Ladder, index: int, where: Locations) -> Iterator[Fault]:
    before = 0
    for nth, step in sorted(enumerate(ladder.steps), key=lambda one: one[1].minutes):
        if step.level is None:
            continue
        if _WEIGHT[step.level] <= before:
            what = f"the ladder '{ladder.id}' orders '{step.level}' after an order that weighs as much or more"
            yield where.fault("ladders", index, "steps", nth, what=what, advice="Let each later order weigh more")
        before = _WEIGHT[step.level]
