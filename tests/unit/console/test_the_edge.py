"""What every answer of the console carries, and what no request gets past."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from deploy.packs import default_pack
from services.console.settings import ConsoleSettings
from services.console.web.app import make_app
from services.console.web.assets import Assets
from services.console.web.desk import Desk
from services.console.web.live import Hub
from services.console.web.pages import ROUTES
from services.console.web.pages.front import inside
from services.console.web.security import BODY_BYTES_MAX, POLICY, Pace, PostRoute, same_origin
from services.console.web.view import View
from shared.centre.pack import CentrePack
from shared.clock import MovedClock
from shared.errors import Unavailable

HERE = "http://testserver"
OWN = {"Origin": HERE}


class DeskAlone(Desk):
    """Without a database: nobody is signed in, the pack is the default one."""

    async def pack(self) -> CentrePack:
        return default_pack()


class NoWork:
    @asynccontextmanager
    async def read(self) -> AsyncIterator[Any]:
        raise Unavailable("no database here")
        yield


@pytest.fixture(scope="module")
def app() -> Starlette:
    assets = Assets()
    clock = MovedClock(datetime(2026, 11, 30, 1, tzinfo=UTC))
    work: Any = NoWork()
    asker: Any = None
    settings = ConsoleSettings(database_url="x", nats_url="x")
    views = {language: View(language, assets) for language in ("zh", "en")}
    desk = DeskAlone(work, clock, clock, settings, Hub(), views, asker)
    app = make_app(desk, assets)
    app.router.routes.append(Route("/broken", broken))
    return app


async def broken(request: Request) -> PlainTextResponse:
    raise RuntimeError("张三 13800001234")


def browser(app: Starlette, base_url: str = HERE) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=base_url)


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(app) as client:
        yield client


async def test_nobody_signed_in_is_sent_to_sign_in_and_back(client: httpx.AsyncClient) -> None:
    answer = await client.get("/board?lane=late")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?to=/board")
    assert (await client.get("/board", headers={"X-Muster-Part": "live"})).status_code == 401
    assert (await client.get("/live?after=1-1")).status_code == 401
    assert (await client.get("/live/state")).status_code == 401


async def test_every_page_has_the_headers_and_is_never_cached(client: httpx.AsyncClient) -> None:
    for path in ("/sign-in", "/nothing-here", "/board"):
        headers = (await client.get(path)).headers
        assert headers["content-security-policy"] == POLICY
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
    assert "unsafe" not in POLICY


async def test_a_page_names_all_its_modules_so_that_they_come_at_once(client: httpx.AsyncClient) -> None:
    page = (await client.get("/sign-in")).text
    named = [part.split('"', 1)[0].rpartition("/")[2] for part in page.split('rel="modulepreload" href="')[1:]]
    assert named == Assets().modules_of("shell.js")
    assert "live-source.js" in named, "two links down"


async def test_files_are_kept_for_ever_under_an_address_of_their_content(client: httpx.AsyncClient) -> None:
    page = (await client.get("/sign-in")).text
    address = page.split('href="', 1)[1].split('"', 1)[0]
    answer = await client.get(address)
    assert "immutable" in answer.headers["cache-control"]
    assert (await client.get("/static/000000000000/tokens.css")).headers["cache-control"] == "no-cache"
    assert (await client.get("/static/x/../../app.py")).status_code == 404


async def test_no_page_has_a_script_or_a_style_in_it(client: httpx.AsyncClient) -> None:
    page = (await client.get("/sign-in")).text
    assert "<style" not in page
    assert " style=" not in page
    assert "<script>" not in page
    assert " onclick=" not in page


async def test_the_cookie_is_for_this_site_and_no_script(client: httpx.AsyncClient, app: Starlette) -> None:
    cookie = (await client.get("/sign-in")).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie
    async with browser(app, "https://testserver") as secure:
        answer = await secure.get("/sign-in")
        assert "secure" in answer.headers["set-cookie"].lower()
        assert "strict-transport-security" in answer.headers


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://elsewhere"}, {"Origin": "null"}, {"Referer": "http://x/"}])
async def test_a_form_of_another_site_is_refused(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    assert (await client.post("/sign-in", headers=headers)).status_code == 403


async def test_a_link_page_may_hide_its_origin_but_needs_its_token(client: httpx.AsyncClient) -> None:
    """No-referrer makes a browser say `null`; another site's name is refused there, too."""
    await client.get("/sign-in")
    token = client.cookies["muster_before"]
    own = await client.post("/a/cut-short", data={"csrf": token}, headers={"Origin": "null"})
    assert own.status_code == 404
    for form, origin in (({}, "null"), ({"csrf": "x"}, "null"), ({"csrf": token}, "http://elsewhere")):
        assert (await client.post("/a/cut-short", data=form, headers={"Origin": origin})).status_code == 403


