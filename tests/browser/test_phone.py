"""联络员手机: a summons answered by the link of a notice, on a phone, with scripts and without."""

import asyncio
import base64
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from playwright.async_api import Browser, FilePayload, Route, expect

from shared.contracts.actors import Role
from shared.links import AnswerLink, LinkSigner, Purpose
from tests.browser.conftest import SignIn
from tests.browser.seat import UNIT, Seat, address_of
from tests.support.centre import CentreUnderTest
from tests.support.photos import photo_with_place

pytestmark = pytest.mark.servers
WIRE_BYTES_MAX = 4_096
ENGLISH = {"签收所选": "Sign off those chosen", "反馈结果": "Report back", "收到，立即前往": "Received, leaving now"}
KEPT = """() => new Promise((done) => {
  const asked = indexedDB.open('muster.grid', 1);
  asked.onsuccess = () => {
    const all = asked.result.transaction('findings').objectStore('findings').getAll();
    all.onsuccess = () => done(all.result);
  };
})"""


def photo() -> FilePayload:
    return {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": base64.b64decode(photo_with_place(2000, 1500))}


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
    codes = [(await console_centre.window_receives(category=None)).case_code for _ in range(3)]
    seat = await sign_in(Role.LIAISON_OFFICER, phone=phone, language="en" if phone else "zh")
    page, size = seat.page, "phone-en" if phone else "desk-zh"
    say = ENGLISH.get if phone else lambda words: words
    await page.goto("/unit")
    for code in codes:  # rows come by themselves
        await console_centre.dispatcher_sends(code, UNIT)
        await expect(page.get_by_role("checkbox", name=code)).to_be_visible()
    summons = await called(console_centre)
    call = page.locator(f'.call:has(form[action*="{summons}"])')
    await expect(call).to_be_visible()
    for code in codes:
        await page.get_by_role("checkbox", name=code).check()
    await console_centre.unit_signs_off(await console_centre.open_order(codes[2]))
    box = page.locator('[data-box="in_hand"]')
    await expect(box.get_by_text(codes[2])).to_be_visible()
    await expect(page.get_by_role("checkbox", name=codes[1])).to_be_checked()
    await seat.shot(f"unit-{size}")
    await seat.is_accessible()
    await page.get_by_role("button", name=say("签收所选")).click()
    for code in codes:
        await expect(box.get_by_text(code)).to_be_visible()
    told = page.locator(".told")
    await expect(told).to_contain_text(codes[0])
    await expect(told).to_contain_text(codes[1])
    await seat.shot(f"unit-signed-{size}")
    await box.get_by_text(codes[0]).click()
    await page.locator("summary", has_text=say("反馈结果")).click()
    await page.locator('textarea[name="result"]').fill("已到现场处置完毕")
    await page.locator('input[name="photos"]').set_input_files([photo(), {**photo(), "name": "b.jpg"}])
    await expect(page.locator(".thumbs canvas")).to_have_count(2)
    await page.locator('input[name="replied"]').check()
    await seat.shot(f"unit-order-{size}")
    await seat.is_accessible()
    await page.get_by_role("button", name=say("反馈结果")).click()
    await expect(page.locator('[data-box="reported"]').get_by_text(codes[0])).to_be_visible()
    story = await console_centre.story(codes[0])
    assert next(one for one in story if one.type.endswith("reported_back")).data["photos"] == 2
    await call.get_by_role("button", name=say("收到，立即前往")).click()
    await expect(call.locator(".chip")).to_have_attribute("data-state", "acknowledged")
    await console_centre.unit_arrives(summons, UNIT)


async def test_photos_chosen_before_the_script_is_there_are_shown_and_kept(
    sign_in: SignIn, console_centre: CentreUnderTest
) -> None:
    """On a slow line the form is there first: nothing chosen meanwhile is forgotten, nor dropped by a later choice."""
    code = (await console_centre.window_receives()).case_code
    await console_centre.unit_signs_off(await console_centre.open_order(code))
    await console_centre.unit_reports_back(await console_centre.open_order(code))
    seat = await sign_in(Role.GRID_WORKER, phone=True)
    chosen, asked_for = asyncio.Event(), asyncio.Event()

    async def comes_late(route: Route) -> None:
        asked_for.set()
        await chosen.wait()
        await route.continue_()

    await seat.page.route("**/photos*", comes_late)
    await seat.page.goto("/grid", wait_until="commit")
    card = seat.page.locator(".look", has_text=code)
    field = card.locator('input[name="photos"]')
    await field.set_input_files([photo()])
    await asyncio.wait_for(asked_for.wait(), 15)
    await expect(card.locator(".thumbs li")).to_have_count(0)
    chosen.set()
    await expect(card.locator(".thumbs canvas")).to_have_count(1)
    await field.set_input_files([{**photo(), "name": "b.jpg"}])
    await expect(card.locator(".thumbs canvas")).to_have_count(2)
    assert await field.evaluate("field => field.files.length") == 2


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
    await card.locator('input[name="photos"]').set_input_files([photo()])
    await expect(card.locator(".thumbs canvas")).to_be_visible()
    await page.context.set_offline(True)
    await card.get_by_label("已解决", exact=True).check()
    await card.get_by_label("说明（不写姓名、电话）").fill("现场已恢复")
    await card.get_by_role("button", name="提交核实").click()
    await expect(page.locator("#waiting")).to_have_text("待发送 1")
    await seat.shot("grid-waiting-phone-zh")
    kept = await page.evaluate(KEPT)
    assert sorted(kept[0]) == ["at", "key", "note", "outcome", "photos", "staff", "task"]
    assert kept[0]["note"] == "现场已恢复"

    async def breaks_off(route: Route) -> None:
        """A try that is lost, while the network comes back for good: nobody waits for the next steady look."""
        await page.evaluate("dispatchEvent(new Event('online'))")
        await route.abort()

    await page.route("**/upload", breaks_off, times=1)
    await page.context.set_offline(False)
    await expect(card).to_have_count(0)
    await expect(page.locator("#waiting")).to_be_hidden()
    assert await page.evaluate(KEPT) == []
    told = [one for one in await console_centre.story(code) if one.type == "escalation.verification.recorded"]
    assert [one.data["photos"] for one in told] == [1]
    assert told[0].data["found_at"] is not None
    seat.complaints.clear()  # the browser notes the request that failed: here it had to
