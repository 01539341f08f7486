"""Each event is applied once and in order; what cannot be applied is kept, and keeps what follows it waiting."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from shared.contracts.base import Envelope
from shared.contracts.common import DeadLetter
from shared.errors import Unavailable
from shared.infra import inbox as inbox_module
from shared.infra.dead_letters import DeadLetterStore
from shared.infra.inbox import BUG_FAILURES_MAX, Inbox
from shared.infra.unit_of_work import UnitOfWork
from tests.support.spine import FakeDelivery, intake_work

pytestmark = pytest.mark.servers
TYPE = "dispatch.test.happened"


def envelope(chain: UUID, sequence: int) -> Envelope:
    return Envelope(
        id=uuid4(),
        source="muster/qz/dispatch",
        type=TYPE,
        time=datetime.now(UTC),
        subject="26-0000001-4",
        centre="qz",
        chain=str(chain),
        sequence=sequence,
        trace="t",
        data={},
    )


class Reader:
    """An inbox whose effect is a list, and which fails where it is told to."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work
        self.applied: list[tuple[str, int]] = []
        self.trouble: dict[int, Exception] = {}
        self.away = 0
        self.inbox = Inbox("intake-from-dispatch", work, {TYPE: self._handle})

    async def _handle(self, work: UnitOfWork, event: Envelope) -> None:
        async with work.begin(event) as tx:
            await tx.session.execute(sa.text("create table if not exists effects (chain text, sequence int)"))
            effect = sa.text("insert into effects values (:chain, :sequence)")
            await tx.session.execute(effect, {"chain": event.chain, "sequence": event.sequence})
            if event.sequence in self.trouble:
                raise self.trouble[event.sequence]
            if self.away:
                self.away -= 1
                raise OperationalError("select", {}, ConnectionRefusedError("away"))

    async def receive(self, *events: Envelope, deliveries: int = 1) -> list[str | None]:
        messages = [FakeDelivery(event, deliveries) for event in events]
        await self.inbox.receive(messages)
        return [message.answered for message in messages]

    async def effects(self) -> list[int]:
        async with self.work.read() as session:
            if await session.scalar(sa.text("select to_regclass('effects')")) is None:
                return []
            return list(await session.scalars(sa.text("select sequence from effects order by ctid")))

    async def letters(self) -> list[DeadLetter]:
        async with self.work.read() as session:
            return await DeadLetterStore(self.work.spine).read(session, letter_id=None, include_retried=False)


async def test_repetition_changes_nothing(database_url: str) -> None:
    chain = uuid4()
    events = [envelope(chain, n) for n in (1, 2, 3)]
    async with intake_work(database_url) as work:
        reader = Reader(work)
        assert await reader.receive(*events) == ["ack"] * 3
        assert await reader.receive(*events) == ["ack"] * 3
        assert await reader.receive(events[0]) == ["ack"]
        assert await reader.effects() == [1, 2, 3]


async def test_an_event_ahead_of_its_turn_waits_for_the_missing_one(database_url: str) -> None:
    chain = uuid4()
    one, two, three = (envelope(chain, n) for n in (1, 2, 3))
    async with intake_work(database_url) as work:
        reader = Reader(work)
        assert await reader.receive(three, one) == ["nak", "ack"]
        assert await reader.effects() == [1]
        assert await reader.receive(three, two) == ["ack", "ack"]
        assert await reader.effects() == [1, 2, 3]


async def test_one_bad_event_delays_nobody_else(database_url: str) -> None:
    bad, good = envelope(uuid4(), 1), envelope(uuid4(), 2)
    good_first = envelope(UUID(good.chain), 1)
    async with intake_work(database_url) as work:
        reader = Reader(work)
        reader.trouble[1] = ValueError("on purpose")
        assert await reader.receive(good_first, bad) == ["nak", "nak"]
        reader.trouble = {}
        assert await reader.receive(good_first, good) == ["ack", "ack"]
        reader.trouble[3] = ValueError("on purpose")
        third, other = envelope(UUID(good.chain), 3), envelope(uuid4(), 1)
        assert await reader.receive(third, other) == ["nak", "ack"]


@pytest.mark.provokes_errors
async def test_a_bug_becomes_a_dead_letter_and_what_follows_waits_behind_it_until_retried(database_url: str) -> None:
    chain = uuid4()
    one, two, three = (envelope(chain, n) for n in (1, 2, 3))
    async with intake_work(database_url) as work:
        reader = Reader(work)
        reader.trouble[2] = ValueError("on purpose")
        assert await reader.receive(one) == ["ack"]
        for delivery in range(1, BUG_FAILURES_MAX):
            assert await reader.receive(two, deliveries=delivery) == ["nak"]
        assert await reader.receive(two, deliveries=BUG_FAILURES_MAX) == ["ack"]
        assert await reader.receive(three) == ["ack"]
        assert await reader.receive(two) == ["ack"], "a redelivery of the dead one adds nothing"
        letters = await reader.letters()
        assert [(one.event_type, one.deliveries) for one in letters] == [(TYPE, BUG_FAILURES_MAX), (TYPE, 0)]
        assert "on purpose" in letters[0].reason
        assert "waits behind" in letters[1].reason
        assert await reader.effects() == [1]

        with pytest.raises(ValueError, match="on purpose"):
            await reader.inbox.retry(letters[0].id)
        assert len(await reader.letters()) == 2

        reader.trouble = {}
        assert await reader.inbox.retry(letters[0].id) == 2
        assert await reader.effects() == [1, 2, 3]
        assert await reader.letters() == []
        assert await reader.receive(envelope(chain, 4)) == ["ack"]


