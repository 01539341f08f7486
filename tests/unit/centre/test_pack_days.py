"""Office hours with seasons, local days with reasons and townships: what the pack's calendars make of them."""

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from shared.calendar import Duration, Style, Unit, WorkingCalendar, due_at
from shared.calendar.working import day_book
from shared.centre.load import load_pack
from shared.centre.pack import CentrePack
from shared.centre.working_time import calendar_of, duration_of, moment_of

Plant = Callable[[str, str, str], Path]
SHANGHAI = ZoneInfo("Asia/Shanghai")
OWN = """\
closures:
  - {from: 2026-07-14, reason: 台风停工}
  - {from: 2026-07-15, to: 2026-07-16, reason: 镇区停水, townships: [west]}
openings:
  - {from: 2026-07-18, reason: 补班, townships: [west]}
directors: [labour, police]
"""
SEASON = """\
    - {opens: "14:30", closes: "17:30"}
  weekdays: {friday: [{opens: "08:00", closes: "12:00"}]}
  seasons:
    - {from: "11-01", to: "02-29", sessions: [{opens: "08:30", closes: "17:00"}]}
"""


@pytest.fixture
def own(plant: Plant) -> CentrePack:
    plant("centre.yaml", '    - {opens: "14:30", closes: "17:30"}\n', SEASON)
    return load_pack(plant("centre.yaml", "directors: [labour, police]\n", OWN))


def why(calendar: WorkingCalendar, *day: int) -> tuple[bool, str]:
    found = day_book(calendar).day(date(*day))
    return found.works, found.why


def closes(calendar: WorkingCalendar, *day: int) -> str:
    return f"{day_book(calendar).day(date(*day)).closes_at.astimezone(SHANGHAI):%H:%M}"


def test_hours_of_seasons_and_weekdays(own: CentrePack) -> None:
    calendar = calendar_of(own)
    assert closes(calendar, 2026, 10, 29) == "17:30"
    assert closes(calendar, 2026, 10, 30) == "12:00", "a Friday"
    assert closes(calendar, 2026, 11, 2) == "17:00"
    assert closes(calendar, 2026, 12, 31) == "17:00"
    assert closes(calendar, 2027, 2, 26) == "17:00", "over New Year, and the season has no Fridays of its own"
    assert closes(calendar, 2027, 3, 1) == "17:30"


def test_local_days_say_why(own: CentrePack) -> None:
    assert why(calendar_of(own), 2026, 7, 14) == (False, "closed by the centre's own list (台风停工)")
    assert why(calendar_of(own), 2026, 7, 15) == (True, "working day")
    assert why(calendar_of(own, "west"), 2026, 7, 16) == (False, "closed by the centre's own list (镇区停水)")
    assert why(calendar_of(own, "west"), 2026, 7, 18) == (True, "working day by the centre's own list (补班)")
    assert why(calendar_of(own), 2025, 3, 3) == (False, "closed by the centre's own list"), "the plain list still works"
    answer = due_at(calendar_of(own), datetime(2026, 7, 13, 10, tzinfo=SHANGHAI), Duration.parse("1 working_day"))
    assert "2026-07-14 Tue: not counted, closed by the centre's own list (台风停工)" in answer.steps


def test_a_township_s_days_hold_in_its_grids_and_nowhere_else(own: CentrePack) -> None:
    centre, west = calendar_of(own), calendar_of(own, "west")
    assert west != centre
    assert calendar_of(own, "west.g1") is west
    assert calendar_of(own, "west") is west
    assert calendar_of(own, "east") is centre
    assert calendar_of(own, "east.g1") is centre
    assert calendar_of(own, "nowhere") is centre
    assert calendar_of(own, None) is centre
    assert why(west, 2026, 7, 14)[0] is False, "the centre's closure holds there too"
    assert own.days is day_book(centre)


def test_a_township_may_work_while_its_centre_is_closed(plant: Plant) -> None:
    text = OWN.replace("2026-07-18", "2026-07-14")
    pack = load_pack(plant("centre.yaml", "directors: [labour, police]\n", text))
    assert why(calendar_of(pack), 2026, 7, 14)[0] is False
    assert why(calendar_of(pack, "west"), 2026, 7, 14) == (True, "working day by the centre's own list (补班)")


def test_rules_by_workdays_see_the_closure(own: CentrePack) -> None:
    closed = moment_of(own, datetime(2026, 7, 14, 10, tzinfo=SHANGHAI))
    assert (closed.works, closed.worked_before) == (False, True)


def test_equal_packs_have_the_very_same_calendars(own: CentrePack) -> None:
    kept = CentrePack.model_validate_json(json.dumps(own.model_dump(mode="json")), strict=True)
    assert kept == own
    assert kept.version == own.version
    assert calendar_of(kept) is calendar_of(own)
    assert calendar_of(kept, "west") is calendar_of(own, "west")
    moved = own.model_copy(update={"closures": ()})
    assert why(calendar_of(moved), 2026, 7, 14)[0] is True
    assert why(calendar_of(moved, "west"), 2026, 7, 16)[0] is True, "the copy brings no calendar of a township along"


def test_a_pack_without_the_new_fields_keeps_its_version(small: CentrePack) -> None:
    """Versions of packs in force must not move: running cases name theirs."""
    written = small.model_dump(mode="json", exclude_defaults=True)
    assert written["office_hours"].keys() == {"sessions"}
    assert written.keys().isdisjoint({"closures", "openings", "holiday_years"})
    assert all("style" not in limit for limit in written["limits"])


def test_a_limit_may_count_elapsed(plant: Plant) -> None:
    pack = load_pack(plant("limits.yaml", "unit: calendar_day,", "unit: calendar_day, style: elapsed,"))
    limit = next(each for each in pack.limits if each.style == "elapsed")
    assert duration_of(limit) == Duration(30, Unit.CALENDAR_DAY, Style.ELAPSED)
    plain = next(each for each in pack.limits if each.style == "statute")
    assert duration_of(plain).style is Style.STATUTE
