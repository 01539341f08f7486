"""The demo's people at work in a centre that stands in memory: every case comes to its end, whatever they are told."""

import asyncio
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest

from deploy.demo.day import Progress, live_on, run_day
from deploy.demo.floor import Floor
from deploy.demo.plan import DayPlan, plan_day
from deploy.packs import default_pack
from shared.centre.pack import CentrePack
from shared.clock import SpeedClock
from shared.contracts.base import Done, Request
from shared.contracts.dispatch import AskSummons, ListTriage, TriageCases, UnitSummonsState
from shared.contracts.intake import CloseCase, ListOpenCases, OpenCases
from shared.errors import Refused, RemoteRefusal, Unavailable
from tests.unit.demo.fake_centre import FakeCentre

MONDAY = datetime.fromisoformat("2026-11-23T08:00:00+08:00")
SPEED = 20_000.0
ROUND_S = 0.01
PACK: CentrePack = default_pack()


def centre() -> FakeCentre:
    return FakeCentre(PACK, SpeedClock(MONDAY, SPEED))


async def play(fake: FakeCentre, plan: DayPlan) -> list[Progress]:
    seen: list[Progress] = []
    await asyncio.wait_for(run_day(fake, PACK, fake.clock, plan, on_progress=seen.append, round_s=ROUND_S), timeout=60)
    return seen


async def test_every_case_comes_to_its_end() -> None:
    fake, plan = centre(), plan_day(PACK, cases=80, seed=7)
    seen = await play(fake, plan)
    states = Counter(case.state for case in fake.cases.values())
    declined = sum(case.conduct.declined is not None for case in plan.cases)
    assert states == {"closed": 80 - declined, "not_accepted": declined}
    assert not fake.summonses
    assert not seen[-1].tally.refused
    assert not seen[-1].tally.unavailable


async def test_what_was_planned_to_go_wrong_goes_wrong() -> None:
    fake, plan = centre(), plan_day(PACK, cases=120, seed=3)
    await play(fake, plan)
    orders = [order for order in fake.orders.values() if order.state != "returned"]
    assert any(order.round > 1 for order in orders), "somebody has to do it again"
    assert any(order.state == "returned" for order in fake.orders.values())
    assert any(case.rounds > 1 for case in fake.cases.values()), "somebody was dissatisfied"
    answers = Counter(state for summons in fake.ended for state in summons.units.values())
    assert answers[UnitSummonsState.ARRIVED] > 0
    assert answers[UnitSummonsState.CALLED] > 0, "one unit stays silent"


async def test_whoever_did_not_answer_is_asked_again_under_the_same_key() -> None:
    fake, away = centre(), Counter[str]()

    def trouble(request: Request[Any]) -> None:
        if isinstance(request, ListTriage) and away[request.NAME] < 5:
            away[request.NAME] += 1
            raise Unavailable("the dispatch service is not running")

    fake.trouble = trouble
    seen = await play(fake, plan_day(PACK, cases=30, seed=7))
    assert seen[-1].tally.unavailable == {"list_triage": 5}
    assert {case.state for case in fake.cases.values()} <= {"closed", "not_accepted"}
    assert set(fake.keys.values()) == {1}, "no act was done under two keys, or twice"


class Crowded(FakeCentre):
    """More cases than a list shows: one that was on it is not with the next look, and is again with that after it."""

    looks = 0

    def _list_open_cases(self, ask: ListOpenCases) -> OpenCases:
        self.looks += 1
        shown = super()._list_open_cases(ask)
        return shown if self.looks % 2 else shown.model_copy(update={"cases": ()})


async def test_a_case_that_a_crowded_list_shows_twice_is_closed_once() -> None:
    fake = Crowded(PACK, SpeedClock(MONDAY, SPEED))
    await play(fake, plan_day(PACK, cases=40, seed=7))
    assert {case.state for case in fake.cases.values()} <= {"closed", "not_accepted"}
    assert set(fake.keys.values()) == {1}, "no act was done under two keys, or twice"


async def test_a_case_that_dispatch_has_not_read_of_yet_is_summoned_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("deploy.demo.floor.AGAIN_S", 0.001)
    fake, early = centre(), Counter[str]()

    def trouble(request: Request[Any]) -> None:
        if isinstance(request, AskSummons) and early[request.case_code] < 2:
            early[request.case_code] += 1
            raise RemoteRefusal({"code": "case_unknown", "message": "dispatch does not know this case yet"})

    fake.trouble = trouble
    plan = plan_day(PACK, cases=40, seed=7)
    seen = await play(fake, plan)
    assert len(fake.ended) == sum(case.summons is not None for case in plan.cases) > 0
    assert not seen[-1].tally.refused


