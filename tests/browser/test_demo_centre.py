"""What a newcomer sees first: the demo centre, signed in to with what it prints. The README's picture is made here."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.seat import free_port
from tests.support.program import Program, until

pytestmark = pytest.mark.servers
BUSY_MS = 60_000


async def test_the_demo_centre_is_alive_behind_its_printed_sign_in(
    browser: Browser, data_root: Path, shots: Path
) -> None:
    data = data_root / "demo-centre"
    with Program(data).started("up", "--demo", "--plain", "--port", str(free_port())):
        printed = data / "demo-sign-ins.txt"
        until(printed.exists)
        words = printed.read_text(encoding="utf-8")
        address, password = re.search(r"打开 (\S+)", words), re.search(r"密码都是 ([\w-]+)", words)
        director = re.search(r"(\S+)  轮值主任", words)
        assert address is not None
        assert password is not None
        assert director is not None
        page = await browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        await signs_in(page, address[1], director[1], password[1])
        await expect(page.locator("#link")).to_have_attribute("data-state", "live")
        await expect(page.locator("#rows tr").nth(8)).to_be_visible(timeout=BUSY_MS)
        await page.keyboard.press("j")
        await page.keyboard.press("Enter")
        await expect(page.locator("#pane .story li").first).to_be_visible()
        await page.screenshot(path=shots / "demo-board.png")
        await page.close()


async def signs_in(page: Page, address: str, staff: str, password: str) -> None:
    await page.goto(f"{address}/sign-in")
    await page.locator('input[name="staff"]').fill(staff)
    await page.locator('input[name="password"]').fill(password)
    await page.locator("button.main").click()
    await page.wait_for_url(lambda url: "/sign-in" not in url)
