"""Every event and every request there is, by name."""

from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any, TypeVar

from shared.contracts import common, console, dispatch, escalation, intake, notification
from shared.contracts.base import Event, Request

T = TypeVar("T")


def _classes(modules: tuple[ModuleType, ...], base: type[T], mark: str) -> Iterator[type[T]]:
    """Classes that carry their own mark; the bases between them and ours do not."""
    for module in modules:
        for thing in vars(module).values():
            if isinstance(thing, type) and issubclass(thing, base) and mark in vars(thing):
                yield thing


SERVICES = (intake, dispatch, escalation, notification, console)
EVENTS: Mapping[str, type[Event]] = {one.TYPE: one for one in _classes(SERVICES, Event, "TYPE")}
REQUESTS: Mapping[str, type[Request[Any]]] = {one.NAME: one for one in _classes((*SERVICES, common), Request, "NAME")}