async def test_a_refusal_is_information_and_ends_no_day() -> None:
    fake = centre()

    def trouble(request: Request[Any]) -> None:
        if isinstance(request, CloseCase):
            raise RemoteRefusal({"code": "not_first_receiver", "message": "no"})

    fake.trouble = trouble
    seen = await play(fake, plan_day(PACK, cases=12, seed=7))
    assert seen[-1].tally.refused["close_case: not_first_receiver"] > 0
    assert "followed_up" in {case.state for case in fake.cases.values()}


async def test_nights_are_leapt_over() -> None:
    fake = centre()
    leaps: list[datetime] = []
    plan = plan_day(PACK, cases=10, seed=1)
    await asyncio.wait_for(
        run_day(fake, PACK, fake.clock, plan, on_leap=lambda: leaps.append(fake.clock.now()), round_s=ROUND_S),
        timeout=60,
    )
    mornings = [leap for leap in leaps if leap - MONDAY > timedelta(hours=10)]
    assert mornings
    assert all(8 <= leap.astimezone(MONDAY.tzinfo).hour < 18 for leap in mornings)


async def test_no_night_is_leapt_over_what_is_still_on_its_way() -> None:
    fake, plan = centre(), plan_day(PACK, cases=2, seed=7)
    leaps: list[datetime] = []
    asked: list[datetime] = []

    async def not_yet() -> bool:
        asked.append(fake.clock.now())
        return False

    def leapt() -> None:
        leaps.append(fake.clock.now())

    working = asyncio.create_task(
        run_day(fake, PACK, fake.clock, plan, on_leap=leapt, may_leap=not_yet, round_s=ROUND_S)
    )
    async with asyncio.timeout(30):
        while not asked:
            await asyncio.sleep(ROUND_S)
    working.cancel()
    with suppress(asyncio.CancelledError):
        await working
    assert leaps == []


async def test_the_endless_demo_goes_on_until_it_is_cancelled_and_takes_up_what_was_left() -> None:
    fake = FakeCentre(PACK, SpeedClock(MONDAY, 60.0))
    living = asyncio.create_task(live_on(fake, PACK, fake.clock, 5, round_s=0.05))
    await asyncio.sleep(2.7)
    assert not living.done()
    living.cancel()
    with suppress(asyncio.CancelledError):
        await living
    assert 1 <= len(fake.cases) <= 3, "one case every second or two"
    names = fake.names()
    assert names["list_open_cases"] > 3
    assert any(getattr(request, "state", None) == "signed_off" for request in fake.asked)


@pytest.fixture
def floor() -> Floor:
    fake = centre()
    return Floor(fake, PACK, fake.clock, seed=1)


def test_the_same_act_has_the_same_key_and_another_run_has_others(floor: Floor) -> None:
    assert floor.key("close", "1") == floor.key("close", "1")
    assert floor.key("close", "1") != floor.key("close", "2")
    fake = centre()
    assert floor.key("close", "1") != Floor(fake, PACK, fake.clock, seed=1).key("close", "1")


def test_a_case_from_an_earlier_run_is_treated_the_same_each_time(floor: Floor) -> None:
    assert floor.conduct("26-0000042-5") == floor.conduct("26-0000042-5")


async def test_who_answers_no_and_who_does_not_answer_are_told_apart() -> None:
    fake = centre()
    floor = Floor(fake, PACK, fake.clock, seed=1)

    def refuse(_: Request[Any]) -> None:
        raise Refused("no")

    def be_away(_: Request[Any]) -> None:
        raise Unavailable("away")

    close = CloseCase(actor=floor.staff.clerk("general"), idempotency_key="k", case_code="26-0000042-5")
    fake.trouble = refuse
    assert await floor.ask(close, Done) is None
    assert await floor.look(ListTriage(actor=close.actor), TriageCases) is None
    fake.trouble = be_away
    assert await floor.ask(close, Done) is None
    assert floor.tally.refused == {"close_case: refused": 1, "list_triage: refused": 1}
    assert floor.tally.unavailable == {"close_case": 1}
