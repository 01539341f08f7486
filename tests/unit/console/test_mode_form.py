"""What a typed end of a surge amounts to, before anything is switched."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from starlette.datastructures import FormData

from services.console.web.pages.mode import fields_of, span_of, until_of

ZONE = ZoneInfo("Asia/Shanghai")


def test_the_end_is_local_time_of_the_centre() -> None:
    until = until_of(FormData({"until": "2026-12-01T18:00"}), ZONE)
    assert until == datetime(2026, 12, 1, 18, tzinfo=ZONE)
    assert until_of(FormData({"until": "明天"}), ZONE) == "明天", "left for the request to refuse"
    assert until_of(FormData({}), ZONE) is None


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(days=2, hours=3, minutes=4), (2, 3, 4)),
        (timedelta(minutes=1), (0, 0, 1)),
        (timedelta(seconds=59), None),
        (timedelta(days=-1), None),
    ],
)
def test_a_span_in_words_or_past(span: timedelta, words: tuple[int, int, int] | None) -> None:
    assert span_of(span) == words


def test_ending_needs_no_end_and_each_act_says_which_period_was_seen() -> None:
    form = FormData(
        {"until": "2026-12-01T18:00", "reason": "汛情", "level": "II", "measures": "micro-grids", "seen": "3"}
    )
    assert fields_of("end", form, ZONE) == {"reason": "汛情", "seen": "3"}
    assert set(fields_of("prolong", form, ZONE)) == {"reason", "seen", "expected_end"}
    assert fields_of("switch", form, ZONE)["measures"] == ["micro-grids"]
