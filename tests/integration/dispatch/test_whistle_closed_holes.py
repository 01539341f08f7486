"""What nobody should be able to do with a whistle: guess in between, look into another's, drill whoever is needed."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError

from services.dispatch.errors.summonses import UnitBusyForDrill, WrongRoomCode
from services.dispatch.operations.arrivals import check_in_by_code
from services.dispatch.queries.summonses import list_summonses
from shared.contracts.actors import Actor
from shared.contracts.dispatch import CheckInByCode, ListSummonses, SendSubstitute, SummonsView
from shared.infra.unit_of_work import Transaction, UnitOfWork
from tests.integration.dispatch.given import Bench
from tests.integration.dispatch.given_whistle import Whistle, drill_asked, whistle_blown
from tests.unit.dispatch.given import COMMANDER, ROOM, staff_of
from tests.unit.dispatch.given_summonses import FIRE, MARKET, POLICE, WRONG_CODE, liaison

pytestmark = pytest.mark.servers


class ApprovedInBetween(UnitOfWork):
    """The commander approves just after the first transaction of a request, before its second."""

    def __init__(self, whistle: Whistle) -> None:
        self.__dict__ |= vars(whistle.bench.work)
        self._whistle: Whistle | None = whistle

    @asynccontextmanager
    async def begin(self, why: Any = None) -> AsyncGenerator[Transaction]:
        async with super().begin(why) as tx:
            yield tx
        whistle, self._whistle = self._whistle, None
        if whistle is not None:
            await whistle.approved()


async def test_a_guess_made_before_the_approval_is_worth_nothing_after_it(bench: Bench) -> None:
    case = await bench.case_arrives()
    whistle = Whistle(bench, await bench.summons_is_asked(case.case_code, POLICE), case.case_id, case.case_code)
    guess = CheckInByCode(
        actor=staff_of(POLICE), idempotency_key=uuid4().hex, summons_id=whistle.id, room_code=WRONG_CODE
    )
    with pytest.raises(WrongRoomCode):
        await check_in_by_code(ApprovedInBetween(whistle), guess, now=bench.now)
    assert await whistle.states() == {POLICE: "called"}


async def _seen_by(bench: Bench, actor: Actor) -> tuple[SummonsView, ...]:
    listed = await list_summonses(bench.work, ListSummonses(actor=actor, only_running=False), now=bench.now)
    return listed.summonses


async def test_a_unit_sees_the_summonses_that_call_it_and_no_others(bench: Bench) -> None:
    both, other = await whistle_blown(bench, POLICE, FIRE), await whistle_blown(bench, MARKET)
    assert [one.summons_id for one in await _seen_by(bench, staff_of(FIRE))] == [both.id]
    assert [one.summons_id for one in await _seen_by(bench, liaison(MARKET))] == [other.id]
    assert await _seen_by(bench, liaison(None)) == ()
    for actor in (COMMANDER, ROOM):
        assert {one.summons_id for one in await _seen_by(bench, actor)} == {both.id, other.id}


async def test_whoever_is_called_in_the_meantime_is_not_drilled(bench: Bench) -> None:
    exercise = await drill_asked(bench, FIRE, POLICE)
    real = await whistle_blown(bench, POLICE)
    with pytest.raises(UnitBusyForDrill) as refused:
        await exercise.approved()
    assert (refused.value.field, refused.value.facts) == ("summons_id", {"unit": POLICE})
    assert await exercise.states() == {FIRE: "named", POLICE: "named"}
    await real.is_stood_down()
    assert await (await exercise.approved()).states() == {FIRE: "called", POLICE: "called"}


@pytest.mark.parametrize("post", ["police.张三", "police.lead 13900000000", "police.lead\n", "police.<b>"])
def test_a_substitute_is_a_post_and_never_words_about_a_person(post: str) -> None:
    with pytest.raises(ValidationError, match="substitute"):
        SendSubstitute(
            actor=liaison(POLICE), idempotency_key="1", summons_id=uuid4(), substitute=post, arrives_in_minutes=5
        )
