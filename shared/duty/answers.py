"""Who is on duty: the one computation behind every answer about rosters."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from shared.calendar import WorkingCalendar
from shared.duty.duty_days import DutyCalendar, duty_calendar
from shared.duty.nouns import OnDuty, Override, Roster, Rotation, Shift
from shared.duty.overriding import Stretch, pieces
from shared.duty.turns import BEGINNING, FOREVER, HORIZON, Run, turns_of

SHIFTS: dict[Shift, str] = {"primary": "主班", "backup": "副班"}
_EVERY_ONE = {"daily": "每天", "weekly": "每周", "monthly": "每月"}
_EVERY = {"daily": "天", "weekly": "周", "monthly": "个月"}
_ORDER: dict[Shift, int] = {"primary": 0, "backup": 1}


def who(rosters: Roster | Iterable[Roster], at: datetime, calendar: WorkingCalendar) -> tuple[OnDuty, ...]:
    """Everybody on duty at the instant, primary shift first; nobody: an empty tuple.

    From what is stored alone, so any past or future instant has one answer. Each entry holds unchanged from `since`
    up to `until`. ValueError for an instant without its zone.
    """
    at, days = _aware(at), duty_calendar(calendar)
    found = [
        (roster, piece)
        for roster in _listed(rosters)
        for stretch in _stretches_at(roster, at, days)
        for piece in pieces(stretch, roster.overrides)
        if piece.since <= at < piece.until
    ]
    return tuple(_told(roster, piece) for roster, piece in sorted(found, key=lambda pair: _ORDER[pair[1].shift]))


def on_duty_between(
    rosters: Roster | Iterable[Roster], start: datetime, end: datetime, calendar: WorkingCalendar
) -> tuple[OnDuty, ...]:
    """Every stretch of duty that touches the time from `start` to `end`, whole, in the order they begin."""
    start, end, days = _aware(start), _aware(end), duty_calendar(calendar)
    found = [
        _told(roster, piece)
        for roster in _listed(rosters)
        for stretch in _stretches_between(roster, start, end, days)
        for piece in pieces(stretch, roster.overrides)
        if piece.since < end and start < piece.until
    ]
    return tuple(sorted(found, key=lambda each: (each.since, _ORDER[each.shift], each.staff)))


def shifts(
    rosters: Roster | Iterable[Roster], post: str, start: datetime, end: datetime, calendar: WorkingCalendar
) -> tuple[OnDuty, ...]:
    """The stretches of one post that touch the time from `start` to `end`."""
    return tuple(each for each in on_duty_between(rosters, start, end, calendar) if each.staff == post)


def _stretches_at(roster: Roster, at: datetime, days: DutyCalendar) -> Iterator[Stretch]:
    for rotation in roster.rotations:
        run = turns_of(rotation, roster.timezone, days).at(at)
        if run is not None:
            yield _turn(roster, run)
    for made, each in enumerate(roster.overrides):
        if each.starts_at <= at < each.ends_at and each.action in _BRINGS_IN:
            yield _brought_in(roster, each, made)


def _stretches_between(roster: Roster, start: datetime, end: datetime, days: DutyCalendar) -> Iterator[Stretch]:
    for rotation in roster.rotations:
        for run in turns_of(rotation, roster.timezone, days).between(start, end):
            yield _turn(roster, run)
    for made, each in enumerate(roster.overrides):
        if each.starts_at < end and start < each.ends_at and each.action in _BRINGS_IN:
            yield _brought_in(roster, each, made)


_BRINGS_IN = {"add": "临时增派值班", "temporary": "临时排班"}


def _turn(roster: Roster, run: Run) -> Stretch:
    member = run.member
    return Stretch(
        since=run.since,
        until=run.until,
        staff=member.staff,
        unit=member.unit or roster.unit,
        shift=run.rotation.shift,
        why=_turn_words(roster, run.rotation, run.turn),
    )


def _turn_words(roster: Roster, rotation: Rotation, turn: int) -> str:
    shift = SHIFTS[rotation.shift]
    if len(rotation.members) == 1:
        return f"按“{roster.title}”{shift}固定安排（{rotation.id}）"
    several = f"每{rotation.length}{_EVERY[rotation.every]}"
    every = _EVERY_ONE[rotation.every] if rotation.length == 1 else several
    order = f"{every}一轮，自{rotation.starts_on}起第{turn + 1}轮"
    return f"按“{roster.title}”{shift}轮值（{rotation.id}）：{order}"


def _brought_in(roster: Roster, override: Override, made: int) -> Stretch:
    return Stretch(
        since=override.starts_at.astimezone(UTC),
        until=override.ends_at.astimezone(UTC),
        staff=override.staff,
        unit=override.unit or roster.unit,
        shift=override.shift,
        why=f"按“{roster.title}”{_BRINGS_IN[override.action]}：{override.reason}",
        made=made,
    )


def _told(roster: Roster, piece: Stretch) -> OnDuty:
    return OnDuty(
        staff=piece.staff,
        unit=piece.unit,
        shift=piece.shift,
        roster=roster.code,
        since=piece.since.astimezone(UTC),
        until=None if piece.until >= FOREVER else piece.until.astimezone(UTC),
        why=piece.why,
    )


def _listed(rosters: Roster | Iterable[Roster]) -> Sequence[Roster]:
    return (rosters,) if isinstance(rosters, Roster) else tuple(rosters)


def _aware(at: datetime) -> datetime:
    """In UTC, and inside the years rosters speak of."""
    if at.utcoffset() is None:
        raise ValueError("instants must be aware: a time without its zone names nobody")
    if at < BEGINNING:
        return BEGINNING
    return min(at, HORIZON).astimezone(UTC)
