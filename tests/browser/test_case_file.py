"""The case's page: people and machine told apart, photos opened one by one with a reason, the file on paper."""

import pytest
from playwright.async_api import expect

from shared.contracts.actors import Role
from shared.contracts.base import Done
from shared.contracts.dispatch import ReportBack, ReportOutcome
from shared.contracts.intake import JoinCase, JoinedTo
from tests.browser.conftest import SignIn
from tests.support.centre import CentreUnderTest, key
from tests.support.photos import photo_with_place

pytestmark = pytest.mark.servers


async def test_the_whole_of_a_case(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    centre = console_centre
    code = (await centre.window_receives()).case_code
    other = (await centre.window_receives()).case_code
    await centre.do(JoinCase(actor=centre.clerk, idempotency_key=key(), case_code=other, leader=code), JoinedTo)
    order = await centre.open_order(code)
    await centre.unit_signs_off(order)
    report = ReportBack(
        actor=centre.liaison(order.unit),
        idempotency_key=key(),
        work_order_id=order.work_order_id,
        outcome=ReportOutcome.SOLVED,
        result="已督促用人单位支付",
        replied_to_requester=True,
        photos=(photo_with_place(),),
    )
    await centre.do(report, Done)
    seat = await sign_in(Role.DUTY_DIRECTOR)
    page = seat.page
    await page.goto(f"/cases/{code}")
    await expect(page.locator(".reports")).to_contain_text("已督促用人单位支付")
    await expect(page.locator(f'.facts a[href="/cases/{other}"]')).to_be_visible()
    await expect(page.locator(".story .person", has_text="签收").locator(".by")).to_have_text(f"{order.unit}.liaison")
    await expect(page.locator(".story .machine", has_text="研判派向").locator(".by")).to_have_text("系统 · 调度")
    await seat.shot("case-whole-zh")
    await seat.is_accessible()

    asks = page.locator(".photo-asks")
    await asks.locator('input[name="reason"]').fill("核对现场")
    async with (
        page.context.expect_page() as opened,
        page.context.expect_event("response", lambda answer: answer.url.endswith("/photo")) as answered,
    ):
        await asks.locator('button[name="photo"]').click()
    answer = await answered.value
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"] == "no-store"
    await (await opened.value).close()
    seat.complaints.clear()  # a picture by itself asks for an icon of its own
    await page.goto(f"/cases/{code}")
    await expect(page.locator(".story .person", has_text="查看办理照片（留痕）").locator(".by")).to_have_text(
        "browser.duty_director"
    )

    await page.goto(f"/cases/{code}/print")
    await seat.shot("case-print-zh")
    await seat.is_accessible()
    await expect(page.locator("main")).not_to_contain_text("13800001234")
    paper = await page.pdf(prefer_css_page_size=True)
    assert paper.startswith(b"%PDF")
    await page.emulate_media(media="print")
    await expect(page.locator(".top")).to_be_hidden()
    await expect(page.locator(".story li").last).to_be_visible()
    await page.emulate_media(media="screen")
    await seat.speaks("en")
    await page.goto(f"/cases/{code}")
    await seat.shot("case-whole-en")
    await seat.is_accessible()
