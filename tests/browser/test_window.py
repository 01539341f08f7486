"""窗口登记: by keyboard only, with few keys, without losing a word; also without scripts. Then the receipt."""

import asyncio
import re

import pytest
from playwright.async_api import Page, Route, expect

from shared.centre.nouns import Place
from shared.contracts.actors import Role
from tests.browser.conftest import SignIn
from tests.browser.seat import Seat
from tests.support.centre import TOWN, WAGES, CentreUnderTest

pytestmark = pytest.mark.servers
MATTER = "工地停工两个月，班组工资没有结清"
KEYS_MAX = 12
CODE = re.compile(r"^\d\d-\d{7}-\d$")


class Keyboard:
    """Counts every key beside the words themselves."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.pressed = 0

    async def press(self, key: str) -> None:
        self.pressed += 1
        await self._page.keyboard.press(key)

    async def writes(self, words: str) -> None:
        await self._page.keyboard.insert_text(words)


async def test_a_case_by_keyboard_only(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    seat = await sign_in(Role.INTAKE_CLERK)
    page, keys = seat.page, Keyboard(seat.page)
    await expect(page).to_have_url(re.compile("/desk$"))
    matter = page.locator('textarea[name="matter"]')
    await expect(matter).to_be_focused()
    await composing_sends_nothing(seat)

    await matter.fill("")
    await keys.writes(MATTER)
    await expect(page.locator("#suggested [data-rank='1']")).to_be_visible()
    await seat.shot("desk-suggested")
    await keys.press("Alt+1")
    await expect(page.locator('select[name="category"]')).not_to_have_value("")
    place = another_town(console_centre)
    await keys.writes(place.name)
    await expect(page.locator(".combo-list:not([hidden]) li").first).to_have_text(place.name)
    await keys.press("Enter")
    await expect(page.locator('select[name="place"]')).to_have_value(place.code)
    await expect(page.locator("#near .facts")).to_be_visible()
    await keys.press("Tab")
    await keys.writes("测试乙")
    await keys.press("Enter")
    await keys.writes("13800005678")
    await seat.shot("desk-filled")
    await expect(page.locator("#draft-told, [data-draft-told]").first).to_contain_text("草稿已存")
    await keys.press("Control+Enter")
    code = page.locator("#saved-code")
    await expect(code).to_have_text(CODE)
    await expect(matter).to_be_focused()
    await expect(matter).to_have_value("")
    assert keys.pressed <= KEYS_MAX, keys.pressed
    assert "138" not in page.url
    await seat.shot("desk-saved")
    await seat.is_accessible()
    await the_same_matter_is_offered(seat, known := await code.inner_text(), place.code)
    await escape_asks_first(seat)
    await a_receipt_leads_to_the_progress(seat, known)


async def test_a_draft_that_comes_late_brings_nothing_back(sign_in: SignIn) -> None:
    """Its way was longer than that of the case itself, or of the clearing."""
    seat = await sign_in(Role.INTAKE_CLERK)
    page, matter = seat.page, seat.page.locator('textarea[name="matter"]')
    held: asyncio.Queue[Route] = asyncio.Queue()
    for ends in (sends, clears):
        await page.route("**/drafts/window", lambda route: held.put(route))
        await matter.fill(MATTER)
        late = await held.get()
        await ends(seat)
        await expect(matter).to_have_value("")
        async with page.expect_response("**/drafts/window") as told:
            await late.continue_()
        assert (await told.value).status == 204
        await page.unroute("**/drafts/window")
        await page.reload()
        await expect(matter).to_have_value("")


async def sends(seat: Seat) -> None:
    for name, value in (("category", WAGES), ("place", TOWN)):
        await seat.page.locator(f'select[name="{name}"]').select_option(value, force=True)
    await seat.page.keyboard.press("Control+Enter")
    await expect(seat.page.locator("#saved-code")).to_have_text(CODE)


async def clears(seat: Seat) -> None:
    await seat.page.locator('textarea[name="matter"]').press("Escape")
    await seat.page.locator("#clearing button.stern").click()
    await expect(seat.page.locator("#clearing")).to_be_hidden()


def another_town(centre: CentreUnderTest) -> Place:
    """Where no other test registers anything: what is near is then this test's own."""
    return next(one for one in centre.pack.places if len(one.chain) == 1 and one.code != TOWN)


async def composing_sends_nothing(seat: Seat) -> None:
    """Enter that ends a composition of an input method belongs to the input method."""
    session = await seat.page.context.new_cdp_session(seat.page)
    await session.send("Input.imeSetComposition", {"text": "gong di", "selectionStart": 7, "selectionEnd": 7})
    for key in ("Enter", "Escape"):
        event = {"type": "rawKeyDown", "key": key, "windowsVirtualKeyCode": 229, "modifiers": 2}
        await session.send("Input.dispatchKeyEvent", event)
    await session.send("Input.insertText", {"text": "工地"})
    await expect(seat.page.locator('textarea[name="matter"]')).to_have_value("工地")
    await expect(seat.page.locator("#saved-code")).to_have_count(0)
    await expect(seat.page.locator("#clearing")).to_be_hidden()


