"""规则: a draft written entry by entry and by file, tried out, sent, approved by another person."""

import math
import re

import pytest
from playwright.async_api import expect

from shared.contracts.actors import Role
from tests.browser.conftest import SignIn
from tests.browser.seat import Seat
from tests.support.centre import CentreUnderTest

pytestmark = pytest.mark.servers


async def choose_file(seat: Seat, name: str, raw: bytes) -> None:
    form = seat.page.locator("#windows form.upload")
    await form.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": raw})
    await form.locator("button").click()


async def test_a_draft_by_two_persons_without_scripts(
    sign_in: SignIn, console_centre: CentreUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    await console_centre.window_receives()
    admin = await sign_in(Role.ADMINISTRATOR, scripts=False)
    page = admin.page
    await page.goto("/rules/limits")
    await page.get_by_role("button", name="起草修改").click()
    await admin.shot("rules-limits-draft")
    row = page.locator("#limits tr", has_text="办结反馈").first
    await row.get_by_role("link").click()
    await page.locator('input[name="source"]').fill("泰台委办〔2023〕84号 修订")
    await page.locator('input[name="amount"]').fill("3")
    await admin.shot("rules-entry")
    await page.get_by_role("button", name="存入草案").click()
    await expect(page.locator("tr[data-changed]")).to_have_count(1)

    # by a file: what would change is shown before it is taken
    await page.goto("/rules/units?of=draft")
    async with page.expect_download() as loading:
        await page.locator("#windows").get_by_role("link", name="CSV").click()
    raw = (await (await loading.value).path()).read_bytes()
    name = console_centre.pack.windows[0].name
    await choose_file(admin, "windows.csv", raw.replace(name.encode(), f"{name}（一楼）".encode()))
    await expect(page.locator("td.becomes")).to_have_text([f"{name}（一楼）"])
    await admin.shot("rules-preview")
    await page.get_by_role("button", name="照此存入草案").click()
    await expect(page.locator("#windows tr[data-changed]")).to_have_count(1)

    await page.goto("/rules/draft")
    await page.get_by_role("button", name="用近 30 天事项试算").click()
    await expect(page.locator(".figures")).to_contain_text("件时限变化")
    await admin.shot("rules-draft")
    await page.locator('textarea[name="note"]').fill("办结反馈改为三天，窗口改名")
    await page.get_by_role("button", name="提交待批").click()
    await expect(page.get_by_text("须由另一人批准")).to_be_visible()
    await expect(page.get_by_role("button", name="批准")).to_have_count(0)

    director = await sign_in(Role.DUTY_DIRECTOR, phone=True)
    await director.page.goto("/waiting?kind=rules")
    await director.page.get_by_role("link", name="批准规则").last.click()
    await expect(director.page.locator(".figures")).to_be_visible()
    await director.shot("rules-proposal-phone")
    await director.is_accessible()
    await director.page.get_by_role("button", name="批准").click()
    await expect(director.page.get_by_role("button", name="批准")).to_have_count(0)
    await console_centre.settle()
    await director.page.goto("/rules/history")
    await expect(director.page.locator("tbody tr").first).to_contain_text("现行")
    await expect(director.page.locator("tbody tr").first).to_contain_text("办结反馈改为三天")
    assert console_centre.stack.console is not None
    a_moment_ago = (console_centre.pack.version, math.inf)  # may be known to whoever reads the pack for anything else
    monkeypatch.setattr(console_centre.stack.console.work.packs, "_known", a_moment_ago)
    await director.page.goto("/rules/units")
    await expect(director.page.locator("#windows")).to_contain_text(f"{name}（一楼）")


async def test_the_pages_of_rules_in_english(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    seat = await sign_in(Role.ADMINISTRATOR, language="en")
    await seat.page.goto("/rules/units")
    await seat.page.get_by_role("button", name="Draft changes").click()
    await expect(seat.page).to_have_url(re.compile("of=draft"))
    unit = console_centre.pack.units[1].code
    for tab in ("rules?of=draft", f"draft/units/{unit}", "draft/parts/office_hours", "history", "draft"):
        await seat.page.goto(f"/rules/{tab}")
        await seat.shot(f"rules-{tab.replace('/', '-').partition('?')[0]}-en")
        await seat.is_accessible()
    await seat.page.get_by_text("Give up the draft").first.click()
    await seat.page.get_by_role("button", name="Give up the draft").click()
