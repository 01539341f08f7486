"""A database with escalation's schema and a unit of work over it, on the centre's moved clock."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from deploy.databases import with_database
from deploy.embedded.running import ServerAddresses
from services.escalation.model import SPINE
from shared.clock import MovedClock
from shared.infra.database import make_engine, make_sessions
from shared.infra.event_record import EventRecord
from shared.infra.migrations import migrate
from shared.infra.unit_of_work import UnitOfWork
from tests.integration.escalation.given import Bench
from tests.unit.escalation.given import MONDAY, quanzhou

MIGRATIONS = Path(__file__).parents[3] / "services" / "escalation" / "migrations"
TEMPLATE = "escalation_template"


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
async def escalation_template(addresses: ServerAddresses) -> str:
    await _execute(addresses.database_url, f'create database "{TEMPLATE}"')
    engine = make_engine(with_database(addresses.database_url, TEMPLATE), service="escalation")
    await migrate(engine, schema="escalation", folder=MIGRATIONS)
    await engine.dispose()
    return TEMPLATE


@pytest.fixture
async def engine(addresses: ServerAddresses, escalation_template: str) -> AsyncIterator[AsyncEngine]:
    name = f"escalation_{uuid4().hex[:12]}"
    await _execute(addresses.database_url, f'create database "{name}" template "{escalation_template}"')
    engine = make_engine(with_database(addresses.database_url, name), service="escalation")
    yield engine
    await engine.dispose()
    await _execute(addresses.database_url, f'drop database "{name}" with (force)')


@pytest.fixture
async def bench(engine: AsyncEngine) -> Bench:
    clock = MovedClock(MONDAY)
    record = EventRecord(SPINE, service="escalation", centre="qz")
    work = UnitOfWork(make_sessions(engine), SPINE, record, service="escalation", centre="qz", clock=clock)
    pack = quanzhou()
    async with work.begin() as tx:
        await work.packs.store(
            tx.session, name=pack.name, version=pack.version, content=pack.model_dump(mode="json"), at=MONDAY
        )
    return Bench(work, clock)
