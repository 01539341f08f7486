"""A wall's address: made once, kept as a hash, one in use for each name, dark as soon as it is revoked."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from services.console.errors import WallNameTaken, WallUnknown
from services.console.model import SPINE, WallToken
from services.console.operations.walls import make_wall_token, revoke_wall_token, wall_of
from services.console.queries.walls import list_wall_tokens
from shared.clock import MovedClock
from shared.contracts.actors import OPERATOR
from shared.contracts.console import ListWallTokens, MakeWallToken, RevokeWallToken
from shared.infra.database import make_engine, make_sessions
from shared.infra.event_record import EventRecord
from shared.infra.unit_of_work import UnitOfWork

pytestmark = pytest.mark.servers
NOW = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)


@pytest.fixture
async def work(database_url: str) -> AsyncIterator[UnitOfWork]:
    engine = make_engine(database_url, service="console")
    record = EventRecord(SPINE, service="console", centre="qz")
    yield UnitOfWork(make_sessions(engine), SPINE, record, service="console", centre="qz", clock=MovedClock(NOW))
    await engine.dispose()


async def make(work: UnitOfWork, name: str = "hall-1") -> str:
    command = MakeWallToken(actor=OPERATOR, idempotency_key=uuid4().hex, name=name)
    return (await make_wall_token(work, command, now=NOW)).token


async def revoke(work: UnitOfWork, name: str = "hall-1") -> None:
    command = RevokeWallToken(actor=OPERATOR, idempotency_key=uuid4().hex, name=name)
    await revoke_wall_token(work, command, now=NOW + timedelta(hours=1))


async def test_an_address_of_a_wall_from_making_to_revoking(work: UnitOfWork) -> None:
    token = await make(work)
    assert await wall_of(work, token) == "hall-1"
    for other in ("", token[:-1], f"{token}x", "x" * 5_000):
        assert await wall_of(work, other) is None
    async with work.read() as session:
        kept = (await session.execute(sa.select(sa.cast(WallToken.token_hash, sa.Text), WallToken.name))).all()
    assert token not in str(kept)
    with pytest.raises(WallNameTaken):
        await make(work)
    await revoke(work)
    assert await wall_of(work, token) is None
    with pytest.raises(WallUnknown):
        await revoke(work)
    again = await make(work)
    assert again != token
    assert (await wall_of(work, again), await wall_of(work, token)) == ("hall-1", None)
    in_use = await list_wall_tokens(work, ListWallTokens(actor=OPERATOR), now=NOW)
    every = await list_wall_tokens(work, ListWallTokens(actor=OPERATOR, include_revoked=True), now=NOW)
    assert [one.revoked_at is None for one in in_use.tokens] == [True]
    assert len(every.tokens) == 2
    assert token not in every.model_dump_json()
