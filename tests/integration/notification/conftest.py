"""A database with notification's schema and a unit of work over it, on the centre's moved clock."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notification.model import SPINE
from shared.clock import MovedClock
from shared.infra.database import make_engine, make_sessions
from shared.infra.event_record import EventRecord
from shared.infra.unit_of_work import UnitOfWork
from tests.integration.notification.given import MONDAY, Bench, quanzhou


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = make_engine(database_url, service="notification")
    yield engine
    await engine.dispose()


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
