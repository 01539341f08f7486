"""README's table "how fast, how safe", made from the result files: `python -m benchmarks.table` writes it anew.

A figure is only ever what a result file says; one that was not measured is said not to be. What is short of what was
wanted says so, and `benchmarks/README.md` gives the reason.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.contracts.subjects import EVERY_SERVICE

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
README = ROOT / "README.md"
SECTION = re.compile(r"(<!-- figures -->\n).*?(\n<!-- /figures -->)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Bound:
    """What one figure, named by its place in the result, is to be at least or at most."""

    figure: str
    least: float = float("-inf")
    most: float = float("inf")

    def is_met(self, figures: Mapping[str, Any]) -> bool:
        return self.least <= float(f"{{{self.figure}}}".format(**figures)) <= self.most


@dataclass(frozen=True, slots=True)
class Line:
    """`says` is filled from a result's figures, by their places in it; `bounds` is what was `wanted`, in numbers."""

    what: str
    result: str
    wanted: str
    says: str
    bounds: tuple[Bound, ...] = ()

    def verdict(self, figures: Mapping[str, Any]) -> str:
        """Nothing where nothing was wanted but to know."""
        if not self.bounds:
            return ""
        return "met" if all(bound.is_met(figures) for bound in self.bounds) else SHORT


SHORT, AGAIN = "**short**", "to be measured again"


