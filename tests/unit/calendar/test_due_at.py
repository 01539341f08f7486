"""Golden table of due times, counted by hand from the State Council's notices.

Days off and make-up workdays used below (国办发明电〔2023〕7号, 国办发明电〔2024〕12号, notice of 4 November 2025):
2024  Spring Festival 10-17 Feb, worked Sun 4 and Sun 18 Feb (the eve, Fri 9 Feb, was no day off)
2025  1 Jan | 28 Jan-4 Feb, worked Sun 26 Jan, Sat 8 Feb | 4-6 Apr | 1-5 May, worked Sun 27 Apr | 31 May-2 Jun
      | 1-8 Oct, worked Sun 28 Sep, Sat 11 Oct
2026  1-3 Jan, worked Sun 4 Jan | 15-23 Feb, worked Sat 14 and Sat 28 Feb | 4-6 Apr | 1-5 May, worked Sat 9 May
      | 19-21 Jun | 25-27 Sep | 1-7 Oct, worked Sun 20 Sep, Sat 10 Oct
Office hours 08:00-12:00 and 14:30-17:30: seven hours a day.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.calendar import Duration, OfficeHours, WorkingCalendar, due_at

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkingCalendar(
    timezone=SHANGHAI, office_hours=OfficeHours.model_validate({"week": ["08:00-12:00", "14:30-17:30"]})
)

GOLDEN = """
# continuous: nights and holidays alike
2026-02-17 Tue 02:00 | 20 minute | 2026-02-17 Tue 02:20 | New Year's night: a summons knows no holiday
2025-12-31 Wed 23:50 | 20 minute | 2026-01-01 Thu 00:10 | across midnight and the year
2026-10-01 Thu 09:00 | 2 hour | 2026-10-01 Thu 11:00 | on National Day itself
2026-09-30 Wed 18:00 | 24 hour | 2026-10-01 Thu 18:00 | into the holiday week
2024-02-28 Wed 12:00 | 24 hour | 2024-02-29 Thu 12:00 | 2024 has a 29 February
2025-02-28 Fri 12:00 | 24 hour | 2025-03-01 Sat 12:00 | 2025 has none
2026-05-01 Fri 00:00 | 168 hour | 2026-05-08 Fri 00:00 | a week of hours

# working minutes and hours: only inside office hours of worked days
2026-09-28 Mon 10:00 | 15 working_minute | 2026-09-28 Mon 10:15 | all inside the morning
2026-09-28 Mon 11:45 | 15 working_minute | 2026-09-28 Mon 12:00 | the last minute before noon still counts
2026-09-28 Mon 11:55 | 15 working_minute | 2026-09-28 Mon 14:40 | 5 before noon, 10 after 14:30
2026-09-28 Mon 12:00 | 15 working_minute | 2026-09-28 Mon 14:45 | noon: the morning is over
2026-09-28 Mon 13:00 | 15 working_minute | 2026-09-28 Mon 14:45 | lunch is not worked
2026-09-28 Mon 07:00 | 15 working_minute | 2026-09-28 Mon 08:15 | before opening
2026-09-30 Wed 17:25 | 15 working_minute | 2026-10-08 Thu 08:10 | 5 on the eve, 10 after the seven days off
2026-09-30 Wed 23:59 | 15 working_minute | 2026-10-08 Thu 08:15 | last minute of the day: nothing left of it
2026-10-03 Sat 10:00 | 1 working_hour | 2026-10-08 Thu 09:00 | received on a holiday
2026-10-10 Sat 10:00 | 30 working_minute | 2026-10-10 Sat 10:30 | make-up Saturday is worked
2026-10-09 Fri 17:00 | 1 working_hour | 2026-10-10 Sat 08:30 | half on Friday, half on the make-up Saturday
2026-10-10 Sat 17:00 | 1 working_hour | 2026-10-12 Mon 08:30 | the Sunday after it is off
2026-02-13 Fri 16:30 | 2 working_hour | 2026-02-14 Sat 09:00 | 1 h Friday, 1 h on make-up Saturday
2026-02-14 Sat 16:30 | 2 working_hour | 2026-02-24 Tue 09:00 | nine days of Spring Festival in between
2025-01-26 Sun 16:30 | 2 working_hour | 2025-01-27 Mon 09:00 | make-up Sunday before Spring Festival
2025-01-27 Mon 16:30 | 2 working_hour | 2025-02-05 Wed 09:00 | eight days off, 28 January to 4 February
2025-02-07 Fri 17:00 | 8 working_hour | 2025-02-10 Mon 08:30 | 0.5 Fri + 7 make-up Sat + 0.5 Mon
2026-09-28 Mon 08:00 | 7 working_hour | 2026-09-28 Mon 17:30 | exactly one day of office hours
2026-09-28 Mon 08:00 | 8 working_hour | 2026-09-29 Tue 09:00 | 7 + 1
2026-06-18 Thu 17:30 | 1 working_minute | 2026-06-22 Mon 08:01 | at closing, before the Dragon Boat days

