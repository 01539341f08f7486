"""What others did while the broker was away is read before anything is called overdue, but not waited for for ever."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from shared.clock import MovedClock
from shared.infra.reading import CATCH_UP_MAX_S, RETURN_S, Reading
from shared.infra.scheduling import Sweep


@dataclass
class Broker:
    is_connected: bool = True
    stats: dict[str, int] = field(default_factory=lambda: {"reconnects": 0})
    caught_up: bool = True
    asked: int = 0
    now_s: float = 0.0

    def reading(self) -> Reading:
        return Reading(lambda: self, self.is_caught_up, now_s=lambda: self.now_s)

    async def is_caught_up(self) -> bool:
        self.asked += 1
        return self.caught_up

    def comes_back(self) -> None:
        self.is_connected = True
        self.stats["reconnects"] += 1


async def test_as_long_as_the_connection_holds_nothing_is_asked() -> None:
    broker = Broker(caught_up=False)
    assert not await broker.reading().is_behind()
    assert broker.asked == 0


async def test_while_the_broker_is_away_it_is_behind_however_long_that_lasts() -> None:
    broker = Broker(is_connected=False)
    reading = broker.reading()
    assert await reading.is_behind()
    broker.now_s += 100 * CATCH_UP_MAX_S
    assert await reading.is_behind()


async def test_after_it_came_back_the_others_publish_first_and_then_it_is_read() -> None:
    broker = Broker(is_connected=False)
    reading = broker.reading()
    assert await reading.is_behind()
    broker.comes_back()
    assert await reading.is_behind()
    broker.now_s += RETURN_S - 1
    assert await reading.is_behind()
    assert broker.asked == 0, "what is not published yet cannot be read"
    broker.now_s += 1
    broker.caught_up = False
    assert await reading.is_behind()
    broker.caught_up = True
    assert not await reading.is_behind()
    asked = broker.asked
    assert not await reading.is_behind()
    assert broker.asked == asked, "read once is enough"


async def test_an_absence_between_two_looks_counts_too() -> None:
    broker = Broker()
    reading = broker.reading()
    assert not await reading.is_behind()
    broker.comes_back()
    assert await reading.is_behind()


async def test_what_can_never_be_read_is_not_waited_for_for_ever() -> None:
    broker = Broker(caught_up=False)
    reading = broker.reading()
    broker.comes_back()
    assert await reading.is_behind()
    broker.now_s += CATCH_UP_MAX_S
    assert not await reading.is_behind()


async def test_a_broker_that_does_not_answer_is_asked_again() -> None:
    broker = Broker()

    async def silent() -> bool:
        raise TimeoutError

    reading = Reading(lambda: broker, silent, now_s=lambda: broker.now_s)
    broker.comes_back()
    assert await reading.is_behind()
    broker.now_s += RETURN_S
    assert await reading.is_behind()


async def test_who_stands_by_judges_only_where_nothing_is_left() -> None:
    broker = Broker(caught_up=False)
    reading = Reading(lambda: broker, broker.is_caught_up, leads=lambda: False, now_s=lambda: broker.now_s)
    assert await reading.is_behind()
    broker.now_s += 10 * CATCH_UP_MAX_S
    assert await reading.is_behind(), "the copy that reads judges in its place"
    broker.caught_up = True
    assert not await reading.is_behind()


async def test_who_begins_to_read_reads_what_is_there_first() -> None:
    broker, leads = Broker(caught_up=False), True
    reading = Reading(lambda: broker, broker.is_caught_up, leads=lambda: leads, now_s=lambda: broker.now_s)
    assert await reading.is_behind()
    broker.caught_up = True
    assert not await reading.is_behind()
    broker.caught_up = False
    assert not await reading.is_behind(), "what came since is just what it is about to read"
    leads = False
    assert await reading.is_behind()
    leads = True
    assert await reading.is_behind(), "another copy read in between"
    broker.now_s += CATCH_UP_MAX_S
    assert not await reading.is_behind(), "not for ever"


async def test_a_sweep_that_is_held_back_does_nothing_until_it_is_let_go() -> None:
    ran: list[None] = []

    async def run() -> None:
        ran.append(None)

    broker = Broker(is_connected=False)
    sweep = Sweep("test", run, MovedClock(datetime(2026, 11, 23, tzinfo=UTC)))
    sweep.hold = broker.reading().is_behind
    await sweep.tick()
    await sweep.run_now()
    assert ran == []
    sweep.hold = Broker().reading().is_behind
    await sweep.tick()
    assert len(ran) == 1
