"""联络员手机: a summons answered by the link of a notice, on a phone, with scripts and without."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from playwright.async_api import Browser, expect

from shared.contracts.actors import Role
from shared.links import AnswerLink, LinkSigner, Purpose
from tests.browser.conftest import SignIn
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


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
async def test_a_unit_signs_off_reports_and_answers(
    phone: bool, sign_in: SignIn, console_centre: CentreUnderTest
) -> None:
    """Several signed off at once; one reported back; the room's code checks in who stands in the room."""
    codes = [(await console_centre.window_receives(category=None)).case_code for _ in range(2)]
    for code in codes:
        await console_centre.dispatcher_sends(code, UNIT)
    summons = await called(console_centre)
    seat = await sign_in(Role.LIAISON_OFFICER, phone=phone)
    page = seat.page
    await page.goto("/unit")
    size = "phone" if phone else "desk"
    await seat.shot(f"unit-{size}-zh")
    await seat.is_accessible()
    for code in codes:
        await page.get_by_role("checkbox", name=f"签收 {code}").check()
    await page.get_by_role("button", name="签收所选").click()
    box = page.get_by_role("region", name="办理中")
    for code in codes:
        await expect(box.get_by_text(code)).to_be_visible()
    await box.get_by_text(codes[0]).click()
    await page.locator("summary", has_text="反馈结果").click()
    await page.get_by_label("处理情况").fill("已到现场处置完毕")
    await page.get_by_label("已答复诉求人").check()
    await seat.shot(f"unit-order-{size}-zh")
    await seat.is_accessible()
    await page.get_by_role("button", name="反馈结果").click()
    await expect(page.get_by_text(codes[0])).to_have_count(0)
    await page.locator(".call").first.get_by_role("button", name="收到，立即前往").click()
    await expect(page.locator(".call .chip").first).to_have_text("已收到")
    await console_centre.unit_arrives(summons, UNIT)


async def test_the_grid_looks_without_a_network_and_sends_later(
    sign_in: SignIn, console_centre: CentreUnderTest
) -> None:
    code = (await console_centre.window_receives()).case_code
    order = await console_centre.open_order(code)
    await console_centre.unit_signs_off(order)
    await console_centre.unit_reports_back(order)
    seat = await sign_in(Role.GRID_WORKER, phone=True)
    page = seat.page
    await page.goto("/grid")
    await seat.shot("grid-phone-zh")
    await seat.is_accessible()
    card = page.locator(".look", has_text=code)
    await page.context.set_offline(True)
    await card.get_by_label("已解决", exact=True).check()
    await card.get_by_label("说明（不写姓名、电话）").fill("现场已恢复")
    await card.get_by_role("button", name="提交核实").click()
    await expect(page.locator("#waiting")).to_have_text("待发送 1")
    kept = str(await page.evaluate("localStorage.getItem('muster.grid')"))
    assert "13800001234" not in kept
    assert "测试甲" not in kept
    await page.context.set_offline(False)
    await expect(card).to_have_count(0)
    await expect(page.locator("#waiting")).to_be_hidden()
    assert "escalation.verification.recorded" in await console_centre.events(code)
    seat.complaints.clear()  # the browser notes the request that failed: here it had to
