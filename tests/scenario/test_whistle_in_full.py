"""The whistle with every answer a unit can give, the notices that leave, and a drill."""

import pytest

from shared.contracts.base import Done
from shared.contracts.dispatch import (
    AnswerByLink,
    CheckInByCode,
    DrillResult,
    LinkAnswered,
    ReadDrill,
    ReadRoomCode,
    RoomCode,
)
from shared.duty import Roster
from shared.errors import RemoteRefusal
from tests.support.centre import CentreUnderTest, key
from tests.support.web_sink import web_sink

pytestmark = pytest.mark.servers
COMING, SUBSTITUTE, UNABLE = "police", "resources-construction", "enforcement-emergency"


async def test_every_unit_answers_for_itself(centre: CentreUnderTest) -> None:
    code = (await centre.window_receives(level="I")).case_code
    summons = await centre.director_summons(code, COMING, SUBSTITUTE, UNABLE)
    await centre.commander_approves(summons)
    view = await centre.summons(summons)
    assert all(one.notified_at for one in view.units), "the first notice has left for each"
    await centre.unit_sets_out(summons, COMING, 8)
    await centre.unit_sends_substitute(summons, SUBSTITUTE)
    await centre.unit_cannot_come(summons, UNABLE)
    told = await centre.messages(case_code=code)
    assert [one for one in told if one.post == "duty_director"], "who cannot come is the director's to know at once"
    states = {one.unit: one.state for one in (await centre.summons(summons)).units}
    assert states == {COMING: "on_the_way", SUBSTITUTE: "substitute_sent", UNABLE: "cannot_come"}

    room = await centre.ask(ReadRoomCode(actor=centre.room, summons_id=summons), RoomCode)
    with pytest.raises(RemoteRefusal):
        await centre.ask(ReadRoomCode(actor=centre.liaison(COMING), summons_id=summons), RoomCode)
    wrong = f"{(int(room.room_code) + 1) % 1_000_000:06d}"
    for given, right in ((wrong, False), (room.room_code, True)):
        command = CheckInByCode(
            actor=centre.liaison(COMING), idempotency_key=key(), summons_id=summons, room_code=given
        )
        if right:
            await centre.do(command)
        else:
            with pytest.raises(RemoteRefusal):
                await centre.ask(command, Done)
    await centre.unit_arrives(summons, SUBSTITUTE)
    await centre.time_passes(minutes=65)
    view = await centre.summons(summons)
    assert {one.unit: one.state for one in view.units} == {
        COMING: "arrived",
        SUBSTITUTE: "arrived",
        UNABLE: "not_arrived",
    }
    assert view.state == "incomplete"


async def test_a_unit_that_acknowledges_and_sits_is_rung_again(centre: CentreUnderTest) -> None:
    code = (await centre.window_receives(level="I")).case_code
    summons = await centre.director_summons(code, COMING, SUBSTITUTE)
    await centre.commander_approves(summons)
    await centre.unit_acknowledges(summons, COMING)
    await centre.unit_sets_out(summons, SUBSTITUTE, 18)
    await centre.time_passes(minutes=11)
    again = [
        one.data["unit"]
        for one in await centre.story(code)
        if one.type == "escalation.notice.issued" and one.data["why"] == "rung_again"
    ]
    assert set(again) == {COMING}, "who is on the way is left in peace until its estimate has passed"


async def test_nobody_on_duty_is_the_next_step_at_once(centre: CentreUnderTest) -> None:
    empty = Roster(code="liaison.police", kind="liaison", unit=COMING, title="公安分局联络员排班")
    await centre.roster_is(empty)
    code = (await centre.window_receives(level="I")).case_code
    summons = await centre.director_summons(code, COMING)
    await centre.commander_approves(summons)
    posts = [one.data["post"] for one in await centre.story(code) if one.type == "escalation.notice.issued"]
    assert "unit_lead" in posts, "no three minutes are waited for somebody who is not there"
    unreached = [one for one in await centre.notices(case_code=code) if one.unreached]
    assert {(one.post, one.unreached) for one in unreached} == {("liaison_officer", "nobody_on_duty")}


async def test_a_link_answers_once_for_one_unit(centre: CentreUnderTest) -> None:
    code = (await centre.window_receives(level="I")).case_code
    summons = await centre.director_summons(code, COMING)
    async with web_sink() as phone:
        await centre.contact_is(f"{COMING}.liaison", "webhook", phone.url)
        await centre.commander_approves(summons)
        told = await phone.first()
    token = next(one["url"] for one in told.json["links"] if "/a/" in one["url"]).split("/a/")[1]
    assert not [one for one in await centre.messages(case_code=code) if "/a/" in (one.body or "")], "kept by nobody"
    command = AnswerByLink(actor=centre.console, idempotency_key=key(), token=token)
    answered = await centre.do(command, LinkAnswered)
    assert (answered.unit, answered.answer) == (COMING, "acknowledge")
    with pytest.raises(RemoteRefusal) as refused:
        await centre.ask(command.model_copy(update={"idempotency_key": key()}), LinkAnswered)
    assert refused.value.as_dict()["code"] == "link_used"


async def test_a_drill_measures_who_would_have_come(centre: CentreUnderTest) -> None:
    drill = await centre.director_drills(COMING, UNABLE)
    await centre.commander_approves(drill)
    await centre.time_passes(minutes=2)
    await centre.unit_acknowledges(drill, COMING)
    await centre.time_passes(minutes=70)
    result = await centre.ask(ReadDrill(actor=centre.director, summons_id=drill), DrillResult)
    came = {one.unit: one.would_have_come for one in result.units}
    assert came == {COMING: True, UNABLE: False}
    assert (result.answered, result.state) == (1, "incomplete")
    drilled = [one for one in await centre.messages() if one.drill]
    assert drilled
    assert all("演练" in one.subject for one in drilled)
    assert not [one for one in drilled if one.post in ("duty_director", "commander")]
