"""What is wrong with a roster in the days to come: nobody is there, or somebody is there too much."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from shared.calendar import WorkingCalendar
from shared.duty.answers import SHIFTS, on_duty_between
from shared.duty.duty_days import duty_calendar
from shared.duty.nouns import Gap, OnDuty, Overload, Roster, Rotation, Shift
from shared.duty.turns import FOREVER, turns_of

Span = tuple[datetime, datetime]
_DAY = timedelta(days=1)
_TURN = {"daily": _DAY, "weekly": 7 * _DAY, "monthly": 31 * _DAY}
FAIR_SHARE_TIMES = 1.5


def gaps(roster: Roster, calendar: WorkingCalendar, start: datetime, end: datetime) -> tuple[Gap, ...]:
    """The stretches from `start` to `end` in which somebody should be on duty and nobody is, of either shift."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    covered = _joined(_span(each) for each in on_duty_between(roster, start, end, calendar))
    expected = [(start, end)] if roster.always else _planned(roster, calendar, start, end)
    bare = (span for each in expected for span in _without(each, covered))
    return tuple(
        Gap(roster=roster.code, kind=roster.kind, unit=roster.unit, starts_at=since, ends_at=until)
        for since, until in _joined(bare)
    )


def _planned(roster: Roster, calendar: WorkingCalendar, start: datetime, end: datetime) -> list[Span]:
    """The hours the rotations plan. A plan that ran out is taken to go on: that is just how a gap comes about."""
    last = max((each.ends_on for each in roster.rotations if each.ends_on is not None), default=None)
    runs_out = all(each.ends_on is not None for each in roster.rotations)
    rotations = [
        each.model_copy(update={"ends_on": None}) if runs_out and each.ends_on == last else each
        for each in roster.rotations
    ]
    days = duty_calendar(calendar)
    runs = (run for each in rotations for run in turns_of(each, roster.timezone, days).between(start, end))
    return _joined((max(run.since, start), min(run.until, end)) for run in runs)


def overloads(roster: Roster, calendar: WorkingCalendar, start: datetime, end: datetime) -> tuple[Overload, ...]:
    """Posts with more duty from `start` to `end` than is good, by shift.

    More than one turn on end, or half as much again as the fair share and at least one whole turn above it. Who alone
    makes up a rotation takes no turns, and is not looked at.
    """
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    found: list[Overload] = []
    on_duty = on_duty_between(roster, start, end, calendar)
    for shift in SHIFTS:
        rotations = [each for each in roster.rotations if each.shift == shift]
        turn = max((_turn_of(each) for each in rotations if len(each.members) > 1), default=None)
        if turn is None:
            continue
        members = {member.staff for each in rotations for member in each.members}
        always = {each.members[0].staff for each in rotations if len(each.members) == 1}  # that is their plan
        by_turns = [each for each in on_duty if each.shift == shift and each.staff not in always]
        spans = _spans_by_post(by_turns, start, end)
        for staff, own in spans.items():
            found += _on_end(roster, staff, own, turn, shift)
            found += _unfair(roster, staff, own, _mean(spans, members - always), turn, shift)
    return tuple(sorted(found, key=lambda each: (each.starts_at, each.staff)))


def _on_end(roster: Roster, staff: str, own: Sequence[Span], turn: timedelta, shift: Shift) -> Iterable[Overload]:
    for since, until in own:
        if until - since > turn:
            why = f"{SHIFTS[shift]}连续值班{_hours(until - since):.0f}小时，超过一轮（{_hours(turn):.0f}小时）"
            yield _overload(roster, staff, (since, until), until - since, why)


def _unfair(
    roster: Roster, staff: str, own: Sequence[Span], mean: timedelta, turn: timedelta, shift: Shift
) -> Iterable[Overload]:
    total = _total(own)
    if total > mean * FAIR_SHARE_TIMES and total - mean >= turn:
        why = f"{SHIFTS[shift]}共值班{_hours(total):.0f}小时，人均{_hours(mean):.0f}小时"
        yield _overload(roster, staff, (own[0][0], own[-1][1]), total, why)


def _overload(roster: Roster, staff: str, span: Span, time: timedelta, why: str) -> Overload:
    return Overload(
        staff=staff, roster=roster.code, starts_at=span[0], ends_at=span[1], hours=round(_hours(time), 1), why=why
    )


def _turn_of(rotation: Rotation) -> timedelta:
    """How long a turn lasts at most; in daily rotations a turn over a pause is not on end anyway."""
    return _TURN[rotation.every] * rotation.length + timedelta(hours=1)  # the hour the clocks add in autumn


def _spans_by_post(on_duty: Iterable[OnDuty], start: datetime, end: datetime) -> dict[str, list[Span]]:
    by_post: dict[str, list[Span]] = defaultdict(list)
    for each in on_duty:
        since, until = _span(each)
        by_post[each.staff].append((max(since, start), min(until, end)))
    return {staff: _joined(spans) for staff, spans in by_post.items()}


def _mean(spans: dict[str, list[Span]], members: set[str]) -> timedelta:
    return sum((_total(each) for each in spans.values()), timedelta()) / len(members | spans.keys())


def _total(spans: Sequence[Span]) -> timedelta:
    return sum((until - since for since, until in spans), timedelta())


def _hours(time: timedelta) -> float:
    return time / timedelta(hours=1)


# -- spans -------------------------------------------------------------------------------------------------------------


def _span(on_duty: OnDuty) -> Span:
    return on_duty.since, on_duty.until or FOREVER


def _joined(spans: Iterable[Span]) -> list[Span]:
    """In order, those that touch as one."""
    joined: list[Span] = []
    for since, until in sorted(spans):
        if joined and since <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], until)
        elif since < until:
            joined.append((since, until))
    return joined


def _without(span: Span, covered: Sequence[Span]) -> list[Span]:
    """What of the span no covered one covers; the covered ones are joined."""
    left: list[Span] = []
    since, end = span
    for begins, ends in covered:
        if begins >= end:
            break
        if begins > since:
            left.append((since, begins))
        since = max(since, ends)
    if since < end:
        left.append((since, end))
    return left
