"""A browser profile in front of the console: signs in, looks, and notes whatever the browser complains about."""

import json
import os
import socket
from pathlib import Path

from argon2 import PasswordHasher
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, expect

from shared.contracts.actors import OPERATOR, UNIT_ROLES, Actor, Role
from tests.support.centre import TOWN, CentreUnderTest

CHROMIUM = Path(os.environ.get("MUSTER_CHROMIUM", "/usr/bin/chromium"))
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
PASSWORD = "four words nobody guesses"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
UNIT = "police"
WATCHER = "addEventListener('securitypolicyviolation', e => console.error('CSP ' + e.violatedDirective + e.blockedURI))"
WAIT_MS = 15_000
expect.set_options(timeout=WAIT_MS)


def post_of(centre: CentreUnderTest, role: Role) -> Actor:
    """The account that signs in for a role; a unit's is the police's, a grid's the first township's."""
    scope = {"unit": UNIT if role in UNIT_ROLES else None}
    scope["window"] = centre.pack.windows[0].code if role is Role.INTAKE_CLERK else None
    scope["grid"] = TOWN if role is Role.GRID_WORKER else None
    return Actor.model_validate({"staff": f"browser.{role}", "role": role, **scope})


async def make_staff(centre: CentreUnderTest) -> None:
    """One account for each role, written as rows with hashes that cost nothing: a real one takes 0.2 s of work.

    Accounts made as an administrator makes them have tests of their own, and the demo centre is signed in to with them.
    """
    await centre.fetch(
        "insert into console.account (staff, title, role, unit, window_code, grid, language, password_hash, totp_used,"
        " recovery, settings, made_by, made_at)"
        " select staff, '测试' || role, role, unit, \"window\", grid, 'zh', $2, 0, '{}', '{}', $3, $4"
        ' from jsonb_to_recordset($1) as post (staff text, role text, unit text, "window" text, grid text)',
        json.dumps([post_of(centre, role).model_dump(mode="json") for role in Role if role is not Role.SYSTEM]),
        CHEAP.hash(PASSWORD),
        OPERATOR.staff,
        centre.clock.now(),
    )


class Seat:
    """One browser of its own: `page` is what it shows, `complaints` whatever went wrong in it."""

    def __init__(self, context: BrowserContext, page: Page, centre: CentreUnderTest, shots: Path, address: str) -> None:
        self.page = page
        self.centre = centre
        self.complaints: list[str] = []
        self._context = context
        self._address = address
        self._shots = shots

    @staticmethod
    async def open(
        browser: Browser,
        centre: CentreUnderTest,
        shots: Path,
        *,
        scripts: bool = True,
        phone: bool = False,
        port: int | None = None,
    ) -> "Seat":
        """`port`: of a line in between, where not the console's own."""
        size = {"width": 390, "height": 844} if phone else {"width": 1440, "height": 900}
        address = f"http://127.0.0.1:{port}" if port else address_of(centre)
        context = await browser.new_context(
            base_url=address, viewport=size, java_script_enabled=scripts, locale="zh-CN"
        )
        context.set_default_timeout(WAIT_MS)
        await context.add_init_script(WATCHER)
        seat = Seat(context, await context.new_page(), centre, shots, address)
        context.on("console", lambda said: seat.complaints.append(said.text) if said.type == "error" else None)
        context.on("weberror", lambda fault: seat.complaints.append(str(fault.error)))
        context.on("request", lambda asked: seat.check_own(asked.url))
        return seat

    def check_own(self, url: str) -> None:
        """The console works on an intranet: nothing is ever asked of another place."""
        if not url.startswith((self._address, "data:", "blob:")):
            self.complaints.append(f"asked elsewhere: {url}")

    async def signs_in(self, role: Role, language: str = "zh") -> None:
        await self.page.goto("/sign-in")
        lang = {"zh": "zh-CN", "en": "en"}[language]
        if await self.page.locator("html").get_attribute("lang") != lang:
            await self.page.locator(f'.languages button[value="{language}"]').first.click()
            await expect(self.page.locator("html")).to_have_attribute("lang", lang)
        await self.page.locator('input[name="staff"]').fill(post_of(self.centre, role).staff)
        await self.page.locator('input[name="password"]').fill(PASSWORD)
        await self.page.locator("button.main").click()
        await self.page.wait_for_url(lambda url: "/sign-in" not in url)
        await self.speaks(language)

    async def speaks(self, language: str) -> None:
        """The account's own language, as it is kept on the server."""
        lang = {"zh": "zh-CN", "en": "en"}[language]
        if await self.page.locator("html").get_attribute("lang") != lang:
            await self.page.locator("details.me summary").click()
            await self.page.locator(f'.me-menu button[value="{language}"]').click()
        await expect(self.page.locator("html")).to_have_attribute("lang", lang)

    async def another_tab(self, path: str) -> Page:
        page = await self._context.new_page()
        await page.goto(path)
        return page

    async def shot(self, name: str) -> None:
        await self.page.screenshot(path=self._shots / f"{name}.png")

    async def is_accessible(self) -> None:
        """No violation of the WCAG rules axe knows."""
        found = await Axe().run(self.page)
        faults = [
            f"{one['id']}: {one['help']} {[node['html'][:200] for node in one['nodes'][:3]]}"
            for one in found.response["violations"]
        ]
        assert not faults, "\n".join(faults)

    async def close(self) -> None:
        await self._context.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def address_of(centre: CentreUnderTest) -> str:
    assert centre.stack.console is not None
    return f"http://127.0.0.1:{centre.stack.console.port}"