LINES = (
    Line(
        "fresh clone to the first routed case, `make run`",
        "fresh_clone",
        "120 s",
        "{fresh_clone_to_first_routed_case_s} s",
        (Bound("fresh_clone_to_first_routed_case_s", most=120),),
    ),
    Line(
        "a second start",
        "starting",
        "8 s",
        "{second_start_s[median]} s",
        (Bound("second_start_s[median]", most=8),),
    ),
    Line(
        "everything idle: memory of all processes",
        "memory",
        "450 MB",
        "{pss_mb} MB",
        (Bound("pss_mb", most=450),),
    ),
    Line(
        "registered, routed, clocks armed, durable (a flood)",
        "throughput",
        "1,000 cases/s",
        "{closed_loop[armed_per_s]} cases/s, {ratio_to[skeleton_armed_per_s]} of a chain without a domain",
        (Bound("closed_loop[armed_per_s]", least=1_000),),
    ),
    Line(
        "registration to armed clock, 300 a second",
        "throughput",
        "p50 20 ms, p99 120 ms",
        "p50 {paced[registered_to_armed_ms][p50]} ms, p99 {paced[registered_to_armed_ms][p99]} ms;"
        " {paced[entered_per_s]} a second came in",
        (Bound("paced[registered_to_armed_ms][p50]", most=20), Bound("paced[registered_to_armed_ms][p99]", most=120)),
    ),
    Line(
        "a second copy of every service: what a case takes, against one",
        "copies",
        "1.2 times",
        "p50 {two_to_one[p50]} times, p99 {two_to_one[p99]} times, CPU {two_to_one[cpu]} times at {rate_per_s:.0f}/s",
        (Bound("two_to_one[p50]", most=1.2), Bound("two_to_one[p99]", most=1.2), Bound("two_to_one[cpu]", most=1.2)),
    ),
    Line(
        "10,000 clocks due in one second, two copies",
        "clocks",
        "each once, p99 1 s",
        "{due_together[fired]:,} fired, {due_together[fired_twice]} twice, p99 {due_together[late_ms][p99]} ms",
        (
            Bound("due_together[fired]", least=10_000),
            Bound("due_together[fired_twice]", most=0),
            Bound("due_together[late_ms][p99]", most=1_000),
        ),
    ),
    Line(
        "a lone clock",
        "clocks",
        "p99 50 ms",
        "p50 {alone[late_ms][p50]} ms, worst of 40 {alone[late_ms][max]} ms",
        (Bound("alone[late_ms][p99]", most=50),),
    ),
    Line(
        "10,000 clocks due at once, against the alternatives",
        "clocks",
        "reported",
        "APScheduler's job store {ratio_of_p99[apscheduler_sqlalchemy_jobstore]} times as late,"
        " procrastinate {ratio_of_p99[procrastinate]} times",
    ),
    Line(
        "the queue with 1,000,000 cases in history, 5,000 open",
        "history",
        "p99 10 ms",
        "p99 {query_ms[director][p99]} ms, a unit's inbox {query_ms[unit][p99]} ms, a grid's {query_ms[grid][p99]} ms;"
        " read and made into {queue_of_the_director_ms[rows]:,} rows {queue_of_the_director_ms[p99]} ms",
        (
            Bound("query_ms[director][p99]", most=10),
            Bound("query_ms[unit][p99]", most=10),
            Bound("query_ms[grid][p99]", most=10),
        ),
    ),
    Line(
        "the read model made anew from events",
        "replay",
        "20,000 events/s",
        "{rebuild[rebuild_events_per_s]:,} events/s of {rebuild[events]:,}",
        (Bound("rebuild[rebuild_events_per_s]", least=20_000),),
    ),
    Line(
        "a case's cost with many in history, against 10,000",
        "growth",
        "1.2 times at 1,000,000",
        "CPU {many_to_few[cpu_ms_per_case]} times, time {many_to_few[ms_per_case]} times at {at_many[history]:,}",
        (
            Bound("many_to_few[cpu_ms_per_case]", most=1.2),
            Bound("many_to_few[ms_per_case]", most=1.2),
            Bound("at_many[history]", least=1_000_000),
        ),
    ),
    Line(
        "a steady flood: memory, p50 and p99, last ten minutes against the first",
        "soak",
        "1.1 times",
        "{slope[pss_mb][last_to_first]}, {slope[p50_ms][last_to_first]}, {slope[p99_ms][last_to_first]} times"
        " in {minutes} minutes; memory of escalation {slope[pss_mb of escalation][last_to_first]} times,"
        " of the console {slope[pss_mb of console][last_to_first]}",
        (
            Bound("slope[pss_mb][last_to_first]", most=1.1),
            *(Bound(f"slope[pss_mb of {service}][last_to_first]", most=1.1) for service in EVERY_SERVICE),
            Bound("slope[p50_ms][last_to_first]", most=1.1),
            Bound("slope[p99_ms][last_to_first]", most=1.1),
            Bound("minutes", least=60),
        ),
    ),
    Line(
        "killed at work",
        "kills",
        "missed 0, double 0; 5 s",
        "{processes_and_connections_ended} kills, {cases:,} cases: missed {missed}, double {double};"
        " slowest recovery {felt_s[max]} s",
        (Bound("missed", most=0), Bound("double", most=0), Bound("felt_s[max]", most=5)),
    ),
    Line(
        "everything goes wrong at work",
        "chaos",
        "200 faults, 20,000 cases: lost 0, missed 0, double 0, broken 0; 5 s",
        "{faults:,} faults, {cases:,} cases in {centres} centres:"
        " lost {lost}, missed {missed}, double {double}, broken {broken};"
        " slowest recovery from one kill {slowest_recovery_from_a_single_kill_s} s",
        (
            Bound("faults", least=200),
            Bound("cases", least=20_000),
            Bound("lost", most=0),
            Bound("missed", most=0),
            Bound("double", most=0),
            Bound("broken", most=0),
            Bound("slowest_recovery_from_a_single_kill_s", most=5),
        ),
    ),
    Line(
        "random sequences of dispatch acts by all roles, judged after each",
        "sequences",
        "0 broken",
        "{sequences:,} sequences, {events:,} events, {refused:,} refusals in words, {broken} broken",
        (Bound("sequences", least=10_000), Bound("broken", most=0)),
    ),
    Line(
        "random sequences of requests by anybody over PostgreSQL, each event judged",
        "requests",
        "0 broken",
        "{sequences:,} sequences, {requests_done:,} requests done, {requests_refused:,} refused in words,"
        " {events:,} events, {broken} broken",
        (Bound("sequences", least=300), Bound("broken", most=0)),
    ),
    Line(
        "50 units called at once: the first notice is out",
        "notices",
        "p99 1 s",
        "p99 {approval_to_first_webhook_called_ms[p99]} ms",
        (Bound("approval_to_first_webhook_called_ms[p99]", most=1_000),),
    ),
    Line(
        "50 units called at once: all webhooks are called",
        "notices",
        "p99 2 s",
        "p99 {approval_to_webhook_called_ms[p99]} ms",
        (Bound("approval_to_webhook_called_ms[p99]", most=2_000),),
    ),
    Line(
        "the board with 500 rows on a throttled phone",
        "viewing",
        "20 KB, 1,200 ms",
        "{board[kilobytes]} KB ({board[kilobytes_with_scripts_and_styles]} with scripts and styles),"
        " {board[ready_ms]} ms",
        (Bound("board[kilobytes]", most=20), Bound("board[ready_ms]", most=1_200)),
    ),
    Line(
        "the summons page on a throttled phone",
        "viewing",
        "4 KB, 700 ms",
        "{summons_page[kilobytes_with_scripts_and_styles]} KB, {summons_page[ready_ms]} ms",
        (Bound("summons_page[kilobytes_with_scripts_and_styles]", most=4), Bound("summons_page[ready_ms]", most=700)),
    ),
    Line(
        "500 viewers of changing rows: the console's process",
        "viewing",
        "8 % of a core, 80 MB",
        "{viewers[percent_of_a_core]} %, {viewers[megabytes]} MB",
        (Bound("viewers[percent_of_a_core]", most=8), Bound("viewers[megabytes]", most=80)),
    ),
    Line(
        "an event until it stands in a browser",
        "viewing",
        "p99 400 ms",
        "p50 {event_to_screen_ms[p50]} ms, p99 {event_to_screen_ms[p99]} ms",
        (Bound("event_to_screen_ms[p99]", most=400),),
    ),
)


