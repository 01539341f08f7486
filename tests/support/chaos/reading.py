"""Reads the books: from the databases of the services and their streams, by nobody's help."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (this file speaks to a library without types)

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import asyncpg
from nats.aio.client import Client

from deploy.demo.ledger import message_ids
from shared.contracts.subjects import SERVICES
from tests.support.chaos.books import READERS, Books, CaseRow, ClockRow, Late, NoticeRow, Recorded, RoutedRow
from tests.support.chaos.witness import Answered

NOTICES = """
    select n.notice_id::text, n.planned_at is not null as planned,
        n.handed_over_at is not null as handed_over, n.unreached is not null as unreached,
        n.same_as is not null as same,
        coalesce(array_agg(distinct m.state) filter (where m.state is not null), '{}') as states
    from notification.notice n left join notification.message m using (notice_id) group by n.notice_id"""
LATE = """
    select message_id::text, state, coalesce(next_try_at, leased_until) as since from notification.message
    where (state = 'pending' and next_try_at <= $1) or (state = 'sending' and leased_until <= $1)"""
CLOCKS = """
    select key, case_id::text, stage, state, due_at, next_at, fired_at, ended_at, reason, plan from escalation.clock"""


async def read_books(
    database_url: str, client: Client, centre: str, *, at: datetime, answered: Sequence[Answered]
) -> Books:
    """`client` is the broker administrator's. To be read when everything is settled and the clock stands."""
    connection: Any = await asyncpg.connect(database_url, timeout=10)
    try:
        await connection.set_type_codec("jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")
        rows = connection.fetch
        return Books(
            at=at,
            events=tuple([event for service in SERVICES for event in await _events(connection, service)]),
            heads={
                (service, row["chain"]): (row["sequence"], row["hash"])
                for service in SERVICES
                for row in await rows(f"select chain, sequence, hash from {service}.chain")
            },
            applied={
                (consumer.reader, consumer.source, row["chain"]): row["sequence"]
                for consumer in READERS
                for row in await rows(
                    f"select chain, sequence from {consumer.reader}.inbox where consumer = $1", consumer.name
                )
            },
            streamed={service: await message_ids(client, centre, service) for service in SERVICES},
            kept={
                (service, row["name"], row["key"]): row["answer"]
                for service in SERVICES
                for row in await rows(f"select name, key, answer from {service}.request")
            },
            answered=tuple(answered),
            cases=tuple(
                CaseRow(row["case_id"], row["case_code"], row["owner"], row["state"])
                for row in await rows('select case_id::text, case_code, owner, state from intake."case"')
            ),
            routed=tuple(
                RoutedRow(row["case_id"], row["state"], row["owner"], row["work_order"])
                for row in await rows(
                    "select case_id::text, state, owner, current_work_order_id::text as work_order"
                    " from dispatch.routed_case"
                )
            ),
            clocks=tuple(_clock(row) for row in await rows(CLOCKS)),
            notices=tuple(_notice(row) for row in await rows(NOTICES)),
            late=tuple(Late(row["message_id"], row["state"], row["since"]) for row in await rows(LATE, at)),
            dead_letters=tuple([letter for service in SERVICES for letter in await _dead_letters(connection, service)]),
        )
    finally:
        await connection.close()


async def _events(connection: Any, service: str) -> list[Recorded]:
    rows = await connection.fetch(
        f"select event_id::text, chain, sequence, type, hash, envelope from {service}.event order by position"
    )
    return [
        Recorded(service, r["event_id"], r["chain"], r["sequence"], r["type"], r["hash"], r["envelope"]) for r in rows
    ]


async def _dead_letters(connection: Any, service: str) -> list[str]:
    rows = await connection.fetch(
        f"select consumer, type, reason from {service}.dead_letter where retried_at is null order by id"
    )
    return [f"{row['consumer']} {row['type']}: {row['reason']}" for row in rows]


def _clock(row: Any) -> ClockRow:
    return ClockRow(
        row["key"],
        row["case_id"],
        row["stage"],
        row["state"],
        row["due_at"],
        row["next_at"],
        row["fired_at"],
        row["ended_at"],
        row["reason"],
        tuple(row["plan"]),
    )


def _notice(row: Any) -> NoticeRow:
    ends = [name for name in ("handed_over", "unreached", "same") if row[name]]
    return NoticeRow(row["notice_id"], row["planned"], tuple(ends or row["states"]))
