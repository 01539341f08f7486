"""Two packs over the same cases: whose owner, supporters or limits would be others. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import product
from typing import NamedTuple

from shared.centre.jurisdiction import route
from shared.centre.nouns import LEVELS, Level, Limit, Mode, Stage
from shared.centre.pack import CentrePack
from shared.centre.working_time import duration_of

STAGES_COMPARED: tuple[Stage, ...] = ("sign_off", "return", "handle", "report_back")


class Asked(NamedTuple):
    """What a case is routed by. `label` says which case, or which cell of the grid, it is."""

    label: str
    category: str | None
    place: str | None
    level: Level
    source: str
    flags: tuple[str, ...]
    at: datetime | None
    mode: Mode = "normal"


class Outcome(NamedTuple):
    """What one pack says of it. A limit is its amount and unit, e.g. `5 working_day`."""

    unit: str | None
    supporters: tuple[str, ...]
    rule: str | None
    limits: Mapping[str, str]


class Difference(NamedTuple):
    """A case that the two packs treat otherwise, and in what: `owner`, `supporters`, or a stage."""

    asked: Asked
    before: Outcome
    after: Outcome
    changed: tuple[str, ...]


def differences(before: CentrePack, after: CentrePack, asked: Iterable[Asked]) -> Iterator[Difference]:
    """The cases that change, in the order given. A mere change of the rule that leads to the same is none."""
    for one in asked:
        was, becomes = outcome(before, one), outcome(after, one)
        changed = _changed(was, becomes)
        if changed:
            yield Difference(one, was, becomes, changed)


def outcome(pack: CentrePack, asked: Asked) -> Outcome:
    decided = route(
        pack,
        category=asked.category,
        place=asked.place,
        source=asked.source,
        level=asked.level,
        flags=asked.flags,
        at=asked.at,
        mode=asked.mode,
    )
    limits = {
        stage: _words(pack.limit_for(stage, asked.category, asked.level, asked.mode)) for stage in STAGES_COMPARED
    }
    return Outcome(decided.unit, decided.supporters, decided.rule_id, limits)


def whole_grid(before: CentrePack, after: CentrePack, *, source: str, at: datetime | None) -> Iterator[Asked]:
    """Category x place x level of both packs, for one source and instant, without flags."""
    categories = dict.fromkeys(leaf.code for pack in (before, after) for leaf in pack.leaf_categories)
    places = dict.fromkeys(place.code for pack in (before, after) for place in pack.places)
    for category, place, level in product(categories, places, LEVELS):
        yield Asked(f"{category} {place} {level}", category, place, level, source, (), at)


def _changed(was: Outcome, becomes: Outcome) -> tuple[str, ...]:
    owner = ("owner",) if was.unit != becomes.unit else ()
    supporters = ("supporters",) if set(was.supporters) != set(becomes.supporters) else ()
    return (*owner, *supporters, *(stage for stage in STAGES_COMPARED if was.limits[stage] != becomes.limits[stage]))


def _words(limit: Limit) -> str:
    return str(duration_of(limit))
