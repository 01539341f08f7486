"""大屏: live without a session, by an address of its own; arrivals follow within a second; nothing of anybody on it."""

import re
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import Browser, expect

from services.console.model.session import hash_of
from shared.contracts.actors import OPERATOR
from shared.contracts.base import Done
from shared.contracts.console import ListWallTokens, MakeWallToken, RevokeWallToken, WallTokenMade, WallTokens
from shared.errors import Refused
from tests.browser.seat import UNIT, Seat, address_of
from tests.support.centre import CentreUnderTest

pytestmark = pytest.mark.servers
FOLLOWS_MS = 10_000
"""A second is what was promised; the rest is for a machine that is busy with other tests. By itself it asks later."""


async def make(centre: CentreUnderTest, name: str) -> str:
    command = MakeWallToken(actor=OPERATOR, idempotency_key=uuid4().hex, name=name)
    return (await centre.ask(command, WallTokenMade)).token


async def revoke(centre: CentreUnderTest, name: str) -> None:
    await centre.ask(RevokeWallToken(actor=OPERATOR, idempotency_key=uuid4().hex, name=name), Done)


async def test_a_wall_follows_the_room(browser: Browser, console_centre: CentreUnderTest, shots: object) -> None:
    centre = console_centre
    token = await make(centre, "hall-1")
    seat = await Seat.open(browser, centre, shots)  # type: ignore[arg-type]
    page = seat.page
    await page.set_viewport_size({"width": 1920, "height": 1080})
    await page.goto(f"/wall/{token}")
    await expect(page.locator("#link")).to_have_text("实时")
    code = (await centre.window_receives(level="I")).case_code
    summons = await centre.director_summons(code, UNIT, "market", "court")
    await centre.commander_approves(summons)
    card = page.locator(".card").filter(has_text="公安")
    await expect(card.first).to_be_visible(timeout=FOLLOWS_MS)
    await centre.unit_arrives(summons, UNIT)
    await expect(page.locator(".card li[data-state=arrived]").first).to_contain_text("公安", timeout=FOLLOWS_MS)
    await expect(page.locator(".counts [data-level=I] dd")).not_to_have_text("0")
    await expect(page.locator("main")).not_to_contain_text(re.compile("测试甲|13800001234|工地停工"))
    assert await page.context.cookies() == [], "it sets no session"
    for name, width, height in (("1920", 1920, 1080), ("row", 5760, 1080), ("phone", 390, 844)):
        await page.set_viewport_size({"width": width, "height": height})
        await seat.shot(f"wall-{name}-zh")
        await seat.is_accessible()
        if name != "phone":
            assert await page.evaluate("document.documentElement.scrollHeight <= innerHeight")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await page.set_viewport_size({"width": 1920, "height": 1080})
    await page.context.add_cookies([{"name": "muster_language", "value": "en", "url": address_of(centre)}])
    await page.reload()
    await expect(page.locator("#link")).to_have_text("live")
    await seat.shot("wall-1920-en")
    await seat.is_accessible()
    await revoke(centre, "hall-1")
    await page.reload()
    await expect(page.locator("[role=alert]")).to_contain_text("does not exist or was revoked")
    seat.complaints.clear()  # the browser notes the 404 itself
    await seat.close()


async def test_an_address_that_is_none_shows_nothing(
    console_centre: CentreUnderTest, caplog: pytest.LogCaptureFixture
) -> None:
    centre = console_centre
    token = await make(centre, "hall-2")
    with pytest.raises(Refused, match="already"):
        await make(centre, "hall-2")
    async with httpx.AsyncClient(base_url=address_of(centre)) as client:
        shown = await client.get(f"/wall/{token}")
        assert shown.status_code == 200
        assert shown.headers["referrer-policy"] == "no-referrer"
        assert shown.headers["cache-control"] == "no-store"
        assert "set-cookie" not in shown.headers
        assert (await client.get(f"/wall/{token}/state")).status_code == 200
        await revoke(centre, "hall-2")
        for path in (f"/wall/{token}", f"/wall/{token}x", "/wall/" + "y" * 500):
            dark = await client.get(path)
            assert dark.status_code == 404
            assert dark.headers["referrer-policy"] == "no-referrer"
            assert "不存在或已停用" in dark.text
            assert "counts" not in dark.text
            assert token not in dark.text
        assert (await client.get(f"/wall/{token}/live")).status_code == 404
        assert (await client.get(f"/wall/{token}/state")).status_code == 401
    kept = await centre.fetch("select name, token_hash from console.wall_token where name = 'hall-2'")
    assert [row["token_hash"] for row in kept] == [hash_of(token)]
    assert token not in caplog.text, "an address that opens something is in no log"
    listed = await centre.ask(ListWallTokens(actor=OPERATOR, include_revoked=True), WallTokens)
    assert next(one for one in listed.tokens if one.name == "hall-2").revoked_at is not None
