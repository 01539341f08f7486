"""Drawing lots: everything the demo leaves to chance comes from a seed, so that a day can be had again."""

from collections.abc import Mapping
from datetime import timedelta
from random import Random
from typing import TypeVar

T = TypeVar("T")


def dice_for(*names: object) -> Random:
    """Its own lots for each purpose: drawing more for one leaves the others as they were."""
    return Random("/".join(map(str, names)))  # noqa: S311 - a simulation, nothing is kept secret by it


def minutes(dice: Random, low: float, high: float) -> timedelta:
    return timedelta(seconds=round(dice.uniform(low, high) * 60))


def weighted(dice: Random, weights: Mapping[T, int]) -> T:
    return dice.choices(tuple(weights), tuple(weights.values()))[0]
