"""Learning from confirmed cases: from whose, when, at what price, and who is not in it."""

import asyncio
import time
from datetime import timedelta

import pytest
import sqlalchemy as sa

from services.intake.operations import learning
from services.intake.operations.learning import count_confirmed, train
from shared.contracts.intake import Requester
from shared.errors import Unavailable
from shared.suggest.learned import CASES_MIN
from tests.integration.intake.given import CLERK, PLATFORM, Desk
from tests.unit.suggest.history import LEAVES

pytestmark = pytest.mark.servers

BY_HISTORY = "巷子里晚上很黑，看不见"  # no word of the pack
SOMEBODY = Requester(name="欧阳翡翠", phone="13799998888", address="鹭江道霁月里")


async def test_below_the_minimum_keywords_speak_alone(desk: Desk) -> None:
    await desk.confirmed_history(CASES_MIN - 1)
    await desk.learns()
    assert desk.learning.learned is None
    assert (await desk.asks(BY_HISTORY)).suggestions == ()


async def test_confirmed_cases_teach_and_machines_do_not(desk: Desk) -> None:
    await desk.confirmed_history(12, by=PLATFORM)
    await desk.confirmed_history(CASES_MIN + 4)
    assert await count_confirmed(desk.work) == CASES_MIN + 4
    assert await desk.learns() == desk.now + learning.LOOK_EVERY
    model = desk.learning.learned
    assert model is not None
    assert (model.categories, model.total) == (tuple(sorted(LEAVES)), CASES_MIN + 4)
    first, *_ = (await desk.asks(BY_HISTORY)).suggestions
    assert first.category == "lamp"
    assert "本中心已确认的 34 件同类事项" in first.reason
    assert (await desk.suggestions())[-1].model == model.version


async def test_nobody_who_told_is_in_the_model(desk: Desk) -> None:
    told = f"我是{SOMEBODY.name}，住{SOMEBODY.address}，电话{SOMEBODY.phone}，反映一件事。"
    await desk.confirmed_history(CASES_MIN, requester=SOMEBODY, told=told)
    await desk.learns()
    model = desk.learning.learned
    assert model is not None
    assert "反映" in model.at
    assert not set("欧阳翡翠鹭霁") & set("".join(model.at))
    assert "霁月" not in model.at
    assert not any(character.isdigit() for character in "".join(model.at))
    asked = "灯坏了半个月"
    named = f"{asked}，{SOMEBODY.name}，{SOMEBODY.phone}"
    assert [(one.category, one.score) for one in (await desk.asks(asked)).suggestions] == [
        (one.category, one.score) for one in (await desk.asks(named)).suggestions
    ]


async def test_learned_again_after_a_day_or_a_tenth_more_and_not_sooner(desk: Desk) -> None:
    await desk.confirmed_history(CASES_MIN)
    await desk.learns()
    first = desk.learning.learned
    desk.clock.move(timedelta(minutes=30))
    await desk.confirmed_history(CASES_MIN // 10 - 1)
    await desk.learns()
    assert desk.learning.learned is first, "less than a tenth more"
    await desk.registers("路灯坏了", category="lamp")
    await desk.learns()
    assert desk.learning.learned is first, "it looks every quarter of an hour only"
    desk.clock.move(timedelta(minutes=15))
    await desk.learns()
    second = desk.learning.learned
    assert second is not first
    desk.clock.move(timedelta(days=1))
    await desk.learns()
    assert desk.learning.learned is not second
    assert desk.learning.learned is not None
    assert second is not None
    assert desk.learning.learned.version == second.version, "the same cases, the same model"


async def test_what_is_erased_is_forgotten_with_the_next_day(desk: Desk) -> None:
    await desk.confirmed_history(CASES_MIN)
    await desk.learns()
    assert desk.learning.learned is not None
    async with desk.work.begin() as tx:
        await tx.session.execute(sa.text("update intake.requester_vault set expires_at = now()"))
    desk.clock.move(timedelta(days=3650))
    await desk.erases()
    await desk.learns()
    assert desk.learning.learned is None


async def test_requests_are_answered_while_it_learns(desk: Desk) -> None:
    """The training runs in a process of its own: this one's loop turns on."""
    await desk.confirmed_history(CASES_MIN)
    held: list[float] = []

    async def beat() -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.001)
            held.append(time.perf_counter() - began)

    beating = asyncio.create_task(beat())
    await desk.learns()
    beating.cancel()
    assert desk.learning.learned is not None
    assert len(held) > 100
    assert sorted(held)[len(held) // 2] < 0.01, "the loop turned on"


async def test_a_training_that_fails_leaves_what_was_learned(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await desk.confirmed_history(CASES_MIN)
    await desk.learns()
    first = desk.learning.learned
    monkeypatch.setattr(learning.sys, "executable", "/bin/false")
    desk.clock.move(timedelta(days=1))
    with pytest.raises(Unavailable):
        await desk.learns()
    assert desk.learning.learned is first
    assert (await desk.asks(BY_HISTORY)).suggestions
    await desk.learns()


async def test_a_training_given_up_leaves_no_process_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[asyncio.subprocess.Process] = []
    start = asyncio.create_subprocess_exec

    async def watched(*arguments: str, **options: object) -> asyncio.subprocess.Process:
        started.append(await start("sleep", "60", **options))  # type: ignore[arg-type]
        return started[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", watched)
    task = asyncio.create_task(train(b""))
    while not started:
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.wait_for(started[0].wait(), 5) != 0


async def test_no_key_is_handed_to_the_training(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, object] = {}
    start = asyncio.create_subprocess_exec

    async def watched(*arguments: str, **options: object) -> asyncio.subprocess.Process:
        given.update(options)
        return await start("cat", **options)  # type: ignore[arg-type]

    monkeypatch.setenv("MUSTER_VAULT_KEYS", "k1:secret")
    monkeypatch.setattr(asyncio, "create_subprocess_exec", watched)
    assert await train(b"lines") == b"lines"
    assert set(given["env"]) == {"PATH", "PYTHONPATH", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"}  # type: ignore[call-overload]


async def test_a_clerk_of_the_window_is_what_confirms(desk: Desk) -> None:
    receipt = await desk.registers(category="lamp")
    assert (await desk.case(receipt.case_code)).category_chosen_by == CLERK.staff
