"""A database with notification's schema and a unit of work over it, on the centre's moved clock."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from deploy.databases import with_database
from deploy.embedded.running import ServerAddresses
from services.notification.model import SPINE
from shared.clock import MovedClock
from shared.infra.database import make_engine, make_sessions
from shared.infra.event_record import EventRecord
from shared.infra.migrations import migrate
from shared.infra.unit_of_work import UnitOfWork
from tests.integration.notification.given import MONDAY, Bench, quanzhou

MIGRATIONS = Path(__file__).parents[3] / "services" / "notification" / "migrations"
TEMPLATE = "notification_template"


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
async def notification_template(addresses: ServerAddresses) -> str:
    await _execute(addresses.database_url, f'create database "{TEMPLATE}"')
    engine = make_engine(with_database(addresses.database_url, TEMPLATE), service="notification")
    await migrate(engine, schema="notification", folder=MIGRATIONS)
    await engine.dispose()
    return TEMPLATE


@pytest.fixture
async def engine(addresses: ServerAddresses, notification_template: str) -> AsyncIterator[AsyncEngine]:
    name = f"notification_{uuid4().hex[:12]}"
    await _execute(addresses.database_url, f'create database "{name}" template "{notification_template}"')
    engine = make_engine(with_database(addresses.database_url, name), service="notification")
    yield engine
    await engine.dispose()
    await _execute(addresses.database_url, f'drop database "{name}" with (force)')


@pytest.fixture
async def bench(engine: AsyncEngine) -> AsyncIterator[Bench]:
    clock = MovedClock(MONDAY)
    record = EventRecord(SPINE, service="notification", centre="qz")
    work = UnitOfWork(make_sessions(engine), SPINE, record, service="notification", centre="qz", clock=clock)
    pack = quanzhou()
    async with work.begin() as tx:
        await work.packs.store(
            tx.session, name=pack.name, version=pack.version, content=pack.model_dump(mode="json"), at=MONDAY
        )
    bench = Bench(work, clock)
    yield bench
    await bench.close()
