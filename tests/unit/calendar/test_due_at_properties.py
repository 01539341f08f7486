"""What holds of every due time, whatever the start and the limit."""

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.calendar import Duration, OfficeHours, Unit, WorkingCalendar, due_at, warn_at, working_time_between

SHANGHAI = ZoneInfo("Asia/Shanghai")
SUMMER = {"starts": "06-01", "ends": "09-30", "week": ["08:00-12:00", "15:00-18:00"]}
CALENDAR = WorkingCalendar(
    timezone=SHANGHAI,
    office_hours=OfficeHours.model_validate({"week": ["08:00-12:00", "14:30-17:30"], "seasons": [SUMMER]}),
    extra_holidays=frozenset({date(2026, 7, 14)}),
)
unhurried = settings(deadline=None)  # a busy machine must not fail a true property
starts = st.datetimes(datetime(2023, 12, 1), datetime(2028, 2, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- bounds
minute_starts = starts.map(lambda at: at.replace(second=0, microsecond=0))
units = st.sampled_from(list(Unit))
additive_units = st.sampled_from([Unit.MINUTE, Unit.WORKING_MINUTE, Unit.WORKING_HOUR, Unit.WORKING_DAY])
amounts = st.integers(1, 120)


@unhurried
@given(starts, amounts, units)
def test_a_due_time_lies_after_its_start(start: datetime, amount: int, unit: Unit) -> None:
    assert due_at(CALENDAR, start, Duration(amount, unit)).at > start


@unhurried
@given(starts, starts, amounts, units)
def test_who_starts_later_is_not_due_earlier(one: datetime, other: datetime, amount: int, unit: Unit) -> None:
    first, second = sorted([one, other])
    limit = Duration(amount, unit)
    assert due_at(CALENDAR, first, limit).at <= due_at(CALENDAR, second, limit).at


@unhurried
@given(starts, amounts, amounts, units)
def test_a_longer_limit_is_not_due_earlier(start: datetime, one: int, other: int, unit: Unit) -> None:
    shorter, longer = sorted([one, other])
    early, late = (due_at(CALENDAR, start, Duration(amount, unit)).at for amount in (shorter, longer))
    assert early <= late
    if shorter < longer and unit not in (Unit.CALENDAR_DAY, Unit.MONTH):  # those two may both move to one workday
        assert early < late


@unhurried
@given(starts, amounts, amounts, additive_units)
def test_a_limit_in_two_parts_is_due_with_the_whole(start: datetime, one: int, other: int, unit: Unit) -> None:
    halfway = due_at(CALENDAR, start, Duration(one, unit)).at
    whole = due_at(CALENDAR, start, Duration(one + other, unit)).at
    assert due_at(CALENDAR, halfway, Duration(other, unit)).at == whole


@unhurried
@given(starts, amounts, st.sampled_from([Unit.WORKING_MINUTE, Unit.WORKING_HOUR]))
def test_the_office_time_up_to_a_due_time_is_the_limit(start: datetime, amount: int, unit: Unit) -> None:
    due = due_at(CALENDAR, start, Duration(amount, unit)).at
    limit = timedelta(hours=amount) if unit is Unit.WORKING_HOUR else timedelta(minutes=amount)
    assert working_time_between(CALENDAR, start, due) == limit
    assert working_time_between(CALENDAR, start, due - timedelta(microseconds=1)) < limit


@unhurried
@given(starts, amounts, st.sampled_from([Unit.WORKING_DAY, Unit.CALENDAR_DAY, Unit.MONTH]))
def test_days_and_months_end_at_close_of_business_of_a_worked_day(start: datetime, amount: int, unit: Unit) -> None:
    due = due_at(CALENDAR, start, Duration(amount, unit)).at.astimezone(SHANGHAI)
    assert (due.hour, due.minute, due.second) == ((18, 0, 0) if 6 <= due.month <= 9 else (17, 30, 0))
    assert worked(due.date())


@settings(max_examples=60, deadline=None)
@given(minute_starts, st.integers(1, 600))
def test_working_minutes_agree_with_counting_them_one_by_one(start: datetime, amount: int) -> None:
    at, left = start.astimezone(SHANGHAI), amount
    while left:
        left -= open_at(at)
        at += timedelta(minutes=1)
    assert due_at(CALENDAR, start, Duration(amount, Unit.WORKING_MINUTE)).at == at


@unhurried
@given(starts, amounts)
def test_working_days_agree_with_counting_them_one_by_one(start: datetime, amount: int) -> None:
    day, left = start.astimezone(SHANGHAI).date(), amount
    while left:
        day += timedelta(days=1)
        left -= worked(day)
    assert due_at(CALENDAR, start, Duration(amount, Unit.WORKING_DAY)).at.astimezone(SHANGHAI).date() == day


@unhurried
@given(starts, amounts, units, st.integers(1, 98))
def test_warnings_come_in_order_between_start_and_due(start: datetime, amount: int, unit: Unit, percent: int) -> None:
    due = due_at(CALENDAR, start, Duration(amount, unit)).at
    first, second = (warn_at(start, due, part, calendar=CALENDAR, unit=unit) for part in (percent, percent + 1))
    assert start < first < second < due


@unhurried
@given(starts, amounts, units)
def test_the_same_question_has_the_same_answer_from_an_equal_calendar(start: datetime, amount: int, unit: Unit) -> None:
    twin = WorkingCalendar.model_validate_json(CALENDAR.model_dump_json())
    assert twin == CALENDAR
    assert due_at(twin, start, Duration(amount, unit)) == due_at(CALENDAR, start, Duration(amount, unit))


@pytest.mark.parametrize(("limit", "per_second"), [("20 minute", 2_000), ("10 working_day", 200)])
def test_it_stays_fast_enough_to_arm_a_flood_of_clocks(limit: str, per_second: int) -> None:
    """A tenth of what is promised, because the machine that runs this is shared."""
    duration, start = Duration.parse(limit), datetime(2026, 9, 1, tzinfo=UTC)
    due_at(CALENDAR, start, duration)
    began = time.process_time()
    for minute in range(per_second // 2):
        due_at(CALENDAR, start + timedelta(minutes=minute), duration)
    assert time.process_time() - began < 0.5


def worked(day: date) -> bool:
    """Told apart from the code under test: straight from the package; where it has no data, weekends and `BY_LAW`."""
    if day == date(2026, 7, 14):
        return False
    try:
        return bool(cast(Any, chinese_calendar).is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5 and f"{day:%Y-%m-%d}" not in BY_LAW


# Weekdays off by the regulation alone, worked out by hand from the lunar calendar; weekends made up for included.
BY_LAW = """
2027-01-01 2027-02-05 2027-02-08 2027-02-09 2027-02-10 2027-04-05 2027-05-03 2027-05-04 2027-06-09 2027-09-15
2027-10-01 2027-10-04 2027-10-05 2028-01-03 2028-01-25 2028-01-26 2028-01-27 2028-01-28 2028-04-04 2028-05-01
2028-05-02 2028-05-29 2028-10-02 2028-10-03 2028-10-04
"""


def open_at(at: datetime) -> bool:
    if not worked(at.date()):
        return False
    minute = at.hour * 60 + at.minute
    afternoon = (900, 1080) if 6 <= at.month <= 9 else (870, 1050)
    return 480 <= minute < 720 or afternoon[0] <= minute < afternoon[1]
