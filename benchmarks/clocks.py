"""Deadlines: 10,000 due in one second, one due on an idle system, and what a million armed ones cost."""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

import asyncpg
import psutil
import sqlalchemy as sa

import services.escalation
from benchmarks import clocks_jobstore, clocks_procrastinate
from benchmarks.product import data_folder
from deploy.broker_users import nats_users
from deploy.databases import with_database
from deploy.embedded.servers import EmbeddedServers
from deploy.packs import default_pack
from services.escalation.model import SPINE, CaseFile, Clock
from services.escalation.operations.case_clocks import arm, open_case
from services.escalation.operations.sweep_clocks import sweep_clocks
from services.escalation.policy.obligations import CaseFacts, Grounds, Obligation, Which, arrival_key
from services.escalation.policy.terms import terms_of
from shared.clock import WallClock
from shared.infra.database import make_engine, make_sessions
from shared.infra.event_record import EventRecord
from shared.infra.migrations import migrate
from shared.infra.unit_of_work import UnitOfWork

MIGRATIONS = Path(services.escalation.__file__).parent / "migrations"
BURST, COPIES = 10_000, 2
LEAD_S = 6.0  # for the copies to start, and to be idle when the second comes
ALONE = 40
FEW, MANY = 10_000, 1_000_000
SAMPLE = 200
CHUNK = 50_000
ARRIVAL = timedelta(minutes=20)
WAIT_MAX_S = 90.0
ALTERNATIVES = ("apscheduler_sqlalchemy_jobstore", "procrastinate")

# Clocks like one that was armed by the product, except for their keys and their case.
_MORE = """
    insert into escalation.clock
    select (jsonb_populate_record(clock, jsonb_build_object('key', clock.key || ':' || number))).*
    from escalation.clock, generate_series(cast(:first as int), cast(:last as int)) as number where key = :like"""


def measure(*, together: int = BURST, alone: int = ALONE, few: int = FEW, many: int = MANY) -> dict[str, Any]:
    """`due_together`: from the due second to the commit of what each clock did. `alone` likewise."""
    load_before = os.getloadavg()
    figures = asyncio.run(_measure(together, alone, few, many))
    return {
        **figures,
        "machine_load": {"before": load_before, "after": os.getloadavg(), "cores": psutil.cpu_count()},
        "ratio_of_p99": {name: _ratio(figures, name) for name in ALTERNATIVES},
        "wanted": {"due_together_p99_ms": 1_000, "alone_p99_ms": 50, "million_to_ten_thousand": 1.5},
    }


def _ratio(figures: Mapping[str, Any], alternative: str) -> float:
    """How many times as late an alternative is with as many that are due together."""
    return round(figures[alternative]["late_ms"]["p99"] / figures["due_together"]["late_ms"]["p99"], 1)


async def _measure(together: int, alone: int, few: int, many: int) -> dict[str, Any]:
    with data_folder() as data:
        servers = EmbeddedServers(data, nats_users())
        addresses = await asyncio.to_thread(servers.start)
        try:
            return {
                "due_together": await _over(addresses.database_url, "together", partial(_due_together, together)),
                "alone": await _over(addresses.database_url, "alone", partial(_alone, alone)),
                "many": await _over(addresses.database_url, "many", partial(_many, few, many)),
                "apscheduler_sqlalchemy_jobstore": await asyncio.to_thread(clocks_jobstore.measure, together),
                "procrastinate": await clocks_procrastinate.measure(addresses.database_url, together),
            }
        finally:
            await asyncio.to_thread(servers.stop)


async def _over(
    server_url: str, name: str, ask: Callable[[UnitOfWork, str], Awaitable[dict[str, Any]]]
) -> dict[str, Any]:
    connection = await asyncpg.connect(server_url)
    await connection.execute(f"create database bench_{name}")
    await connection.close()
    url = with_database(server_url, f"bench_{name}")
    async with working(url) as work:
        await migrate(work.sessions.kw["bind"], schema="escalation", folder=MIGRATIONS)
        pack = default_pack()
        async with work.begin() as tx:
            content = pack.model_dump(mode="json")
            await work.packs.store(
                tx.session, name=pack.name, version=pack.version, content=content, at=datetime.now(UTC)
            )
        return await ask(work, url)


@asynccontextmanager
async def working(url: str) -> AsyncGenerator[UnitOfWork]:
    engine = make_engine(url, service="escalation")
    record = EventRecord(SPINE, service="escalation", centre="qz")
    try:
        yield UnitOfWork(make_sessions(engine), SPINE, record, service="escalation", centre="qz", clock=WallClock())
    finally:
        await engine.dispose()


# -- due together ------------------------------------------------------------------------------------------------------


async def _due_together(count: int, work: UnitOfWork, url: str) -> dict[str, Any]:
    due_at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=LEAD_S + 24)
    await _fill(work, count, due_at - ARRIVAL)
    due_at = await _due_of_all(work)
    told_by = await asyncio.gather(*(_copy(url, count) for _ in range(COPIES)))
    commits = [commit for told in told_by for commit in told]
    late_ms = sorted(
        (at - due_at.timestamp()) * 1000 for at, fired in commits for _ in range(fired) if at >= due_at.timestamp()
    )
    async with work.read() as session:
        told = await session.scalar(sa.text("select count(*) from escalation.event where type like '%clock.overdue'"))
        twice = await session.scalar(
            sa.text(
                "select count(*) from (select 1 from escalation.event where type like '%clock.overdue' "
                "group by envelope->'data'->>'clock' having count(*) > 1) as more"
            )
        )
    return {"clocks": count, "copies": COPIES, "fired": told, "fired_twice": twice, "late_ms": _figures(late_ms)}


