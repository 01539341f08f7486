"""值班指挥: rows come and change by themselves, the keyboard is enough, everything works without scripts."""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from shared.contracts.actors import Role
from tests.browser.conftest import SignIn
from tests.browser.line import Line
from tests.browser.seat import UNIT
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


@pytest.fixture
async def line(console_centre: CentreUnderTest) -> AsyncIterator[Line]:
    assert console_centre.stack.console is not None
    line = Line(console_centre.stack.console.port or 0)
    await line.start()
    yield line
    await line.stop()


async def test_a_cut_line_a_502_and_a_new_process_leave_no_row_stale(
    line: Line, sign_in: SignIn, console_centre: CentreUnderTest
) -> None:
    """The screen says that the line is lost, comes back by itself, and then shows what happened meanwhile."""
    seat = await sign_in(Role.DUTY_DIRECTOR, through=line)
    page, link = seat.page, seat.page.locator("#link")
    await expect(link).to_have_attribute("data-state", "live")
    code = (await console_centre.window_receives()).case_code
    row = page.locator("#rows tr", has_text=code)
    await expect(row.locator(".stage")).to_have_text("待签收")
    line.becomes("cut")
    await expect(link).to_have_attribute("data-state", re.compile("again|lost"))
    await console_centre.unit_signs_off(await console_centre.open_order(code))
    line.becomes("502")
    other = (await console_centre.window_receives()).case_code
    await expect(link).to_have_attribute("data-state", "lost")
    await expect(link).to_contain_text("已断开")
    line.becomes("whole")
    await expect(link).to_have_attribute("data-state", "live")
    await expect(row.locator(".stage")).to_have_text("办理中")
    await expect(page.locator("#rows tr", has_text=other)).to_be_visible()

    await console_centre.restarts()
    assert console_centre.stack.console is not None
    line.target = console_centre.stack.console.port or 0
    late = (await console_centre.window_receives()).case_code
    await expect(page.locator("#rows tr", has_text=late)).to_be_visible()
    await expect(link).to_have_attribute("data-state", "live")
    seat.complaints.clear()  # a browser says on its console that a request failed: here it had to


async def test_eight_tabs_are_all_live(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    """Over HTTP/1.1 a browser opens six connections to one place: one worker holds the stream for all tabs."""
    seat = await sign_in(Role.DUTY_DIRECTOR)
    tabs = [seat.page, *[await seat.another_tab("/board") for _ in range(7)]]
    for tab in tabs:
        await expect(tab.locator("#link")).to_have_attribute("data-state", "live")
    code = (await console_centre.window_receives()).case_code
    for tab in tabs:
        await expect(tab.locator("#rows tr", has_text=code)).to_be_attached()


async def test_a_unit_sees_its_own_and_is_told_when_a_case_goes(
    sign_in: SignIn, console_centre: CentreUnderTest
) -> None:
    page = (await sign_in(Role.LIAISON_OFFICER)).page
    mine = (await console_centre.window_receives(category=None)).case_code
    other = (await console_centre.window_receives()).case_code
    await console_centre.dispatcher_sends(mine, UNIT)
    await expect(page.locator("#rows tr", has_text=mine)).to_be_visible()
    await expect(page.locator("#rows tr", has_text=other)).to_have_count(0)
    await console_centre.unit_returns(await console_centre.open_order(mine))
    await expect(page.locator("#rows tr", has_text=mine)).to_have_count(0)
