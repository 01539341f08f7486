"""Where in the YAML files each part of a pack was written."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.centre.errors import Fault

# A path into the pack: ("units", 3, "lead", "contact").
PackPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Locations:
    """Path into the pack -> file and line. Empty for a pack that did not come from files (read back from a store)."""

    lines: Mapping[PackPath, tuple[str, int]] = field(default_factory=dict[PackPath, tuple[str, int]])

    def of(self, *path: str | int) -> tuple[str, int]:
        """The place of `path`, or of the nearest part around it: what is missing has no line of its own."""
        for length in range(len(path), -1, -1):
            found = self.lines.get(path[:length])
            if found is not None:
                return found
        return "(pack)", 0

    def fault(self, *path: str | int, what: str, advice: str) -> Fault:
        file, line = self.of(*path)
        return Fault(file, line, what, advice)
