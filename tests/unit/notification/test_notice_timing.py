"""Waits, deadlines, rates, bundles and masks."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notification.policy.bundling import bundles
from services.notification.policy.masking import masked
from services.notification.policy.timing import (
    BUNDLE_MAX,
    ORDINARY,
    RATE_WINDOW,
    URGENT,
    Patience,
    free_again,
    furthest_try,
    patience,
    wait_before,
)

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


@pytest.mark.parametrize(("number", "expected"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 15), (50, 15)])
def test_waits_double_up_to_the_longest(number: int, expected: int) -> None:
    assert wait_before(number, URGENT, chance=0.5) == seconds(expected)


@pytest.mark.parametrize(("asked", "expected"), [(None, 5), (0.5, 5), (60, 60), (-9, 5), (86_400, 375)])
def test_what_the_channel_asks_for_is_kept_within_reason(asked: float | None, expected: float) -> None:
    assert wait_before(1, ORDINARY, chance=0.5, asked_s=asked) == seconds(expected)


@given(number=st.integers(1, 10_000), chance=st.floats(0, 1), asked=st.none() | st.floats(0, 1e7), urgent=st.booleans())
def test_no_wait_is_longer_than_what_a_clock_set_back_is_told_by(
    number: int, chance: float, asked: float | None, urgent: bool
) -> None:
    wait = wait_before(number, patience(urgent=urgent), chance=chance, asked_s=asked)
    assert seconds(0) < wait < furthest_try(urgent=urgent)


@pytest.mark.parametrize("terms", [URGENT, ORDINARY])
def test_a_channel_is_tried_several_times_before_the_next(terms: Patience) -> None:
    waited, tries = seconds(0), 1
    while waited < terms.deadline:
        waited += wait_before(tries, terms, chance=0.5)
        tries += 1
    assert 4 <= tries <= terms.tries_max


def test_an_address_takes_so_many_a_minute() -> None:
    taken = [NOW - seconds(50 - number) for number in range(20)]
    assert free_again(taken[:19], 20, now=NOW) == NOW
    assert free_again(taken, 20, now=NOW) > taken[0] + RATE_WINDOW
    later = free_again([*taken, NOW], 20, now=NOW)
    assert taken[1] + RATE_WINDOW < later < taken[2] + RATE_WINDOW


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=80))
def test_bundles_lose_nothing_and_leave_the_urgent_alone(messages: list[tuple[str, bool]]) -> None:
    numbered = [(number, staff, urgent) for number, (staff, urgent) in enumerate(messages)]
    groups = bundles(numbered, staff=lambda one: one[1], urgent=lambda one: one[2])
    assert sorted(one for group in groups for one in group) == numbered
    firsts = [group[0][2] for group in groups]
    assert firsts == sorted(firsts, reverse=True), "urgent ones first"
    for group in groups:
        assert len({staff for _, staff, _ in group}) == 1
        assert len(group) <= BUNDLE_MAX
        assert len(group) == 1 or not any(urgent for *_, urgent in group)


@pytest.mark.parametrize("address", ["", "a", "abc", "13800001234", "li@unit.example", "https://host/robot?key=1234"])
def test_a_masked_address_shows_a_third_at_most(address: str) -> None:
    shown = masked(address).replace("***", "")
    assert len(shown) <= len(address) / 3
    assert address.startswith(masked(address).split("***")[0])
