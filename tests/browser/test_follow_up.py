"""我的登记: cases come by themselves; asked about by keys, explained in writing, put off with a promised date."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from shared.contracts.actors import Role
from tests.browser.conftest import SignIn
from tests.support.centre import CentreUnderTest

pytestmark = pytest.mark.servers


async def verified(centre: CentreUnderTest, code: str) -> None:
    order = await centre.open_order(code)
    await centre.unit_signs_off(order)
    await centre.unit_reports_back(order)
    await centre.grid_verifies(code)


async def test_the_window_asks_explains_and_promises(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    centre = console_centre
    first, second, third = [(await centre.window_receives()).case_code for _ in range(3)]
    seat = await sign_in(Role.INTAKE_CLERK)
    page = seat.page
    await page.goto("/desk/mine")
    await verified(centre, first)
    due = page.locator(".due-list").first
    await expect(due.get_by_text(first)).to_be_visible()  # it came by itself
    await verified(centre, second)

    await page.goto(f"/desk/mine?case={first}")
    await expect(page.locator(".asked-now legend")).to_have_text("联系上了吗？")
    for key in "1123":
        await page.keyboard.press(key)
    await expect(page.locator("#aftermath")).to_be_visible()
    await expect(page.locator("#aftermath")).to_contain_text("重办 2")
    await seat.shot("follow-up-zh")
    await seat.is_accessible()
    await page.keyboard.press("1")
    await page.keyboard.press("Enter")
    await expect(page.locator(".done")).to_have_text("回访已记录")
    assert "intake.case.reopened" in await centre.events(first)

    await centre.settle()
    await page.goto(f"/desk/mine?case={second}")
    for key in "11232":
        await page.keyboard.press(key)
    await page.keyboard.press("Enter")
    await expect(page.locator(".done")).to_be_visible()
    await page.goto(f"/desk/mine?case={second}")
    await page.locator('textarea[name="explanation"]').fill("已按条例处理，依据与救济途径一并说明")
    await seat.shot("explain-zh")
    await seat.is_accessible()
    await page.locator(".act-form button.main").click()
    await expect(page.locator(".done")).to_have_text("书面答复已记录")
    await centre.settle()
    await page.goto(f"/desk/mine?case={second}")
    await page.keyboard.press("b")
    await expect(page.locator(".done")).to_have_text("已办结")

    await seat.speaks("en")
    await page.goto(f"/desk/mine?case={third}")
    await page.locator(".promise summary").click()
    await page.locator('input[name="time"]').fill("尽快")
    await expect(page.locator(".meaning.unread")).to_be_visible()
    await page.locator('input[name="time"]').fill("3个工作日")
    due = three_working_days_after(console_centre.clock.now())
    await expect(page.locator(".meaning")).to_contain_text(f"= {due:%Y-%m-%d %a} 17:30")
    await page.locator('textarea[name="explanation"]').fill("等待检测报告")
    await seat.shot("promise-en")
    await seat.is_accessible()
    await page.locator(".promise button.main").click()
    await expect(page.locator(".promises")).to_contain_text(third)
    seat.complaints.clear()  # the browser notes the 422 of a time that cannot be read


def three_working_days_after(now: datetime) -> date:
    """By counting: neither a holiday nor a make-up workday lies in the weeks in which these tests live."""
    day = now.astimezone(ZoneInfo("Asia/Shanghai")).date()
    for _ in range(3):
        day += timedelta(days=1 if day.weekday() < 4 else 7 - day.weekday())
    return day