def table(results: Path = RESULTS) -> str:
    """Raises KeyError where a result lacks a figure that is told of."""
    rows = ["| | wanted | measured | | |", "|---|---|---|---|---|"]
    for line in LINES:
        said = _result(line, results)
        if said is None:
            rows.append(f"| {line.what} | {line.wanted} | not measured | {SHORT} | `{line.result}` |")
            continue
        figures, source = said["figures"], f"`{line.result}` {said['measured_at'][:10]}"
        source += f", median of {figures['runs']}" if "runs" in figures else ""
        remarks = [*filter(None, (said.get("remark"), _unclean(said)))]
        verdict = line.verdict(figures)
        if remarks and verdict == "met":
            verdict = AGAIN
        says = ". ".join((line.says.format(**figures), *remarks))
        rows.append(f"| {line.what} | {line.wanted} | {says} | {verdict} | {source} |")
    return "\n".join(rows)


def short(results: Path = RESULTS) -> list[Line]:
    """What was not reached, or not measured."""
    said = [(line, _result(line, results)) for line in LINES]
    return [line for line, result in said if result is None or line.verdict(result["figures"]) == SHORT]


def _unclean(said: Mapping[str, Any]) -> str:
    """Legs of a run may be of several revisions: each is told, and each is of one."""
    legs = said["figures"].get("legs", {}).values()
    judged = [said.get("revision", {}), *(leg["revision"] for leg in legs)]
    reasons = [reason for one in judged for reason in one.get("not_clean_because", [])]
    return f"Not of one revision: {'; '.join(reasons)}" if reasons else ""


def _result(line: Line, results: Path) -> dict[str, Any] | None:
    path = results / f"{line.result}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def with_table(text: str, made: str) -> str:
    """Raises ValueError where the text has no place for it."""
    if not SECTION.search(text):
        raise ValueError("README.md has no <!-- figures --> ... <!-- /figures -->")
    return SECTION.sub(lambda found: found[1] + made + found[2], text)


if __name__ == "__main__":
    README.write_text(with_table(README.read_text(encoding="utf-8"), table()), encoding="utf-8")
