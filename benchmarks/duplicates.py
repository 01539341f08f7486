"""How fast similar cases are found among 100,000, as a window waits for it: the whole operation over PostgreSQL."""

import asyncio
import random
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

import asyncpg

import services.intake
from benchmarks.product import data_folder
from deploy.broker_users import nats_users
from deploy.databases import with_database
from deploy.embedded.servers import EmbeddedServers
from deploy.packs import default_pack
from services.intake.model import SPINE
from services.intake.operations.similar import FindingSimilar
from shared.centre.nouns import DuplicateTerms
from shared.centre.pack import CentrePack
from shared.clock import MovedClock
from shared.codes import case_code
from shared.contracts.actors import Actor, Role
from shared.contracts.intake import FindSimilarCases
from shared.infra.database import make_engine, make_sessions
from shared.infra.event_record import EventRecord
from shared.infra.migrations import migrate
from shared.infra.unit_of_work import UnitOfWork
from shared.vault import KeyRing

MIGRATIONS = Path(services.intake.__file__).parent / "migrations"
CASES = 100_000
ASKED = 2_000
WARM = 100
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
CLERK = Actor(staff="clerk.1", role=Role.INTAKE_CLERK, window="letters-visits")


def measure() -> dict[str, Any]:
    """Every case received within a year; a tenth is open, the rest was closed days after; a third in one category."""
    return {"cases": CASES, "asked": ASKED, **asyncio.run(_asked()), "wanted": {"p99_ms": 50}}


async def _asked() -> dict[str, Any]:
    with data_folder() as data:
        servers = EmbeddedServers(data, nats_users())
        addresses = await asyncio.to_thread(servers.start)
        try:
            connection = await asyncpg.connect(addresses.database_url)
            await connection.execute("create database bench_duplicates")
            await connection.close()
            url = with_database(addresses.database_url, "bench_duplicates")
            return {scope: await _over(url, scope) for scope in ("grid", "township")}
        finally:
            await asyncio.to_thread(servers.stop)


async def _over(database_url: str, scope: str) -> dict[str, float]:
    engine = make_engine(database_url, service="intake")
    record = EventRecord(SPINE, service="intake", centre="qz")
    work = UnitOfWork(make_sessions(engine), SPINE, record, service="intake", centre="qz", clock=MovedClock(NOW))
    terms = DuplicateTerms.model_validate({"scope": scope, "contact_questions_per_hour": 1000})
    pack = default_pack().model_copy(update={"duplicates": terms})
    try:
        await migrate(engine, schema="intake", folder=MIGRATIONS)
        async with work.begin() as tx:
            content = pack.model_dump(mode="json")
            await work.packs.store(tx.session, name=pack.name, version=pack.version, content=content, at=NOW)
        await _fill(database_url, pack)
        return await _measured(work, pack)
    finally:
        await engine.dispose()


async def _measured(work: UnitOfWork, pack: CentrePack) -> dict[str, float]:
    """A quarter of the questions with a contact, of a clerk each, so that none has asked too often."""
    finding, dice, took = FindingSimilar(KeyRing.from_text(KeyRing.generate())), random.Random(7), list[float]()
    for number in range(ASKED + WARM):
        category, place = _matter(pack, dice)
        ask = FindSimilarCases(
            actor=CLERK.model_copy(update={"staff": f"clerk.{number}"}),
            idempotency_key=uuid4().hex,
            category=category,
            place=place,
            contact=f"1380000{number:04d}" if number % 4 == 0 else None,
        )
        began = time.perf_counter()
        await finding.find_similar_cases(work, ask, now=NOW)
        took.append(time.perf_counter() - began)
    return _figures(took[WARM:])


async def _fill(database_url: str, pack: CentrePack) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        if not await connection.fetchval('select count(*) from intake."case"'):
            columns = (
                "case_id", "case_code", "source", "category", "place", "level", "state", "owner", "round", "attempts",
                "pack_version", "received_at", "registered_at", "closed_at",
            )  # fmt: skip
            await connection.copy_records_to_table("case", schema_name="intake", columns=columns, records=_rows(pack))
            await connection.execute('vacuum analyze intake."case"')
    finally:
        await connection.close()


def _rows(pack: CentrePack) -> Sequence[tuple[object, ...]]:
    dice, rows = random.Random(1), list[tuple[object, ...]]()
    for number in range(CASES):
        category, place = _matter(pack, dice)
        received = NOW - timedelta(minutes=dice.randrange(365 * 24 * 60))
        closed = None if number % 10 == 0 else min(NOW, received + timedelta(days=dice.randrange(1, 20)))
        state = "handling" if closed is None else "closed"
        code = case_code(2026, number + 1)
        rows.append(
            (
                uuid4(),
                code,
                "window",
                category,
                place,
                "IV",
                state,
                "clerk.1",
                1,
                0,
                pack.version,
                received,
                received,
                closed,
            )
        )
    return rows


def _matter(pack: CentrePack, dice: random.Random) -> tuple[str, str]:
    leaves = pack.leaf_categories
    category = leaves[0] if dice.random() < 1 / 3 else dice.choice(leaves)
    return category.code, dice.choice(pack.places).code


def _figures(took: Sequence[float]) -> dict[str, float]:
    ordered = sorted(took)
    return {
        "median_ms": round(median(ordered) * 1000, 2),
        "p99_ms": round(ordered[int(len(ordered) * 0.99)] * 1000, 2),
        "max_ms": round(ordered[-1] * 1000, 2),
    }
