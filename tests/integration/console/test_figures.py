"""What the console counts is what a straightforward recount of the events counts, in whatever order they came."""

import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from services.console.model import SPINE, FigureAct, FigureCase, FigurePromise
from services.console.operations.project import project
from services.console.policy.figures.lens import Lens
from services.console.policy.figures.question import Question
from services.console.policy.figures.rates import all_follow_ups, all_promises
from services.console.queries.figure_list import read_list
from services.console.queries.figures import Figures, read_figures
from shared.clock import MovedClock
from shared.infra.database import make_engine, make_sessions
from shared.infra.event_record import EventRecord
from shared.infra.unit_of_work import UnitOfWork
from tests.support.figure_stories import PLACES, Story, interleaved, stories
from tests.support.times import MONDAY_MORNING

pytestmark = pytest.mark.servers
ZONE = "Asia/Shanghai"
CASES = 40
BEGINS = MONDAY_MORNING + timedelta(days=3)
WHOLE = Lens(
    start=MONDAY_MORNING - timedelta(days=1),
    end=BEGINS + timedelta(days=90),
    now=BEGINS + timedelta(days=60),
    zone=ZONE,
)
PART = Lens(start=BEGINS, end=BEGINS + timedelta(days=9), now=BEGINS + timedelta(days=60), zone=ZONE)


@pytest.fixture
async def work(database_url: str) -> AsyncIterator[UnitOfWork]:
    engine = make_engine(database_url, service="console")
    record = EventRecord(SPINE, service="console", centre="qz")
    clock = MovedClock(MONDAY_MORNING)
    yield UnitOfWork(make_sessions(engine), SPINE, record, service="console", centre="qz", clock=clock)
    await engine.dispose()


async def told(work: UnitOfWork, cases: list[Story], seed: int) -> None:
    """In batches, as the inbox applies them."""
    envelopes = interleaved(cases, random.Random(seed))
    for start in range(0, len(envelopes), 100):
        async with work.shared() as shared:
            for envelope in envelopes[start : start + 100]:
                await project(shared, envelope)


class Recount:
    """Goes through the events of each case one by one, by the words of the rulebook and nothing else."""

    def __init__(self, cases: list[Story], lens: Lens) -> None:
        self.lens = lens
        self.received = self.closed = self.overdue = 0
        self.kept: Counter[tuple[str, str | None, str]] = Counter()
        self.acts: Counter[tuple[str, str | None]] = Counter()
        self.per_day: Counter[Any] = Counter()
        for case in cases:
            self._case(case)

    def inside(self, text: str) -> bool:
        at = datetime.fromisoformat(text)
        return self.lens.start <= at < self.lens.end and at <= self.lens.now

    def _case(self, case: Story) -> None:
        for name, data in case.chains["intake"]:
            if name.endswith("registered") and self.inside(data["registered_at"]):
                self.received += 1
                self.per_day[datetime.fromisoformat(data["registered_at"]).astimezone(ZoneInfo(ZONE)).date()] += 1
            self.closed += name.endswith("closed") and self.inside(data["closed_at"])
            if name.endswith("followed_up") and self.inside(data["followed_up_at"]):
                self._follow_up(case, data)
        for name, data in case.chains["dispatch"]:
            for verb in ("returned", "reopened"):
                if name.endswith(verb) and self.inside(data[f"{verb}_at"]):
                    self.acts[verb, data["unit"]] += 1
        for key in {data["clock"] for _, data in case.chains["clocks"] if data["stage"] != "return"}:
            self._clock(case, [one for one in case.chains["clocks"] if one[1]["clock"] == key])

    def _follow_up(self, case: Story, data: dict[str, Any]) -> None:
        sent = [one for name, one in case.chains["dispatch"] if name.endswith("dispatched")]
        before = [one for one in sent if one["dispatched_at"] <= data["followed_up_at"]]
        unit = before[-1]["unit"] if before else None
        self.acts["attempt", unit] += 1
        if data["contacted"]:
            self.acts["valid", unit] += 1
            self.acts[data["satisfaction"], unit] += 1
            self.acts["solved", unit] += data["solved"] is True
            self.acts["responded", unit] += data["responded"] is True

    def _clock(self, case: Story, told: list[tuple[str, dict[str, Any]]]) -> None:
        names = {name.rpartition(".")[2]: data for name, data in told}
        armed = names["armed"]
        counted = armed["started_at"] if armed["stage"] in {"sign_off", "arrival"} else armed["due_at"]
        fired = "overdue" in names
        self.overdue += fired and self.inside(names["overdue"]["fired_at"]) if fired else 0
        if not self.inside(counted):
            return
        exempt = any(data["clock"] == armed["clock"] for _, data in case.chains["appeals"])
        if fired or names.get("cancelled", {}).get("reason") == "not_arrived":
            verdict = "exempt" if exempt else "late"
        else:
            verdict = "in_time" if "met" in names else "void" if "cancelled" in names else "open"
        unit = armed["owes"] if armed["stage"] in {"sign_off", "report_back", "arrival"} else None
        self.kept[armed["stage"], unit, verdict] += 1


