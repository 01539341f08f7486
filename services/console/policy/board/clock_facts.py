"""What clocks change: those that run are kept, those that ended are forgotten."""

from collections.abc import Callable, Mapping
from typing import Any

Facts = dict[str, Any]


def _armed(facts: Facts, data: Facts) -> None:
    names = ("stage", "owes", "started_at", "due_at", "provisional")
    facts[data["clock"]] = {**{name: data[name] for name in names}, "state": "running"}


def _recomputed(facts: Facts, data: Facts) -> None:
    if data["clock"] in facts:
        facts[data["clock"]].update({name: data[name] for name in ("due_at", "provisional")})


def _warned(facts: Facts, data: Facts) -> None:
    if data["clock"] in facts:
        facts[data["clock"]]["state"] = "warned"


def _overdue(facts: Facts, data: Facts) -> None:
    if data["clock"] in facts:
        facts[data["clock"]]["state"] = "overdue"


def _ended(facts: Facts, data: Facts) -> None:
    facts.pop(data["clock"], None)


CHANGES: Mapping[str, Callable[[Facts, Facts], None]] = {
    "escalation.clock.armed": _armed,
    "escalation.clock.recomputed": _recomputed,
    "escalation.clock.warned": _warned,
    "escalation.clock.overdue": _overdue,
    "escalation.clock.met": _ended,
    "escalation.clock.cancelled": _ended,
}
