"""A database of this test's own, a unit of work over it, and the default centre pack in force."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from services.dispatch.model import SPINE
from services.dispatch.operations.packs import apply_centre_pack
from shared.clock import MovedClock
from shared.contracts.actors import Actor, Role
from shared.contracts.dispatch import ApplyCentrePack
from shared.infra.database import make_engine, make_sessions
from shared.infra.event_record import EventRecord
from shared.infra.unit_of_work import UnitOfWork
from tests.integration.dispatch.given import Bench
from tests.unit.dispatch.given import MONDAY, quanzhou


@pytest.fixture
async def bare_bench(database_url: str) -> AsyncIterator[Bench]:
    """No pack yet."""
    engine = make_engine(database_url, service="dispatch")
    clock = MovedClock(MONDAY)
    record = EventRecord(SPINE, service="dispatch", centre="qz")
    work = UnitOfWork(make_sessions(engine), SPINE, record, service="dispatch", centre="qz", clock=clock)
    yield Bench(work, clock)
    await engine.dispose()


@pytest.fixture
async def bench(bare_bench: Bench) -> Bench:
    command = ApplyCentrePack(
        actor=Actor(staff="operator", role=Role.ADMINISTRATOR),
        idempotency_key=uuid4().hex,
        pack=quanzhou().model_dump(mode="json"),
    )
    await apply_centre_pack(bare_bench.work, command, now=MONDAY)
    return bare_bench
