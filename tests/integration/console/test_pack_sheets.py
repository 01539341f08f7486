"""The sheet a draft of the rules is written on: kept, and never overwritten by whoever has not seen its last change."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from deploy.packs import default_pack
from services.console.errors import SheetChangedMeanwhile
from services.console.model import SPINE
from services.console.operations.pack_sheets import begin_sheet, drop_sheet, read_sheet, save_sheet
from shared.clock import MovedClock
from shared.infra.database import make_engine, make_sessions
from shared.infra.event_record import EventRecord
from shared.infra.unit_of_work import UnitOfWork
from tests.support.times import MONDAY_MORNING

pytestmark = pytest.mark.servers
ADMIN, OTHER = "admin.1", "admin.2"
CONTENT = default_pack().model_dump(mode="json")


@pytest.fixture
async def work(database_url: str) -> AsyncIterator[UnitOfWork]:
    engine = make_engine(database_url, service="console")
    record = EventRecord(SPINE, service="console", centre="qz")
    clock = MovedClock(MONDAY_MORNING)
    yield UnitOfWork(make_sessions(engine), SPINE, record, service="console", centre="qz", clock=clock)
    await engine.dispose()


async def test_a_sheet_is_kept_for_its_writer_alone(work: UnitOfWork) -> None:
    now = work.clock.now()
    assert await read_sheet(work, ADMIN) is None
    await begin_sheet(work, ADMIN, based_on="v1", content=CONTENT, now=now)
    await save_sheet(work, ADMIN, seen=1, content={**CONTENT, "title": "改名"}, now=now + timedelta(days=30))
    await begin_sheet(
        work, ADMIN, based_on="v2", content=CONTENT, now=now + timedelta(days=31)
    )  # begun already: it stays
    kept = await read_sheet(work, ADMIN)
    assert kept is not None
    assert (kept.based_on, kept.content["title"], kept.revision) == ("v1", "改名", 2)
    assert await read_sheet(work, OTHER) is None
    await drop_sheet(work, ADMIN)
    assert await read_sheet(work, ADMIN) is None


async def test_another_tab_does_not_overwrite_what_it_has_not_seen(work: UnitOfWork) -> None:
    now = work.clock.now()
    await begin_sheet(work, ADMIN, based_on="v1", content=CONTENT, now=now)
    await save_sheet(work, ADMIN, seen=1, content={**CONTENT, "title": "甲"}, now=now)
    with pytest.raises(SheetChangedMeanwhile):
        await save_sheet(work, ADMIN, seen=1, content={**CONTENT, "title": "乙"}, now=now)
    await save_sheet(work, ADMIN, seen=2, content={**CONTENT, "title": "丙"}, now=now, based_on="v2")
    kept = await read_sheet(work, ADMIN)
    assert kept is not None
    assert (kept.content["title"], kept.based_on, kept.revision) == ("丙", "v2", 3)
