"""交接: the watch goes from one director to the next without a gap, and the open list goes with it."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.dispatch.operations.handover import accept_handover, offer_handover
from services.dispatch.queries.watch import NOTE_NOT_SHOWN, read_watch
from shared.contracts.actors import OPERATOR, Actor, Role
from shared.contracts.dispatch import (
    AcceptHandover,
    HandoverAccepted,
    HandoverOffered,
    HandoverView,
    OfferHandover,
    ReadWatch,
    WatchLog,
)
from shared.errors import Refused
from tests.integration.dispatch.given import Bench
from tests.unit.dispatch.given import accepted, staff_of

pytestmark = pytest.mark.servers


def director(number: int) -> Actor:
    return Actor(staff=f"director.{number}", role=Role.DUTY_DIRECTOR)


async def accepts(bench: Bench, number: int, handover_id: UUID | None = None) -> HandoverView:
    command = AcceptHandover(actor=director(number), idempotency_key=uuid4().hex, handover_id=handover_id)
    return await accept_handover(bench.work, command, now=bench.now)


async def offers(bench: Bench, number: int, to: str) -> HandoverView:
    command = OfferHandover(actor=director(number), idempotency_key=uuid4().hex, incoming=to, note="夜间两件待分派")
    return await offer_handover(bench.work, command, now=bench.now)


async def log(bench: Bench, by: Actor = OPERATOR) -> WatchLog:
    return await read_watch(bench.work, ReadWatch(actor=by), now=bench.now)


async def test_the_watch_goes_over_with_its_open_list(bench: Bench) -> None:
    await accepts(bench, 1)
    waiting = await bench.case_arrives(accepted(category=None))
    case = await bench.case_arrives()
    summons_id = await bench.summons_is_asked(case.case_code, "police")
    bench.passes(hours=8)
    offered = await offers(bench, 1, "director.2")
    assert offered.items.triage == (waiting.case_code,)
    assert offered.items.open_cases == 2
    assert offered.items.running_summonses == (summons_id,)
    assert (await log(bench)).offered == offered
    assert (await log(bench, by=staff_of("market"))).offered == offered.model_copy(update={"note": NOTE_NOT_SHOWN})
    bench.passes(minutes=5)
    taken = await accepts(bench, 2, offered.handover_id)
    assert taken.state == "accepted"
    newest, first = (await log(bench)).watches
    assert (newest.director, newest.began_at, newest.ended_at) == ("director.2", bench.now, None)
    assert (first.director, first.ended_at) == ("director.1", bench.now)
    told = await bench.events("watch")
    assert told == ["handover.accepted", "handover.offered", "handover.accepted"]
    assert "夜间" not in str(await bench.event_data("watch", HandoverOffered))


async def test_only_the_director_on_watch_offers_and_only_the_named_one_accepts(bench: Bench) -> None:
    with pytest.raises(Refused) as refused:
        await offers(bench, 1, "director.2")
    assert refused.value.code == "no_watch_yet"
    await accepts(bench, 1)
    for number, to, code in ((2, "director.3", "not_on_watch"), (1, "director.1", "handover_to_itself")):
        with pytest.raises(Refused) as refused:
            await offers(bench, number, to)
        assert refused.value.code == code
    with pytest.raises(Refused) as refused:
        await offers(bench, 1, "nobody.at-all")
    assert refused.value.code == "unknown_post"
    offered = await offers(bench, 1, "director.2")
    with pytest.raises(Refused) as refused:
        await accepts(bench, 3, offered.handover_id)
    assert refused.value.code == "not_the_incoming"
    with pytest.raises(Refused) as refused:
        await accepts(bench, 2)
    assert refused.value.code == "watch_is_taken"


async def test_a_new_offer_withdraws_the_one_before(bench: Bench) -> None:
    await accepts(bench, 1)
    first = await offers(bench, 1, "director.2")
    second = await offers(bench, 1, "director.3")
    assert (await log(bench)).offered == second
    with pytest.raises(Refused, match="withdrawn"):
        await accepts(bench, 2, first.handover_id)
    await accepts(bench, 3, second.handover_id)
    assert (await log(bench)).watches[0].director == "director.3"


async def test_of_two_who_accept_at_once_one_is_told(bench: Bench) -> None:
    both = await asyncio.gather(accepts(bench, 1), accepts(bench, 2), return_exceptions=True)
    (refused,) = [each for each in both if isinstance(each, Refused)]
    assert refused.code == "watch_is_taken"
    on_watch = (await log(bench)).watches[0].director
    bench.passes(minutes=1)
    offered = await offers(bench, int(on_watch[-1]), "director.7")
    both = await asyncio.gather(*(accepts(bench, 7, offered.handover_id) for _ in range(2)), return_exceptions=True)
    (refused,) = [each for each in both if isinstance(each, Refused)]
    assert refused.code == "handover_decided"
    assert len(await bench.event_data("watch", HandoverAccepted)) == 2


async def test_a_clock_set_back_leaves_the_chain_whole(bench: Bench) -> None:
    await accepts(bench, 1)
    offered = await offers(bench, 1, "director.2")
    bench.clock.move(timedelta(hours=-1))
    await accepts(bench, 2, offered.handover_id)
    newest, first = (await log(bench)).watches
    assert first.began_at < newest.began_at == first.ended_at


PLANTED = {
    "a second watch beside the open one": (
        "insert into dispatch.watch (number, director, began_at) values (9, 'director.9', now())",
        "only_the_first_watch_follows_none",
    ),
    "a watch after a pause": (
        """insert into dispatch.watch (number, director, began_at, follows)
            select 3, 'director.9', t, t from (select max(began_at) + interval '1 hour' as t from dispatch.watch) x""",
        "watch_follows_a_watch",
    ),
    "two watches after one": (
        """insert into dispatch.watch (number, director, began_at, follows)
            select 3, 'director.9', follows, follows from dispatch.watch where number = 2""",
        "one_watch_follows",
    ),
    "a watch that ends and nobody follows": (
        "update dispatch.watch set ended_at = began_at + interval '1 hour' where number = 2",
        "watch_is_followed_by_a_watch",
    ),
    "a watch that begins elsewhere than it follows": (
        "update dispatch.watch set began_at = began_at + interval '1 hour' where number = 2",
        "watch_begins_where_one_ended",
    ),
    "the watch between others taken away": ("delete from dispatch.watch where number = 1", "watch_follows_a_watch"),
    "a watch that ends before it began": (
        "update dispatch.watch set ended_at = began_at - interval '1 hour' where number = 1",
        "watch_ends_after_it_began",
    ),
}


@pytest.mark.parametrize("plant", list(PLANTED))
async def test_a_broken_chain_of_watches_is_not_committed(bench: Bench, plant: str) -> None:
    await accepts(bench, 1)
    bench.passes(hours=8)
    await accepts(bench, 2, (await offers(bench, 1, "director.2")).handover_id)
    statement, says = PLANTED[plant]
    with pytest.raises(sa.exc.IntegrityError, match=says):
        await _plant(bench, statement)


async def _plant(bench: Bench, statement: str) -> None:
    async with bench.work.begin() as tx:
        changed = await tx.session.execute(sa.text(statement))
        assert changed.rowcount, "the plant changed nothing: the test would test nothing"  # type: ignore[attr-defined]