async def test_a_link_that_opens_nothing_says_so_and_is_not_guessed(client: httpx.AsyncClient, app: Starlette) -> None:
    answer = await client.get("/a/cut-short")
    assert (answer.status_code, answer.headers["referrer-policy"]) == (404, "no-referrer")
    assert answer.headers["cache-control"] == "no-store"
    assert "链接不完整" in answer.text
    assert "cut-short" not in answer.text
    app.state.desk.tries_at_links = Pace(per_minute=1, burst=1)
    assert [(await client.get("/a/cut-short")).status_code for _ in range(2)] == [404, 429]
    app.state.desk.tries_at_links = Pace(per_minute=120, burst=120)


async def test_a_form_without_its_token_is_refused(client: httpx.AsyncClient) -> None:
    await client.get("/sign-in")
    for form in ({}, {"csrf": "x"}, {"csrf": ""}):
        answer = await client.post("/sign-in", data={**form, "staff": "a", "password": "b"}, headers=OWN)
        assert answer.status_code == 403
        assert "forged_request" in answer.text


async def test_with_its_token_it_is_taken(client: httpx.AsyncClient) -> None:
    """The negative control of the one before: it comes as far as the database, which is not there."""
    await client.get("/sign-in")
    token = client.cookies["muster_before"]
    answer = await client.post("/sign-in", data={"csrf": token, "staff": "a", "password": "b"}, headers=OWN)
    assert answer.status_code == 503


def test_only_guarded_routes_change_anything() -> None:
    assert loose(ROUTES) == []
    assert loose([Route("/x", broken, methods=["POST"])]) == ["/x"]


def loose(routes: Any) -> list[str]:
    changing = [one for one in routes if (one.methods or set()) - {"GET", "HEAD"}]
    assert changing
    return [one.path for one in changing if not isinstance(one, PostRoute)]


async def test_too_much_is_refused_before_it_is_read(client: httpx.AsyncClient) -> None:
    answer = await client.post("/sign-in", content=b"x" * (BODY_BYTES_MAX + 1), headers=OWN)
    assert answer.status_code == 413
    assert "内容过大" in answer.text
    photos = f"/grid/{UUID(int=1)}/upload"
    assert (await client.post(photos, content=b"x" * (BODY_BYTES_MAX + 1), headers=OWN)).status_code == 401
    headers = {**OWN, "Content-Length": str(30 * 1024 * 1024)}
    assert (await client.post(photos, content=b"", headers=headers)).status_code == 413


async def test_more_than_it_said_is_refused_where_it_is_too_much(client: httpx.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(BODY_BYTES_MAX // 65_536 + 2):
            yield b"x" * 65_536

    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await client.post("/sign-in", content=endless(), headers=OWN | kind)
    assert answer.status_code == 413
    assert "内容过大" in answer.text


@pytest.mark.provokes_errors
async def test_a_fault_of_ours_is_a_code_and_words_and_quotes_nobody(client: httpx.AsyncClient) -> None:
    answer = await client.get("/broken")
    assert answer.status_code == 500
    assert "代码" in answer.text
    assert "Traceback" not in answer.text
    assert "13800001234" not in answer.text


@pytest.mark.parametrize("to", ["//elsewhere", "https://elsewhere/", "/\\elsewhere", "javascript:1", "", None])
def test_nobody_is_sent_elsewhere(to: str | None) -> None:
    assert inside(to) == "/"
    assert inside("/cases/26-0000104-5") == "/cases/26-0000104-5"


def test_where_a_form_came_from() -> None:
    assert same_origin(Headers({"host": "a:8080", "origin": "http://a:8080"}))
    assert not same_origin(Headers({"host": "a:8080", "origin": "http://a"}))
    assert same_origin(Headers({"host": "a", "referer": "https://a/board"}))
    assert not same_origin(Headers({"host": "a", "sec-fetch-site": "cross-site"}))
    assert not same_origin(Headers({"host": ""}))


async def test_a_flood_is_slowed_down_and_a_neighbour_is_not() -> None:
    pace = Pace(per_minute=120, burst=60)
    admitted = [pace.admits("one") for _ in range(100)]
    assert 50 < sum(admitted) < 70
    assert pace.admits("another")
