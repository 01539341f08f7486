"""What overrides make of a stretch of duty, and which of them contradict each other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations, pairwise

from shared.duty.nouns import Override, Shift


@dataclass(frozen=True, slots=True)
class Stretch:
    """Somebody on duty from `since` to `until` for one reason. `made` counts the overrides made before this one."""

    since: datetime
    until: datetime
    staff: str
    unit: str | None
    shift: Shift
    why: str
    made: int = -1
    """The place of the override it comes from, in the order made; -1 for a turn of a rotation."""


def pieces(stretch: Stretch, overrides: Sequence[Override]) -> Iterator[Stretch]:
    """What is left of a stretch, and who stands in, once all later overrides are applied in order."""
    touching = _touching(stretch, overrides)
    if not touching:
        yield stretch
        return
    marks = {
        mark for each in touching for mark in (each.starts_at, each.ends_at) if stretch.since < mark < stretch.until
    }
    cuts = [stretch.since, *sorted(marks), stretch.until]
    held: Stretch | None = None
    for since, until in pairwise(cuts):
        now = _settled(stretch, touching, since)
        if held is not None and now is not None and (now.staff, now.why) == (held.staff, held.why):
            held = replace(held, until=until)
            continue
        if held is not None:
            yield held
        held = None if now is None else replace(now, since=since, until=until)
    if held is not None:
        yield held


def _touching(stretch: Stretch, overrides: Sequence[Override]) -> list[Override]:
    """The overrides that can change this stretch, in order: most of a year's concern somebody else."""
    names = {stretch.staff}
    found: list[Override] = []
    for place, each in enumerate(overrides):
        if each.starts_at >= stretch.until or each.ends_at <= stretch.since:
            continue
        if each.action == "temporary":
            if stretch.made < 0:
                found.append(each)
        elif place > stretch.made and each.action == "remove" and each.staff in names:
            found.append(each)
        elif place > stretch.made and each.instead_of in names:
            found.append(each)
            names.add(each.staff)
    return found


def _settled(stretch: Stretch, touching: Sequence[Override], at: datetime) -> Stretch | None:
    """Who stands there at the instant; None where nobody does."""
    active = [each for each in touching if each.starts_at <= at < each.ends_at]
    if any(each.action == "temporary" for each in active):
        return None
    holder = stretch
    for each in active:
        if each.action == "remove" and each.staff == holder.staff:
            return None
        if each.action == "replace" and each.instead_of == holder.staff:
            why = f"{_INSTEAD[each.origin].format(staff=each.staff, absent=holder.staff)}：{each.reason}"
            holder = replace(holder, staff=each.staff, unit=each.unit or holder.unit, why=why)
    return holder


_INSTEAD = {
    "person": "{staff}替{absent}值班",
    "swap": "{staff}与{absent}换班",
    "substitution": "副班顶岗，{staff}替主班{absent}值班",
    "import": "{staff}替{absent}值班（导入）",
}


# -- what contradicts --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two overrides of one roster that cannot both hold, and why."""

    one: Override
    other: Override
    why: str


def contradiction(overrides: Sequence[Override]) -> Contradiction | None:
    """The first two that overlap and contradict; the others combine, in the order they were made.

    They contradict where they take the same post out twice (replaced or removed by both), where they bring the same
    post in twice, and where a temporary roster, which leaves the turns aside, meets a replacement of one of those
    turns.
    """
    for one, other in combinations(overrides, 2):
        if one.starts_at < other.ends_at and other.starts_at < one.ends_at:
            why = _why_not_both(one, other)
            if why is not None:
                return Contradiction(one, other, why)
    return None


def contradicts(new: Override, kept: Sequence[Override]) -> Contradiction | None:
    """The first kept override that a new one contradicts."""
    return next((found for each in kept if (found := contradiction((each, new))) is not None), None)


def _why_not_both(one: Override, other: Override) -> str | None:
    if {one.action, other.action} == {"temporary", "replace"}:
        return "a temporary roster leaves the turns aside, so nobody's turn can be replaced in it"
    out = _taken_out(one)
    if out is not None and out == _taken_out(other):
        return f"both take {out} out"
    if one.action != "remove" and other.action != "remove" and one.staff == other.staff:
        return f"both bring {one.staff} in"
    return None


def _taken_out(override: Override) -> str | None:
    return override.staff if override.action == "remove" else override.instead_of
