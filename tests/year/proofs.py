"""What a year has to prove of its clocks: each due when counted by hand, each fired at that instant, none missed."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from shared.contracts.escalation import ClockArmed, ClockOverdue, ClockWarned
from tests.support.chaos.books import Books, ClockRow, Recorded
from tests.year import oracle

Festival = tuple[date, date]
FESTIVALS: Mapping[str, Festival] = {
    "National Day 2025": (date(2025, 10, 1), date(2025, 10, 8)),
    "New Year 2026": (date(2026, 1, 1), date(2026, 1, 3)),
    "Spring Festival 2026": (date(2026, 2, 15), date(2026, 2, 23)),
    "Labour Day 2026": (date(2026, 5, 1), date(2026, 5, 5)),
}
A_RIGHT = "return"


@dataclass
class ClockProof:
    """`counted`: due times that were counted again by hand; `moved`: those a surge or a resumption gave other terms."""

    faults: list[str] = field(default_factory=list)
    armed: int = 0
    counted: int = 0
    extended: int = 0
    moved: Counter[str] = field(default_factory=Counter)
    fired: int = 0
    warned: int = 0
    by_unit_of_time: Counter[str] = field(default_factory=Counter)
    across: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FESTIVALS, 0))


def prove_clocks(books: Books) -> ClockProof:
    proof = ClockProof()
    extensions = _extensions(books)
    told = {event.data["clock"]: event for event in books.of(ClockArmed.TYPE)}
    lapses = {f"deferral:{e.data['deferral_id']}": e.data["lapses_at"] for e in books.of("dispatch.deferral.asked")}
    for key, event in told.items():
        proof.armed += 1
        _count(proof, key, event.data, extensions, lapses, told)
    proof.faults += _fired_on_the_dot(proof, books, told)
    proof.faults += _warned_on_the_dot(proof, books)
    return proof


def _count(
    proof: ClockProof,
    key: str,
    data: Mapping[str, Any],
    extensions: Mapping[str, Recorded],
    lapses: Mapping[str, str],
    told: Mapping[str, Recorded],
) -> None:
    starts, ends = _at(data["started_at"]), _at(data["due_at"])
    if data["replaces"] is not None and key in extensions:
        by = extensions[key].data
        wanted = oracle.extended(_at(by["due_at"]), by["days"])
        proof.extended += 1
    elif data["replaces"] is not None or "平战转换" in data["limit_source"] or key.startswith("promise"):
        proof.moved[data["stage"]] += 1
        return
    else:
        wanted = oracle.due(starts, data["limit"])
        proof.counted += 1
        proof.by_unit_of_time[data["limit"].split()[1]] += 1
    wanted = min(wanted, _at(lapses[key])) if key in lapses else wanted
    if wanted != ends:
        proof.faults.append(f"clock {key}: {data['limit']} from {starts} is due {wanted}, not {ends}")
    for name, (first, last) in FESTIVALS.items():
        proof.across[name] += oracle.straddles(starts, ends, first, last)


def _extensions(books: Books) -> dict[str, Recorded]:
    """By the key of the clock that runs from then on."""
    found: dict[str, Recorded] = {}
    for event in books.of("dispatch.deferral.extended"):
        data = event.data
        found[f"report_back:{data['work_order_id']}:{data['round']}:x{data['number']}"] = event
    return found


def _fired_on_the_dot(proof: ClockProof, books: Books, told: Mapping[str, Recorded]) -> Iterator[str]:
    rows: Mapping[str, ClockRow] = {row.key: row for row in books.clocks}
    fired: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for event in books.of(ClockOverdue.TYPE):
        fired[event.data["clock"]].append(event.data)
    for key, row in rows.items():
        proof.fired += len(fired[key])
        late_start = _at(told[key].data["armed_at"]) > row.due_at
        for one in fired[key]:
            if _at(one["fired_at"]) != row.due_at and not late_start:
                yield f"clock {key} was due {row.due_at} and fired {one['fired_at']}"
        lapsed = row.ended_at == row.due_at and row.reason == "lapsed"  # nobody decided until the last moment
        open_then = row.ended_at is None or row.ended_at > row.due_at or lapsed
        wanted = int(row.stage != A_RIGHT and open_then and row.due_at <= books.at)
        if len(fired[key]) != wanted and not late_start:
            yield f"clock {key} was due {row.due_at}, ended {row.ended_at} and fired {len(fired[key])} times"


def _warned_on_the_dot(proof: ClockProof, books: Books) -> Iterator[str]:
    for event in books.of(ClockWarned.TYPE):
        proof.warned += 1
        if event.data["late_s"]:
            yield f"clock {event.data['clock']} warned {event.data['late_s']} s late"


def _at(told: str) -> datetime:
    return datetime.fromisoformat(told)
