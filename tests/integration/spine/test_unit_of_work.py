"""State and events are committed together or not at all; a command is done once per key."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from shared.clock import MovedClock
from shared.contracts.actors import Actor, Role
from shared.contracts.common import RetryDeadLetters
from shared.contracts.intake import RequesterErased
from shared.errors import AlreadyHandled, IdempotencyKeyReused, Unavailable
from shared.infra import clearing, database
from shared.infra.database import as_unavailable
from shared.infra.event_record import chain_is_whole
from shared.infra.unit_of_work import UnitOfWork
from tests.support.spine import intake_work

pytestmark = pytest.mark.servers
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
ADMIN = Actor(staff="operator", role=Role.ADMINISTRATOR)


def erased(case_id: UUID) -> RequesterErased:
    return RequesterErased(case_id=case_id, case_code="26-0000001-4", erased_at=datetime.now(UTC))


async def chain_rows(work: UnitOfWork, case_id: UUID) -> list[tuple[int, dict[str, object], bytes]]:
    event = work.spine.event
    query = sa.select(event).where(event.c.chain == str(case_id)).order_by(event.c.sequence)
    async with work.read() as session:
        return [(row.sequence, row.envelope, row.hash) for row in await session.execute(query)]


async def test_an_operation_that_fails_leaves_neither_state_nor_events(database_url: str) -> None:
    case = uuid4()
    async with intake_work(database_url) as work:

        async def fail() -> None:
            async with work.begin() as tx:
                tx.record(erased(case))
                await tx.session.flush()
                raise RuntimeError("on purpose")

        with pytest.raises(RuntimeError, match="on purpose"):
            await fail()
        assert await chain_rows(work, case) == []


async def test_a_transaction_of_which_nothing_is_heard_lets_go(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "SILENT_MAX_S", 0.5)
    lock = sa.text("select pg_advisory_xact_lock(1)")
    async with intake_work(database_url) as frozen, intake_work(database_url) as other:
        case = uuid4()

        async def stand_still() -> None:
            async with frozen.begin() as tx:
                await tx.session.execute(lock)
                tx.record(erased(case))
                async with asyncio.timeout(5), other.begin() as later:
                    await later.session.execute(lock)

        with pytest.raises(DBAPIError) as ended:
            await stand_still()
        assert isinstance(as_unavailable(ended.value), Unavailable)
        assert await chain_rows(other, case) == []
        async with frozen.begin() as tx:
            tx.record(erased(case))
        assert len(await chain_rows(other, case)) == 1


async def test_a_value_that_does_not_fit_is_a_bug_and_no_outage(database_url: str) -> None:
    """As an outage it would be waited out, and all that comes behind it with it."""
    async with intake_work(database_url) as work, work.read() as session:
        for kind, value in (("bigint", 2**70), ("timestamptz", "yesterday"), ("uuid", "x")):
            with pytest.raises(DBAPIError) as ended:
                await session.execute(sa.text(f"select cast(:value as {kind})"), {"value": value})
            assert as_unavailable(ended.value) is None, kind
            await session.rollback()


async def test_a_command_is_done_once_and_answered_the_same(database_url: str) -> None:
    command = RetryDeadLetters(actor=ADMIN, idempotency_key="one", id=1)
    async with intake_work(database_url) as work:
        async with work.begin(command) as tx:
            tx.answer = {"events": 7}
        with pytest.raises(AlreadyHandled) as repeated:
            async with work.begin(command):
                raise AssertionError("the body must not run again")
        assert repeated.value.answer == {"events": 7}
        other = command.model_copy(update={"actor": Actor(staff="other", role=Role.ADMINISTRATOR)})
        with pytest.raises(IdempotencyKeyReused):
            async with work.begin(other):
                raise AssertionError("another request under the same key must not run")


async def test_an_answer_is_kept_for_its_time_and_no_longer(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clearing, "CLEAR_MAX", 2)
    clock = MovedClock(MONDAY)
    keys = ("one", "two", "three")
    async with intake_work(database_url) as work:
        work.clock = clock
        for key in keys:
            async with work.begin(RetryDeadLetters(actor=ADMIN, idempotency_key=key, id=1)) as tx:
                tx.answer = {"events": 7}
        sweep = clearing.clear_answers_sweep(work, timedelta(days=180))
        for days, left in ((29, 3), (31, 1), (31, 0)):
            clock.move_to(MONDAY + timedelta(days=days))
            await sweep.run_now()
            assert await requests_kept(work) == left, "more than a round takes goes in the next one, at once"


async def test_an_answer_is_not_kept_longer_than_the_requesters_data(database_url: str) -> None:
    clock = MovedClock(MONDAY)
    async with intake_work(database_url) as work:
        work.clock = clock
        async with work.begin(RetryDeadLetters(actor=ADMIN, idempotency_key="one", id=1)):
            pass
        clock.move(timedelta(days=8))
        await clearing.clear_answers_sweep(work, timedelta(days=7)).run_now()
        assert await requests_kept(work) == 0


async def requests_kept(work: UnitOfWork) -> int:
    async with work.read() as session:
        return await session.scalar(sa.select(sa.func.count()).select_from(work.spine.request)) or 0


async def test_of_two_at_once_under_one_key_only_one_is_done(database_url: str) -> None:
    command = RetryDeadLetters(actor=ADMIN, idempotency_key="race", id=1)
    done = 0

    async def do() -> str:
        nonlocal done
        try:
            async with work.begin(command) as tx:
                done += 1
                await asyncio.sleep(0.05)
                tx.answer = {"events": done}
        except AlreadyHandled as known:
            return f"known {known.answer}"
        return "done"

    async with intake_work(database_url) as work:
        answers = sorted(await asyncio.gather(*(do() for _ in range(5))))
    assert done == 1
    assert answers == ["done", *["known {'events': 1}"] * 4]


async def test_chains_stay_whole_when_many_write_to_one_case_at_once(database_url: str) -> None:
    case, other = uuid4(), uuid4()

    async def write(work: UnitOfWork, first: UUID, second: UUID) -> None:
        async with work.begin() as tx:
            tx.record(erased(first), erased(second), erased(first))

    async with intake_work(database_url) as work:
        pairs = [(case, other) if n % 2 else (other, case) for n in range(20)]
        await asyncio.gather(*(write(work, first, second) for first, second in pairs))
        for chain in (case, other):
            rows = await chain_rows(work, chain)
            assert len(rows) == 30
            assert chain_is_whole(rows)


async def test_a_changed_event_breaks_the_chain(database_url: str) -> None:
    case = uuid4()
    async with intake_work(database_url) as work:
        for _ in range(3):
            async with work.begin() as tx:
                tx.record(erased(case))
        rows = await chain_rows(work, case)
    assert chain_is_whole(rows)
    doctored = [(n, {**envelope, "actor": "somebody else"} if n == 2 else envelope, h) for n, envelope, h in rows]
    assert not chain_is_whole(doctored)
    assert not chain_is_whole(rows[:1] + rows[2:])


@pytest.mark.parametrize(
    "deed", ["update intake.event set subject = 'x'", "delete from intake.event", "truncate intake.event"]
)
async def test_the_database_refuses_to_change_an_event(database_url: str, deed: str) -> None:
    async with intake_work(database_url) as work:
        async with work.begin() as tx:
            tx.record(erased(uuid4()))
        connection = await asyncpg.connect(database_url)
        try:
            with pytest.raises(asyncpg.RaiseError, match="append-only"):
                await connection.execute(deed)
        finally:
            await connection.close()


async def test_an_event_waits_for_the_broker_whoever_wrote_it(database_url: str) -> None:
    """Also one that another version of the program inserts, which knows nothing of a table beside."""
    copied = "insert into intake.event (event_id, chain, sequence, type, subject, at, envelope, hash)"
    again = f"{copied} select gen_random_uuid(), chain, 2, type, subject, at, envelope, hash from intake.event"
    async with intake_work(database_url) as work:
        async with work.begin() as tx:
            tx.record(erased(uuid4()))
        async with work.begin() as tx:
            await tx.session.execute(sa.text(again))
        async with work.read() as session:
            unsent = await session.scalar(sa.select(sa.func.count()).select_from(work.spine.unsent))
            events = await session.scalar(sa.select(sa.func.count()).select_from(work.spine.event))
    assert unsent == events == 2
