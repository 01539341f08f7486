"""Suggested, confirmed by a person, on record; the typed text is not."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from services.intake.errors import SuggestionUsed, UnknownSuggestion
from shared.contracts.intake import CategoryChosen
from tests.integration.intake.given import CLERK, MATTER, Desk
from tests.unit.suggest.history import pack

pytestmark = pytest.mark.servers


async def test_keywords_suggest_from_the_first_day(desk: Desk) -> None:
    answer = await desk.asks()
    assert [one.category for one in answer.suggestions] == ["lamp"]
    assert answer.suggestions[0].name == "路灯不亮"
    assert "「路灯不亮」" in answer.suggestions[0].reason
    [kept] = await desk.suggestions()
    assert (kept.suggestion_id, kept.codes, kept.model) == (answer.suggestion_id, ["lamp"], "keywords")
    assert (kept.asked_by, kept.pack_version, kept.case_id) == (CLERK.staff, pack().version, None)


async def test_nothing_to_go_by_is_an_answer_too(desk: Desk) -> None:
    answer = await desk.asks("请问今天上班吗")
    assert answer.suggestions == ()
    receipt = await desk.registers(category="road", suggestion_id=answer.suggestion_id)
    [event] = await desk.told(receipt.case_code, CategoryChosen)
    assert (event["suggested"], event["chosen"], event["by_rank"]) == ([], "road", None)


async def test_the_typed_text_is_kept_nowhere(desk: Desk) -> None:
    await desk.asks("家住桥头的王小明说路灯不亮，电话13812345678")
    stored = await desk.everything_stored()
    assert "lamp" in stored
    for words in ("王小明", "桥头的", "13812345678"):
        assert words not in stored
    async with desk.work.read() as session:
        assert await session.scalar(sa.text("select count(*) from intake.request")) == 0


@pytest.mark.parametrize(("chosen", "rank"), [("lamp", 1), ("road", None)])
async def test_what_was_chosen_is_on_record(desk: Desk, chosen: str, rank: int | None) -> None:
    answer = await desk.asks()
    receipt = await desk.registers(category=chosen, suggestion_id=answer.suggestion_id)
    [event] = await desk.told(receipt.case_code, CategoryChosen)
    assert (event["suggested"], event["chosen"], event["by_rank"]) == (["lamp"], chosen, rank)
    assert (event["suggestion_id"], event["model"]) == (str(answer.suggestion_id), "keywords")
    [kept] = await desk.suggestions()
    assert (kept.chosen, kept.by_rank, kept.chosen_at) == (chosen, rank, desk.now)
    assert kept.case_id == receipt.case_id


async def test_without_a_suggestion_nothing_is_told_of_one(desk: Desk) -> None:
    receipt = await desk.registers(category="lamp", accept_as="forward")
    assert await desk.told(receipt.case_code, CategoryChosen) == []


async def test_a_choice_left_open_is_made_at_acceptance(desk: Desk) -> None:
    answer = await desk.asks()
    receipt = await desk.registers(suggestion_id=answer.suggestion_id)
    assert await desk.told(receipt.case_code, CategoryChosen) == []
    await desk.accepts(receipt.case_code, category="lamp")
    [event] = await desk.told(receipt.case_code, CategoryChosen)
    assert (event["chosen"], event["by_rank"]) == ("lamp", 1)


async def test_a_suggestion_may_be_asked_for_at_acceptance(desk: Desk) -> None:
    receipt = await desk.registers()
    answer = await desk.asks()
    await desk.accepts(receipt.case_code, category="road", suggestion_id=answer.suggestion_id)
    [event] = await desk.told(receipt.case_code, CategoryChosen)
    assert (event["chosen"], event["by_rank"]) == ("road", None)


async def test_a_suggestion_nobody_made_is_refused(desk: Desk) -> None:
    with pytest.raises(UnknownSuggestion) as refused:
        await desk.registers(category="lamp", suggestion_id=uuid4())
    assert refused.value.field == "suggestion_id"
    receipt = await desk.registers()
    with pytest.raises(UnknownSuggestion):
        await desk.accepts(receipt.case_code, category="lamp", suggestion_id=uuid4())
    assert (await desk.case(receipt.case_code)).state == "registered"


async def test_one_suggestion_is_for_one_case_also_where_two_come_at_once(desk: Desk) -> None:
    answer = await desk.asks()
    asked = [desk.registers(category="lamp", suggestion_id=answer.suggestion_id) for _ in range(2)]
    done = await asyncio.gather(*asked, return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["CaseReceipt", SuggestionUsed.__name__]
    async with desk.work.read() as session:
        assert await session.scalar(sa.text('select count(*) from intake."case"')) == 1


async def test_an_unused_suggestion_is_forgotten_after_a_month_a_used_one_is_not(desk: Desk) -> None:
    used = await desk.asks()
    await desk.registers(category="lamp", suggestion_id=used.suggestion_id)
    await desk.asks(MATTER)
    desk.clock.move(timedelta(days=29))
    await desk.erases()
    assert len(await desk.suggestions()) == 2
    desk.clock.move(timedelta(days=2))
    await desk.erases()
    assert [one.suggestion_id for one in await desk.suggestions()] == [used.suggestion_id]
