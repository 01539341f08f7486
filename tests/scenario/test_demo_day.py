"""A small demo day on real servers: the books balance, and nobody who brought a case can be read anywhere."""

import logging
import re
from collections.abc import Awaitable, Callable, Iterator
from io import StringIO
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from rich.console import Console

from deploy.demo.finite import FiniteDemo, Outcome
from deploy.demo.plan import DayPlan, plan_day
from deploy.embedded.running import ServerAddresses
from deploy.packs import default_pack
from shared.contracts.subjects import SERVICES, Stream
from shared.infra.messaging import ADMINISTRATOR, connect
from shared.vault import KeyRing

pytestmark = [pytest.mark.servers, pytest.mark.slow]
CASES, SPEED, SEED = 25, 1_200.0, 7
SOMEBODY = re.compile(r"1380000\d{4}|测试[甲乙丙丁戊己庚辛壬癸]")


class Lines(logging.Handler):
    """Every line any logger would write."""

    def __init__(self) -> None:
        super().__init__(level=logging.DEBUG)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(f"{record.msg} {record.args} {record.exc_info}")


@pytest.fixture
def log_lines() -> Iterator[list[str]]:
    lines = Lines()
    logging.getLogger().addHandler(lines)
    yield lines.texts
    logging.getLogger().removeHandler(lines)


async def test_a_small_day_balances_and_shows_nobody(
    addresses: ServerAddresses,
    make_database: Callable[[str], Awaitable[str]],
    tmp_path: Path,
    log_lines: list[str],
) -> None:
    centre = f"d{uuid4().hex[:10]}"
    database_url = await make_database(f"muster_{centre}")
    keys = tmp_path / "vault.keys"
    keys.write_text(KeyRing.generate())
    pack = default_pack()
    plan = plan_day(pack, cases=CASES, seed=SEED)
    shown = StringIO()
    demo = FiniteDemo(addresses, pack, plan, centre=centre, speed=SPEED, keys=keys)
    outcome = await demo.run(Console(file=shown, width=200), plain=True)

    the_books_balance(outcome, plan)
    assert "登记" in shown.getvalue()
    brought = [case.requester.phone for case in plan.cases if case.requester.phone]
    assert brought, "the plan has to bring somebody who could be seen"
    assert await rows_that_name_somebody(database_url) == []
    assert await messages_that_name_somebody(addresses, centre) == []
    assert [line for line in log_lines if SOMEBODY.search(line)] == []
    assert not SOMEBODY.search(shown.getvalue())


def the_books_balance(outcome: Outcome, plan: DayPlan) -> None:
    summary, counts = outcome.summary, outcome.as_dict()
    assert summary.faults() == ()
    assert (counts["lost"], counts["duplicated"], counts["dead_letters"]) == (0, 0, 0)
    assert counts["balanced"]
    assert counts["registered"] == CASES
    assert counts["not_accepted"] == sum(case.conduct.declined is not None for case in plan.cases)
    assert counts["closed"] == counts["accepted"], "driven to its end"
    assert counts["summons"]["issued"] == sum(len(case.summons.units) for case in plan.cases if case.summons)
    assert counts["clocks"]["open"] == 0
    unanswered = [name for name in outcome.tally.unavailable if not name.startswith("list_")]
    assert unanswered == [], "every act was answered"


async def rows_that_name_somebody(database_url: str) -> list[str]:
    """Every row of every table of every service, as text."""
    connection = await asyncpg.connect(database_url)
    try:
        tables = await connection.fetch(
            "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = any($1::text[])",
            list(SERVICES),
        )
        assert len(tables) > 20
        found: list[str] = []
        for table in tables:
            rows = await connection.fetch(f"select t::text as row from {table['name']} t")
            found += [f"{table['name']}: {row['row']}" for row in rows if SOMEBODY.search(row["row"])]
        return found
    finally:
        await connection.close()


async def messages_that_name_somebody(addresses: ServerAddresses, centre: str) -> list[str]:
    client = await connect(addresses.nats_urls[ADMINISTRATOR], user=ADMINISTRATOR)
    try:
        found: list[str] = []
        for service in SERVICES:
            subject = f"muster.{centre}.{service}.>"
            pull = await client.jetstream().pull_subscribe(subject, stream=Stream(service).name)
            left = (await pull.consumer_info()).num_pending
            assert left, f"{service} published nothing"
            while left > 0:
                messages = await pull.fetch(min(left, 500), timeout=10)
                found += [m.subject for m in messages if SOMEBODY.search(f"{m.headers} {m.data.decode()}")]
                left -= len(messages)
            await pull.unsubscribe()
        return found
    finally:
        await client.close()


async def test_the_search_finds_somebody_who_is_there(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute(
            "insert into intake.request (name, key, fingerprint, at, answer) values ('x', 'y', '', now(), $1::jsonb)",
            '{"phone": "13800001234"}',
        )
    finally:
        await connection.close()
    found = await rows_that_name_somebody(database_url)
    assert len(found) == 1
    assert found[0].startswith("intake.request: ")
