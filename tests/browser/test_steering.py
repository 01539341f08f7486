"""A case is steered from its pane: more time, supervision, a route put right, the same matter twice; by letters."""

from uuid import uuid4

import pytest
from playwright.async_api import Page, expect

from shared.contracts.actors import Role
from shared.contracts.dispatch import DecideDeferral, Deferral
from shared.contracts.escalation import AnswerSupervision, ListSupervision, SupervisionOrders, SupervisionOrderView
from tests.browser.conftest import SignIn
from tests.browser.seat import UNIT
from tests.support.centre import CentreUnderTest

pytestmark = pytest.mark.servers
NOISE = "environment.noise.construction"


async def opened(page: Page, code: str) -> None:
    await page.goto("/board")
    await page.locator("#rows tr", has_text=code).click()
    await expect(page.locator("#pane .case-head")).to_contain_text(code)


async def sent(page: Page) -> None:
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#pane .story")).to_be_visible()


async def test_more_time_and_supervision(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    code = (await console_centre.window_receives(category=None)).case_code
    await console_centre.dispatcher_sends(code, UNIT)
    order = await console_centre.open_order(code)
    await console_centre.unit_signs_off(order)
    asked = await console_centre.unit_asks_extension(order, days=2)
    seat = await sign_in(Role.DUTY_DIRECTOR)
    page, pane = seat.page, seat.page.locator("#pane")

    await opened(page, code)
    await page.keyboard.press("t")
    await expect(pane.locator(".asked")).to_contain_text("延长 2 个工作日")
    await expect(pane.locator(".asked")).to_contain_text("需外地取证")
    await expect(pane.locator(".asked")).to_contain_text("每次至多 10 个工作日")
    await seat.shot("act-deferral-zh")
    await pane.locator('input[name="approve"][value="yes"]').check()
    decided = DecideDeferral(
        actor=console_centre.commander, idempotency_key=uuid4().hex, deferral_id=asked.deferral_id, approve=True
    )
    await console_centre.do(decided, Deferral)  # another was quicker: nobody decides twice
    await page.keyboard.press("Control+Enter")
    await expect(pane.locator(".fault")).to_contain_text("此件刚被他人更改")
    await expect(pane.locator(".asked")).to_have_count(0)

    await opened(page, code)
    await expect(pane.locator('[data-hotkey="t"]')).to_have_count(0)
    await page.keyboard.press("s")
    await pane.locator("textarea").fill("三日内报送办理进展")
    await expect(pane.locator(".effect")).to_contain_text("须书面回复")
    await seat.shot("act-supervise-zh")
    await sent(page)
    await expect(pane.locator(".story")).to_contain_text("督办单")
    listed = await console_centre.ask(ListSupervision(actor=console_centre.director, case_code=code), SupervisionOrders)
    answer = AnswerSupervision(
        actor=console_centre.liaison(UNIT),
        idempotency_key=uuid4().hex,
        order_id=listed.orders[0].order_id,
        answer="已约谈施工方",
    )
    await console_centre.do(answer, SupervisionOrderView)
    await opened(page, code)
    await page.keyboard.press("w")
    await expect(pane.locator(".asked")).to_contain_text("已约谈施工方")
    await pane.locator('input[value="not_accepted"]').check()
    await page.keyboard.press("Control+Enter")
    await expect(pane.locator(".fault")).to_contain_text("请写明理由")
    await seat.shot("act-judge-zh")
    await pane.locator('input[value="accepted"]').check()
    await sent(page)
    await expect(pane.locator(".story")).to_contain_text("回复通过")
    seat.complaints.clear()  # the browser notes the 409 and the 422 itself


async def test_routes_put_right_and_the_same_matter_twice(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    # Where no other test registers anything: only the few latest of the same matter are offered.
    place = console_centre.pack.townships[-1].code
    first = (await console_centre.window_receives(place=place)).case_code
    code = (await console_centre.window_receives(place=place)).case_code
    seat = await sign_in(Role.DUTY_DIRECTOR, language="en")
    page, pane = seat.page, seat.page.locator("#pane")
    await opened(page, code)
    await page.keyboard.press("g")
    await expect(pane.locator(".why").first).to_contain_text("by the table")
    await seat.shot("act-designate-en")
    await page.goto(f"/cases/{code}/act/designate")
    await seat.is_accessible()

    await opened(page, code)
    await page.keyboard.press("b")
    await expect(pane.locator(".near-case", has_text=first)).to_be_visible()
    await seat.shot("act-join-en")

    await opened(page, code)
    await page.keyboard.press("l")
    await pane.locator('select[name="category"]').select_option(NOISE, force=True)
    await pane.locator('textarea[name="reason"]').fill("实为夜间施工噪声")
    await seat.shot("act-correct-en")
    await sent(page)
    await console_centre.settle()
    await opened(page, code)
    await page.keyboard.press("y")
    await expect(pane.locator(".facts").first).to_contain_text("→")
    await pane.locator('input[name="confirm"][value="yes"]').check()
    await pane.locator('textarea[name="reason"]').fill("按更正后的类别办理")
    await seat.shot("act-proposal-en")
    await sent(page)
    await console_centre.settle()
    await opened(page, code)
    await page.keyboard.press("f")
    await pane.locator('select[name="unit"]').select_option(UNIT, force=True)
    await pane.locator("textarea").fill("现场秩序维护")
    await sent(page)
    await expect(pane.locator('[data-hotkey="h"]')).to_be_visible()
    await seat.shot("case-steered-en")
