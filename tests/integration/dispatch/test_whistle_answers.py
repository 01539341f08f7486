"""Every answer of a unit, its arrival and its notices, over a real database."""

import asyncio
from datetime import timedelta

import pytest

from services.dispatch.errors.summonses import (
    NoRoomCode,
    RoomCodeBlocked,
    SubstituteOfAnotherUnit,
    UnitArrivedAlready,
    WrongRoomCode,
)
from shared.contracts.dispatch import (
    SummonsEnded,
    SummonsUnitAcknowledged,
    SummonsUnitArrived,
    SummonsUnitCannotCome,
    SummonsUnitNotified,
    SummonsUnitOnTheWay,
    SummonsUnitSubstituteSent,
)
from tests.integration.dispatch.given import Bench
from tests.integration.dispatch.given_whistle import whistle_blown
from tests.unit.dispatch.given import ROOM, staff_of
from tests.unit.dispatch.given_summonses import FIRE, MARKET, POLICE

pytestmark = pytest.mark.servers
REASON = "值班人员全部在另一处险情现场"


async def test_every_answer_is_kept_shown_and_told_without_its_words(bench: Bench) -> None:
    whistle = await whistle_blown(bench, POLICE, FIRE, MARKET)
    called_at = bench.now
    bench.passes(minutes=1)
    await whistle.sets_out(POLICE, 8)
    await whistle.sends(FIRE, "fire-rescue.lead")
    await whistle.cannot_come(MARKET, REASON)
    view = {unit.unit: unit for unit in (await whistle.view()).units}
    assert {unit: one.state for unit, one in view.items()} == {
        POLICE: "on_the_way",
        FIRE: "substitute_sent",
        MARKET: "cannot_come",
    }
    assert view[POLICE].expected_at == called_at + timedelta(minutes=9)
    assert (view[FIRE].substitute, view[FIRE].acknowledged_at) == ("fire-rescue.lead", bench.now)
    assert (view[MARKET].cannot_come_reason, view[MARKET].cannot_come_at) == (REASON, bench.now)
    for actor in (staff_of(POLICE), ROOM):
        shown = await whistle.view(actor)
        assert (shown.reason, {unit.cannot_come_reason for unit in shown.units}) == (None, {None})
    told = [await bench.event_data(whistle.case_code, kind) for kind in (SummonsUnitOnTheWay, SummonsUnitCannotCome)]
    assert REASON not in str(told)
    assert len(await bench.event_data(whistle.case_code, SummonsUnitAcknowledged)) == 2
    (substitute,) = await bench.event_data(whistle.case_code, SummonsUnitSubstituteSent)
    assert substitute["substitute"] == "fire-rescue.lead"


async def test_a_substitute_of_another_unit_is_refused_and_nothing_kept(bench: Bench) -> None:
    whistle = await whistle_blown(bench, POLICE)
    with pytest.raises(SubstituteOfAnotherUnit):
        await whistle.sends(POLICE, "fire-rescue.lead")
    assert await whistle.states() == {POLICE: "called"}


async def test_acknowledgement_after_arrival_is_refused_by_name(bench: Bench) -> None:
    whistle = await whistle_blown(bench, POLICE, FIRE)
    await whistle.arrives(POLICE)
    for answer in (
        whistle.acknowledges(POLICE),
        whistle.sets_out(POLICE),
        whistle.sends(POLICE, "police.lead"),
        whistle.cannot_come(POLICE),
    ):
        with pytest.raises(UnitArrivedAlready, match="police is checked in already"):
            await answer


async def test_a_clock_set_back_an_hour_leaves_no_negative_span(bench: Bench) -> None:
    whistle = await whistle_blown(bench, POLICE, FIRE)
    called_at = bench.now
    bench.passes(hours=-1)
    await whistle.notice_leaves(POLICE)
    await whistle.acknowledges(POLICE)
    await whistle.arrives(POLICE)
    await whistle.is_given_up(FIRE)
    view = await whistle.view()
    assert [(one.notified_at, one.acknowledged_at, one.arrived_at) for one in view.units] == [
        (called_at, called_at, called_at),
        (None, None, None),
    ]
    assert (view.state, view.ended_at) == ("incomplete", called_at)


