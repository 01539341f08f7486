"""Nothing that a requester said, or by which one could be known, is in any event or log line."""

import re
from collections.abc import Iterator
from pathlib import Path

from shared.infra.event_record import canonical
from tests.support.chaos.books import Books

OF_REQUESTERS = re.compile("1380000[0-9]{4}|测试[甲乙丙丁戊己庚辛壬癸]{2}")
"""How the invented requesters of the workload are called and called up (`deploy/demo/plan.py`)."""


def nothing_of_a_requester_is_told(books: Books) -> Iterator[str]:
    for event in books.events:
        if OF_REQUESTERS.search(canonical(dict(event.envelope)).decode()):
            yield f"{event.service}: {event.type} {event.event_id} has words of a requester in it"
    yield from (f"{place} has words of a requester in it" for place in books.leaks)


def leaks_in_logs(logs: Path) -> Iterator[str]:
    """Line numbers only: what stands there must not be told again."""
    for file in sorted(logs.glob("*.log")):
        with file.open(encoding="utf-8", errors="replace") as lines:
            for number, line in enumerate(lines, start=1):
                if OF_REQUESTERS.search(line):
                    yield f"line {number} of {file.name}"
