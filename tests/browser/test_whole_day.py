"""One case all the way, by screens only: the window, the director, the commander, the unit on a phone, the grid."""

import asyncio
import re

import pytest
from playwright.async_api import Locator, Page, expect

from shared.contracts.actors import Role
from tests.browser.conftest import SignIn
from tests.browser.seat import UNIT
from tests.support.centre import TOWN, CentreUnderTest

pytestmark = pytest.mark.servers
WAIT_S = 15
MATTER = "夜间多人在路口聚集争执，影响通行"
LOOP = {
    "intake.case.registered",
    "dispatch.work_order.dispatched",
    "dispatch.summons.approved",
    "dispatch.summons.unit_arrived",
    "dispatch.work_order.signed_off",
    "dispatch.work_order.reported_back",
    "escalation.verification.recorded",
    "intake.case.followed_up",
    "intake.case.closed",
}


async def test_from_the_window_to_closed(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    clerk = (await sign_in(Role.INTAKE_CLERK)).page
    code = await the_clerk_registers(clerk)
    director = (await sign_in(Role.DUTY_DIRECTOR)).page
    await the_director_routes_and_summons(director, code, console_centre)
    await console_centre.settle()
    await the_commander_approves((await sign_in(Role.COMMANDER, phone=True)).page, code)
    unit = (await sign_in(Role.LIAISON_OFFICER, phone=True)).page
    await the_liaison_comes(unit, await room_code(director, code))
    await the_unit_reports(unit, code)
    await the_grid_verifies((await sign_in(Role.GRID_WORKER, phone=True)).page, code)
    await the_clerk_asks_and_closes(clerk, code)
    assert set(await console_centre.events(code)) >= LOOP
    await expect(director.locator("#rows tr", has_text=code)).to_have_count(0)  # it left the board by itself


async def the_clerk_registers(page: Page) -> str:
    await page.locator('textarea[name="matter"]').fill(MATTER)
    await page.locator('select[name="place"]').select_option(TOWN, force=True)
    await page.locator('input[name="requester_name"]').fill("测试丙")
    await page.locator('input[name="requester_phone"]').fill("13800009999")
    await page.locator('input[name="level"][value="II"]').check()
    await page.locator('textarea[name="matter"]').press("Control+Enter")
    code = page.locator("#saved-code")
    await expect(code).to_have_text(re.compile(r"^\d\d-\d{7}-\d$"))
    return await code.inner_text()


async def the_director_routes_and_summons(page: Page, code: str, centre: CentreUnderTest) -> None:
    pane = page.locator("#pane")
    await page.locator("#rows tr", has_text=code).click()
    await expect(pane.locator(".case-head")).to_contain_text(code)
    await page.keyboard.press("d")
    await pane.locator('select[name="unit"]').select_option(UNIT, force=True)
    await pane.locator('textarea[name="reason"]').fill("治安事项，由公安办理")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#rows tr", has_text=code).locator(".stage")).to_have_text("待签收")
    await centre.settle()  # its clock starts a moment later, and a form opened before that has been overtaken
    await page.locator("#rows tr", has_text=code).click()
    await expect(pane.locator('[data-hotkey="z"]')).to_be_visible()
    await page.keyboard.press("z")
    await pane.locator('select[name="units"]').select_option([UNIT], force=True)
    await pane.locator("textarea").fill("现场人数较多，需联动处置")
    await page.keyboard.press("Control+Enter")
    await expect(arrival(page, code).locator(".left")).to_have_text("待批准")


async def the_commander_approves(page: Page, code: str) -> None:
    await page.goto(f"/cases/{code}/act/approve")
    await page.locator(".act-form button.main").click()
    await expect(page.locator("main")).to_contain_text(code)


async def room_code(page: Page, code: str) -> str:
    """As it stands on the hall's screen."""
    await expect(arrival(page, code).locator(".left")).to_have_text("00:20:00")
    await page.locator("#rows tr", has_text=code).click()
    await page.locator("#pane").get_by_role("link", name="召集情况").click()
    shown = await page.locator(".room-code").inner_text()
    await page.goto("/board")
    return re.sub(r"\D", "", shown)


async def the_liaison_comes(page: Page, shown: str) -> None:
    await page.goto("/unit")
    call = page.locator(".call", has=page.get_by_role("button", name="收到，立即前往")).last
    await call.get_by_role("button", name="收到，立即前往").click()
    coming = page.locator('.call:has(.chip[data-state="acknowledged"])').last
    await coming.locator("summary", has_text="已到场").click()
    await coming.locator('input[name="room_code"]').fill(shown)
    await coming.locator("details[open] button").click()
    await expect(page.locator('.chip[data-state="acknowledged"]')).to_have_count(0)


async def the_unit_reports(page: Page, code: str) -> None:
    await page.get_by_role("checkbox", name=code).check()
    await page.get_by_role("button", name="签收所选").click()
    await page.locator('[data-box="in_hand"]').get_by_text(code).click()
    await page.locator("summary", has_text="反馈结果").click()
    await page.locator('textarea[name="result"]').fill("已到场劝离，恢复通行")
    await page.locator('input[name="replied"]').check()
    await page.get_by_role("button", name="反馈结果").click()
    await expect(page.locator('[data-box="reported"]').get_by_text(code)).to_be_visible()


async def the_grid_verifies(page: Page, code: str) -> None:
    await page.goto("/grid")
    card = page.locator(".look", has_text=code)
    await card.get_by_label("已解决", exact=True).check()
    await card.get_by_role("button", name="提交核实").click()
    await expect(card).to_have_count(0)


async def the_clerk_asks_and_closes(page: Page, code: str) -> None:
    await comes_to(page, code, "#follow-up")
    answers = ("reached", "reached"), ("responded", "yes"), ("solved", "yes"), ("satisfaction", "satisfied")
    for name, value in answers:
        await page.locator(f'input[name="{name}"][value="{value}"]').check()
    await page.locator("#follow-up button.main").click()
    await expect(page.locator(".done")).to_have_text("回访已记录")
    await comes_to(page, code, ".closing button.main")
    await page.locator(".closing button").click()
    await expect(page.locator(".done")).to_be_visible()


def arrival(page: Page, code: str) -> Locator:
    return page.locator(".arrival", has=page.locator(f'a[href$="{code}"]'))


async def comes_to(page: Page, code: str, wanted: str) -> None:
    """What another desk did reaches this one a moment later."""
    async with asyncio.timeout(WAIT_S):
        await page.goto(f"/desk/mine?case={code}")
        while not await page.locator(wanted).count():
            await page.reload()
