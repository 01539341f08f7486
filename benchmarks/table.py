"""README's table "how fast, how safe", made from the result files: `python -m benchmarks.table` writes it anew.

A figure is only ever what a result file says; one that was not measured is not in the table.
"""

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
README = ROOT / "README.md"
SECTION = re.compile(r"(<!-- figures -->\n).*?(\n<!-- /figures -->)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Line:
    """`says` is filled from a result's figures, by their places in it; `wanted` is what was aimed at."""

    what: str
    result: str
    wanted: str
    says: str


LINES = (
    Line(
        "fresh clone to the first routed case, `make run`",
        "fresh_clone",
        "120 s",
        "{fresh_clone_to_first_routed_case_s} s",
    ),
    Line("a second start", "starting", "8 s", "{second_start_s[median]} s"),
    Line("everything idle: memory of all processes", "memory", "450 MB", "{pss_mb} MB"),
    Line(
        "registered, routed, clocks armed, durable (a flood)",
        "throughput",
        "1,000 cases/s",
        "{closed_loop[armed_per_s]} cases/s, {ratio_to[skeleton_armed_per_s]} of a chain without a domain",
    ),
    Line(
        "registration to armed clock, 300 a second",
        "throughput",
        "p50 20 ms, p99 120 ms",
        "p50 {paced[registered_to_armed_ms][p50]} ms, p99 {paced[registered_to_armed_ms][p99]} ms",
    ),
    Line(
        "a second copy of every service: what a case takes, against one",
        "copies",
        "1.2 times",
        "p50 {two_to_one[p50]} times, p99 {two_to_one[p99]} times, CPU {two_to_one[cpu]} times at {rate_per_s:.0f}/s",
    ),
    Line(
        "10,000 clocks due in one second, two copies",
        "clocks",
        "each once, p99 1 s",
        "{due_together[fired]:,} fired, {due_together[fired_twice]} twice, p99 {due_together[late_ms][p99]} ms",
    ),
    Line("a lone clock", "clocks", "p99 50 ms", "p50 {alone[late_ms][p50]} ms, worst of 40 {alone[late_ms][max]} ms"),
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
    ),
    Line(
        "the read model made anew from events",
        "replay",
        "20,000 events/s",
        "{rebuild[rebuild_events_per_s]:,} events/s of {rebuild[events]:,}",
    ),
    Line(
        "a case's cost with many in history, against 10,000",
        "growth",
        "1.2 times",
        "CPU {many_to_few[cpu_ms_per_case]} times, time {many_to_few[ms_per_case]} times at {at_many[history]:,}",
    ),
    Line(
        "a steady flood: memory, p50 and p99, last ten minutes against the first",
        "soak",
        "1.1 times",
        "{slope[pss_mb][last_to_first]}, {slope[p50_ms][last_to_first]}, {slope[p99_ms][last_to_first]} times"
        " in {minutes} minutes",
    ),
    Line(
        "killed at work",
        "kills",
        "missed 0, double 0",
        "{processes_and_connections_ended} kills, {cases:,} cases: missed {missed}, double {double}",
    ),
    Line(
        "everything goes wrong at work",
        "chaos",
        "lost 0, missed 0, double 0, broken 0",
        "{faults:,} faults, {cases:,} cases: lost {lost}, missed {missed}, double {double}, broken {broken};"
        " slowest recovery from one kill {slowest_recovery_from_a_single_kill_s} s",
    ),
    Line(
        "random sequences of acts by all roles",
        "sequences",
        "0 broken",
        "{sequences:,} sequences, {events:,} events, {refused:,} refusals in words, 0 broken",
    ),
    Line(
        "50 units called at once: the first notice is out",
        "notices",
        "p99 1 s",
        "p99 {approval_to_first_webhook_called_ms[p99]} ms",
    ),
    Line(
        "the board with 500 rows on a throttled phone",
        "viewing",
        "20 KB, 1,200 ms",
        "{board[kilobytes]} KB, {board[ready_ms]} ms",
    ),
    Line(
        "the summons page on a throttled phone",
        "viewing",
        "4 KB, 700 ms",
        "{summons_page[kilobytes_with_scripts_and_styles]} KB, {summons_page[ready_ms]} ms",
    ),
    Line(
        "500 viewers of changing rows: the console's process",
        "viewing",
        "8 % of a core, 80 MB",
        "{viewers[percent_of_a_core]} %, {viewers[megabytes]} MB",
    ),
    Line(
        "an event until it stands in a browser",
        "viewing",
        "p99 400 ms",
        "p50 {event_to_screen_ms[p50]} ms, p99 {event_to_screen_ms[p99]} ms",
    ),
)


def table(results: Path = RESULTS) -> str:
    rows = ["| | wanted | measured | |", "|---|---|---|---|"]
    for line in LINES:
        path = results / f"{line.result}.json"
        if path.exists():
            said = json.loads(path.read_text(encoding="utf-8"))
            day = said["measured_at"][:10]
            with suppress(KeyError):  # not measured yet when this result was kept
                says = line.says.format(**said["figures"])
                rows.append(f"| {line.what} | {line.wanted} | {says} | `{line.result}` {day} |")
    return "\n".join(rows)


def with_table(text: str, made: str) -> str:
    """Raises ValueError where the text has no place for it."""
    if not SECTION.search(text):
        raise ValueError("README.md has no <!-- figures --> ... <!-- /figures -->")
    return SECTION.sub(lambda found: found[1] + made + found[2], text)


if __name__ == "__main__":
    README.write_text(with_table(README.read_text(encoding="utf-8"), table()), encoding="utf-8")
