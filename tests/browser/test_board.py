"""值班指挥: rows come and change by themselves, the keyboard is enough, everything works without scripts."""

import pytest
from playwright.async_api import expect

from shared.contracts.actors import Role
from tests.browser.conftest import SignIn
from tests.support.centre import CentreUnderTest

pytestmark = pytest.mark.servers


async def test_rows_come_and_change_by_themselves(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    seat = await sign_in(Role.DUTY_DIRECTOR)
    page = seat.page
    await expect(page.locator("#link")).to_have_attribute("data-state", "live")
    code = (await console_centre.window_receives(level="I")).case_code
    row = page.locator("#rows tr", has_text=code)
    await expect(row).to_be_visible()
    await expect(row.locator(".stage")).to_have_text("待签收")
    await console_centre.unit_signs_off(await console_centre.open_order(code))
    await expect(row.locator(".stage")).to_have_text("办理中")


async def test_the_keyboard_is_enough(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    code = (await console_centre.window_receives()).case_code
    page = (await sign_in(Role.DUTY_DIRECTOR)).page
    await expect(page.locator("#rows tr", has_text=code)).to_be_visible()
    await page.keyboard.press("/")
    await page.keyboard.type(code)
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await expect(page.locator("#pane .story")).to_contain_text("首接 clerk.1 负责到底")
    await page.keyboard.press("?")
    await expect(page.locator("#help")).to_be_visible()


async def test_it_works_without_scripts(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    code = (await console_centre.window_receives()).case_code
    page = (await sign_in(Role.DUTY_DIRECTOR, scripts=False)).page
    await page.locator("#rows tr", has_text=code).locator("a").click()
    await expect(page.locator(".story")).to_contain_text("首接 clerk.1 负责到底")
    await expect(page.locator(".facts")).to_contain_text("138****1234")
    await page.locator("details.me summary").click()
    await page.get_by_text("退出登录").click()
    await expect(page.locator('input[name="password"]')).to_be_visible()
