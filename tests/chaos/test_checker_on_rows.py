"""The checker reads rows, not our memory of them: each violation is put into a real small database, and seen."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# (this file speaks to a library without types)

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from deploy.embedded.running import ServerAddresses
from shared.infra.messaging import ADMINISTRATOR, connect
from tests.scenario.one_centre import one_centre
from tests.support.centre import CentreUnderTest
from tests.support.chaos.books import Books
from tests.support.chaos.checker import CHECKS, faults_in
from tests.support.chaos.planted import ExpectedLetter, Planted
from tests.support.chaos.reading import read_books, read_tables
from tests.support.chaos.witness import Answered

pytestmark = pytest.mark.servers

Plant = Callable[["Pen"], Awaitable[object]]
IN_STREAMS = {"streams_keep_the_order_of_chains", "streams_have_nothing_twice"}
"""Cannot be planted in rows; `tests/unit/chaos` does."""
POISON = Planted(letters=[ExpectedLetter("intake", "intake-from-dispatch", "poison that nobody kept")])
INSERT = """insert into {0}.event (event_id, chain, sequence, type, subject, at, envelope, hash)
    values ($1, 'planted', $2, $3, 'planted', now(), $4::jsonb, '\\x00')"""
LETTER = """insert into intake.dead_letter (consumer, chain, sequence, event_id, type, subject, reason, deliveries,
    body, died_at) values ('intake-from-dispatch', 'c', 1, gen_random_uuid(), 't', 's', 'a bug', 5, '{}', now())"""

REPORTED = "from dispatch.event where type = 'dispatch.work_order.reported_back' limit 1"
UNCHECKED = """do $$ declare one record; begin
    for one in select conname, conrelid::regclass as t from pg_constraint
        where contype = 'c' and connamespace in ('intake'::regnamespace, 'escalation'::regnamespace)
    loop execute format('alter table %s drop constraint %I', one.t, one.conname); end loop; end $$"""


class Pen:
    """Writes what the product never would, past its triggers and keys, in a transaction that is not committed."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._sequence = 0

    async def do(self, *statements: str) -> None:
        for statement in statements:
            assert (await self._connection.execute(statement)).split()[-1] != "0", f"nothing was there: {statement}"

    async def told(self, event_type: str, *, actor: str = "clerk:x", **data: Any) -> None:
        self._sequence += 1
        envelope = {"type": event_type, "sequence": self._sequence, "trace": "t", "actor": actor, "data": data}
        service = event_type.split(".")[0]
        await self._connection.execute(
            INSERT.format(service), uuid4(), self._sequence, event_type, json.dumps(envelope)
        )

    async def again(self, event_type: str, **changed: Any) -> None:
        """The first event of a type once more, perhaps with other data."""
        service = event_type.split(".")[0]
        query = f"select envelope from {service}.event where type = $1 order by position limit 1"
        envelope = await self._connection.fetchval(query, event_type)
        assert envelope is not None, f"no {event_type} on record"
        told = envelope if isinstance(envelope, dict) else json.loads(envelope)
        await self.told(event_type, **{**told["data"], **changed})

    async def value(self, query: str) -> Any:
        return await self._connection.fetchval(query)


def sql(*statements: str) -> Plant:
    return lambda pen: pen.do(*statements)


def again(event_type: str, **changed: Any) -> Plant:
    return lambda pen: pen.again(event_type, **changed)


async def own_judge(pen: Pen) -> None:
    handler = await pen.value(f"select envelope #>> '{{data,reported_by}}' {REPORTED}")
    await pen.again("escalation.verification.recorded", verified_by=handler)


async def hasty_lead(pen: Pen) -> None:
    case = await pen.value(f"select envelope #>> '{{data,case_id}}' {REPORTED}")
    await pen.again("dispatch.work_order.dispatched", work_order_id=str(uuid4()), role="support", case_id=case)
    await pen.again("dispatch.work_order.reported_back")


async def own_approval(pen: Pen) -> None:
    for act in ("asked", "approved"):
        await pen.told(f"dispatch.summons.{act}", actor="commander:one", summons_id="s")


async def returned_though_designated(pen: Pen) -> None:
    order = str(uuid4())
    await pen.again("dispatch.work_order.dispatched", work_order_id=order, designated=True)
    await pen.told("dispatch.work_order.returned", **returned(work_order_id=order, returns=1))


def returned(**changed: Any) -> dict[str, Any]:
    told = {"case_id": str(uuid4()), "case_code": "x", "work_order_id": str(uuid4()), "unit": "u", "role": "lead"}
    return {**told, "goes_to": "dispatcher", **changed}


