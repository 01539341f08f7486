"""What is due is done: in order of time, a few at once, and a bug is never swallowed."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from deploy.demo.agenda import Agenda
from shared.clock import MovedClock

START = datetime(2026, 11, 23, tzinfo=UTC)


@asynccontextmanager
async def running(agenda: Agenda) -> AsyncGenerator[asyncio.Task[None]]:
    task = asyncio.create_task(agenda.run())
    yield task
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def calm(agenda: Agenda) -> None:
    for _ in range(20):
        await asyncio.sleep(0)
    while agenda.under_way:
        await asyncio.sleep(0)


async def test_acts_are_done_when_they_are_due_and_not_before() -> None:
    clock, done = MovedClock(START), list[int]()
    agenda = Agenda(clock)

    async def act(number: int) -> None:
        done.append(number)

    for minute in (30, 10, 20):
        agenda.at(START + timedelta(minutes=minute), partial(act, minute))
    async with running(agenda):
        await calm(agenda)
        assert done == []
        clock.move(timedelta(minutes=25))
        agenda.wake()
        await calm(agenda)
        assert done == [10, 20]
        assert agenda.next_at == START + timedelta(minutes=30)
        assert (agenda.waiting, agenda.done) == (1, 2)


async def test_only_a_few_acts_are_under_way_at_once() -> None:
    agenda, gate, seen = Agenda(MovedClock(START), at_once_max=3), asyncio.Event(), list[int]()

    async def act(number: int) -> None:
        seen.append(number)
        await gate.wait()

    for number in range(10):
        agenda.at(START, partial(act, number))
    async with running(agenda):
        for _ in range(20):
            await asyncio.sleep(0)
        assert len(seen) == 3
        gate.set()
        await calm(agenda)
        assert sorted(seen) == list(range(10))


async def test_an_urgent_act_waits_for_no_turn() -> None:
    agenda, gate, seen = Agenda(MovedClock(START), at_once_max=1), asyncio.Event(), list[str]()

    async def act(name: str) -> None:
        seen.append(name)
        await gate.wait()

    for name, urgent in (("first", False), ("second", False), ("urgent", True)):
        agenda.at(START, partial(act, name), urgent=urgent)
    async with running(agenda):
        for _ in range(20):
            await asyncio.sleep(0)
        assert sorted(seen) == ["first", "urgent"]
        gate.set()
        await calm(agenda)


async def test_a_bug_in_an_act_ends_the_day() -> None:
    agenda = Agenda(MovedClock(START))

    async def act() -> None:
        raise LookupError("a bug")

    agenda.at(START, act)
    async with running(agenda) as task:
        with pytest.raises(ExceptionGroup) as caught:
            await asyncio.wait_for(asyncio.shield(task), 5)
        assert isinstance(caught.value.exceptions[0], LookupError)
