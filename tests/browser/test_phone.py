"""联络员手机: a summons answered by the link of a notice, on a phone, with scripts and without."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from playwright.async_api import Browser, expect

from shared.links import AnswerLink, LinkSigner, Purpose
from tests.browser.seat import UNIT, Seat, address_of
from tests.support.centre import CentreUnderTest

pytestmark = pytest.mark.servers
WIRE_BYTES_MAX = 4_096


def link_to(centre: CentreUnderTest, summons: UUID, purpose: Purpose, unit: str = UNIT) -> str:
    """An address as a notice carries it."""
    assert centre.stack.console is not None
    signer = LinkSigner.load(centre.stack.console.settings.link_key_file, centre=centre.name)
    token = signer.sign(
        AnswerLink(
            link_id=uuid4(),
            centre=centre.name,
            purpose=purpose,
            summons_id=summons,
            unit=unit,
            staff=centre.liaison(unit).staff,
            expires_at=centre.clock.now() + timedelta(hours=1),
        )
    )
    return f"/a/{token}"


async def called(centre: CentreUnderTest, *units: str) -> UUID:
    code = (await centre.window_receives(level="II")).case_code
    summons = await centre.director_summons(code, *(units or (UNIT, "traffic-police")))
    await centre.commander_approves(summons)
    return summons


async def state_of(centre: CentreUnderTest, summons: UUID) -> str:
    return next(one.state for one in (await centre.summons(summons)).units if one.unit == UNIT)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
async def test_a_liaison_answers_by_link(
    scripts: bool, browser: Browser, console_centre: CentreUnderTest, shots: Path
) -> None:
    """Looking answers nothing, the form does; the second step has its own link; a link counts once."""
    summons = await called(console_centre)
    seat = await Seat.open(browser, console_centre, shots, scripts=scripts, phone=True)
    page, address = seat.page, link_to(console_centre, summons, "acknowledge")
    await page.goto(address)
    await expect(page.locator("[data-due]")).to_have_text("20:00")
    await expect(page.locator("main")).not_to_contain_text("13800001234")
    assert await state_of(console_centre, summons) == "called"
    if scripts:
        await seat.shot("link-acknowledge-zh")
        await seat.is_accessible()
    await page.get_by_role("button", name="收到，立即前往").click()
    await expect(page.get_by_role("status")).to_contain_text("已收到")
    assert await state_of(console_centre, summons) == "acknowledged"
    if scripts:
        await seat.shot("link-acknowledged-zh")
    await page.goto(link_to(console_centre, summons, "on_the_way"))
    if scripts:
        await seat.shot("link-on-the-way-zh")
        await seat.is_accessible()
    await page.get_by_text("10", exact=True).click()
    await page.get_by_role("button", name="已出发").click()
    await expect(page.get_by_role("status")).to_contain_text("途中，预计到场")
    await page.goto(link_to(console_centre, summons, "cannot_come"))
    if scripts:
        await seat.shot("link-cannot-come-zh")
        await page.context.add_cookies([{"name": "muster_language", "value": "en", "url": address_of(console_centre)}])
        await page.reload()
        await seat.shot("link-cannot-come-en")
        await seat.is_accessible()
    await console_centre.unit_arrives(summons, UNIT)
    await page.goto(address)
    await expect(page.get_by_role("status")).to_contain_text("arrived" if scripts else "已到场")
    assert not seat.complaints
    await seat.close()


async def test_a_link_is_light_and_tells_nothing_when_it_is_no_use(console_centre: CentreUnderTest) -> None:
    summons = await called(console_centre)
    address = link_to(console_centre, summons, "acknowledge")
    async with httpx.AsyncClient(base_url=address_of(console_centre)) as client:
        page = await client.get(address)
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["cache-control"] == "no-store"
        names = [part.split('"')[0] for part in page.text.split('"/static/')[1:]]
        total = 0
        for path in [address, *(f"/static/{name}" for name in names)]:
            async with client.stream("GET", path) as answer:
                total += sum([len(chunk) async for chunk in answer.aiter_raw()])
        assert total <= WIRE_BYTES_MAX
        head = await client.head(address)
        assert head.status_code == 200
        assert await state_of(console_centre, summons) == "called"
        for broken in (f"{address}x", "/a/nothing", link_to(console_centre, uuid4(), "acknowledge")):
            refused = await client.get(broken)
            assert refused.status_code in {404, 410}
            assert "20:00" not in refused.text
            assert "data-due" not in refused.text
        forged = await client.post(address, data={}, headers={"Origin": "null"})
        assert forged.status_code == 403
    assert await state_of(console_centre, summons) == "called"
