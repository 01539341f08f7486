"""What every actor of the demo is: somebody who looks at a list now and then, and puts what is new on the agenda."""

from collections.abc import Hashable, Mapping
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")
LIST_MAX = 1000


class Actor(Protocol):
    """`look` returns how many new things it found; None where the service did not answer."""

    async def look(self) -> int | None: ...


class Fresh(Generic[T]):
    """What a list shows for the first time. What left the list and comes back is new again."""

    def __init__(self) -> None:
        self._seen: set[Hashable] = set()

    def of(self, shown: Mapping[Hashable, T]) -> list[T]:
        new = [item for key, item in shown.items() if key not in self._seen]
        self._seen = set(shown)
        return new
