"""The same seed brings the same faults; the bounded runs have every kind of them."""

from collections import Counter

import pytest

from benchmarks.chaos import LEGS, SEEDS, SIZES, settings_of
from tests.support.chaos.fault_plan import LONG, SHORT, Kind, draw_faults


def test_a_seed_can_be_had_again() -> None:
    assert draw_faults(7, 50, LONG) == draw_faults(7, 50, LONG)
    assert draw_faults(7, 50, LONG) != draw_faults(8, 50, LONG)


def test_over_the_seeds_of_the_suite_every_kind_comes() -> None:
    drawn = [fault.kind for seed in SEEDS for fault in draw_faults(seed, SIZES["short"].faults, SHORT)]
    assert set(drawn) == set(Kind)


@pytest.mark.parametrize("seed", range(5))
def test_the_first_deck_has_every_kind_once(seed: int) -> None:
    assert Counter(fault.kind for fault in draw_faults(seed, len(Kind), SHORT)) == dict.fromkeys(Kind, 1)


def test_a_long_run_has_what_was_promised_of_it() -> None:
    legs = [settings_of(SIZES["long"], seed) for seed in LEGS]
    faults = [fault for leg in legs for fault in leg.faults]
    assert sum(len(leg.plan.cases) for leg in legs) == 20_000
    assert len(faults) >= 200
    assert min(Counter(fault.kind for fault in faults).values()) >= 8
    assert all(set(Kind) == {fault.kind for fault in leg.faults} for leg in legs)
    assert all(1 <= fault.seconds <= 30 for fault in faults if fault.kind is Kind.FREEZE)
    assert all(set(leg.copies.values()) == {2} for leg in legs)


def test_what_lasts_in_a_short_run_lasts_seconds() -> None:
    assert max(fault.seconds for fault in draw_faults(1, 40, SHORT)) <= 5
