"""The demo's people keep the office hours of the pack."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from deploy.demo.office import Office
from deploy.packs import default_pack

LOCAL = ZoneInfo("Asia/Shanghai")
OFFICE = Office(default_pack())


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-11-23 09:00", 30, "2026-11-23 09:30"),
        ("2026-11-23 11:50", 20, "2026-11-23 14:40"),
        ("2026-11-23 17:20", 20, "2026-11-24 08:10"),
        ("2026-11-27 17:20", 20, "2026-11-30 08:10"),
        ("2026-11-22 12:00", 0, "2026-11-23 08:00"),
        ("2026-11-23 03:00", 60, "2026-11-23 09:00"),
    ],
)
def test_spans_run_in_office_hours_only(start: str, minutes: int, end: str) -> None:
    found = OFFICE.after(at(start), timedelta(minutes=minutes))
    assert abs(found - at(end)) <= timedelta(seconds=1)


def test_a_morning_is_the_opening_of_a_workday() -> None:
    assert OFFICE.morning(date(2026, 11, 22)) == at("2026-11-23 08:00")
    assert OFFICE.next_morning(at("2026-11-27 09:00")) == at("2026-11-30 08:00")
    assert OFFICE.next_morning(at("2026-11-23 07:59")) == at("2026-11-24 08:00")


def test_office_time_between_two_instants() -> None:
    assert OFFICE.worked_between(at("2026-11-23 11:00"), at("2026-11-23 15:00")) == timedelta(hours=1.5)
    assert OFFICE.worked_between(at("2026-11-23 15:00"), at("2026-11-23 11:00")) == timedelta(0)