# working days: from the next day, to close of business of the last
2026-09-28 Mon 10:00 | 5 working_day | 2026-10-10 Sat 17:30 | 29, 30 Sep, 8, 9 Oct, make-up Sat 10 Oct
2026-09-28 Mon 10:00 | 1 working_day | 2026-09-29 Tue 17:30 | the day of receipt is left out
2026-09-28 Mon 00:00 | 1 working_day | 2026-09-29 Tue 17:30 | also when received at its first minute
2026-09-28 Mon 23:59 | 1 working_day | 2026-09-29 Tue 17:30 | also when received at its last minute
2026-09-29 Tue 00:00 | 1 working_day | 2026-09-30 Wed 17:30 | a minute later is another day
2026-09-30 Wed 09:00 | 1 working_day | 2026-10-08 Thu 17:30 | first workday after National Day week
2026-10-03 Sat 10:00 | 1 working_day | 2026-10-08 Thu 17:30 | received on a holiday: the first workday is day 1
2026-09-18 Fri 10:00 | 1 working_day | 2026-09-20 Sun 17:30 | make-up Sunday
2026-09-18 Fri 10:00 | 2 working_day | 2026-09-21 Mon 17:30 | Saturday off, Sunday worked, Monday
2026-02-13 Fri 10:00 | 2 working_day | 2026-02-24 Tue 17:30 | Sat 14 Feb, then after Spring Festival
2026-02-14 Sat 10:00 | 5 working_day | 2026-02-28 Sat 17:30 | 24, 25, 26, 27 and make-up Sat 28 Feb
2026-02-20 Fri 10:00 | 1 working_day | 2026-02-24 Tue 17:30 | received in Spring Festival
2026-05-08 Fri 10:00 | 1 working_day | 2026-05-09 Sat 17:30 | make-up Saturday after Labour Day
2026-04-30 Thu 10:00 | 2 working_day | 2026-05-07 Thu 17:30 | 6 and 7 May
2026-04-03 Fri 10:00 | 1 working_day | 2026-04-07 Tue 17:30 | Tomb-sweeping 4 to 6 April
2025-12-31 Wed 10:00 | 1 working_day | 2026-01-04 Sun 17:30 | 1 to 3 January off, make-up Sunday
2025-01-24 Fri 10:00 | 3 working_day | 2025-02-05 Wed 17:30 | Sun 26, Mon 27 Jan, Wed 5 Feb
2025-04-25 Fri 10:00 | 10 working_day | 2025-05-13 Tue 17:30 | Sun 27, 28-30 Apr (4), 6-9 May (8), 12, 13 May
2025-09-26 Fri 10:00 | 5 working_day | 2025-10-10 Fri 17:30 | Sun 28, 29, 30 Sep, 9, 10 Oct: eight days off between
2025-09-26 Fri 10:00 | 6 working_day | 2025-10-11 Sat 17:30 | and make-up Sat 11 Oct
2025-05-30 Fri 10:00 | 1 working_day | 2025-06-03 Tue 17:30 | Dragon Boat 31 May to 2 June
2024-02-08 Thu 10:00 | 3 working_day | 2024-02-19 Mon 17:30 | Fri 9 (eve, worked in 2024), make-up Sun 18, Mon 19
2024-02-28 Wed 10:00 | 1 working_day | 2024-02-29 Thu 17:30 | 29 February
2026-03-02 Mon 10:00 | 60 working_day | 2026-05-28 Thu 17:30 | Mar 21, Apr 21 (42), 6-9 May 4 (46), to 28 May 14

