"""One clock for several processes: what its driver does to it, all of them see."""

from datetime import timedelta
from pathlib import Path

from tests.support.chaos.shared_clock import SharedClock
from tests.support.times import MONDAY_MORNING

A_MOMENT = timedelta(minutes=2)


def test_two_processes_agree(tmp_path: Path) -> None:
    driver = SharedClock.make(tmp_path / "clock", MONDAY_MORNING, 10.0)
    other = SharedClock(tmp_path / "clock")
    assert abs(driver.now() - other.now()) < A_MOMENT
    assert other.real_seconds(timedelta(seconds=100)) == 10.0


def test_a_leap_reaches_everybody(tmp_path: Path) -> None:
    driver = SharedClock.make(tmp_path / "clock", MONDAY_MORNING, 10.0)
    other = SharedClock(tmp_path / "clock")
    driver.skip_to(MONDAY_MORNING + timedelta(days=1))
    assert timedelta(0) <= other.now() - (MONDAY_MORNING + timedelta(days=1)) < A_MOMENT
    assert other.changes == 1


def test_a_leap_never_goes_back(tmp_path: Path) -> None:
    driver = SharedClock.make(tmp_path / "clock", MONDAY_MORNING, 10.0)
    driver.skip_to(MONDAY_MORNING - timedelta(days=1))
    assert driver.now() >= MONDAY_MORNING


def test_a_clock_that_stands_stands_for_all(tmp_path: Path) -> None:
    driver = SharedClock.make(tmp_path / "clock", MONDAY_MORNING, 1_000_000.0)
    other = SharedClock(tmp_path / "clock")
    driver.stand()
    before = other.now()
    assert other.now() - before < timedelta(milliseconds=1)
    assert driver.now() - before < timedelta(milliseconds=1)


def test_its_speed_may_change_on_the_way(tmp_path: Path) -> None:
    driver = SharedClock.make(tmp_path / "clock", MONDAY_MORNING, 10.0)
    other = SharedClock(tmp_path / "clock")
    driver.run_at(20.0)
    assert timedelta(0) <= other.now() - MONDAY_MORNING < A_MOMENT
    assert other.real_seconds(timedelta(seconds=100)) == 5.0
