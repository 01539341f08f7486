"""What each event changes in its section of the facts. A section is moved by one chain, so its order is certain."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, get_args

from services.console.policy.board import clock_facts, dispatch_facts, grid_facts, intake_facts

Section = Literal["intake", "dispatch", "clocks", "grid"]
SECTIONS: tuple[Section, ...] = get_args(Section)
Facts = dict[str, Any]
Change = Callable[[Facts, Facts], None]
"""`(facts, data of the event)`: changes the facts in place."""

APPLY: Mapping[str, tuple[Section, Change]] = {
    **{name: ("intake", change) for name, change in intake_facts.CHANGES.items()},
    **{name: ("dispatch", change) for name, change in dispatch_facts.CHANGES.items()},
    **{name: ("clocks", change) for name, change in clock_facts.CHANGES.items()},
    **{name: ("grid", change) for name, change in grid_facts.CHANGES.items()},
}


def apply(event_type: str, facts: Mapping[str, Any], data: Facts) -> Facts:
    """The section's facts after the event; what was given stays as it was."""
    changed = _copied(facts)
    APPLY[event_type][1](changed, data)
    return changed


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copied(one) for key, one in value.items()}  # pyright: ignore[reportUnknownVariableType]
    return value