async def _copy(url: str, count: int) -> list[tuple[float, int]]:
    """One copy of the sweep in a process of its own, until so many have fired."""
    command = ("-m", "benchmarks.clocks_copy", url, str(count))
    copy = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=asyncio.subprocess.PIPE)
    output, _ = await asyncio.wait_for(copy.communicate(), WAIT_MAX_S + 60)
    return json.loads(output.splitlines()[-1])


async def _due_of_all(work: UnitOfWork) -> datetime:
    """After the steps before it are done, so that only what is due in that second is measured."""
    async with work.read() as session:
        due = await session.scalar(sa.select(sa.func.min(Clock.due_at)))
    assert due is not None
    return due


async def _fill(work: UnitOfWork, count: int, started_at: datetime) -> None:
    """Arrival clocks of one unit each on cases of their own, at once; what their ladder did before is done."""
    pack, now = default_pack(), datetime.now(UTC)
    grounds = Grounds(pack.version, None, "IV")
    rows: list[dict[str, Any]] = []
    files: list[dict[str, Any]] = []
    for _ in range(count):
        case_id, summons = uuid4(), uuid4()
        owed = Obligation(
            arrival_key(summons, "police"), "arrival", "police", started_at, grounds, unit="police", summons_id=summons
        )
        clock = Clock.of(case_id, f"bench-{case_id}", owed, terms_of(pack, owed, CaseFacts()), now=now)
        clock.advance(min(now, clock.due_at - timedelta(seconds=2)))
        files.append({"case_id": case_id, "case_code": f"bench-{case_id}"})
        rows.append({name: getattr(clock, name) for name in Clock.__table__.columns.keys()})  # noqa: SIM118
    async with work.begin() as tx:
        await tx.session.execute(sa.insert(CaseFile), files)
        await tx.session.execute(sa.insert(Clock), rows)


# -- one on an idle system ---------------------------------------------------------------------------------------------


async def _alone(clocks: int, work: UnitOfWork, url: str) -> dict[str, Any]:
    """One copy, APScheduler as in the product; each clock is told of by a nudge, as the event that arms it does."""
    copy = asyncio.create_task(_copy(url, clocks))
    dues: list[float] = []
    await asyncio.sleep(LEAD_S)
    for number in range(clocks):
        due_at = datetime.now(UTC) + timedelta(milliseconds=650 + 7 * number)
        await _fill(work, 1, due_at - ARRIVAL)
        dues.append(due_at.timestamp())
        await asyncio.sleep(0.9 + 0.007 * number)
    commits = [at for at, count in await copy for _ in range(count)]
    late_ms = sorted((at - due) * 1000 for at, due in zip(sorted(commits), dues, strict=False))
    return {"clocks": clocks, "late_ms": _figures(late_ms)}


# -- a million ---------------------------------------------------------------------------------------------------------


async def _many(few: int, many: int, work: UnitOfWork, _url: str) -> dict[str, Any]:
    """Milliseconds of one arming, one meeting, and of a sweep of `SAMPLE` clocks, before and after a million more."""
    at = datetime.now(UTC) + timedelta(days=300)
    await _fill(work, 1, at)
    before = await _cost(work, few)
    after = await _cost(work, many - few)
    return {
        "at_ten_thousand_ms": before,
        "at_a_million_ms": after,
        "million_to_ten_thousand": {name: round(after[name] / before[name], 2) for name in before},
    }


async def _cost(work: UnitOfWork, more: int) -> dict[str, float]:
    async with work.begin() as tx:
        like = await tx.session.scalar(sa.select(Clock.key).order_by(sa.func.length(Clock.key)).limit(1))
    for first in range(1, more + 1, CHUNK):  # a statement has a time limit
        async with work.begin() as tx:
            last = min(first + CHUNK - 1, more)
            await tx.session.execute(sa.text(_MORE), {"like": like, "first": more + first, "last": more + last})
    async with work.sessions.kw["bind"].connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(sa.text("vacuum analyze escalation.clock"))
    arming, meeting = await _arm_and_meet(work)
    await _fill(work, SAMPLE, datetime.now(UTC) - ARRIVAL - timedelta(seconds=1))
    began = time.perf_counter()
    await sweep_clocks(work)
    return {"arm": arming, "meet": meeting, "sweep": round((time.perf_counter() - began) * 1000, 1)}


async def _arm_and_meet(work: UnitOfWork) -> tuple[float, float]:
    now, version = datetime.now(UTC), default_pack().version
    arming: list[float] = []
    meeting: list[float] = []
    for number in range(SAMPLE):
        case_id, summons = uuid4(), uuid4()
        key = arrival_key(summons, "police")
        owed = Obligation(
            key, "arrival", "police", now, Grounds(version, None, "IV"), unit="police", summons_id=summons
        )
        began = time.perf_counter()
        async with work.begin() as tx:
            case = await open_case(tx, case_id, f"{now.timestamp()}-{number}")
            tx.record(*await arm(tx, work.packs, case, owed, now=now))
        arming.append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
        async with work.begin() as tx:
            case = await open_case(tx, case_id, f"{now.timestamp()}-{number}")
            tx.record(*case.meet(Which(key=key), now, now=now))
        meeting.append((time.perf_counter() - began) * 1000)
    return round(median(arming), 2), round(median(meeting), 2)


def _figures(late_ms: Sequence[float]) -> dict[str, float]:
    if not late_ms:
        return {}
    at = {"p50": 0.50, "p95": 0.95, "p99": 0.99}
    figures = {name: round(late_ms[min(len(late_ms) - 1, int(len(late_ms) * part))], 1) for name, part in at.items()}
    return {**figures, "max": round(late_ms[-1], 1)}
