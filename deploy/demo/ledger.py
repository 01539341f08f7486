"""Everything on record about a centre, read from its database and its streams: what the summary is counted from."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (this file speaks to a library without types)

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import asyncpg
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from shared.contracts.dispatch import (
    CaseRouted,
    SummonsEnded,
    SummonsUnitArrived,
    SummonsUnitCalled,
    SummonsUnitNotArrived,
    WorkOrderDispatched,
    WorkOrderReopened,
    WorkOrderReportedBack,
)
from shared.contracts.escalation import ArrivalGivenUp, ClockArmed, ClockMet
from shared.contracts.intake import CaseAccepted, CaseReopened
from shared.contracts.subjects import SERVICES, Stream, event_subject

AWAITED = ("called", "acknowledged", "on_the_way", "substitute_sent", "cannot_come")
WORK_ORDERS = "select case_id::text, role, state, signed_off_at, returned_at from dispatch.work_order"
BATCH_MAX = 1_000
FETCH_TIMEOUT_S = 10.0
# Of the other types only the number counts; their data stays in the database.
WITH_DATA = tuple(
    event.TYPE
    for event in (
        CaseAccepted,
        CaseReopened,
        CaseRouted,
        WorkOrderDispatched,
        WorkOrderReportedBack,
        WorkOrderReopened,
        SummonsUnitCalled,
        SummonsUnitArrived,
        SummonsUnitNotArrived,
        SummonsEnded,
        ClockArmed,
        ClockMet,
        ArrivalGivenUp,
    )
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One recorded event. `case` is its case code, or what else it is about."""

    event_id: str
    type: str
    case: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Ledger:
    """Rows as they stand. `receipts` are the case ids that windows were answered with; `work_orders` are the leads'."""

    events: Mapping[str, tuple[Fact, ...]]
    streamed: Mapping[str, tuple[str, ...]]
    receipts: tuple[str, ...] = ()
    cases: Mapping[str, str] = field(default_factory=dict[str, str])
    work_orders: tuple[tuple[str, str], ...] = ()
    support_orders: tuple[tuple[str, str], ...] = ()
    signed_off_orders: int = 0
    returned_orders: int = 0
    reports: int = 0
    verifications: tuple[str, ...] = ()
    clocks: tuple[tuple[str, bool], ...] = ()
    awaited_units: int = 0
    dead_letters: int = 0


async def read_ledger(database_url: str, client: Client, centre: str) -> Ledger:
    """`client` is the broker administrator's. What happens meanwhile may be in one part and not in the other."""
    connection: Any = await asyncpg.connect(database_url, timeout=10)
    try:
        events = {service: await _events(connection, service) for service in SERVICES}
        cases = await connection.fetch('select case_id::text, state from intake."case"')
        orders = await connection.fetch(
            "select case_id::text, role, state, signed_off_at, returned_at from dispatch.work_order"
        )
        verifications = await connection.fetch("select state from escalation.verification")
        clocks = await connection.fetch("select state, fired_at is not null as fired from escalation.clock")
        return Ledger(
            events=events,
            streamed={service: await message_ids(client, centre, service) for service in SERVICES},
            receipts=await _receipts(connection),
            cases={row["case_id"]: row["state"] for row in cases},
            work_orders=tuple((row["case_id"], row["state"]) for row in orders if row["role"] == "lead"),
            support_orders=tuple((row["case_id"], row["state"]) for row in orders if row["role"] == "support"),
            signed_off_orders=sum(row["signed_off_at"] is not None for row in orders),
            returned_orders=sum(row["returned_at"] is not None for row in orders),
            reports=await connection.fetchval("select count(*) from dispatch.work_order_report"),
            verifications=tuple(row["state"] for row in verifications),
            clocks=tuple((row["state"], row["fired"]) for row in clocks),
            awaited_units=await connection.fetchval(
                "select count(*) from dispatch.called_unit where state = any($1::text[])", list(AWAITED)
            ),
            dead_letters=await _dead_letters(connection),
        )
    finally:
        await connection.close()


async def _events(connection: Any, service: str) -> tuple[Fact, ...]:
    rows = await connection.fetch(
        "select event_id::text, type, subject, case when type = any($1::text[])"  # noqa: S608 - a service's own schema
        " then (envelope -> 'data') - 'considered' end as data"
        f" from {service}.event order by position",
        list(WITH_DATA),
    )
    return tuple(Fact(r["event_id"], r["type"], r["subject"], json.loads(r["data"]) if r["data"] else {}) for r in rows)


async def _receipts(connection: Any) -> tuple[str, ...]:
    """Every answer a registration was given, among them those to the same push of a platform."""
    rows = await connection.fetch(
        "select distinct answer ->> 'case_id' as case_id from intake.request"
        " where name = 'register_case' and answer ? 'case_id'"
    )
    return tuple(row["case_id"] for row in rows)


async def _dead_letters(connection: Any) -> int:
    counted = [
        await connection.fetchval(f"select count(*) from {service}.dead_letter where retried_at is null")  # noqa: S608
        for service in SERVICES
    ]
    return sum(counted)


async def message_ids(client: Client, centre: str, service: str) -> tuple[str, ...]:
    """The ids of all messages one centre's service has in its stream, in order; bodies stay there."""
    return tuple([id_of(message) async for message in messages(client, centre, service, bodies=False)])


def id_of(message: Msg) -> str:
    return (message.headers or {}).get("Nats-Msg-Id", "")


async def messages(client: Client, centre: str, service: str, *, bodies: bool) -> AsyncIterator[Msg]:
    """All messages one centre's service has in its stream, in order, a batch in memory at a time."""
    stream, subject = Stream(service).name, event_subject(centre, f"{service}.>")
    config = ConsumerConfig(
        deliver_policy=DeliverPolicy.ALL,
        ack_policy=AckPolicy.NONE,
        headers_only=not bodies,
        mem_storage=True,
        inactive_threshold=30.0,
    )
    pull = await client.jetstream(timeout=FETCH_TIMEOUT_S).pull_subscribe(subject, stream=stream, config=config)
    try:
        left = (await pull.consumer_info()).num_pending or 0
        while left > 0:
            batch = await pull.fetch(min(left, BATCH_MAX), timeout=FETCH_TIMEOUT_S)
            for message in batch:
                yield message
            left -= len(batch)
    finally:
        await pull.unsubscribe()
