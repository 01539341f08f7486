"""One running centre with its console, and one browser, for all browser tests. Every seat is a browser profile."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from deploy.embedded.running import ServerAddresses
from shared.contracts.actors import Role
from tests.browser.line import Line
from tests.browser.seat import CHROMIUM, FLAGS, Seat, make_staff
from tests.scenario.one_centre import one_centre
from tests.support.centre import CentreUnderTest


@pytest.fixture(scope="session")
def chromium() -> Path:
    """A missing browser skips a test on a laptop and fails it where MUSTER_REQUIRE_SERVERS is set."""
    if not CHROMIUM.exists():
        words = f"no browser at {CHROMIUM}: apt-get install chromium fonts-noto-cjk (or name one: MUSTER_CHROMIUM)"
        if os.environ.get("MUSTER_REQUIRE_SERVERS"):
            pytest.fail(words)
        pytest.skip(words)
    return CHROMIUM


@pytest.fixture(scope="session")
async def browser(chromium: Path) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser
        await browser.close()


@pytest.fixture(scope="module")
async def console_centre(chromium: Path, addresses: ServerAddresses, data_root: Path) -> AsyncIterator[CentreUnderTest]:
    """Its clock stands until a test moves it, and only ever forwards: each test looks at its own cases."""
    async with one_centre(addresses, data_root, console=True) as centre:
        await make_staff(centre)
        yield centre


@pytest.fixture(scope="session")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go: MUSTER_SCREENSHOTS, or a folder of this run."""
    given = os.environ.get("MUSTER_SCREENSHOTS")
    folder = Path(given) if given else tmp_path_factory.mktemp("screens")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


SignIn = Callable[..., Awaitable[Seat]]


@pytest.fixture
async def sign_in(browser: Browser, console_centre: CentreUnderTest, shots: Path) -> AsyncIterator[SignIn]:
    """`await sign_in(Role.DUTY_DIRECTOR)`: a browser at its first page. At the end no seat may have complained."""
    seats: list[Seat] = []

    async def begin(
        role: Role, *, language: str = "zh", scripts: bool = True, phone: bool = False, through: Line | None = None
    ) -> Seat:
        port = through.port if through else None
        seat = await Seat.open(browser, console_centre, shots, scripts=scripts, phone=phone, port=port)
        seats.append(seat)
        await seat.signs_in(role, language)
        return seat

    yield begin
    complaints = [line for seat in seats for line in seat.complaints]
    for seat in seats:
        await seat.close()
    assert not complaints, complaints
