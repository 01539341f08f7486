"""Registrations that come together are committed together, and each has an outcome of its own all the same."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

import pytest
import sqlalchemy as sa

from services.intake.model import Case
from services.intake.operations.registering import prepare_registering
from shared.contracts.intake import CaseReceipt, RegisterCase
from shared.errors import AlreadyHandled, Refused
from shared.infra.event_record import chain_is_whole
from shared.infra.gathering import Gathering
from shared.infra.requests import serve
from shared.infra.unit_of_work import GatheredWork, UnitOfWork
from tests.integration.intake.given import CLERK, MATTER, PLATFORM, Desk, registering

pytestmark = pytest.mark.servers


class Gathered:
    """A desk's registering as the service serves it, which counts the groups that were committed."""

    def __init__(self, desk: Desk, monkeypatch: pytest.MonkeyPatch, prepare: object = prepare_registering) -> None:
        self.groups = 0
        self._work = desk.work
        self._endpoint = serve(RegisterCase, desk.intake.register_case, prepare)  # pyright: ignore[reportArgumentType]
        self._gathering = Gathering(self._endpoint, desk.work)
        gathered = desk.work.gathered

        @asynccontextmanager
        async def counted() -> AsyncGenerator[GatheredWork]:
            async with gathered() as work:
                yield work
            self.groups += 1

        monkeypatch.setattr(desk.work, "gathered", counted)

    async def register(self, commands: Sequence[RegisterCase]) -> list[object]:
        asked = (self._gathering.carry_out(self._endpoint, self._work, command) for command in commands)
        return await asyncio.gather(*asked, return_exceptions=True)


async def cases(work: UnitOfWork) -> int:
    async with work.read() as session:
        return await session.scalar(sa.select(sa.func.count()).select_from(Case)) or 0


async def test_many_at_once_are_few_commits_and_each_has_its_code(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    gathered = Gathered(desk, monkeypatch)
    commands = [registering(f"{MATTER} {number}", CLERK) for number in range(40)]
    receipts = await gathered.register(commands)
    assert all(isinstance(receipt, CaseReceipt) for receipt in receipts)
    codes = {receipt.case_code for receipt in receipts if isinstance(receipt, CaseReceipt)}
    assert len(codes) == await cases(desk.work) == 40
    assert gathered.groups <= 3
    event = desk.work.spine.event
    async with desk.work.read() as session:
        rows = (await session.execute(sa.select(event).where(event.c.type == "intake.case.registered"))).all()
    assert {row.subject for row in rows} == codes
    assert all(chain_is_whole([(row.sequence, row.envelope, row.hash)]) for row in rows)
    assert {row.envelope["actor"] for row in rows} == {CLERK.name}


async def test_one_that_is_refused_takes_nobody_with_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    gathered = Gathered(desk, monkeypatch)
    commands = [registering(MATTER, CLERK) for _ in range(6)]
    commands[3] = registering(MATTER, CLERK, category="no-such-category")
    outcomes = await gathered.register(commands)
    assert [isinstance(one, CaseReceipt) for one in outcomes] == [True, True, True, False, True, True]
    refusal = outcomes[3]
    assert isinstance(refusal, Refused)
    assert refusal.code == "unknown_category"
    assert await cases(desk.work) == 5


async def test_a_key_used_before_gets_the_answer_of_then(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    gathered = Gathered(desk, monkeypatch)
    first, *others = (registering(MATTER, CLERK) for _ in range(4))
    (receipt,) = await gathered.register([first])
    again, twice, *new = await gathered.register([first, first, *others])
    assert isinstance(receipt, CaseReceipt)
    for repeated in (again, twice):
        assert isinstance(repeated, AlreadyHandled)
        assert repeated.answer["case_code"] == receipt.case_code
    assert all(isinstance(one, CaseReceipt) for one in new)
    assert await cases(desk.work) == 4


async def test_one_push_under_two_keys_is_one_case(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    gathered = Gathered(desk, monkeypatch)
    pushes = [registering(MATTER, PLATFORM, external_reference=number) for number in ("1", "2", "1")]
    first, second, third = await gathered.register(pushes)
    assert isinstance(first, CaseReceipt)
    assert isinstance(second, CaseReceipt)
    assert isinstance(third, CaseReceipt)
    assert (third.case_code, third.known) == (first.case_code, True)
    assert await cases(desk.work) == 2
    known = [one for one in await gathered.register(pushes) if isinstance(one, AlreadyHandled)]
    assert len(known) == 3


async def test_where_preparing_fails_each_is_done_alone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_work: UnitOfWork, _commands: Sequence[RegisterCase]) -> None:
        raise RuntimeError("on purpose")

    gathered = Gathered(desk, monkeypatch, broken)
    receipts = await gathered.register([registering(MATTER, CLERK) for _ in range(5)])
    assert all(isinstance(receipt, CaseReceipt) for receipt in receipts)
    assert (await cases(desk.work), gathered.groups) == (5, 0)
