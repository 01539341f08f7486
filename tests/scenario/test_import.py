"""A platform's file is taken row by row, each exactly once, however often and however rudely it is interrupted."""

import asyncio
import csv
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from deploy.broker_users import nats_users
from deploy.databases import with_database
from deploy.embedded.running import ServerAddresses, find_running
from deploy.embedded.servers import EmbeddedServers
from deploy.importer.columns import guess_mapping, parse_mapping
from deploy.importer.reading import read_rows
from deploy.importer.taking import Report, take_rows
from shared.contracts.intake import Source
from tests.scenario.one_centre import every_row, one_centre
from tests.support.centre import TOWN, CentreUnderTest
from tests.support.program import ROOT, Program, until

pytestmark = pytest.mark.servers
HEADER = ("编号", "诉求内容", "类别", "属地", "受理时间")
PACK = ("--centre-pack", str(ROOT / "tests" / "packs" / "lettered-places"))


def write_file(path: Path, rows: Sequence[Sequence[str]], *, header: Sequence[str] = HEADER) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


# -- through the public request ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
async def centre(addresses: ServerAddresses, data_root: Path) -> AsyncIterator[CentreUnderTest]:
    async with one_centre(addresses, data_root) as centre:
        yield centre


@pytest.fixture
def batch() -> str:
    """What the numbers of this test's rows begin with."""
    return uuid4().hex[:6]


def many(batch: str, count: int) -> list[tuple[str, ...]]:
    return [(f"{batch}-{n}", f"第{n}盏路灯不亮", "", TOWN, "2026-11-20 9:30") for n in range(count)]


async def take(centre: CentreUnderTest, path: Path, on_row: Any = lambda: None, *, said: Sequence[str] = ()) -> Report:
    rows = await asyncio.to_thread(read_rows, path)
    report = await take_rows(
        centre.asker,
        rows,
        guess_mapping(rows.columns, parse_mapping(said, rows.columns)),
        centre.pack,
        source=Source.PLATFORM_PUSH,
        owner="desk.general",
        window=None,
        on_row=on_row,
    )
    await centre.settle()
    assert report.rows == report.registered + report.known + report.refused
    return report


async def cases_of(centre: CentreUnderTest, batch: str) -> list[asyncpg.Record]:
    """The batch's cases, each with how often it was registered, routed and given its clocks."""
    count = "(select count(*) from {0} where subject = case_code and type = '{1}') as {2}"
    registered = count.format("intake.event", "intake.case.registered", "registered")
    routed = count.format("dispatch.event", "dispatch.case.routed", "routed")
    armed = count.format("escalation.event", "escalation.clock.armed", "armed")
    return await centre.fetch(
        f"select external_reference, received_at, owner, source, {registered}, {routed}, {armed}"
        ' from intake."case" where external_reference like $1 order by external_reference',
        f"{batch}-%",
    )


async def test_each_row_is_registered_routed_and_has_its_clocks(
    centre: CentreUnderTest, tmp_path: Path, batch: str
) -> None:
    report = await take(centre, write_file(tmp_path / "push.csv", many(batch, 40)))
    assert (report.registered, report.known, report.refused) == (40, 0, 0)
    cases = await cases_of(centre, batch)
    assert len(cases) == 40
    assert {(case["owner"], case["source"]) for case in cases} == {("desk.general", "platform_push")}
    assert {(case["registered"], case["routed"]) for case in cases} == {(1, 1)}
    assert min(case["armed"] for case in cases) >= 2, "accept and dispatch"
    assert {case["received_at"].isoformat() for case in cases} == {"2026-11-20T01:30:00+00:00"}, "local time is meant"


async def test_a_second_run_registers_nothing_twice(centre: CentreUnderTest, tmp_path: Path, batch: str) -> None:
    path = write_file(tmp_path / "push.csv", many(batch, 40))
    await take(centre, path)
    before = await every_row(centre)
    report = await take(centre, path)
    assert (report.registered, report.known) == (0, 40)
    changed = {table for table, rows in (await every_row(centre)).items() if rows != before[table]}
    assert changed == {"intake.request"}, "only the questions themselves are remembered"


async def test_a_number_twice_in_one_file_is_one_case(centre: CentreUnderTest, tmp_path: Path, batch: str) -> None:
    rows = many(batch, 5)
    other = (rows[0][0], "同号的另一件事", *rows[0][2:])
    report = await take(centre, write_file(tmp_path / "push.csv", [*rows, *rows, other]))
    assert (report.registered, report.known, report.refused) == (5, 5, 1)
    assert (report.refusals[0].row, report.refusals[0].field) == (12, "reference")
    assert len(await cases_of(centre, batch)) == 5


async def test_bad_rows_are_named_and_the_others_taken(centre: CentreUnderTest, tmp_path: Path, batch: str) -> None:
    good = many(batch, 9)
    bad = [
        ("", "没有编号", "", TOWN, ""),
        (f"{batch}-a", "", "", TOWN, ""),
        (f"{batch}-b", "类别不对", "天文", TOWN, ""),
        (f"{batch}-c", "属地不对", "", "火星", ""),
        (f"{batch}-d", "时间不对", "", TOWN, "昨天"),
        (f"{batch}-e", "还没有发生", "", TOWN, "2027-01-01 09:00:00"),
        (f"{batch}-f", "太长" * 4_001, "", TOWN, ""),
        (f"{batch}-g", "多一格", "", TOWN, "", "多"),
    ]
    report = await take(centre, write_file(tmp_path / "push.csv", [*good, *bad]))
    assert (report.rows, report.registered, report.refused) == (17, 9, 8)
    assert [(one.row, one.field) for one in report.refusals] == [
        (11, "reference"),
        (12, "matter"),
        (13, "category"),
        (14, "place"),
        (15, "received_at"),
        (16, "received_at"),
        (17, "matter"),
        (18, "row"),
    ]
    assert all(len(one.reason) > 10 for one in report.refusals)
    assert len(await cases_of(centre, batch)) == 9