def promises_of(figures: Figures) -> Counter[tuple[str, str | None, str]]:
    return Counter(
        {
            (stage, unit, verdict): getattr(kept, verdict)
            for (stage, unit, _drill), kept in figures.promises.items()
            for verdict in ("in_time", "late", "exempt", "void", "open")
            if getattr(kept, verdict)
        }
    )


def acts_of(figures: Figures) -> Counter[tuple[str, str | None]]:
    found: Counter[tuple[str, str | None]] = Counter()
    for unit, each in figures.units.items():
        follow_ups = each.follow_ups
        found["attempt", unit] = follow_ups.attempts
        found["returned", unit], found["reopened", unit] = each.returned, each.reopened
        for name in ("valid", "solved", "responded", "satisfied", "basically", "dissatisfied"):
            found[name, unit] = getattr(follow_ups, name)
    return found


async def rows_of(work: UnitOfWork) -> dict[str, list[Any]]:
    async with work.read() as session:
        return {
            facts.__tablename__: sorted(
                tuple(row)
                for row in await session.execute(
                    sa.select(sa.cast(sa.literal_column(facts.__tablename__), sa.Text)).select_from(facts)
                )
            )
            for facts in (FigureCase, FigurePromise, FigureAct)
        }


@pytest.mark.parametrize("seed", [1, 2])
async def test_the_figures_are_a_recount_of_the_events(work: UnitOfWork, seed: int) -> None:
    cases = stories(CASES, seed)
    await told(work, cases, seed)
    for lens in (WHOLE, PART, replace(WHOLE, now=BEGINS + timedelta(days=4))):
        figures, recount = await read_figures(work, lens), Recount(cases, lens)
        assert (figures.received, figures.closed, figures.overdue) == (
            recount.received,
            recount.closed,
            recount.overdue,
        )
        assert promises_of(figures) == recount.kept
        assert +acts_of(figures) == +recount.acts
        assert Counter(figures.received_by_step) == recount.per_day
        assert sum(figures.by_category.values()) == sum(figures.by_place.values()) == figures.received
        assert promises_of(figures) != Recount(cases[CASES // 2 :], lens).kept, "a wrong count would be seen"
    assert all_promises(figures.promises.values()).exempt, "the stories have some of everything"
    assert all_follow_ups(one.follow_ups for one in figures.units.values()).basically


async def test_the_order_between_chains_makes_no_difference_to_any_row(work: UnitOfWork) -> None:
    """So a replay from nothing counts as was counted live."""
    cases = stories(CASES, 3)
    seen: list[dict[str, list[Any]]] = []
    for seed in (1, 2):
        await told(work, cases, seed)
        seen.append(await rows_of(work))
        async with work.begin() as tx:
            for table in ("figure_act", "figure_promise", "figure_case", "board_case"):
                await tx.session.execute(sa.text(f"delete from console.{table}"))
    assert seen[0] == seen[1]
    assert seen[0]["figure_act"]


async def test_every_number_is_the_length_of_its_list(work: UnitOfWork) -> None:
    await told(work, stories(CASES, 5), 5)
    for lens in (PART, replace(WHOLE, places=frozenset({str(PLACES[0])}), level="IV"), replace(WHOLE, unit="police")):
        figures = await read_figures(work, lens)

        async def length(of: str, lens: Lens = lens, **fields: Any) -> int:
            found = await read_list(work, lens, Question(of, **fields), offset=0, limit=1000)  # type: ignore[arg-type]
            assert found.total == len(found.rows)
            return found.total

        for of in ("received", "closed", "overdue"):
            assert await length(of) == getattr(figures, of), of
        for stage, verdicts in (("sign_off", ("in_time", "late", "exempt")), ("arrival", ("due", "late"))):
            kept = all_promises(each for (one, *_), each in figures.promises.items() if one == stage)
            for verdict in verdicts:
                assert await length("promise", stage=stage, verdict=verdict) == getattr(kept, verdict)
        whole = all_follow_ups(one.follow_ups for one in figures.units.values())
        for outcome in ("valid", "responded", "solved", "satisfied", "basically", "dissatisfied"):
            assert await length("follow_up", outcome=outcome) == getattr(whole, outcome)
        assert await length("returned") == sum(one.returned for one in figures.units.values())
        assert await length("reopened") == sum(one.reopened for one in figures.units.values())
        assert await length("open") == sum(figures.open_now.values())
        assert await length("open", lamp="late") == sum(
            n for (_, lamp, _), n in figures.open_now.items() if lamp == "late"
        )
    first = await read_list(work, WHOLE, Question("received"), offset=0, limit=5)
    assert (first.total, len(first.rows)) == (CASES, 5)
    assert (await read_list(work, WHOLE, Question("received"), offset=35, limit=5)).rows[-1].code