VIOLATIONS: Mapping[str, Plant] = {
    "answered_cases_exist": sql("delete from intake.\"case\" where state = 'closed'"),
    "answers_are_kept": sql("delete from intake.request where name = 'register_case'"),
    "chains_are_whole": sql("update intake.event set hash = '\\x00' where position = 1"),
    "streams_have_what_is_on_record": sql("delete from dispatch.event where type = 'dispatch.work_order.signed_off'"),
    "streams_say_what_is_on_record": sql(
        "update dispatch.event set envelope = jsonb_set(envelope, '{data,unit}', '\"another\"')"
        " where type = 'dispatch.work_order.signed_off'"
    ),
    "first_receiver_stays": sql("update intake.\"case\" set owner = 'clerk.nobody'"),
    "obligations_have_clocks": sql("delete from escalation.clock where stage = 'report_back'"),
    "the_auditor_found_nothing": lambda pen: pen.told(
        "escalation.audit.found", case_code="x", finding="missing", clock="accept:x"
    ),
    "open_cases_have_open_clocks": sql("update escalation.clock set state = 'cancelled'"),
    "due_clocks_have_fired": sql("update escalation.clock set fired_at = null where state = 'overdue'"),
    "nothing_due_is_left": sql(
        "update escalation.clock set next_at = due_at - interval '1 year' where state = 'overdue'"
    ),
    "fired_clocks_told_somebody": sql("delete from escalation.event where type = 'escalation.notice.issued'"),
    "clocks_stand_as_their_events_say": sql("update escalation.clock set state = 'armed' where state = 'met'"),
    "inboxes_are_at_the_head": sql("update escalation.inbox set sequence = sequence - 1"),
    "notices_have_an_end": sql("delete from notification.notice"),
    "no_dead_letters": sql(LETTER),
    "board_is_what_events_make": sql('update console.board_case set row = row || \'{"stage": "closed"}\''),
    "rulings_are_on_record": lambda pen: pen.told("dispatch.case.designated", case_id="c", ruling_id="r"),
    "modes_are_a_chain": lambda pen: pen.told("dispatch.mode.switched", number=9, before="surge.I", mode="normal"),
    "cases_are_registered_once": again("intake.case.registered"),
    "one_lead_at_every_instant": again("dispatch.work_order.dispatched", work_order_id=str(uuid4())),
    "placed_once": again("dispatch.case.routed"),
    "clocks_have_obligations": sql(
        "update escalation.clock set key = 'contact:' || gen_random_uuid() where stage = 'contact'"
    ),
    "clocks_fired_once": again("escalation.clock.overdue"),
    "clocks_began_and_ended_once": again("escalation.clock.armed"),
    "warned_once": again("escalation.clock.warned"),
    "rungs_climbed_once": again("escalation.notice.issued"),
    "lead_waits_for_supporters": hasty_lead,
    "nobody_judges_own_work": own_judge,
    "nobody_approves_own_summons": own_approval,
    "the_designated_do_not_return": returned_though_designated,
    "returns_are_counted": lambda pen: pen.told("dispatch.work_order.returned", **returned(returns=7)),
    "nothing_of_a_requester_is_told": again("intake.case.registered", owner="13800001234"),
}
TAKEN, LEASED = "where state = 'delivered'", "lease = gen_random_uuid(), leased_until = created_at + interval '1 year'"
MORE_OF_IT: tuple[tuple[str, Plant], ...] = (
    ("obligations_have_clocks", sql("delete from escalation.clock where stage = 'contact'")),
    ("obligations_have_clocks", sql("delete from escalation.clock where stage = 'follow_up'")),
    (
        "notices_have_an_end",
        sql(f"update notification.message set state = 'pending', next_try_at = created_at {TAKEN}"),
    ),
    ("notices_have_an_end", sql(f"update notification.message set state = 'sending', {LEASED} {TAKEN}")),
    ("notices_have_an_end", sql("update notification.notice set handed_over_at = null, handed_over_on = null")),
)
"""Other forms of some of them."""


async def test_each_kind_of_violation_is_seen(addresses: ServerAddresses, data_root: Path) -> None:
    assert VIOLATIONS.keys() == CHECKS.keys() - IN_STREAMS - {"poison_is_kept"}
    async with one_centre(addresses, data_root, console=True) as centre:
        await some_work(centre)
        books = await sound_books(centre)
        assert faults_in(books) == {}
        planted = [*VIOLATIONS.items(), *MORE_OF_IT]
        unseen = [
            (number, check)
            for number, (check, plant) in enumerate(planted)
            if check not in faults_in(await with_it(centre, books, plant))
        ]
        assert unseen == []
        nothing = sql("select 1")
        assert "poison_is_kept" in faults_in(await with_it(centre, books, nothing, planted=POISON))
        assert faults_in(await with_it(centre, books, nothing)) == {}, "nothing that was planted stayed"


async def some_work(centre: CentreUnderTest) -> None:
    """One case to the closed loop, one that its unit leaves lying for days."""
    await centre.window_receives()
    code = (await centre.window_receives()).case_code
    order = await centre.open_order(code)
    await centre.unit_signs_off(order)
    await centre.unit_contacts_requester(order)
    await centre.time_passes(hours=3)
    await centre.unit_reports_back(order)
    await centre.grid_verifies(code)
    await centre.window_follows_up(code)
    await centre.window_closes(code)
    for _ in range(4):  # warned, then overdue
        await centre.time_passes(hours=22)


async def sound_books(centre: CentreUnderTest) -> Books:
    client = await connect(centre.addresses.nats_urls[ADMINISTRATOR], user=ADMINISTRATOR)
    try:
        kept = await centre.fetch("select key, answer from intake.request where name = 'register_case'")
        answered = [Answered("intake", "register_case", row["key"], json.loads(row["answer"])) for row in kept]
        at = centre.clock.now()
        return await read_books(centre.stack.database_url, client, centre.name, at=at, answered=answered, console=True)
    finally:
        await client.close()


async def with_it(centre: CentreUnderTest, sound: Books, plant: Plant, *, planted: Planted | None = None) -> Books:
    """The books as they are read with a violation in the tables; it is taken back at once."""
    connection: Any = await asyncpg.connect(centre.stack.database_url)
    try:
        await connection.execute(f"begin; set local session_replication_role = replica; {UNCHECKED}")
        await plant(Pen(connection))
        read = await read_tables(connection, at=sound.at, planted=planted or Planted(), console=True)
        return replace(read, streamed=sound.streamed, answered=sound.answered)
    finally:
        await connection.close()  # rolled back
