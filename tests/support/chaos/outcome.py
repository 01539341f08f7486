"""What a run was set to, and what it came to: figures, and every fault in words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import quantiles
from typing import Any

from deploy.demo.floor import Tally
from deploy.demo.plan import DayPlan
from deploy.demo.summary import Summary
from tests.support.chaos.books import Books
from tests.support.chaos.check_clocks import fired_though_in_time
from tests.support.chaos.checker import BROKEN, CHECKS, DOUBLE, LOST, MISSED, counted
from tests.support.chaos.fault_plan import SHORT, SINGLE_KILLS, Fault, Scale
from tests.support.chaos.history import History
from tests.support.chaos.kill_plan import Kill
from tests.support.chaos.probe import Blow

RECOVERY_MAX_S = 5.0
"""Wanted of any single kill: the first case is through."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`copies`: processes of each service. Instants of the plan and the kills are in the centre's own time.

    `to_the_end`: until every case is closed; else until the last blow is felt no more, with much left open. `faults` in
    place of `kills`: a nemesis strikes, `pause_s` after the last fault is over or, `spread`, evenly over the cases.
    `surge_every_s`: the commander switches to surge and back, real seconds apart.
    """

    seed: int
    plan: DayPlan
    kills: tuple[Kill, ...]
    begins: datetime
    speed: float
    copies: Mapping[str, int]
    to_the_end: bool = True
    faults: tuple[Fault, ...] = ()
    scale: Scale = SHORT
    spread: bool = False
    pause_s: float = 0.0
    surge_every_s: float | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "seed": self.seed,
            "cases": len(self.plan.cases),
            "kills": len(self.kills),
            "planned_faults": len(self.faults),
            "scale": self.scale.name,
            "speed": self.speed,
            "copies": dict(self.copies),
        }


@dataclass
class Outcome:
    """What a run came to. `faults` by the name of the check that found them."""

    settings: Settings
    books: Books
    summary: Summary
    faults: dict[str, list[str]]
    history: History
    felt_s: list[tuple[Blow, float]]
    before_s: list[float]
    never: list[Blow]
    never_before: list[Blow]
    ended: int
    seconds: float
    simulated: timedelta
    tally: Tally
    loud: list[str]
    struck: tuple[Fault, ...] = ()
    entered_by_probe: int = 0
    loads: list[float] = field(default_factory=list[float])

    @property
    def missed(self) -> int:
        return counted(self.faults, MISSED) + len(self.summary.faults()) + len(self.never) + len(self.never_before)

    @property
    def broken(self) -> int:
        return counted(self.faults, BROKEN)

    @property
    def double(self) -> int:
        return counted(self.faults, DOUBLE)

    def words(self) -> list[str]:
        """Everything that is wrong."""
        found = [f"{check}: {fault}" for check, faults in self.faults.items() for fault in faults]
        found += [f"books: {fault}" for fault in self.summary.faults()]
        found += [f"before blow {blow.number} ({blow.name}) no case went through" for blow in self.never_before]
        found += [f"after blow {blow.number} ({blow.name}) no case went through" for blow in self.never]
        left = self.settings.faults[len(self.struck) :]
        found += [f"fault {fault.number} ({fault.name}) was never struck" for fault in left]
        return found

    def slow(self) -> list[str]:
        return slow_recoveries(self.felt_s)

    def as_dict(self) -> dict[str, Any]:
        books, felt = self.books, [seconds for _, seconds in self.felt_s]
        return {
            **self.settings.as_dict(),
            "processes_and_connections_ended": self.ended,
            "victims": dict(Counter(victim.value for kill in self.settings.kills for victim in kill.victims)),
            "faults_struck": dict(Counter(fault.name for fault in self.struck)),
            "lost": self.summary.lost + counted(self.faults, LOST),
            "missed": self.missed,
            "double": self.double,
            "broken": self.broken,
            "checks": len(CHECKS),
            "faults": {check: len(found) for check, found in self.faults.items()},
            "cases_on_record": len(books.cases),
            "cases_by_state": dict(Counter(row.state for row in books.cases)),
            "events": len(books.events),
            "answers_checked": len(books.answered),
            "clocks": len(books.clocks),
            "clocks_fired": sum(clock.fired_at is not None for clock in books.clocks),
            "fired_though_done_in_time": dict(Counter(clock.stage for clock in fired_though_in_time(books))),
            "notices": len(books.notices),
            "felt_s": percentiles(felt),
            "a_case_just_before_s": percentiles(self.before_s),
            "felt_s_by_victim": self._felt_by_victim(),
            "acts_told_unavailable_to_the_end": sum(
                number for name, number in self.tally.unavailable.items() if not name.startswith("list_")
            ),
            "refused": dict(self.tally.refused),
            "error_lines": len(self.loud),
            "seconds": round(self.seconds, 1),
            "simulated_hours": round(self.simulated / timedelta(hours=1), 1),
            "load_average": {"mean": round(sum(self.loads) / len(self.loads), 1), "max": round(max(self.loads), 1)},
        }

    def _felt_by_victim(self) -> dict[str, dict[str, float]]:
        """Of blows that hit one alone."""
        by_victim: dict[str, list[float]] = {}
        for kill, seconds in self.felt_s:
            by_victim.setdefault(kill.name, []).append(seconds)
        return {name: percentiles(values) for name, values in sorted(by_victim.items())}


def slow_recoveries(felt_s: Sequence[tuple[Blow, float]]) -> list[str]:
    """No fault, but whoever reads the figure will ask why: after a single kill the first case took too long."""
    single = set(SINGLE_KILLS)
    return [
        f"after blow {blow.number} ({blow.name}) the first case took {seconds:.1f} s"
        for blow, seconds in felt_s
        if blow.name in single and seconds > RECOVERY_MAX_S
    ]


def percentiles(values: Sequence[float]) -> dict[str, float]:
    if not values:
        return {}
    cuts = quantiles(values, n=100, method="inclusive") if len(values) > 1 else [values[0]] * 99
    return {"n": len(values), "p50": round(cuts[49], 2), "p99": round(cuts[98], 2), "max": round(max(values), 2)}
