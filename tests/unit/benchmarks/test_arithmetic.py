"""What is counted of measurements adds up."""

import pytest

from benchmarks.arithmetic import judged, last_to_first, median_of, percentiles


def test_a_percentile_is_a_value_that_was_measured() -> None:
    assert percentiles([float(number) for number in range(100, 0, -1)]) == {"p50": 51.0, "p95": 96.0, "p99": 100.0}
    assert percentiles([3.14159], digits=2) == {"p50": 3.14, "p95": 3.14, "p99": 3.14}
    assert percentiles([]) == {}


def test_the_last_ten_are_set_against_the_first_ten() -> None:
    assert last_to_first([100.0] * 10 + [500.0] * 40 + [120.0] * 10) == 1.2
    assert last_to_first([10.0, 10.0, 20.0, 20.0]) == 2.0, "a short series: its halves"
    assert last_to_first([10.0, 99.0, 20.0]) == 2.0, "the minute in the middle belongs to neither"


def test_one_minute_that_stands_out_is_no_rise() -> None:
    assert last_to_first([10.0] * 19 + [1_000.0]) == 1.0


@pytest.mark.parametrize("series", [[], [5.0], [0.0, 5.0]])
def test_where_nothing_can_be_compared_nothing_is_called_flat(series: list[float]) -> None:
    assert last_to_first(series) is None
    assert judged({"one": series}) == {"one": {"last_to_first": None, "flat": False}}


def test_flat_is_at_most_a_tenth_more() -> None:
    found = judged({"flat": [10.0, 11.0], "risen": [10.0, 11.2]})
    assert [one["flat"] for one in found.values()] == [True, False]


def test_several_runs_give_the_median_of_each_figure() -> None:
    runs = [
        {"cases": 500, "rate": {"p50": 3.0, "of": "x"}, "wanted": True},
        {"cases": 500, "rate": {"p50": 1.0, "of": "y"}, "wanted": True},
        {"cases": 500, "rate": {"p50": 2.0, "of": "z"}, "wanted": True, "more": 1},
    ]
    assert median_of(runs) == {"cases": 500, "rate": {"p50": 2.0, "of": "x"}, "wanted": True}
    assert median_of([1, 2]) == 1.5
    assert median_of(runs[:1]) == runs[0]
