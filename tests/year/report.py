"""The report of a stretch of time at a centre: what came in, what was done in time, by whom, and what was not."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from tests.support.chaos.books import Books, Recorded

Report = dict[str, Any]


def report_of(books: Books, *, begins: datetime, ends: datetime) -> Report:
    """From the record alone."""
    count = Counter(event.type for event in books.events)
    return {
        "from": begins.date().isoformat(),
        "until": ends.date().isoformat(),
        "cases": {
            "received": count["intake.case.registered"],
            "not_accepted": count["intake.case.not_accepted"],
            "closed": count["intake.case.closed"],
            "open": sum(1 for row in books.cases if row.state not in ("closed", "not_accepted")),
            "joined": count["intake.case.joined"],
            "reopened": count["intake.case.reopened"] + count["dispatch.work_order.reopened"],
        },
        "work_orders": {
            "sent": count["dispatch.work_order.dispatched"],
            "returned": count["dispatch.work_order.returned"],
            "designated": count["dispatch.case.designated"],
            "extended": count["dispatch.deferral.extended"],
            "suspended": count["dispatch.deferral.suspended"],
        },
        "by_stage": _in_time(books, lambda data: data["stage"]),
        "by_unit": _in_time(books, lambda data: data["owes"], only=_units(books)),
        "summonses": _summonses(books, count),
        "surges": [event.data["figures"] | {"highest": event.data["highest"]} for event in _surges(books)],
        "accountability": {
            "supervision_orders": count["escalation.supervision.issued"],
            "appeals": count["escalation.appeal.made"],
            "appeals_granted": count["escalation.appeal.granted"],
            "referrals": count["escalation.referral.proposed"],
            "referred": sum(1 for e in books.of("escalation.referral.decided") if e.data["referred"]),
        },
        "duty": {
            "gaps": Counter(event.data["roster"] for event in books.of("dispatch.duty.gap_found")),
            "handovers": count["dispatch.handover.accepted"],
        },
        "clocks": {
            "armed": count["escalation.clock.armed"],
            "met": sum(1 for e in books.of("escalation.clock.met") if not e.data["late"]),
            "met_late": sum(1 for e in books.of("escalation.clock.met") if e.data["late"]),
            "cancelled": count["escalation.clock.cancelled"],
            "open": sum(1 for row in books.clocks if row.ended_at is None),
            "fired": count["escalation.clock.overdue"],
            "warned": count["escalation.clock.warned"],
        },
        "notices": count["escalation.notice.issued"],
        "events": len(books.events),
    }


def unbalanced(report: Report) -> list[str]:
    """What does not add up, in words."""
    cases, clocks, calls = report["cases"], report["clocks"], report["summonses"]
    ended = clocks["met"] + clocks["met_late"] + clocks["cancelled"]
    pairs = {
        "received = closed + not accepted + open": (
            cases["received"],
            cases["closed"] + cases["not_accepted"] + cases["open"],
        ),
        "armed = met + met late + cancelled + open": (clocks["armed"], ended + clocks["open"]),
        "called = in time + late + not arrived + stood down": (
            calls["units_called"],
            calls["in_time"] + calls["late"] + calls["not_arrived"] + calls["stood_down"],
        ),
    }
    return [f"{words}: {left} and {right}" for words, (left, right) in pairs.items() if left != right]


def as_markdown(report: Report) -> str:
    """To be read by people."""
    cases, calls = report["cases"], report["summonses"]
    lines = [
        f"# {report['from']} to {report['until']}",
        "",
        f"{cases['received']} cases received, {cases['closed']} closed, {cases['not_accepted']} not accepted,"
        f" {cases['open']} open, {cases['joined']} joined, {cases['reopened']} times handled again.",
        "",
        f"{calls['summonses']} summonses, {calls['units_called']} units called: {calls['in_time']} in time,"
        f" {calls['late']} late, {calls['not_arrived']} not arrived, {calls['stood_down']} stood down.",
        "",
        *_table("Stage", report["by_stage"]),
        *_table("Unit", report["by_unit"]),
        f"Surges: {len(report['surges'])}. Gaps in duty: {sum(report['duty']['gaps'].values())}."
        f" Watches handed over: {report['duty']['handovers']}.",
        "",
        f"Supervision orders: {report['accountability']['supervision_orders']}."
        f" Appeals: {report['accountability']['appeals']} ({report['accountability']['appeals_granted']} granted)."
        f" Referrals: {report['accountability']['referrals']} ({report['accountability']['referred']} referred).",
    ]
    return "\n".join(lines) + "\n"


def _table(title: str, rows: Mapping[str, Mapping[str, Any]]) -> list[str]:
    body = [f"| {name} | {row['due']} | {row['in_time']} | {_percent(row)} |" for name, row in rows.items()]
    return [f"| {title} | due | in time | % |", "|---|---|---|---|", *body, ""]


def _percent(row: Mapping[str, Any]) -> str:
    return "n/a" if not row["due"] else f"{100 * row['in_time'] / row['due']:.1f}"


def _in_time(books: Books, key_of: Any, *, only: Iterable[str] | None = None) -> dict[str, dict[str, int]]:
    """Clocks that came to be judged: met, or due by now. One that was cancelled before it was due counts nowhere."""
    rows: defaultdict[str, Counter[str]] = defaultdict(Counter)
    fired = {event.data["clock"] for event in books.of("escalation.clock.overdue")}
    met = {event.data["clock"] for event in books.of("escalation.clock.met")}
    wanted = None if only is None else set(only)
    for event in books.of("escalation.clock.armed"):
        key, clock = key_of(event.data), event.data["clock"]
        if event.data["stage"] == "return" or (wanted is not None and key not in wanted):
            continue
        rows[key]["due"] += clock in met or clock in fired
        rows[key]["in_time"] += clock in met and clock not in fired
    return {key: {"due": row["due"], "in_time": row["in_time"]} for key, row in sorted(rows.items()) if row["due"]}


def _units(books: Books) -> set[str]:
    return {event.data["unit"] for event in books.of("dispatch.work_order.dispatched", "dispatch.summons.unit_called")}


def _surges(books: Books) -> tuple[Recorded, ...]:
    return books.of("dispatch.mode.summarized")


def _summonses(books: Books, count: Counter[str]) -> dict[str, int]:
    """Each unit that was called ends in one way."""
    called = {(e.data["summons_id"], e.data["unit"]): e.data for e in books.of("dispatch.summons.unit_called")}
    arrived = {(e.data["summons_id"], e.data["unit"]): e.data for e in books.of("dispatch.summons.unit_arrived")}
    missing = {(e.data["summons_id"], e.data["unit"]) for e in books.of("dispatch.summons.unit_not_arrived")}
    fired = {e.data["clock"] for e in books.of("escalation.clock.overdue")}
    late = {key for key in arrived if f"arrival:{key[0]}:{key[1]}" in fired}
    came = arrived.keys() | missing
    return {
        "summonses": count["dispatch.summons.approved"],
        "refused": count["dispatch.summons.refused"],
        "units_called": len(called),
        "in_time": len(arrived.keys() - late),
        "late": len(late),
        "not_arrived": len(missing),
        "stood_down": len(called.keys() - came),
    }
