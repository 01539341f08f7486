"""What the grid's verification changes."""

from collections.abc import Callable, Mapping
from typing import Any

Facts = dict[str, Any]


def _assigned(facts: Facts, data: Facts) -> None:
    facts[data["verification_id"]] = {
        "unit": data["unit"],
        "place": data["place"],
        "round": data["round"],
        "outcome": None,
    }


def _recorded(facts: Facts, data: Facts) -> None:
    kept = facts.setdefault(data["verification_id"], {"unit": data["unit"], "place": None, "round": data["round"]})
    kept["outcome"] = data["outcome"]
    kept["verified_by"] = data["verified_by"]


CHANGES: Mapping[str, Callable[[Facts, Facts], None]] = {
    "escalation.verification.assigned": _assigned,
    "escalation.verification.recorded": _recorded,
}
