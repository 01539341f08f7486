"""Elapsed style: how it is written, explained and refused. What it gives is in the golden rows."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.calendar import Duration, OfficeHours, Style, Unit, WorkingCalendar, due_at

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = OfficeHours.model_validate({"week": ["08:00-12:00", "14:30-17:30"]})
CALENDAR = WorkingCalendar(timezone=SHANGHAI, office_hours=OFFICE)
STYLED = [Unit.WORKING_DAY, Unit.CALENDAR_DAY, Unit.MONTH]
starts = st.datetimes(datetime(2023, 12, 1), datetime(2028, 2, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- bounds


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize("unit", STYLED)
def test_it_is_written_as_it_is_read(unit: Unit) -> None:
    limit = Duration(5, unit, Style.ELAPSED)
    assert str(limit) == f"5 {unit} elapsed"
    assert Duration.parse(str(limit)) == limit
    assert Duration.parse(f"5 {unit} statute") == Duration(5, unit) != limit
    assert str(Duration(5, unit)) == f"5 {unit}", "what was written before the styles reads the same"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("5 hour elapsed", "hour runs from the instant in any case"),
        ("5 working_minute elapsed", "working_minute runs from the instant in any case"),
        ("5 month later", "'later' is no style of counting; there are statute, elapsed"),
        ("5 month elapsed now", "whole number and a unit"),
    ],
)
def test_a_style_that_cannot_be_meant_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words) as refused:
        Duration.parse(text)
    assert "pydantic" not in str(refused.value)


def test_a_working_day_is_explained() -> None:
    answer = due_at(CALENDAR, local("2026-09-30T18:00"), Duration.parse("2 working_day elapsed"))
    assert answer.steps == (
        "runs from 2026-09-30 Wed 18:00 (Asia/Shanghai)",
        "2 working days (工作日) elapsed: to the same time of the last of them, within its office hours",
        "received outside office hours: the count begins 2026-10-08 Thu 08:00",
        "2026-10-09 Fri: day 1 of the count, working day",
        "2026-10-10 Sat: day 2 of the count, make-up workday (调休, National Day 国庆节)",
        "due 2026-10-10 Sat 08:00",
    )


def test_seconds_are_kept() -> None:
    start = local("2026-09-28T10:00:30")
    assert due_at(CALENDAR, start, Duration.parse("1 month elapsed")).at == local("2026-10-28T10:00:30")
    assert due_at(CALENDAR, start, Duration.parse("1 working_day elapsed")).at == start + timedelta(days=1)


def test_where_clocks_are_put_forward_a_day_is_still_24_hours_and_a_month_the_same_time_of_day() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    calendar = WorkingCalendar(timezone=berlin, office_hours=OFFICE)
    start = datetime(2026, 3, 28, 10, tzinfo=berlin)
    assert due_at(calendar, start, Duration.parse("1 calendar_day elapsed")).at == datetime(2026, 3, 29, 9, tzinfo=UTC)
    month = due_at(calendar, start, Duration.parse("1 month elapsed")).at
    assert month == datetime(2026, 4, 28, 10, tzinfo=berlin)


def test_only_working_days_rest_on_holidays() -> None:
    start = datetime(2040, 3, 1, 10, tzinfo=SHANGHAI)
    provisional = {unit: due_at(CALENDAR, start, Duration(5, unit, Style.ELAPSED)).provisional for unit in STYLED}
    assert provisional == {Unit.WORKING_DAY: True, Unit.CALENDAR_DAY: False, Unit.MONTH: False}


@pytest.mark.parametrize("unit", STYLED)
def test_a_due_time_beyond_the_calendar_is_refused_in_words(unit: Unit) -> None:
    with pytest.raises(ValueError, match="beyond the calendar"):
        due_at(CALENDAR, datetime(9999, 12, 31, 12, tzinfo=UTC), Duration(100, unit, Style.ELAPSED))


@settings(deadline=None)
@given(starts, starts, st.integers(1, 120), st.sampled_from(STYLED))
def test_who_starts_later_is_not_due_earlier(one: datetime, other: datetime, amount: int, unit: Unit) -> None:
    first, second = sorted([one, other])
    limit = Duration(amount, unit, Style.ELAPSED)
    early, late = due_at(CALENDAR, first, limit).at, due_at(CALENDAR, second, limit).at
    assert first < early <= late


@settings(deadline=None)
@given(starts, st.integers(1, 120), st.sampled_from([Unit.CALENDAR_DAY, Unit.MONTH]))
def test_elapsed_ends_before_the_statutes_way_does(start: datetime, amount: int, unit: Unit) -> None:
    """Never later than midnight of the statute's last day."""
    elapsed = due_at(CALENDAR, start, Duration(amount, unit, Style.ELAPSED)).at.astimezone(SHANGHAI)
    statute = due_at(CALENDAR, start, Duration(amount, unit)).at.astimezone(SHANGHAI)
    assert elapsed.date() <= statute.date()
