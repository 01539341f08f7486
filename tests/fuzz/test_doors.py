"""The doors of a running centre, the broker's and the console's: whatever is sent is answered in words."""

import json
from collections.abc import AsyncIterator, Iterable
from random import Random

import httpx
import pytest
from nats.aio.client import Client
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from deploy.embedded.running import ServerAddresses
from services.console.web.app import make_app
from services.console.web.assets import Assets
from services.console.web.pages import ROUTES
from services.console.web.security import SESSION_COOKIE, post
from shared.contracts.actors import OPERATOR, UNIT_ROLES, Actor, Role
from shared.contracts.catalogue import REQUESTS
from shared.contracts.console import AddStaff, FirstPassword
from shared.contracts.subjects import EVERY_SERVICE, request_subject
from shared.infra.messaging import ASKER, connect
from tests.fuzz.browsing import CSRF, ENDLESS, HERE, Browsing, Seat
from tests.fuzz.mutating import mutated
from tests.fuzz.rounds import Crash
from tests.fuzz.targets import NAMES, draw_request
from tests.scenario.one_centre import one_centre
from tests.support.centre import TOWN, CentreUnderTest, key

LETTERS, VISITS_MORE = 1_000, 150
ENTRUSTED = ("测试甲", "13800001234")  # as the centre under test registers its cases
PASSWORD = "four words nobody guesses"
ROLES = (Role.INTAKE_CLERK, Role.LIAISON_OFFICER, Role.DUTY_DIRECTOR, Role.COMMANDER, Role.GRID_WORKER)
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
async def centre(addresses: ServerAddresses, data_root: object) -> AsyncIterator[CentreUnderTest]:
    async with one_centre(addresses, data_root, console=True) as centre:  # type: ignore[arg-type]
        yield centre


@pytest.fixture(scope="module")
async def client(addresses: ServerAddresses) -> AsyncIterator[Client]:
    client = await connect(addresses.nats_urls[ASKER], user=ASKER)
    yield client
    await client.close()


async def test_the_brokers_door_answers_any_letter_in_words(centre: CentreUnderTest, client: Client) -> None:
    """Arbitrary bytes and headers, to every request of every service."""
    lots = Random("letters")
    for number in range(LETTERS):
        letter = draw_request(lots)
        name = NAMES[letter[0]]
        service = REQUESTS[name].SERVICE
        subject = request_subject(centre.name, lots.choice(EVERY_SERVICE) if service == "*" else service, name)
        body = mutated(letter[1:], lots) if number % 2 else letter[1:]
        headers = {f"X-{lots.randrange(9)}": mutated(b"json", lots).decode("latin-1").translate(UNSENDABLE)}
        reply = await client.request(subject, body, timeout=20, headers=headers if number % 3 else None)
        told = json.loads(reply.data)
        assert told["ok"] or told.get("refusal", {}).get("code"), f"{name}: {told}"
        assert "Traceback" not in reply.data.decode()
    await centre.settle()


UNSENDABLE = {ord(one): None for one in "\r\n\0"}


async def test_the_consoles_door_answers_anybody_in_words(centre: CentreUnderTest, seats: tuple[Seat, ...]) -> None:
    """Every route once by everybody who may be there, then at random; no error line stands in the log either."""
    browsing = await browsing_in(centre, ROUTES, seats)
    lots = Random("visits")
    for route in browsing.routes:
        for _ in range(3):
            await browsing.visit(lots, route)
    for _ in range(VISITS_MORE):
        await browsing.visit(lots)
    await centre.settle()
    assert len(browsing.seen) == len({(route.path, frozenset(route.methods or ())) for route in browsing.routes})
    assert browsing.statuses[200] > 50, browsing.statuses
    assert browsing.statuses[422] > 10, browsing.statuses


async def broken(request: Request) -> PlainTextResponse:
    raise RuntimeError("planted")


async def telling(request: Request, form: object) -> PlainTextResponse:
    return PlainTextResponse(f"登记人 {ENTRUSTED[0]}")


async def tracing(request: Request) -> PlainTextResponse:
    return PlainTextResponse('Traceback (most recent call last):\n  File "/app/x.py", line 1')


@pytest.mark.provokes_errors
@pytest.mark.parametrize(
    ("route", "words"),
    [
        (Route("/broken", broken), "answered 500"),
        (Route("/tracing", tracing), "answered with a trace"),
        (post("/telling", telling), "told what was entrusted"),
    ],
    ids=["a page that fails", "a page that shows a trace", "a page that tells"],
)
async def test_a_planted_page_is_seen(
    centre: CentreUnderTest, seats: tuple[Seat, ...], route: Route, words: str
) -> None:
    browsing = await browsing_in(centre, [route], seats)
    with pytest.raises(Crash, match=words):
        await visiting(browsing, route)


async def visiting(browsing: Browsing, route: Route) -> None:
    for number in range(40):
        await browsing.visit(Random(number), route)


# -- who browses -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
async def seats(centre: CentreUnderTest) -> tuple[Seat, ...]:
    """Sessions are rows: whichever app looks at them, they hold."""
    return (*[await signed_in(centre, app_of(centre), role) for role in ROLES], Seat("nobody"))


def app_of(centre: CentreUnderTest) -> Starlette:
    console = centre.stack.console
    assert console is not None
    assert console._desk is not None
    return make_app(console._desk, Assets())


async def browsing_in(centre: CentreUnderTest, routes: Iterable[Route], seats: tuple[Seat, ...]) -> Browsing:
    app = app_of(centre)
    chosen = tuple(route for route in routes if route.name not in ENDLESS)
    app.router.routes.extend(route for route in chosen if route not in app.router.routes)
    code = (await centre.window_receives()).case_code
    order = await centre.open_order(code)
    summons = await centre.director_summons(code, "police")
    await centre.commander_approves(summons)
    known = {"code": [code], "order": [str(order.work_order_id)], "summons": [str(summons)], "act": list(ACTS)}
    return Browsing(app, chosen, seats, known, ENTRUSTED)


ACTS = (
    "sign-off",
    "report",
    "return",
    "contact",
    "extension",
    "approve",
    "stand-down",
    "acknowledge",
    "correct",
    "close",
)


async def signed_in(centre: CentreUnderTest, app: Starlette, role: Role) -> Seat:
    unit = "police" if role in UNIT_ROLES else None
    window = centre.pack.windows[0].code if role is Role.INTAKE_CLERK else None
    grid = TOWN if role is Role.GRID_WORKER else None
    staff = f"fuzz.{role}.{key()[:6]}"
    post_ = Actor(staff=staff, role=role, unit=unit, window=window, grid=grid).model_dump()
    told = {"actor": OPERATOR, "idempotency_key": key(), "title": "测试岗位", "password": PASSWORD}
    await centre.ask(AddStaff.model_validate({**post_, **told}), FirstPassword)
    transport = httpx.ASGITransport(app=app, client=(f"10.9.8.{len(role)}", 1))
    async with httpx.AsyncClient(transport=transport, base_url=HERE, headers={"origin": HERE}) as browser:
        token = CSRF.search((await browser.get("/sign-in")).text)
        assert token is not None
        form = {"csrf": token[1], "staff": staff, "password": PASSWORD, "to": "/account"}
        answer = await browser.post("/sign-in", data=form)
        assert answer.status_code == 303, answer.text
        page = CSRF.search((await browser.get("/account")).text)
        assert page is not None
        return Seat(role.value, browser.cookies[SESSION_COOKIE], page[1])
