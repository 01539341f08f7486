"""Years whose holiday notice is not known: computed from weekends and the festivals by law, and said to be so."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from shared.calendar import Duration, OfficeHours, WorkingCalendar, due_at
from shared.calendar.published import published_years

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = OfficeHours.model_validate({"week": ["08:00-12:00", "14:30-17:30"]})
CALENDAR = WorkingCalendar(timezone=SHANGHAI, office_hours=OFFICE)
LAST_KNOWN = max(published_years())
AFTER = LAST_KNOWN + 5  # stays unpublished while the package is updated a few times


def local(year: int, month: int, day: int, hour: int = 10) -> datetime:
    return datetime(year, month, day, hour, tzinfo=SHANGHAI)


@pytest.mark.parametrize("limit", ["1 working_minute", "1 working_day", "1 calendar_day", "1 month"])
def test_an_unpublished_year_is_provisional_and_the_steps_say_so(limit: str) -> None:
    answer = due_at(CALENDAR, local(AFTER, 9, 28), Duration.parse(limit))
    assert answer.provisional
    assert any(line.startswith("provisional: ") for line in answer.steps)


def test_a_continuous_limit_is_never_provisional() -> None:
    assert not due_at(CALENDAR, local(AFTER, 10, 1), Duration.parse("20 minute")).provisional


def test_without_a_notice_only_weekends_are_left_out() -> None:
    calendar = WorkingCalendar(timezone=SHANGHAI, office_hours=OFFICE)
    friday = next(day for day in range(8, 15) if date(AFTER, 6, day).weekday() == 4)
    answer = due_at(calendar, local(AFTER, 6, friday), Duration.parse("1 working_day"))
    assert answer.at == local(AFTER, 6, friday + 3, 17).replace(minute=30)


@pytest.mark.parametrize(
    ("start", "due", "why"),
    [
        ((2028, 1, 24), (2028, 1, 31), "Spring Festival: the eve (Tue 25) to the third day (Fri 28), then a weekend"),
        ((2028, 4, 3), (2028, 4, 5), "Qingming falls on Tue 4 April"),
        ((2028, 5, 26), (2028, 5, 30), "Dragon Boat is Sun 28 May, made up for on Monday"),
        ((2028, 9, 29), (2028, 10, 5), "National Day is a Sunday, Mid-Autumn is the 3rd: rest to Wed 4 October"),
        ((2029, 2, 9), (2029, 2, 16), "Spring Festival eve is Mon 12 February"),
    ],
)
def test_festivals_fixed_by_law_are_left_out(start: tuple[int, int, int], due: tuple[int, int, int], why: str) -> None:
    answer = due_at(CALENDAR, local(*start), Duration.parse("1 working_day"))
    assert answer.at == local(*due, 17).replace(minute=30), why
    assert answer.provisional


def test_a_notice_entered_by_hand_settles_its_year() -> None:
    national_day = frozenset(date(AFTER, 10, day) for day in range(1, 8))
    entered = CALENDAR.model_copy(update={"extra_holidays": national_day, "published_years": frozenset({AFTER})})
    before = due_at(CALENDAR, local(AFTER, 9, 30, 9), Duration.parse("1 calendar_day"))
    after = due_at(entered, local(AFTER, 9, 30, 9), Duration.parse("1 calendar_day"))
    assert before.provisional
    assert not after.provisional
    assert after.at >= datetime(AFTER, 10, 8, tzinfo=SHANGHAI).astimezone(UTC) > before.at


def test_a_day_the_centre_lists_itself_is_settled() -> None:
    day = next(date(AFTER, 6, day) for day in range(10, 17) if date(AFTER, 6, day).weekday() == 1)
    listed = CALENDAR.model_copy(update={"extra_workdays": frozenset({day})})
    answer = due_at(listed, local(AFTER, 6, day.day - 1), Duration.parse("1 working_day"))
    assert not answer.provisional


def test_the_end_of_december_waits_for_the_next_years_notice() -> None:
    """Saturday 29 December 2018 became a workday by the notice for 2019."""
    early = due_at(CALENDAR, local(LAST_KNOWN, 12, 23), Duration.parse("1 calendar_day"))
    late = due_at(CALENDAR, local(LAST_KNOWN, 12, 29), Duration.parse("1 calendar_day"))
    assert not early.provisional
    assert late.provisional
    assert not due_at(CALENDAR, local(LAST_KNOWN - 1, 12, 29), Duration.parse("1 calendar_day")).provisional


def test_the_notice_of_a_year_can_reach_back_into_december() -> None:
    answer = due_at(CALENDAR, local(2018, 12, 28), Duration.parse("1 working_day"))
    assert answer.at == local(2018, 12, 29, 17).replace(minute=30)
