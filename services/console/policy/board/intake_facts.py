"""What the first receiver's events change."""

from collections.abc import Callable, Mapping
from typing import Any

Facts = dict[str, Any]


def _registered(facts: Facts, data: Facts) -> None:
    for name in ("source", "category", "place", "level", "flags", "window", "owner", "registered_at", "received_at"):
        facts[name] = data[name]
    facts["state"] = "registered"


def _accepted(facts: Facts, data: Facts) -> None:
    for name in ("category", "place", "level", "flags", "owner"):
        facts[name] = data[name]
    facts["state"], facts["mode"], facts["round"] = "handling", data["handling_mode"], 1


def _corrected(facts: Facts, data: Facts) -> None:
    for name in ("category", "place", "level", "flags"):
        facts[name] = data[name]


def _not_accepted(facts: Facts, data: Facts) -> None:
    facts["state"] = "not_accepted"


def _handled(facts: Facts, data: Facts) -> None:
    facts["state"] = "to_follow_up"


def _followed_up(facts: Facts, data: Facts) -> None:
    facts["attempts"] = data["attempt"]
    if data["contacted"]:
        facts["state"] = "to_explain" if data.get("leads_to") == "to_explain" else "followed_up"


def _explained(facts: Facts, data: Facts) -> None:
    facts["state"] = "followed_up"


def _reopened(facts: Facts, data: Facts) -> None:
    facts["state"], facts["mode"], facts["round"] = "handling", data["handling_mode"], data["round"]
    facts["attempts"] = 0


def _closed(facts: Facts, data: Facts) -> None:
    facts["state"] = "closed"


def _joined(facts: Facts, data: Facts) -> None:
    """From here on the work is done in the leading case; this one waits for its end."""
    facts["state"], facts["leader"] = "joined", data["leader"]


def _split(facts: Facts, data: Facts) -> None:
    for name in ("category", "place", "level", "flags", "owner"):
        facts[name] = data[name]
    facts["state"], facts["mode"], facts["leader"] = "handling", data["handling_mode"], None


def _leader_solved(facts: Facts, data: Facts) -> None:
    facts["state"] = "to_follow_up"


def _leader_reopened(facts: Facts, data: Facts) -> None:
    facts["state"] = "joined"


CHANGES: Mapping[str, Callable[[Facts, Facts], None]] = {
    "intake.case.registered": _registered,
    "intake.case.accepted": _accepted,
    "intake.case.corrected": _corrected,
    "intake.case.not_accepted": _not_accepted,
    "intake.case.handled": _handled,
    "intake.case.followed_up": _followed_up,
    "intake.case.explained": _explained,
    "intake.case.reopened": _reopened,
    "intake.case.closed": _closed,
    "intake.case.joined": _joined,
    "intake.case.split": _split,
    "intake.case.leader_solved": _leader_solved,
    "intake.case.leader_reopened": _leader_reopened,
}
