"""Answers by link: as the post the link was made for, once, in time, for one unit of one summons."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from services.dispatch.errors.summonses import (
    EstimateMissing,
    LinkForNothing,
    LinkUsed,
    ReasonMissing,
    UnitArrivedAlready,
)
from services.dispatch.operations.links import LinkAnswers
from shared.contracts.actors import system
from shared.contracts.dispatch import AnswerByLink, LinkAnswered, SummonsUnitAcknowledged
from shared.errors import AlreadyHandled
from shared.links import LinkExpired, LinkForeign, LinkSigner, LinkUnsigned
from tests.integration.dispatch.given import Bench
from tests.integration.dispatch.given_whistle import LINKS, whistle_blown
from tests.unit.dispatch.given_summonses import FIRE, MARKET, POLICE, SECRET, SIGNER, answer_link

pytestmark = pytest.mark.servers


async def actors(bench: Bench, code: str, kind: str) -> list[str | None]:
    async with bench.work.read() as session:
        entries, _ = await bench.work.event_record.timeline(await session.connection(), code)
    return [entry.actor for entry in entries if entry.type == kind]


async def test_a_link_answers_as_the_post_it_was_made_for(bench: Bench) -> None:
    whistle = await whistle_blown(bench, POLICE, FIRE)
    answered = await whistle.opens(answer_link(whistle.id))
    assert (answered.unit, answered.answer, answered.at) == (POLICE, "acknowledge", bench.now)
    assert await whistle.states() == {POLICE: "acknowledged", FIRE: "called"}
    assert (await whistle.row(POLICE)).acknowledged_by == "police.liaison"
    told = await actors(bench, whistle.case_code, SummonsUnitAcknowledged.TYPE)
    assert told == ["liaison_officer:police.liaison"], "never whoever carried the link"


async def test_each_purpose_is_its_own_verb(bench: Bench) -> None:
    whistle = await whistle_blown(bench, POLICE, FIRE, MARKET)
    on_the_way = answer_link(whistle.id, FIRE, "on_the_way")
    with pytest.raises(EstimateMissing) as missing:
        await whistle.opens(on_the_way)
    assert missing.value.field == "arrives_in_minutes"
    await whistle.opens(on_the_way, arrives_in_minutes=7)
    cannot = answer_link(whistle.id, MARKET, "cannot_come")
    with pytest.raises(ReasonMissing) as missing:
        await whistle.opens(cannot)
    assert missing.value.field == "reason"
    await whistle.opens(cannot, reason="人在外地")
    assert await whistle.states() == {POLICE: "called", FIRE: "on_the_way", MARKET: "cannot_come"}
    assert (await whistle.row(FIRE)).expected_at == bench.now + timedelta(minutes=7)
    assert await bench.count("used_link") == 2, "a refused answer uses up no link"


async def test_a_link_is_answered_once_however_many_open_it_at_once(bench: Bench) -> None:
    whistle = await whistle_blown(bench, POLICE)
    link = answer_link(whistle.id, purpose="on_the_way")
    outcomes = await asyncio.gather(
        *(whistle.opens(link, arrives_in_minutes=minutes) for minutes in (5, 10, 15)), return_exceptions=True
    )
    assert [type(one).__name__ for one in outcomes].count("LinkAnswered") == 1
    refused = [one for one in outcomes if isinstance(one, LinkUsed)]
    assert len(refused) == 2
    assert all("answered already" in one.message and one.field == "token" for one in refused)
    with pytest.raises(LinkUsed):
        await whistle.opens(link, arrives_in_minutes=20)
    assert (await bench.events(whistle.case_code)).count("summons.unit_on_the_way") == 1


async def test_the_same_request_sent_twice_is_answered_the_same_even_when_time_is_up(bench: Bench) -> None:
    whistle = await whistle_blown(bench, POLICE)
    token = SIGNER.sign(answer_link(whistle.id))
    command = AnswerByLink(actor=system("console"), idempotency_key="k", token=token)
    first = await LINKS.answer_by_link(bench.work, command, now=bench.now)
    bench.passes(minutes=90)
    with pytest.raises(AlreadyHandled) as again:
        await LINKS.answer_by_link(bench.work, command, now=bench.now)
    assert LinkAnswered.model_validate(again.value.answer) == first


async def test_expired_unsigned_and_foreign_links_are_told_apart(bench: Bench) -> None:
    whistle = await whistle_blown(bench, POLICE)
    link = answer_link(whistle.id)
    with pytest.raises(LinkUnsigned):
        await whistle.opens_token("not-a-link")
    with pytest.raises(LinkUnsigned):
        await whistle.opens_token(LinkSigner(("x" * 40,), centre="qz").sign(link))
    with pytest.raises(LinkForeign):
        await whistle.opens_token(SIGNER.sign(link.model_copy(update={"centre": "xm"})))
    elsewhere = LinkAnswers(LinkSigner((SECRET,), centre="xm"))
    command = AnswerByLink(actor=system("console"), idempotency_key="k", token=SIGNER.sign(link))
    with pytest.raises(LinkForeign):
        await elsewhere.answer_by_link(bench.work, command, now=bench.now)
    bench.passes(minutes=60)
    with pytest.raises(LinkExpired):
        await whistle.opens(link)
    assert await whistle.states() == {POLICE: "called"}
    assert (await bench.count("used_link"), await bench.count("request")) == (0, 3)


async def test_a_link_for_another_summons_or_unit_answers_nothing(bench: Bench) -> None:
    whistle = await whistle_blown(bench, POLICE)
    for link in (answer_link(uuid4()), answer_link(whistle.id, FIRE)):
        with pytest.raises(LinkForNothing) as refused:
            await whistle.opens(link)
        assert (refused.value.code, refused.value.field) == ("link_for_nothing", "token")
    assert await whistle.states() == {POLICE: "called"}


async def test_a_link_opened_after_arrival_is_refused_by_name_and_not_used_up(bench: Bench) -> None:
    whistle = await whistle_blown(bench, POLICE, FIRE)
    await whistle.arrives(POLICE)
    with pytest.raises(UnitArrivedAlready):
        await whistle.opens(answer_link(whistle.id))
    assert await bench.count("used_link") == 0
