"""A month over the Spring Festival, with its make-up workdays and a surge: nothing due is missed, the books balance."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from deploy.embedded.running import ServerAddresses
from services.escalation.model import Clock
from shared.calendar.working import DayBook, day_book
from tests.year import live as living
from tests.year import oracle
from tests.year.report import as_markdown, unbalanced

BEGINS, ENDS, SURGE_ON = date(2026, 2, 9), date(2026, 3, 9), date(2026, 2, 25)
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


async def lived(addresses: ServerAddresses, data_root: Path, *, days: int | None = None) -> living.Lived:
    ends = ENDS if days is None else BEGINS + timedelta(days=days)
    return await living.live(
        addresses,
        data_root / "month.keys",
        begins=BEGINS,
        ends=ends,
        cases_a_day=1.5,
        seed=7,
        surge_on=SURGE_ON if days is None else None,
    )


async def test_a_month_over_the_spring_festival(addresses: ServerAddresses, data_root: Path) -> None:
    month = await lived(addresses, data_root)
    assert month.faults == []
    assert month.clocks.faults == []
    assert month.clocks.across["Spring Festival 2026"] > 10
    assert month.clocks.counted > 100
    assert month.clocks.fired > 10
    report = month.report
    assert report["cases"]["received"] > 20
    assert report["cases"]["closed"] > 5
    assert len(report["surges"]) == 1
    assert report["duty"]["handovers"] >= 3
    assert "| report_back |" in as_markdown(report)


@pytest.fixture
def days_anew() -> Iterator[None]:
    """What is known of a day is worked out once: forgotten here before and after."""
    day_book.cache_clear()
    yield
    day_book.cache_clear()


async def test_a_clock_that_is_late_is_seen(
    addresses: ServerAddresses, data_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: every clock believes it is a minute later than it is."""
    true = Clock.advance
    monkeypatch.setattr(Clock, "advance", lambda self, now: true(self, now + timedelta(seconds=61)))
    days = await lived(addresses, data_root, days=3)
    assert any("and fired" in words for words in days.clocks.faults)


@pytest.mark.usefixtures("days_anew")
async def test_a_holiday_that_is_worked_through_is_seen(
    addresses: ServerAddresses, data_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: the product knows Saturdays and Sundays and no festival."""
    monkeypatch.setattr(DayBook, "_verdict", lambda self, day: (day.weekday() < 5, "a day like any other", True))
    days = await lived(addresses, data_root, days=3)
    assert any("is due" in words for words in days.clocks.faults)


def test_books_that_do_not_balance_are_seen() -> None:
    """Planted: a case that is neither open nor closed, a clock without an end, a called unit nobody counted."""
    sound: dict[str, Any] = {
        "cases": {"received": 3, "closed": 1, "not_accepted": 1, "open": 1},
        "clocks": {"armed": 4, "met": 1, "met_late": 1, "cancelled": 1, "open": 1},
        "summonses": {"units_called": 4, "in_time": 1, "late": 1, "not_arrived": 1, "stood_down": 1},
    }
    assert unbalanced(sound) == []
    for part, field in (("cases", "closed"), ("clocks", "met"), ("summonses", "late")):
        wrong = {**sound, part: {**sound[part], field: 0}}
        assert len(unbalanced(wrong)) == 1


def test_the_oracle_knows_the_festivals() -> None:
    """By the notices of the State Council for 2025 and 2026."""
    at = datetime(2026, 2, 13, 9, tzinfo=oracle.ZONE)  # Friday; Saturday the 14th is worked, then nine days off
    assert oracle.due(at, "1 working_day") == datetime(2026, 2, 14, 17, 30, tzinfo=oracle.ZONE)
    assert oracle.due(at, "2 working_day") == datetime(2026, 2, 24, 17, 30, tzinfo=oracle.ZONE)
    assert oracle.due(at, "3 calendar_day") == datetime(2026, 2, 24, 17, 30, tzinfo=oracle.ZONE)
    evening = datetime(2025, 9, 30, 17, 20, tzinfo=oracle.ZONE)  # ten minutes before National Day and Mid-Autumn
    assert oracle.due(evening, "15 working_minute") == datetime(2025, 10, 9, 8, 5, tzinfo=oracle.ZONE)
    assert oracle.due(evening, "20 minute") == datetime(2025, 9, 30, 17, 40, tzinfo=oracle.ZONE)
