"""How fast 统计 answers with a million cases in history: the queries of the page and of a list, over PostgreSQL.

Seven promises, a follow-up and a dispatch for each case, spread evenly over three years; a two-hundredth is open. Made
by the database itself, with the columns and indexes of the migrations.
"""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from typing import Any

import asyncpg

import services.console
from benchmarks.product import data_folder
from deploy.broker_users import nats_users
from deploy.databases import with_database
from deploy.embedded.servers import EmbeddedServers
from deploy.packs import default_pack
from services.console.model import SPINE
from services.console.policy.figures.lens import Lens, lens_of
from services.console.policy.figures.question import Question
from services.console.queries.figure_list import read_list
from services.console.queries.figures import read_figures
from shared.clock import MovedClock
from shared.infra.database import make_engine, make_sessions
from shared.infra.event_record import EventRecord
from shared.infra.migrations import migrate
from shared.infra.unit_of_work import UnitOfWork

MIGRATIONS = Path(services.console.__file__).parent / "migrations"
CASES, OPEN_EVERY = 1_000_000, 200
ASKED = 60
NOW = datetime(2026, 11, 28, 8, tzinfo=UTC)
SPAN = "timestamptz '2023-11-28 08:00+00' + (g::float8 / {cases}) * interval '1096 days'"
OF_UNITS = {"sign_off": 1, "contact": 1, "report_back": 7}
OF_CENTRE = {"accept": 0.01, "dispatch": 0.01, "verify": 9, "follow_up": 11}


def measure() -> dict[str, Any]:
    return {"cases": CASES, "promises": CASES * 7, "asked": ASKED, **asyncio.run(_asked())}


async def _asked() -> dict[str, Any]:
    with data_folder() as data:
        servers = EmbeddedServers(data, nats_users())
        addresses = await asyncio.to_thread(servers.start)
        try:
            connection = await asyncpg.connect(addresses.database_url)
            await connection.execute("create database bench_figures")
            await connection.close()
            return await _over(with_database(addresses.database_url, "bench_figures"))
        finally:
            await asyncio.to_thread(servers.stop)


async def _over(database_url: str) -> dict[str, Any]:
    engine = make_engine(database_url, service="console")
    record = EventRecord(SPINE, service="console", centre="qz")
    work = UnitOfWork(make_sessions(engine), SPINE, record, service="console", centre="qz", clock=MovedClock(NOW))
    try:
        await migrate(engine, schema="console", folder=MIGRATIONS)
        began = time.perf_counter()
        await _fill(database_url)
        return {"filled_s": round(time.perf_counter() - began), **await _measured(work), "wanted": {"p99_ms": 50}}
    finally:
        await engine.dispose()


def _lenses(dice: random.Random) -> dict[str, Callable[[], Lens]]:
    pack = default_pack()
    month = lens_of(date(2026, 11, 1), date(2026, 11, 28), now=NOW, zone=pack.timezone)
    year = lens_of(date(2025, 11, 29), date(2026, 11, 28), now=NOW, zone=pack.timezone)
    towns = [frozenset(place.code for place in pack.places if town.code in place.chain) for town in pack.townships]
    return {
        "month": lambda: month,
        "month_of_a_unit": lambda: replace(month, unit=dice.choice(pack.units).code),
        "month_of_a_township": lambda: replace(month, places=dice.choice(towns)),
        "month_of_a_level": lambda: replace(month, level="II"),
        "year": lambda: year,
    }


async def _measured(work: UnitOfWork) -> dict[str, Any]:
    dice = random.Random(7)
    lenses, found = _lenses(dice), dict[str, Any]()
    for name, lens in lenses.items():
        found[name] = await _timed(lambda lens=lens: read_figures(work, lens()), 10 if name == "year" else ASKED)
    late = Question("promise", stage="report_back", verdict="late")
    found["list_of_a_month"] = await _timed(
        lambda: read_list(work, lenses["month_of_a_unit"](), late, offset=0, limit=100), ASKED
    )
    return found


