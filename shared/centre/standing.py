"""How a promise stands through every switch of mode since it was made (平战转换).

Pure, and the one place of this arithmetic: whoever decides on more time and whoever keeps the clock count the same.
What an approved fact moved (extension, suspension) is not asked here: a decision about one case outranks a switch.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.calendar import Due
from shared.centre.nouns import Level, Mode, Stage
from shared.centre.pack import CentrePack
from shared.centre.promised import Promise, promised


@dataclass(frozen=True, slots=True)
class Switch:
    """From `at` on the centre is in `mode`. `number` counts the periods; before the first switch it is normal."""

    number: int
    mode: Mode
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """`mode`: whose terms hold now; `began_in`: the one it began in. `switched`: the number of the switch that changed
    the terms last, None: none did. `restored`: it has the terms again that it began with.
    """

    promise: Promise
    mode: Mode
    began_in: Mode
    switched: int | None = None
    restored: bool = False


def mode_at(switches: Sequence[Switch], at: datetime) -> Mode:
    """`switches` in order."""
    found: Mode = "normal"
    for each in switches:
        found = each.mode if each.at <= at else found
    return found


def standing(
    pack: CentrePack,
    stage: Stage,
    category: str | None,
    level: Level,
    started_at: datetime,
    switches: Sequence[Switch] = (),
    *,
    reopened: bool = False,
) -> Standing:
    """What is promised after the last switch, for an obligation that is still open then. `switches` in order.

    What is owed from a switch on goes by its mode. What was open goes by the new mode where the pack says so, counted
    from its start, but is due no earlier than `spare_minutes` after the switch (or than it was before, where that is
    sooner). Where the mode says nothing of it any more, it has the terms back that it began with, to the instant; where
    that instant is past, it is due after the spare minutes. What is overdue stays as it is.
    """
    began_in = mode_at(switches, started_at)
    now = Standing(
        promised(pack, stage, category, level, started_at, reopened=reopened, mode=began_in), began_in, began_in
    )
    for switch in switches:
        if switch.at <= started_at:
            continue
        if now.promise.due.at <= switch.at:
            break
        wanted = switch.mode if pack.modes.changes_open(switch.mode, stage) else began_in
        if wanted == now.mode:
            continue
        promise = promised(pack, stage, category, level, started_at, reopened=reopened, mode=wanted)
        if promise.limit.id == now.promise.limit.id and _same_ladder(pack, stage, now.mode, wanted):
            now = replace(now, mode=wanted)
            continue
        restored = wanted == began_in
        due = _fair(pack, promise.due, now.promise.due, switch.at, restored=restored)
        now = Standing(replace(promise, due=due), wanted, began_in, switch.number, restored)
    return now


def _fair(pack: CentrePack, wanted: Due, before: Due, at: datetime, *, restored: bool) -> Due:
    """Nobody is made overdue by a switch, in either direction."""
    spared = min(at + timedelta(minutes=pack.modes.spare_minutes), before.at)
    soonest = at if restored else spared
    return wanted if wanted.at > soonest else Due(spared, False, ())


def _same_ladder(pack: CentrePack, stage: Stage, one: Mode, other: Mode) -> bool:
    return pack.ladder_for(stage, one).id == pack.ladder_for(stage, other).id
