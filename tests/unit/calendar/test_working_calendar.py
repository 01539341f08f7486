"""The centre's own days, township days, seasons and office hours: what they change and what is refused."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shared.calendar import Duration, OfficeHours, Unit, Window, WorkingCalendar, due_at
from shared.calendar.published import holiday_name, makeup_name
from shared.calendar.working import day_book

SHANGHAI = ZoneInfo("Asia/Shanghai")
WINDOWS = ["08:00-12:00", "14:30-17:30"]
OFFICE = OfficeHours.model_validate({"week": WINDOWS})
CALENDAR = WorkingCalendar(timezone=SHANGHAI, office_hours=OFFICE)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def span(first: date, last: date) -> set[date]:
    return {date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1)}


def test_2026_is_what_the_notice_of_4_november_2025_says() -> None:
    off = (
        span(date(2026, 1, 1), date(2026, 1, 3))
        | span(date(2026, 2, 15), date(2026, 2, 23))
        | span(date(2026, 4, 4), date(2026, 4, 6))
        | span(date(2026, 5, 1), date(2026, 5, 5))
        | span(date(2026, 6, 19), date(2026, 6, 21))
        | span(date(2026, 9, 25), date(2026, 9, 27))
        | span(date(2026, 10, 1), date(2026, 10, 7))
    )
    worked = {date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20)}
    worked |= {date(2026, 10, 10)}
    year = span(date(2026, 1, 1), date(2026, 12, 31))
    assert {day for day in year if holiday_name(day)} == off
    assert {day for day in year if makeup_name(day)} == worked
    book = day_book(CALENDAR)
    assert {day for day in year if book.day(day).works} == {day for day in year if day.weekday() < 5} - off | worked


def test_a_local_closure_is_left_out() -> None:
    closed = CALENDAR.with_days(holidays=[date(2026, 7, 14)])
    answer = due_at(closed, local("2026-07-13T10:00"), Duration.parse("1 working_day"))
    assert answer.at == local("2026-07-15T17:30")
    assert "2026-07-14 Tue: not counted, closed by the centre's own list" in answer.steps


def test_the_centres_own_list_beats_the_published_calendar_both_ways() -> None:
    own = CALENDAR.with_days(holidays=[date(2026, 10, 10)], workdays=[date(2026, 10, 7)])
    assert due_at(own, local("2026-10-01T10:00"), Duration.parse("1 working_day")).at == local("2026-10-07T17:30")
    assert due_at(own, local("2026-10-09T10:00"), Duration.parse("1 working_day")).at == local("2026-10-12T17:30")


def test_a_township_may_differ_from_its_centre() -> None:
    centre = CALENDAR.with_days(holidays=[date(2026, 7, 14)])
    township = centre.with_days(holidays=[date(2026, 7, 15)], workdays=[date(2026, 7, 14)])
    assert township.extra_holidays == {date(2026, 7, 15)}
    assert township.extra_workdays == {date(2026, 7, 14)}
    assert centre.extra_holidays == {date(2026, 7, 14)}


def test_a_day_on_both_lists_is_refused() -> None:
    both = frozenset({date(2026, 7, 14)})
    with pytest.raises(ValueError, match="2026-07-14 is listed both as a holiday and as a workday"):
        WorkingCalendar(timezone=SHANGHAI, office_hours=OFFICE, extra_holidays=both, extra_workdays=both)


def test_summer_hours_move_the_close_of_business() -> None:
    summer = {"starts": "06-01", "ends": "09-30", "week": ["08:00-12:00", "15:00-18:00"]}
    hours = OfficeHours.model_validate({"week": WINDOWS, "seasons": [summer]})
    calendar = CALENDAR.model_copy(update={"office_hours": hours})
    day = Duration.parse("1 working_day")
    assert due_at(calendar, local("2026-05-31T10:00"), day).at == local("2026-06-01T18:00")
    assert due_at(calendar, local("2026-09-29T10:00"), day).at == local("2026-09-30T18:00")
    assert due_at(calendar, local("2026-09-30T10:00"), day).at == local("2026-10-08T17:30")


def test_a_season_may_run_over_new_year() -> None:
    winter = {"starts": "11-01", "ends": "02-29", "week": ["08:30-17:00"]}
    hours = OfficeHours.model_validate({"week": WINDOWS, "seasons": [winter]})
    for month_day, closes in [((10, 30), 1050), ((11, 2), 1020), ((12, 31), 1020), ((1, 5), 1020), ((3, 1), 1050)]:
        assert hours.windows_on(date(2026, *month_day))[-1].closes_minute == closes


def test_a_makeup_saturday_keeps_mondays_hours_unless_it_has_its_own() -> None:
    monday = OfficeHours.model_validate({"week": {**dict.fromkeys(_FIVE, WINDOWS), "monday": ["09:00-16:00"]}})
    saturday = OfficeHours.model_validate({"week": {**dict.fromkeys(_FIVE, WINDOWS), "saturday": ["09:00-11:30"]}})
    makeup = date(2026, 10, 10)
    assert [str(window) for window in monday.windows_on(makeup)] == ["09:00-16:00"]
    assert [str(window) for window in saturday.windows_on(makeup)] == ["09:00-11:30"]


_FIVE = ("monday", "tuesday", "wednesday", "thursday", "friday")


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ({"week": ["12:00-08:00"]}, "close before they open"),
        ({"week": ["08:00-08:00"]}, "close before they open"),
        ({"week": ["08:00"]}, "written 08:00-12:00"),
        ({"week": ["8-12"]}, "written 08:30"),
        ({"week": ["08:00-24:30"]}, "no time of day"),
        ({"week": ["08:61-12:00"]}, "no time of day"),
        ({"week": ["08:00-12:00", "11:00-17:30"]}, "overlap or are out of order"),
        ({"week": ["14:30-17:30", "08:00-12:00"]}, "overlap or are out of order"),
        ({"week": []}, "monday has no office hours"),
        ({"week": {**dict.fromkeys(_FIVE, WINDOWS), "wednesday": []}}, "wednesday has no office hours"),
        ({"week": WINDOWS, "seasons": [{"starts": "02-30", "ends": "03-01", "week": WINDOWS}]}, "no year has"),
        ({"week": WINDOWS, "seasons": [{"starts": "13-01", "ends": "03-01", "week": WINDOWS}]}, "no year has"),
        (
            {
                "week": WINDOWS,
                "seasons": [
                    {"starts": "06-01", "ends": "09-30", "week": WINDOWS},
                    {"starts": "09-30", "ends": "12-31", "week": WINDOWS},
                ],
            },
            "two seasons of the office hours both hold on 09-30",
        ),
    ],
)
def test_office_hours_that_cannot_be_meant_are_refused_in_words(hours: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        OfficeHours.model_validate(hours)


def test_a_window_reads_back_as_it_was_written() -> None:
    assert str(Window.model_validate("08:00-24:00")) == "08:00-24:00"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("5", "no unit of time"),
        ("5 days", "no unit of time"),
        ("five working_day", "whole number and a unit"),
        ("-1 working_day", "whole number and a unit"),
        ("1.5 hour", "whole number and a unit"),
        ("", "whole number and a unit"),
        ("0 hour", "greater than or equal to 1"),
        ("121 month", "more than ten years"),
        ("999999999 minute", "more than ten years"),
    ],
)
def test_an_absurd_limit_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Duration.parse(text)


@pytest.mark.parametrize("amount", [0, -5, True, 1.5, "5"])
def test_an_amount_is_a_whole_number_above_nothing(amount: Any) -> None:
    with pytest.raises(ValueError, match=r"greater than or equal to 1|valid integer"):
        Duration(amount, Unit.HOUR)


def test_a_duration_is_written_as_it_is_read() -> None:
    assert str(Duration.parse(" 5  working_day ")) == "5 working_day"
    assert Duration.parse("1 month").words() == "1 month (个月)"
    assert Duration.parse("15 calendar_day").words() == "15 calendar days (自然日)"