async def _timed(ask: Callable[[], Any], times: int) -> dict[str, float]:
    took: list[float] = []
    for number in range(times + 3):
        began = time.perf_counter()
        await ask()
        if number >= 3:
            took.append(time.perf_counter() - began)
    return _figures(took)


def _figures(took: Sequence[float]) -> dict[str, float]:
    ordered = sorted(took)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return {"median_ms": round(median(ordered) * 1000, 1), "p99_ms": round(p99 * 1000, 1)}


def _chosen(values: Sequence[str], by: str) -> str:
    listed = ", ".join(f"'{one}'" for one in values)
    return f"(array[{listed}])[1 + ({by}) % {len(values)}]"


def _matter() -> str:
    """What a case is about, from its number alone: the same on all its rows."""
    pack = default_pack()
    return ", ".join(
        (
            f"{_chosen([one.code for one in pack.leaf_categories], 'g * 7919')} as category",
            f"{_chosen([one.code for one in pack.places], 'g * 104729')} as place",
            f"{_chosen(['IV', 'IV', 'III', 'II', 'I'], 'g')} as level",
            f"{_chosen([one.code for one in pack.windows], 'g * 31')} as window_code",
        )
    )


def _statements() -> list[str]:
    unit = _chosen([one.code for one in default_pack().units], "g * 613")
    at = SPAN.format(cases=CASES)
    case_id = "md5(g::text)::uuid"
    code = "'26-' || lpad(g::text, 7, '0') || '-0'"
    series, matter = f"generate_series(1, {CASES}::bigint) as g", _matter()
    made = [
        f"insert into console.figure_case (case_id, case_code, source, unit, registered_at, over_at, outcome,"
        f" category, place, level, window_code) select {case_id}, {code}, 'window', {unit}, {at},"
        f" case when g % {OPEN_EVERY} > 0 then {at} + interval '12 days' end,"
        f" case when g % {OPEN_EVERY} > 0 then 'solved' end,"
        f" {matter} from {series}"
    ]
    for stage, days in {**OF_UNITS, **OF_CENTRE}.items():
        whose = unit if stage in OF_UNITS else "null"
        due = f"{at} + interval '{days} days'"
        counted = at if stage == "sign_off" else due
        made.append(
            "insert into console.figure_promise (clock, case_id, case_code, drill, stage, unit, verdict, counted_at,"
            " started_at, due_at, met_at, fired_at, ended_at, category, place, level, window_code)"
            f" select '{stage}:' || g, {case_id}, {code}, false, '{stage}', {whose},"
            " case when g % 11 = 0 then 'late' when g % 501 = 0 then 'exempt' when g % 17 = 0 then 'void'"
            " else 'in_time' end,"
            f" {counted}, {at}, {due}, {due}, case when g % 11 = 0 or g % 501 = 0 then {due} end, {due},"
            f" {matter} from {series}"
        )
    said = _chosen(["satisfied", "satisfied", "basically", "dissatisfied"], "g")
    for kind, days in (("sent", 0), ("follow_up", 10)):
        made.append(
            "insert into console.figure_act (act_id, case_id, case_code, kind, at, unit, outcome, reached, solved,"
            " responded, category, place, level, window_code)"
            f" select md5('{kind}' || g)::uuid, {case_id}, {code}, '{kind}',"
            f" {at} + interval '{days} days', {unit}, {said},"
            f" true, g % 5 > 0, true, {matter} from {series}"
        )
    return made


async def _fill(database_url: str) -> None:
    """Without the indexes, which are made afterwards as they were."""
    connection = await asyncpg.connect(database_url, command_timeout=1800)
    try:
        indexes = await connection.fetch(
            "select indexname, indexdef from pg_indexes where schemaname = 'console' and indexname like 'figure_%'"
            " and indexname not like '%_pkey'"
        )
        for one in indexes:
            await connection.execute(f"drop index console.{one['indexname']}")
        for statement in _statements():
            await connection.execute(statement)
        for one in indexes:
            await connection.execute(one["indexdef"])
        for table in ("figure_case", "figure_promise", "figure_act"):
            await connection.execute(f"vacuum (analyze) console.{table}")
    finally:
        await connection.close()
