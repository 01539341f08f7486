"""Reads the books: from the databases of the services and their streams, by nobody's help."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (this file speaks to a library without types)

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import asyncpg
from nats.aio.client import Client

from deploy.demo.ledger import id_of, messages
from services.console.policy.board import SECTIONS
from shared.contracts.subjects import CONSOLE, CONSUMERS, SERVICES
from tests.support.chaos.books import (
    READERS,
    BoardRow,
    Books,
    CaseRow,
    ClockRow,
    MessageRow,
    NoticeRow,
    Recorded,
    RoutedRow,
    Streamed,
)
from tests.support.chaos.digests import digest_of_body
from tests.support.chaos.planted import ExpectedLetter, Planted
from tests.support.chaos.witness import Answered

NOTICES = """
    select n.notice_id::text, n.planned_at is not null as planned,
        n.handed_over_at is not null as handed_over, n.unreached is not null as unreached,
        n.same_as is not null as same,
        coalesce(array_agg(distinct m.state) filter (where m.state is not null), '{}') as states
    from notification.notice n left join notification.message m using (notice_id) group by n.notice_id"""
UNDER_WAY = """
    select m.message_id::text, m.state, m.urgent, m.tries, m.created_at, m.next_try_at,
        last.at as tried_at, last.ended_at as answered_at
    from notification.message m left join lateral (
        select a.at, a.ended_at from notification.attempt a
        where a.message_id = m.message_id order by a.number desc limit 1) last on true
    where m.state in ('pending', 'sending')"""
CLOCKS = """
    select key, case_id::text, stage, state, due_at, next_at, fired_at, ended_at, reason, plan from escalation.clock"""


NOTHING = Planted()


async def read_books(
    database_url: str,
    client: Client,
    centre: str,
    *,
    at: datetime,
    answered: Sequence[Answered],
    planted: Planted = NOTHING,
    console: bool = False,
    leaks: Sequence[str] = (),
) -> Books:
    """`client` is the broker administrator's. To be read when everything is settled and the clock stands."""
    connection: Any = await asyncpg.connect(database_url, timeout=10)
    try:
        streamed = {service: await read_stream(client, centre, service, planted) for service in SERVICES}
        books = await read_tables(connection, at=at, planted=planted, console=console)
        return replace(
            books,
            streamed=streamed,
            answered=tuple(answered),
            leaks=(*books.leaks, *leaks),
        )
    finally:
        await connection.close()


async def read_tables(connection: Any, *, at: datetime, planted: Planted = NOTHING, console: bool = False) -> Books:
    """What the databases say, without the streams and without what clients were told."""
    readers = CONSUMERS if console else READERS
    services = (*SERVICES, CONSOLE) if console else SERVICES
    kept = {letter for name in services for letter in await letter_marks(connection, name)}
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
            for consumer in readers
            for row in await rows(
                f"select chain, sequence from {consumer.reader}.inbox where consumer = $1", consumer.name
            )
        },
        streamed={},
        kept={
            (service, row["name"], row["key"]): row["answer"]
            for service in SERVICES
            for row in await rows(f"select name, key, answer from {service}.request")
        },
        answered=(),
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
        under_way=tuple(MessageRow(**row) for row in await rows(UNDER_WAY)),
        dead_letters=tuple([letter for name in services for letter in await _dead_letters(connection, name, planted)]),
        unkept=tuple(
            f"{one.mark} by {one.consumer}" for one in planted.letters if one not in kept and one.service in services
        ),
        board=await _board(connection, planted) if console else None,
        rulings=tuple(
            (row["ruling_id"], row["case_id"])
            for row in await rows("select ruling_id::text, case_id::text from dispatch.ruling")
        ),
        readers=readers,
    )


async def read_stream(client: Client, centre: str, service: str, planted: Planted) -> tuple[Streamed, ...]:
    """Those that nobody planted."""
    told = messages(client, centre, service, bodies=True)
    return tuple([Streamed(id_of(m), digest_of_body(m.data)) async for m in told if id_of(m) not in planted.messages])


async def _events(connection: Any, service: str) -> list[Recorded]:
    rows = await connection.fetch(
        f"select event_id::text, chain, sequence, type, hash, envelope from {service}.event order by position"
    )
    return [
        Recorded(service, r["event_id"], r["chain"], r["sequence"], r["type"], r["hash"], r["envelope"]) for r in rows
    ]


async def _dead_letters(connection: Any, service: str, planted: Planted) -> list[str]:
    """Those that nobody planted."""
    rows = await connection.fetch(
        "select consumer, type, reason, coalesce(event_id::text, body) as mark"
        f" from {service}.dead_letter where retried_at is null order by id"
    )
    return [f"{row['consumer']} {row['type']}: {row['reason']}" for row in rows if row["mark"] not in planted.marks]


async def letter_marks(connection: Any, service: str) -> list[ExpectedLetter]:
    """Which dead letters a service keeps."""
    rows = await connection.fetch(
        f"select consumer, coalesce(event_id::text, body) as mark from {service}.dead_letter where retried_at is null"
    )
    return [ExpectedLetter(service, row["consumer"], row["mark"]) for row in rows]


async def _board(connection: Any, planted: Planted) -> tuple[BoardRow, ...]:
    rows = await connection.fetch(
        "select case_id::text, case_code, intake, dispatch, clocks, grid, row from console.board_case order by case_id"
    )
    return tuple(
        BoardRow(row["case_id"], row["case_code"], {name: row[name] for name in SECTIONS}, row["row"])
        for row in rows
        if row["case_id"] not in planted.cases
    )


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