@pytest.mark.provokes_errors
async def test_what_cannot_be_decoded_is_kept_with_the_reason(database_url: str) -> None:
    async with intake_work(database_url) as work:
        reader = Reader(work)
        message = FakeDelivery(None, raw=b'{"specversion": "1.0"}')
        await reader.inbox.receive([message])
        assert message.answered == "ack"
        [letter] = await reader.letters()
        assert letter.event_type == "undecodable"
        assert "id missing" in letter.reason


async def test_while_the_database_is_away_a_batch_is_held_on_to(database_url: str) -> None:
    """Put back, it would come round again and again, with all that stands behind it."""
    chain = uuid4()
    async with intake_work(database_url) as work:
        reader = Reader(work)
        reader.away = 3
        assert await reader.receive(envelope(chain, 1), envelope(chain, 2)) == ["ack", "ack"]
        assert reader.away == 0
        assert await reader.effects() == [1, 2]


async def test_a_database_that_stays_away_puts_everything_back(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_module, "HOLD_MAX_S", 0.0)
    async with intake_work(database_url) as work:
        reader = Reader(work)
        reader.trouble[1] = OperationalError("select", {}, ConnectionRefusedError("away"))
        assert await reader.receive(envelope(uuid4(), 1), deliveries=40) == ["nak"]
        assert await reader.letters() == []


async def test_an_outage_however_long_is_no_reason_to_give_up(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_module, "HOLD_MAX_S", 0.0)
    event = envelope(uuid4(), 1)
    async with intake_work(database_url) as work:
        reader = Reader(work)
        reader.trouble[1] = OperationalError("select", {}, ConnectionRefusedError("away"))
        for deliveries in (1, 100, 10_000):
            assert await reader.receive(event, deliveries=deliveries) == ["nak"]
        reader.trouble[1] = ValueError("the first real failure, after the outage")
        assert await reader.receive(event, deliveries=10_001) == ["nak"]
        reader.trouble = {}
        assert await reader.receive(event, deliveries=10_002) == ["ack"]
        assert await reader.letters() == []


async def test_what_another_copy_could_apply_is_not_buried(database_url: str) -> None:
    event = envelope(uuid4(), 1)
    async with intake_work(database_url) as work:
        failing, other = Reader(work), Reader(work)
        failing.trouble[1] = ValueError("only here")
        for _ in range(BUG_FAILURES_MAX - 1):
            assert await failing.receive(event) == ["nak"]
        assert await other.receive(event) == ["ack"]
        assert await failing.receive(event) == ["ack"]
        assert await failing.letters() == []


async def test_what_only_a_newer_version_knows_waits_for_it(database_url: str) -> None:
    """Passed over while an older copy still reads, nobody would ever apply it: its place would be behind."""
    first, second, third = (envelope(chain, number) for chain in [uuid4()] for number in (1, 2, 3))
    newer = second.model_copy(update={"type": "dispatch.something.new"})
    known = second.model_copy(update={"type": "dispatch.case.routed"})
    async with intake_work(database_url) as work:
        reader = Reader(work)
        assert await reader.receive(first, newer, third) == ["ack", "nak", "nak"]
        assert await reader.effects() == [1]
        assert await reader.receive(known, third) == ["ack", "ack"], "a kind it knows and has no use for"
        assert await reader.effects() == [1, 3]


async def test_a_fact_not_arrived_yet_is_waited_for(database_url: str) -> None:
    chain = uuid4()
    event = envelope(chain, 1)
    async with intake_work(database_url) as work:
        reader = Reader(work)
        reader.trouble[1] = Unavailable("the pack has not arrived")
        assert await reader.receive(event, deliveries=20) == ["nak"]
        reader.trouble = {}
        assert await reader.receive(event, deliveries=21) == ["ack"]


async def test_two_copies_racing_apply_each_event_once(database_url: str) -> None:
    chain = uuid4()
    events = [envelope(chain, n) for n in range(1, 21)]
    async with intake_work(database_url) as work:
        first, second = Reader(work), Reader(work)
        await first.receive(envelope(uuid4(), 1))  # the table of effects is there
        for _ in range(20):
            await asyncio.gather(first.receive(*events[:10]), second.receive(*events))
            if len(await first.effects()) == 21:
                break
        effects = await first.effects()
        assert sorted(effects) == sorted([1, *range(1, 21)])
