"""平战转换: which rosters answer in the mode the centre is in. Pure; the pack says which stands in for which."""

from collections.abc import Callable, Iterable, Mapping, Set
from typing import TypeVar

R = TypeVar("R")


def answering(
    rosters: Iterable[R], code_of: Callable[[R], str], *, instead: Mapping[str, str], reserved: Set[str]
) -> list[R]:
    """`instead`: which roster answers in the place of which, now; `reserved`: those that answer in a surge only.

    A roster whose stand-in is not there answers on: nobody is on duty by a name alone.
    """
    known = list(rosters)
    there = {code_of(each) for each in known}
    standing_in = set(instead.values())
    silent = {code for code, other in instead.items() if other in there} | (reserved - standing_in)
    return [each for each in known if code_of(each) not in silent]
