"""A database of this test's own, a unit of work over it, and a small pack in force."""

from collections.abc import AsyncIterator

import pytest

from services.intake.model import SPINE
from shared.clock import MovedClock
from shared.infra.database import make_engine, make_sessions
from shared.infra.event_record import EventRecord
from shared.infra.unit_of_work import UnitOfWork
from tests.integration.intake.given import MONDAY, Desk
from tests.unit.suggest.history import pack


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Desk]:
    engine = make_engine(database_url, service="intake")
    clock = MovedClock(MONDAY)
    record = EventRecord(SPINE, service="intake", centre="qz")
    work = UnitOfWork(make_sessions(engine), SPINE, record, service="intake", centre="qz", clock=clock)
    async with work.begin() as tx:
        content = pack().model_dump(mode="json")
        await work.packs.store(tx.session, name=pack().name, version=pack().version, content=content, at=MONDAY)
    yield Desk(work, clock)
    await engine.dispose()