async def test_the_first_notice_is_recorded_once_whatever_comes_late(bench: Bench) -> None:
    whistle = await whistle_blown(bench, POLICE, FIRE)
    called_at = bench.now
    bench.passes(seconds=2)
    await whistle.notice_leaves(POLICE, "duty", post="duty_director")
    assert (await whistle.row(POLICE)).notified_at is None, "told to the director about it, not to the unit"
    await whistle.notice_leaves(POLICE, "sms")
    bench.passes(minutes=3)
    await whistle.notice_leaves(POLICE, "mail", post="police.lead")
    (told,) = await bench.event_data(whistle.case_code, SummonsUnitNotified)
    assert (told["unit"], told["channel"]) == (POLICE, "sms")
    shown, silent = (await whistle.view()).units
    assert (shown.notified_on, shown.notified_at) == ("sms", called_at + timedelta(seconds=2))
    await whistle.is_stood_down()
    await whistle.notice_leaves(FIRE)
    assert len(await bench.event_data(whistle.case_code, SummonsUnitNotified)) == 1
    assert silent.notified_at is None


# -- the room's code ---------------------------------------------------------------------------------------------------


async def test_the_code_on_the_wall_checks_in_whoever_reads_it(bench: Bench) -> None:
    whistle = await whistle_blown(bench, POLICE, FIRE)
    code = await whistle.code_on_the_wall()
    await whistle.gives_code(POLICE, code)
    await whistle.arrives(FIRE)
    told = {one["unit"]: one["checked_in"] for one in await bench.event_data(whistle.case_code, SummonsUnitArrived)}
    assert told == {POLICE: "code", FIRE: "room"}
    assert [one["outcome"] for one in await bench.event_data(whistle.case_code, SummonsEnded)] == ["assembled"]
    with pytest.raises(NoRoomCode):
        await whistle.code_on_the_wall()
    async with bench.work.read() as session:
        connection = await session.connection()
        for table in ("event", "request"):
            rows = (await connection.exec_driver_sql(f"select t::text from dispatch.{table} t")).scalars().all()
            assert rows
            assert not [row for row in rows if f'"{code}"' in row]


async def test_codes_differ_from_summons_to_summons(bench: Bench) -> None:
    codes = {await (await whistle_blown(bench, POLICE)).code_on_the_wall() for _ in range(4)}
    assert len(codes) > 1
    assert all(len(code) == 6 and code.isdecimal() for code in codes)


def wrong(code: str, by: int = 1) -> str:
    return f"{(int(code) + by) % 1_000_000:06d}"


async def test_a_wrong_code_stays_counted_though_it_was_refused(bench: Bench) -> None:
    whistle = await whistle_blown(bench, POLICE, FIRE)
    code = await whistle.code_on_the_wall()
    for left in (4, 3, 2, 1):
        with pytest.raises(WrongRoomCode) as refused:
            await whistle.gives_code(POLICE, wrong(code))
        assert refused.value.facts == {"tries_left": left}
    with pytest.raises(RoomCodeBlocked):
        await whistle.gives_code(POLICE, wrong(code))
    with pytest.raises(RoomCodeBlocked, match="command room or the duty director"):
        await whistle.gives_code(POLICE, code)
    await whistle.gives_code(FIRE, code)
    await whistle.arrives(POLICE)
    assert set((await whistle.states()).values()) == {"arrived"}


async def test_many_guesses_at_once_are_five(bench: Bench) -> None:
    whistle = await whistle_blown(bench, POLICE)
    code = await whistle.code_on_the_wall()
    guesses = [whistle.gives_code(POLICE, wrong(code, by)) for by in range(1, 13)]
    outcomes = await asyncio.gather(*guesses, whistle.gives_code(POLICE, wrong(code, 13)), return_exceptions=True)
    kinds = [type(one).__name__ for one in outcomes]
    assert (kinds.count("WrongRoomCode"), kinds.count("RoomCodeBlocked")) == (4, 9)
    assert (await whistle.row(POLICE)).wrong_codes == 5


# -- each for itself ---------------------------------------------------------------------------------------------------


async def test_units_that_answer_at_the_same_moment_lose_nothing(bench: Bench) -> None:
    whistle = await whistle_blown(bench, POLICE, FIRE, MARKET)
    await asyncio.gather(whistle.acknowledges(POLICE), whistle.sets_out(FIRE), whistle.cannot_come(MARKET))
    assert await whistle.states() == {POLICE: "acknowledged", FIRE: "on_the_way", MARKET: "cannot_come"}


async def test_a_unit_called_for_two_cases_answers_each(bench: Bench) -> None:
    first, second = await whistle_blown(bench, POLICE), await whistle_blown(bench, POLICE)
    await first.arrives(POLICE)
    assert await second.states() == {POLICE: "called"}
    await second.acknowledges(POLICE)
    assert await second.states() == {POLICE: "acknowledged"}
