"""The console over real sockets and in a real browser: how soon a throttled phone has a page, what 500 viewers cost,
and how long after its event a row stands in a browser.

The phone is Chromium with the processor four times slower and 1.6 Mbit/s, without a cache. Servers, services, browser
and viewers are processes on one machine.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (this file speaks to a library without types)

import asyncio
import json
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import psutil
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from benchmarks.product import MUSTER, data_folder
from benchmarks.throughput import CENTRE, PACK, flood, processes, until
from deploy.databases import with_database
from deploy.embedded.running import ServerAddresses
from deploy.link_keys import link_key_file
from deploy.packs import apply_pack
from deploy.session import Place, asking, make_servers
from shared.centre.load import load_pack
from shared.contracts.actors import OPERATOR, Actor, Role
from shared.contracts.console import AddStaff, FirstPassword
from shared.contracts.dispatch import ApproveSummons, AskSummons, SummonsStarted
from shared.contracts.subjects import EVERY_SERVICE
from shared.infra.messaging import ADMINISTRATOR
from shared.links import AnswerLink, LinkSigner
from tests.browser.seat import CHROMIUM, FLAGS, free_port

ROWS, TRIES = 500, 5
VIEWERS, CHANGES_A_SECOND, VIEWED_S = 500, 20, 20
SEEN, SEEN_PER_S = 200, 10.0
PHONE = {"offline": False, "latency": 0, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
SLOWER = 4
PASSWORD = "four words nobody guesses"
DIRECTOR = Actor(staff="bench.director", role=Role.DUTY_DIRECTOR)
COMMANDER = Actor(staff="bench.commander", role=Role.COMMANDER)
REGISTERED = "select $1 - count(*) from console.board_case where shown"
WATCH = """() => {
  window.seen = [];
  const note = (row) => window.seen.push([row.querySelector('.code').textContent.trim(), Date.now()]);
  new MutationObserver((all) => {
    for (const one of all) for (const row of one.addedNodes) if (row.matches && row.matches('tr')) note(row);
  }).observe(document.getElementById('rows'), {childList: true});
}"""


def measure() -> dict[str, Any]:
    with data_folder() as data:
        data.parent.mkdir(exist_ok=True)
        servers = make_servers(Place(data, CENTRE))
        addresses, port = servers.start(), free_port()
        try:
            commands = [
                [*MUSTER, "serve", name, "--centre", CENTRE, "--data", str(data), "--port", str(port)]
                for name in EVERY_SERVICE
            ]
            with processes(commands, data, "runs for centre") as own:
                console = psutil.Process(own[EVERY_SERVICE.index("console")].pid)
                return asyncio.run(_measure(data, addresses, f"http://127.0.0.1:{port}", console))
        finally:
            servers.stop()


async def _measure(data: Path, addresses: ServerAddresses, address: str, console: psutil.Process) -> dict[str, Any]:
    connection = await asyncpg.connect(with_database(addresses.database_url, f"muster_{CENTRE}"))
    nats_url = addresses.nats_urls[ADMINISTRATOR]
    link = await _prepared(data, connection, nats_url)
    async with _browser() as browser:
        context = await _signed_in(browser, address)
        figures = {
            "board": await _on_a_phone(context, f"{address}/board", "#rows tr"),
            "summons_page": await _on_a_phone(context, address + link, "[data-due]"),
            "event_to_screen_ms": await _event_to_screen(context, connection, nats_url, address),
        }
        cookie = "; ".join(f"{one['name']}={one['value']}" for one in await context.cookies())
        figures["viewers"] = await _viewed(address, cookie, console, nats_url)
        await context.close()
    await connection.close()
    return {**figures, "rows": ROWS, "wanted": WANTED}


WANTED = {
    "board": {"kilobytes": 20, "ready_ms": 1_200},
    "summons_page": {"kilobytes": 4, "ready_ms": 700},
    "viewers": {"percent_of_a_core": 8, "megabytes": 80},
    "event_to_screen_ms": {"p99": 400},
}


async def _prepared(data: Path, connection: asyncpg.Connection, nats_url: str) -> str:
    """A director, 500 cases on the board, and a summons under way. Returns the address of its answer link."""
    async with asking(Place(data, CENTRE)) as asker:
        pack = load_pack(PACK)
        await apply_pack(asker, pack)
        for who in (DIRECTOR, COMMANDER):
            scope = who.model_dump(exclude={"role"}) | {"role": who.role, "title": "轮值", "password": PASSWORD}
            command = AddStaff.model_validate({**scope, "actor": OPERATOR, "idempotency_key": uuid4().hex})
            await asker.ask_patiently(command, FirstPassword)
        await flood(CENTRE, nats_url, ROWS, 32, 0.0)
        await until(connection, REGISTERED, ROWS)
        code = await connection.fetchval("select case_code from dispatch.work_order limit 1")
        unit = pack.units[1].code
        facts = {"case_code": code, "ground": "urgent", "units": [unit], "reason": "现场人数较多"}
        ask = {"actor": DIRECTOR, "idempotency_key": uuid4().hex}
        summons = (await asker.ask(AskSummons.model_validate({**ask, **facts}), SummonsStarted)).summons_id
        approve = ApproveSummons(actor=COMMANDER, idempotency_key=uuid4().hex, summons_id=summons)
        await asker.ask(approve, SummonsStarted)
    liaison = pack.unit(unit)
    assert liaison is not None
    signer = LinkSigner.load(link_key_file(data), centre=CENTRE)
    token = signer.sign(
        AnswerLink(
            link_id=uuid4(),
            centre=CENTRE,
            purpose="acknowledge",
            summons_id=UUID(str(summons)),
            unit=unit,
            staff=liaison.liaison.code,
            expires_at=datetime.now(UTC) + timedelta(hours=1),
        )
    )
    return f"/a/{token}"


@asynccontextmanager
async def _browser() -> AsyncGenerator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        await browser.close()


async def _signed_in(browser: Browser, address: str) -> BrowserContext:
    context = await browser.new_context(base_url=address, locale="zh-CN")
    page = await context.new_page()
    await page.goto("/sign-in")
    await page.locator('input[name="staff"]').fill(DIRECTOR.staff)
    await page.locator('input[name="password"]').fill(PASSWORD)
    await page.locator("button.main").click()
    await page.wait_for_url(lambda url: "/sign-in" not in url)
    await page.close()
    return context


async def _on_a_phone(context: BrowserContext, address: str, wanted: str) -> dict[str, Any]:
    """Ready: the page is parsed with its styles, its modules have run, and what it is about is there."""
    runs = [await _once_on_a_phone(context, address, wanted) for _ in range(TRIES)]
    return {
        "kilobytes": round(median(page for _, page, _ in runs) / 1024, 1),
        "kilobytes_with_scripts_and_styles": round(median(every for _, _, every in runs) / 1024, 1),
        "ready_ms": round(median(ready for ready, _, _ in runs)),
        "ready_ms_worst": round(max(ready for ready, _, _ in runs)),
    }


async def _once_on_a_phone(context: BrowserContext, address: str, wanted: str) -> tuple[float, int, int]:
    page = await context.new_page()
    await page.set_viewport_size({"width": 390, "height": 844})
    session = await context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    await session.send("Network.emulateNetworkConditions", PHONE)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    sizes: dict[str, int] = {}
    asked: dict[str, str] = {}
    session.on("Network.requestWillBeSent", lambda said: asked.setdefault(said["requestId"], said["request"]["url"]))
    session.on(
        "Network.loadingFinished",
        lambda said: sizes.__setitem__(asked.get(said["requestId"], ""), int(said["encodedDataLength"])),
    )
    await page.goto(address, wait_until="domcontentloaded")
    await page.locator(wanted).first.wait_for()
    ready = await page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    await page.wait_for_load_state("load")
    own = sizes.get(address, 0)
    await page.close()
    return float(ready), own, sum(sizes.values())


async def _event_to_screen(
    context: BrowserContext, connection: asyncpg.Connection, nats_url: str, address: str
) -> dict[str, Any]:
    """From the time of the event that registers a case (taken before its commit) to its row in the page."""
    page: Page = await context.new_page()
    await page.goto(f"{address}/board")
    await page.locator('#link[data-state="live"]').wait_for()
    await page.evaluate(WATCH)
    began = await connection.fetchval("select clock_timestamp()")
    await flood(CENTRE, nats_url, SEEN, 1, SEEN_PER_S)
    rows = await connection.fetch(
        "select subject, extract(epoch from at) * 1000 as ms from intake.event"
        " where type = 'intake.case.registered' and at >= $1",
        began,
    )
    for _ in range(100):
        seen: dict[str, float] = {}
        for code, at in await page.evaluate("window.seen"):
            seen.setdefault(code, at)
        if all(row["subject"] in seen for row in rows):
            break
        await asyncio.sleep(0.1)
    await page.close()
    took = [seen[row["subject"]] - float(row["ms"]) for row in rows if row["subject"] in seen]
    cuts = quantiles(took, n=100)
    return {
        "cases": len(rows),
        "seen": len(took),
        "a_second": SEEN_PER_S,
        "p50": round(cuts[49], 1),
        "p95": round(cuts[94], 1),
        "p99": round(cuts[98], 1),
        "max": round(max(took), 1),
    }


async def _viewed(address: str, cookie: str, console: psutil.Process, nats_url: str) -> dict[str, Any]:
    """500 streams from a process of their own; what the console spends while the rows change."""
    command = [sys.executable, "-m", "benchmarks.viewing", "watch", address, str(VIEWERS), str(VIEWED_S + 6)]
    watching = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert watching.stdin is not None
    watching.stdin.write(cookie.encode())
    watching.stdin.close()
    await asyncio.sleep(4)
    before, began = console.cpu_times(), time.monotonic()
    # A case that is registered, accepted, routed and given its clocks changes its row about four times.
    await flood(CENTRE, nats_url, CHANGES_A_SECOND * VIEWED_S // 4, 1, CHANGES_A_SECOND / 4)
    after, took = console.cpu_times(), time.monotonic() - began
    memory = console.memory_full_info().pss / 1e6
    out, _ = await watching.communicate()
    told = json.loads(out)
    spent = after.user + after.system - before.user - before.system
    return {
        **told,
        "seconds": round(took, 1),
        "row_changes_a_second": round(told["frames_each"] / took, 1),
        "percent_of_a_core": round(100 * spent / took, 1),
        "megabytes": round(memory, 1),
    }


async def watch(address: str, viewers: int, seconds: float, cookie: str) -> None:
    host, port = address.removeprefix("http://").split(":")
    asked = f"GET /live?shape=board&after= HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: {cookie}\r\n\r\n".encode()
    frames, opened = [0] * viewers, 0

    async def look(number: int) -> None:
        nonlocal opened
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(asked)
        head = await reader.readuntil(b"\r\n\r\n")
        opened += head.startswith(b"HTTP/1.1 200")
        while data := await reader.read(65_536):
            frames[number] += data.count(b"event: row")

    looking = [asyncio.create_task(look(number)) for number in range(viewers)]
    await asyncio.wait(looking, timeout=seconds)
    for one in looking:
        one.cancel()
    print(json.dumps({"viewers": opened, "frames_each": round(sum(frames) / viewers, 1), "fewest": min(frames)}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["watch"]:
        asyncio.run(watch(sys.argv[2], int(sys.argv[3]), float(sys.argv[4]), sys.stdin.read()))
    else:
        print(json.dumps(measure(), ensure_ascii=False, indent=2))