async def the_same_matter_is_offered(seat: Seat, known: str, place: str) -> None:
    page = seat.page
    await page.locator('textarea[name="matter"]').fill(MATTER)
    for name, value in (("category", WAGES), ("place", place)):
        await page.locator(f'select[name="{name}"]').select_option(value, force=True)
    offered = page.locator("#near .near-case", has_text=known)
    await expect(offered).to_be_visible()
    await page.keyboard.press("Alt+m")
    await seat.shot("desk-same-matter")
    await seat.is_accessible()
    joined = page.locator('#near input[name="joins"]:checked')
    await expect(joined).not_to_have_value("-")
    await page.keyboard.press("Alt+m")
    await expect(page.locator('#near input[name="joins"]:checked')).to_have_value("-")


async def escape_asks_first(seat: Seat) -> None:
    page = seat.page
    await page.locator('textarea[name="matter"]').press("Escape")
    await expect(page.locator("#clearing")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("#clearing")).to_be_hidden()
    await expect(page.locator('textarea[name="matter"]')).to_have_value(MATTER)
    await page.locator('textarea[name="matter"]').press("Escape")
    await page.locator("#clearing button.stern").click()
    await expect(page.locator('textarea[name="matter"]')).to_have_value("")


async def a_receipt_leads_to_the_progress(seat: Seat, code: str) -> None:
    """What the person types is the phrase; what the page shows is words and dates."""
    page = seat.page
    await page.goto(f"/desk/receipt/{code}")
    phrase = await page.locator("#phrase").inner_text()
    await seat.shot("receipt")
    await seat.is_accessible()
    await page.goto(f"/p?code={code}")
    await page.locator('input[name="phrase"]').fill("0000 0000")
    await page.locator("button.main").click()
    await expect(page.locator(".fault")).to_contain_text("编号或查询码不对")
    seat.complaints.clear()  # the browser notes the 422 itself
    await page.locator('input[name="phrase"]').fill(phrase)
    await page.locator("button.main").click()
    await expect(page.locator(".steps li").first).to_contain_text("已登记")
    await expect(page.locator("main")).not_to_contain_text(re.compile("测试|13800|工资"))
    assert phrase.split()[0] not in page.url
    await seat.shot("progress")
    await seat.is_accessible()


async def test_without_scripts_and_what_ends_at_the_window(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    seat = await sign_in(Role.INTAKE_CLERK, scripts=False, language="en")
    page = seat.page
    await page.locator('textarea[name="matter"]').fill(MATTER)
    await page.locator('select[name="category"]').select_option(WAGES)
    await page.locator('select[name="place"]').select_option(TOWN)
    await page.locator('button[value="look"]').click()
    await expect(page.locator("#suggested .offers li").first).to_be_visible()
    await page.locator(".endings details").nth(1).locator("summary").click()
    await page.locator('button[value="declined"]').click()
    await expect(page.locator(".fault")).to_contain_text("choose why")
    await expect(page.locator('textarea[name="matter"]')).to_have_value(MATTER)
    seat.complaints.clear()  # the browser notes the 422 itself
    await page.locator(".endings details").nth(1).locator("summary").click()
    await page.locator('select[name="reason"]').select_option("court")
    await page.locator('button[value="declined"]').click()
    await expect(page.locator(".saved")).to_contain_text(re.compile("not accepted", re.IGNORECASE))
    await page.locator('textarea[name="matter"]').fill("问社保卡在哪里补办")
    await page.locator(".endings details").first.locator("summary").click()
    await page.locator('textarea[name="result"]').fill("告知到二楼三号窗口补办")
    await page.locator('button[value="answered"]').click()
    await expect(page.locator(".saved")).not_to_contain_text(re.compile("not accepted", re.IGNORECASE))
    await expect(page.locator("#saved-code")).to_have_text(CODE)
    await seat.shot("desk-en")
    code = await page.locator("#saved-code").inner_text()
    await console_centre.settle()
    await page.goto(f"/desk/mine?case={code}")
    await expect(page.locator("#asked-title")).to_contain_text(code)
    await seat.shot("mine-en-asking")
    await page.locator('input[name="reached"][value="reached"]').check()
    await page.locator('input[name="solved"][value="yes"]').check()
    await page.locator('input[name="satisfaction"][value="satisfied"]').check()
    await page.locator("#follow-up button.main").click()
    await expect(page.locator(".done")).to_be_visible()
    await console_centre.settle()
    await page.goto(f"/desk/mine?case={code}")
    await page.locator(".closing button").click()
    await expect(page.locator(".done")).to_be_visible()