# calendar days: from the next day; a last day off moves to the next workday
2026-09-28 Mon 10:00 | 1 calendar_day | 2026-09-29 Tue 17:30 | the next day
2026-09-28 Mon 23:59 | 1 calendar_day | 2026-09-29 Tue 17:30 | received in the last minute
2026-09-23 Wed 10:00 | 2 calendar_day | 2026-09-28 Mon 17:30 | Fri 25 Sep is Mid-autumn, off to Sunday
2026-09-16 Wed 10:00 | 15 calendar_day | 2026-10-08 Thu 17:30 | 1 Oct moves past the whole week
2026-09-25 Fri 10:00 | 15 calendar_day | 2026-10-10 Sat 17:30 | a make-up Saturday is no day off: it stays
2026-06-12 Fri 10:00 | 7 calendar_day | 2026-06-22 Mon 17:30 | 19 June is Dragon Boat
2026-07-10 Fri 10:00 | 15 calendar_day | 2026-07-27 Mon 17:30 | Sat 25 July
2026-02-01 Sun 10:00 | 14 calendar_day | 2026-02-24 Tue 17:30 | 15 Feb, first day of Spring Festival
2026-01-20 Tue 10:00 | 25 calendar_day | 2026-02-14 Sat 17:30 | make-up Saturday stays
2025-12-17 Wed 10:00 | 15 calendar_day | 2026-01-04 Sun 17:30 | 1 January moves to the make-up Sunday
2026-05-01 Fri 10:00 | 4 calendar_day | 2026-05-06 Wed 17:30 | received on a holiday, ends on one
2024-02-14 Wed 10:00 | 15 calendar_day | 2024-02-29 Thu 17:30 | 29 February
2025-02-13 Thu 10:00 | 15 calendar_day | 2025-02-28 Fri 17:30 | end of a short February
2025-12-28 Sun 10:00 | 60 calendar_day | 2026-02-26 Thu 17:30 | 3 + 31 + 26
2025-11-01 Sat 10:00 | 60 calendar_day | 2025-12-31 Wed 17:30 | 29 + 31
2025-09-21 Sun 10:00 | 15 calendar_day | 2025-10-09 Thu 17:30 | 6 Oct lies in the eight days

