"""Several ordinary messages for one post on one channel become one text; a summons never waits for company."""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import TypeVar

from services.notification.policy.timing import BUNDLE_MAX

M = TypeVar("M")


def bundles(messages: Sequence[M], *, staff: Callable[[M], str], urgent: Callable[[M], bool]) -> list[list[M]]:
    """Urgent ones first and each alone, then the others by post, at most BUNDLE_MAX together, in the order given."""
    alone = [[message] for message in messages if urgent(message)]
    ordinary = sorted((message for message in messages if not urgent(message)), key=staff)
    together: list[list[M]] = []
    for _, group in groupby(ordinary, key=staff):
        of_post = list(group)
        together += [of_post[start : start + BUNDLE_MAX] for start in range(0, len(of_post), BUNDLE_MAX)]
    return alone + together
