"""What holds of every roster: one answer for each instant, the same whenever it is asked."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.duty import OnDuty, Roster, contradiction, on_duty_between, who
from shared.duty.duty_days import DutyDays, duty_calendar
from tests.unit.duty.given import CALENDAR, override, roster, rotation

STAFF = st.sampled_from("abcdef")
INSTANTS = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
HOURS = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))


@st.composite
def rotations(draw: Any, number: int = 0) -> Any:
    opens = draw(st.none() | HOURS)
    return rotation(
        *draw(st.lists(STAFF, min_size=1, max_size=4)),
        id=f"r{number}",
        shift=draw(st.sampled_from(["primary", "backup"])),
        every=draw(st.sampled_from(["daily", "weekly", "monthly"])),
        length=draw(st.integers(1, 3)),
        starts_on=draw(st.dates(date(2025, 12, 1), date(2026, 12, 31))),
        ends_on=draw(st.none() | st.dates(date(2027, 1, 1), date(2027, 12, 31))),
        changes_at=draw(HOURS),
        opens=opens,
        closes=None if opens is None else draw(HOURS),
        weekdays=tuple(draw(st.sets(st.integers(0, 6), max_size=6))),
        days=draw(st.sampled_from(["all", "workdays", "days_off"])),
        counts_only_duty_days=draw(st.booleans()),
    )


@st.composite
def overrides(draw: Any) -> Any:
    starts_at = draw(INSTANTS)
    action, staff = draw(st.sampled_from(["add", "remove", "replace", "temporary"])), draw(STAFF)
    instead_of = draw(STAFF.filter(lambda other: other != staff)) if action == "replace" else None
    ends_at = starts_at + timedelta(hours=draw(st.integers(1, 2000)))
    return override(action, staff, starts_at, ends_at, instead_of=instead_of)


@st.composite
def rosters(draw: Any, most_overrides: int = 5) -> Roster:
    count = draw(st.integers(1, 2))
    kept: list[Any] = []
    for each in draw(st.lists(overrides(), max_size=most_overrides)):
        if contradiction((*kept, each)) is None:
            kept.append(each)
    zone = draw(st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "Australia/Lord_Howe"]))
    return roster(*(draw(rotations(number)) for number in range(count)), overrides=tuple(kept), timezone=zone)


def instants_in(entry: OnDuty, at: datetime) -> list[datetime]:
    until = entry.until or at + timedelta(days=900)
    return [entry.since, until - timedelta(microseconds=1), entry.since + (until - entry.since) / 3]


@settings(max_examples=300, deadline=None)
@given(rosters(), INSTANTS)
def test_an_answer_holds_unchanged_from_since_to_until_and_not_beyond(of: Roster, at: datetime) -> None:
    for entry in who(of, at, CALENDAR):
        assert entry.since <= at
        for instant in instants_in(entry, at):
            assert entry in who(of, instant, CALENDAR)
        assert entry not in who(of, entry.since - timedelta(microseconds=1), CALENDAR)
        if entry.until is not None:
            assert at < entry.until
            assert entry not in who(of, entry.until, CALENDAR)


@settings(max_examples=200, deadline=None)
@given(rosters(), INSTANTS, st.integers(1, 60))
def test_the_list_of_shifts_and_the_answer_at_an_instant_agree(of: Roster, at: datetime, days: int) -> None:
    listed = on_duty_between(of, at, at + timedelta(days=days), CALENDAR)
    for instant in (at, at + timedelta(days=days / 2), at + timedelta(days=days) - timedelta(seconds=1)):
        there = {each for each in listed if each.since <= instant and (each.until is None or instant < each.until)}
        assert there == set(who(of, instant, CALENDAR))


@settings(max_examples=100, deadline=None)
@given(rosters(), INSTANTS)
def test_recomputing_from_what_was_stored_gives_the_same(of: Roster, at: datetime) -> None:
    kept = Roster.model_validate_json(of.model_dump_json())
    assert who(kept, at, CALENDAR) == who(of, at, CALENDAR)


@settings(max_examples=200, deadline=None)
@given(rotations(), INSTANTS)
def test_turns_follow_each_other_without_overlap(of: Any, at: datetime) -> None:
    found = on_duty_between(roster(of), at, at + timedelta(days=70), CALENDAR)
    for one, following in pairwise(found):
        assert one.until is not None
        assert one.until <= following.since


@settings(max_examples=100, deadline=None)
@given(rotations(), INSTANTS)
def test_without_a_mask_consecutive_turns_leave_no_moment_out(of: Any, at: datetime) -> None:
    whole = of.model_copy(update={"weekdays": (), "days": "all", "opens": None, "closes": None, "ends_on": None})
    found = on_duty_between(roster(whole), at, at + timedelta(days=200), CALENDAR)
    assert all(one.until == following.since for one, following in pairwise(found))
    staff = [member.staff for member in of.members]
    first = staff.index(found[0].staff) if found and len(set(staff)) == len(staff) else None
    if first is not None:
        assert [each.staff for each in found] == [staff[(first + n) % len(staff)] for n in range(len(found))]


@settings(max_examples=200, deadline=None)
@given(rotations(), st.dates(date(2025, 12, 1), date(2027, 12, 31)), st.integers(0, 500))
def test_counting_duty_days_by_years_is_counting_them_one_by_one(of: Any, first: date, length: int) -> None:
    counted: DutyDays = duty_calendar(CALENDAR).days_of(of)
    days = [first + timedelta(days=passed) for passed in range(length)]
    assert counted.count(first, first + timedelta(days=length)) == sum(counted.has(day) for day in days)


def test_with_only_duty_days_counted_every_member_has_as_many_days() -> None:
    year = roster(rotation(*"abcd", days="workdays", starts_on=date(2026, 1, 1)))
    found = on_duty_between(year, datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 30, tzinfo=UTC), CALENDAR)
    shares = [sum(1 for each in found if each.staff == staff) for staff in "abcd"]
    assert max(shares) - min(shares) <= 1
    assert [each.staff for each in found[:8]] == list("abcdabcd")