async def test_a_file_in_gbk_with_columns_of_its_own(centre: CentreUnderTest, tmp_path: Path, batch: str) -> None:
    path = tmp_path / "gbk.csv"
    await asyncio.to_thread(
        path.write_bytes,
        f"流水号,题,说明,何处\n{batch}-1,路灯,路灯不亮,{TOWN}\n{batch}-2,井盖,井盖松动,火星\n".encode("gbk"),
    )
    report = await take(centre, path, said=["reference=流水号", "matter=题+说明", "place=何处"])
    [refusal] = report.refusals
    assert (report.registered, refusal.row, refusal.field) == (1, 3, "place")
    assert refusal.reason == "'火星' is not a place of this centre"
    assert len(await cases_of(centre, batch)) == 1


async def test_broken_off_in_the_middle_it_continues(centre: CentreUnderTest, tmp_path: Path, batch: str) -> None:
    path = write_file(tmp_path / "push.csv", many(batch, 120))
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if done == 30:
            running.cancel()

    running = asyncio.ensure_future(take(centre, path, step))
    with suppress(asyncio.CancelledError):
        await running
    await centre.settle()
    assert 30 <= len(await cases_of(centre, batch)) < 120

    report = await take(centre, path)
    assert report.known >= 30
    assert report.registered + report.known == 120
    cases = await cases_of(centre, batch)
    assert len({case["external_reference"] for case in cases}) == len(cases) == 120
    assert {(case["registered"], case["routed"]) for case in cases} == {(1, 1)}


# -- the command -------------------------------------------------------------------------------------------------------


@pytest.fixture
def program(data_root: Path) -> Iterator[Program]:
    """An installation of its own: the command starts its servers and stops them."""
    with tempfile.TemporaryDirectory(dir=data_root) as folder:
        Path(folder).chmod(0o755)
        yield Program(Path(folder) / "data")


@pytest.mark.slow
def test_killed_in_the_middle_the_command_continues(program: Program, tmp_path: Path) -> None:
    rows = [(f"K-{number}", f"A3区第{number}盏路灯不亮", "城乡建设", "", "") for number in range(200)]
    path = str(write_file(tmp_path / "push.csv", rows))
    import_then_kill(program, path, when_registered=30)

    report = program.json("import", path, *PACK)
    assert report["rows"] == report["registered"] + report["known"] + report["refused"] == 200
    assert report["known"] >= 30
    assert report["refused"] == 0
    assert report["refusals"] == []
    assert find_running(program.data) is None, "it stopped what it started"
    found = asyncio.run(look_into(program.data))
    assert found == {
        "cases": 200,
        "numbers": 200,
        "routed once": 200,
        "accept clocks": 200,
        "dispatch clocks": 200,
        "events unpublished": 0,
        "dead letters": 0,
    }, "it ended only when what it registered was routed and clocked"


def import_then_kill(program: Program, path: str, *, when_registered: int) -> None:
    command = [sys.executable, "-m", "deploy", "import", path, *PACK]
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=ROOT, env=program.environment, **quiet)
    until(lambda: asyncio.run(registered_so_far(program.data)) >= when_registered, seconds=120)
    assert process.poll() is None, "it is killed in the middle"
    process.send_signal(signal.SIGKILL)
    process.wait(10)


async def registered_so_far(data: Path) -> int:
    running = find_running(data)
    if running is None:
        return 0
    with suppress(asyncpg.PostgresError, OSError):
        connection = await asyncpg.connect(with_database(running.database_url, "muster_lp"))
        try:
            return int(await connection.fetchval('select count(*) from intake."case"'))
        finally:
            await connection.close()
    return 0


LOOK = """
    select 'cases', count(*) from intake."case" union all
    select 'numbers', count(distinct external_reference) from intake."case" union all
    select 'routed once', count(*) from (select chain from dispatch.event where type = 'dispatch.case.routed'
        group by chain having count(*) = 1) as once union all
    select stage || ' clocks', count(*) from escalation.clock where stage in ('accept', 'dispatch') group by 1 union all
    select 'events unpublished', sum(unpublished) from (
        select count(*) as unpublished from intake.unsent union all
        select count(*) from dispatch.unsent union all select count(*) from escalation.unsent) as each union all
    select 'dead letters', sum(dead) from (
        select count(*) as dead from intake.dead_letter union all select count(*) from dispatch.dead_letter union all
        select count(*) from escalation.dead_letter) as each"""


async def look_into(data: Path) -> dict[str, int]:
    servers = EmbeddedServers(data, nats_users())
    addresses = await asyncio.to_thread(servers.start)
    try:
        connection = await asyncpg.connect(with_database(addresses.database_url, "muster_lp"))
        found = {row[0]: int(row[1]) for row in await connection.fetch(LOOK)}
        await connection.close()
    finally:
        await asyncio.to_thread(servers.stop)
    return found


def test_a_missing_column_is_said_before_anything_starts(program: Program, tmp_path: Path) -> None:
    path = write_file(tmp_path / "push.csv", [("P1", "x")], header=("编号", "备注"))
    said = program.run("import", str(path), *PACK, code=2)
    assert "no column for matter: the file has 编号, 备注. Say which: --map matter=COLUMN" in said
    assert not program.data.exists()