# months: the same day of a later month, or that month's last
2024-01-31 Wed 10:00 | 1 month | 2024-02-29 Thu 17:30 | clamped to 29 February
2025-01-31 Fri 10:00 | 1 month | 2025-02-28 Fri 17:30 | clamped to 28
2026-01-31 Sat 10:00 | 1 month | 2026-02-28 Sat 17:30 | clamped, and 28 Feb 2026 is a make-up Saturday
2024-02-29 Thu 10:00 | 12 month | 2025-02-28 Fri 17:30 | no 29 February in 2025
2026-03-31 Tue 10:00 | 1 month | 2026-04-30 Thu 17:30 | April has 30 days
2026-03-30 Mon 10:00 | 1 month | 2026-04-30 Thu 17:30 | April has a 30th: nothing to clamp
2025-12-31 Wed 10:00 | 3 month | 2026-03-31 Tue 17:30 | into the next year, March has a 31st
2024-01-29 Mon 10:00 | 1 month | 2024-02-29 Thu 17:30 | the 29th exists in 2024
2026-08-31 Mon 10:00 | 1 month | 2026-09-30 Wed 17:30 | September too; the eve is worked
2026-04-01 Wed 10:00 | 1 month | 2026-05-06 Wed 17:30 | 1 May moves past Labour Day
2026-01-05 Mon 10:00 | 3 month | 2026-04-07 Tue 17:30 | 5 April is Tomb-sweeping Day
2025-12-03 Wed 10:00 | 1 month | 2026-01-04 Sun 17:30 | 3 January off, make-up Sunday worked
2026-07-01 Wed 10:00 | 3 month | 2026-10-08 Thu 17:30 | 1 October moves past the week
"""

ROWS = [line.split(" | ") for line in GOLDEN.splitlines() if " | " in line]


def instant(text: str) -> datetime:
    """`2026-10-10 Sat 17:30` in Shanghai; the weekday is checked, so that a slip in the table shows."""
    day, weekday, minute = text.split()
    at = datetime.fromisoformat(f"{day}T{minute}").replace(tzinfo=SHANGHAI)
    assert at.strftime("%a") == weekday, text
    return at


@pytest.mark.parametrize(("start", "limit", "due", "why"), ROWS, ids=[f"{row[0]} + {row[1]}" for row in ROWS])
def test_golden(start: str, limit: str, due: str, why: str) -> None:
    answer = due_at(CALENDAR, instant(start), Duration.parse(limit))
    assert answer.at == instant(due), why
    assert answer.at.tzinfo is UTC
    assert not answer.provisional
    assert answer.steps[0].startswith(f"runs from {start}")
    assert answer.steps[-1] == f"due {due}"


def test_the_table_is_long_enough_to_mean_something() -> None:
    assert len(ROWS) >= 75


def test_the_steps_can_be_checked_by_hand() -> None:
    answer = due_at(CALENDAR, instant("2026-09-28 Mon 10:00"), Duration.parse("5 working_day"))
    hours = "open 08:00-12:00 and 14:30-17:30"
    makeup = "make-up workday (调休, National Day 国庆节)"
    assert answer.steps == (
        "runs from 2026-09-28 Mon 10:00 (Asia/Shanghai)",
        "5 working days (工作日), counted from the next day: the day it begins is left out (Civil Code 201)",
        "2026-09-29 Tue to 2026-09-30 Wed: days 1 to 2 of the count, working day",
        "2026-10-01 Thu to 2026-10-07 Wed: not counted, public holiday (National Day 国庆节)",
        "2026-10-08 Thu to 2026-10-09 Fri: days 3 to 4 of the count, working day",
        f"2026-10-10 Sat: day 5 of the count, {makeup}",
        f"2026-10-10 Sat: last day, ends at close of business (Civil Code 203), {makeup}, {hours}",
        "due 2026-10-10 Sat 17:30",
    )


def test_the_steps_of_working_time_show_what_each_day_gave() -> None:
    answer = due_at(CALENDAR, instant("2026-09-30 Wed 17:25"), Duration.parse("15 working_minute"))
    hours = "working day, open 08:00-12:00 and 14:30-17:30"
    assert answer.steps[2:-1] == (
        f"2026-09-30 Wed: 5 min counted, {hours}",
        "2026-10-01 Thu to 2026-10-07 Wed: nothing counted, public holiday (National Day 国庆节)",
        f"2026-10-08 Thu: 10 min counted, {hours}",
    )


def test_a_moved_last_day_says_what_it_moved_over() -> None:
    answer = due_at(CALENDAR, instant("2026-09-23 Wed 10:00"), Duration.parse("2 calendar_day"))
    assert answer.steps[2:4] == (
        "counted out, the last day is 2026-09-25 Fri",
        "2026-09-25 Fri to 2026-09-27 Sun: public holiday (Mid-autumn Festival 中秋); "
        "the last day moves on (Civil Code 203)",
    )


@pytest.mark.parametrize("unit", ["minute", "working_minute", "working_day", "calendar_day", "month"])
def test_a_time_without_its_zone_is_refused(unit: str) -> None:
    with pytest.raises(ValueError, match="aware"):
        due_at(CALENDAR, datetime(2026, 9, 28, 10), Duration.parse(f"1 {unit}"))  # noqa: DTZ001 -- the violation


@pytest.mark.parametrize("unit", ["hour", "working_hour", "working_day", "calendar_day", "month"])
def test_a_due_time_beyond_the_calendar_is_refused_in_words(unit: str) -> None:
    with pytest.raises(ValueError, match="beyond the calendar"):
        due_at(CALENDAR, datetime(9999, 12, 31, 12, tzinfo=UTC), Duration.parse(f"100 {unit}"))


def test_the_zone_of_the_start_does_not_matter_only_the_instant() -> None:
    start = instant("2026-09-28 Mon 23:59")
    assert due_at(CALENDAR, start, Duration.parse("1 working_day")) == due_at(
        CALENDAR, start.astimezone(UTC), Duration.parse("1 working_day")
    )


def test_seconds_are_kept() -> None:
    start = instant("2026-09-28 Mon 10:00") + timedelta(seconds=30)
    answer = due_at(CALENDAR, start, Duration.parse("15 working_minute"))
    assert answer.at == start + timedelta(minutes=15)
    assert answer.steps[-1] == "due 2026-09-28 Mon 10:15:30"


def test_an_office_that_never_closes_ends_the_day_at_midnight() -> None:
    always = CALENDAR.model_copy(update={"office_hours": OfficeHours.model_validate({"week": ["00:00-24:00"]})})
    answer = due_at(always, instant("2026-09-28 Mon 10:00"), Duration.parse("1 working_day"))
    assert answer.at == instant("2026-09-30 Wed 00:00")


def test_where_clocks_are_put_forward_the_hours_that_pass_are_counted() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    calendar = WorkingCalendar(
        timezone=berlin,
        office_hours=OfficeHours.model_validate({"week": ["00:00-24:00"]}),
        extra_workdays=frozenset({date(2026, 3, 29)}),
    )
    start = datetime(2026, 3, 29, 0, 0, tzinfo=berlin)
    answer = due_at(calendar, start, Duration.parse("3 working_hour"))
    assert answer.at == datetime(2026, 3, 29, 4, 0, tzinfo=berlin).astimezone(UTC)
