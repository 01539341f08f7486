"""When a finding was made that had to wait for a network: the centre's time as the page counted it."""

from datetime import UTC, datetime

import pytest

from services.console.web.pages.grid import found_at


def test_what_waited_is_told_with_its_own_time() -> None:
    at = datetime(2026, 11, 30, 1, tzinfo=UTC)
    assert found_at(str(int(at.timestamp() * 1000))) == at


@pytest.mark.parametrize("told", ["", "nan", "soon", "9" * 40])
def test_what_is_no_time_is_told_as_now(told: str) -> None:
    assert found_at(told) is None
