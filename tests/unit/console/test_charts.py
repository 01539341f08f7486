"""Charts: valid SVG without a word that could act, and with every number readable as text."""

from xml.etree import ElementTree as Xml

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.console.web.charts import TICKS, Bar, Series, bars, heat_of, lines, round_up, sparkline

EVIL = '<script>alert(1)</script>" onload="x'
COUNTS = st.lists(st.integers(0, 5_000), min_size=1, max_size=60)


@settings(deadline=None)
@given(COUNTS)
def test_lines_are_whole_whatever_the_numbers(values: list[int]) -> None:
    drawn = lines("趋势", [str(one) for one in range(len(values))], [Series("受理", "received", values)])
    root = Xml.fromstring(drawn)
    assert root.get("role") == "img"
    assert root.get("aria-label") == "趋势"
    assert "nan" not in drawn


@settings(deadline=None)
@given(st.integers(0, 1_000_000))
def test_the_scale_holds_every_value_in_whole_steps(most: int) -> None:
    top = round_up(most)
    assert top >= most
    assert top % TICKS == 0
    assert top <= max(TICKS, 2 * most + TICKS)


def test_bars_say_their_number_and_lead_to_their_list() -> None:
    drawn = bars(
        "到岗率", [Bar("公安分局", 91.7, "91.7%", "/figures/list?a=1&b=2"), Bar("法院", 0, "0%", tone="low")], most=100
    )
    root = Xml.fromstring(drawn)
    assert root.get("role") == "group", "links in a picture would be hidden"
    assert "91.7%" in "".join(root.itertext())
    assert 'href="/figures/list?a=1&amp;b=2"' in drawn


@pytest.mark.parametrize(
    "drawn",
    [
        bars(EVIL, [Bar(EVIL, 1, EVIL, EVIL, EVIL)]),
        lines(EVIL, [EVIL, EVIL], [Series(EVIL, EVIL, [1, 2])]),
        sparkline(EVIL, [1, 2]),
    ],
)
def test_what_is_named_like_a_script_stays_a_name(drawn: str) -> None:
    root = Xml.fromstring(drawn)
    assert not [one for one in root.iter() if one.tag.endswith("script")]
    assert not [name for one in root.iter() for name in one.attrib if name.startswith("on") or name == "style"]


def test_nothing_is_drawn_of_nothing() -> None:
    assert sparkline("x", [3]) == ""
    assert [heat_of(one) for one in (None, 0.0, 70.0, 90.0, 99.9, 100.0)] == ["none", "0", "1", "2", "3", "4"]
