"""统计: every number opens its list, every list its case; filters stay in the address; what is seen is taken away."""

import io
from datetime import timedelta

import openpyxl
import pytest
from playwright.async_api import expect

from shared.contracts.actors import Role
from tests.browser.conftest import SignIn
from tests.browser.seat import UNIT
from tests.support.centre import CentreUnderTest

pytestmark = pytest.mark.servers


async def some_work(centre: CentreUnderTest) -> str:
    """One case signed off in time, one not; a summons one unit answered. Returns the first one's code."""
    code = (await centre.window_receives(category=None)).case_code
    await centre.dispatcher_sends(code, UNIT)
    await centre.unit_signs_off(await centre.open_order(code))
    other = (await centre.window_receives(category=None)).case_code
    await centre.dispatcher_sends(other, UNIT)
    summons = await centre.director_summons(code, UNIT, "market")
    await centre.commander_approves(summons)
    await centre.unit_arrives(summons, UNIT)
    await centre.time_passes(days=3)
    return code


async def test_a_leader_goes_from_a_number_to_the_case(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    code = await some_work(console_centre)
    seat = await sign_in(Role.COMMANDER)
    page = seat.page
    since = (console_centre.clock.now() - timedelta(days=20)).date().isoformat()
    await page.goto(f"/figures?from={since}")
    await seat.shot("figures-desk-zh")
    await seat.is_accessible()
    units = page.get_by_role("region", name="各部门", exact=True)
    row = units.get_by_role("row").filter(has=page.get_by_role("rowheader", name="公安分局", exact=True))
    await expect(row).to_contain_text("100%")
    await expect(units.get_by_role("row").last).to_contain_text("无应办件")
    await row.get_by_role("cell").nth(2).get_by_role("link").click()
    await expect(page.locator("h1")).to_contain_text("签收")
    assert f"unit={UNIT}" in page.url
    assert f"from={since}" in page.url
    assert "stage=sign_off" in page.url
    await seat.shot("figures-list-desk-zh")
    await seat.is_accessible()
    await page.get_by_role("link", name=code).first.click()
    await expect(page.locator("main")).to_contain_text(code)
    await page.go_back()
    for kind in ("CSV", "Excel"):
        async with page.expect_download() as download:
            await page.get_by_role("link", name=kind).click()
        taken = await (await download.value).path()
        if kind == "CSV":
            assert taken.read_bytes().startswith(b"\xef\xbb\xbf")
            assert code in taken.read_text("utf-8-sig")
        else:
            sheet = openpyxl.load_workbook(io.BytesIO(taken.read_bytes())).active
            assert sheet is not None
            assert sheet.freeze_panes == "A2"
            assert code in {row[0].value for row in sheet.iter_rows()}
    await page.get_by_role("link", name="回到统计").click()
    assert f"from={since}" in page.url
    await page.goto("/figures?from=2026-12-31&to=2026-01-01")
    await expect(page.locator(".fault, [role=alert]").first).to_contain_text("期间不成立")
    await page.goto("/figures?unit=nobody")
    await expect(page.locator(".fault, [role=alert]").first).to_contain_text("没有的代码")
    seat.complaints.clear()  # the browser notes the 422 itself


async def test_a_unit_lead_sees_their_own_in_english_on_a_phone(
    sign_in: SignIn, console_centre: CentreUnderTest
) -> None:
    await some_work(console_centre)
    foreign = (await console_centre.window_receives(category=None)).case_code
    await console_centre.dispatcher_sends(foreign, "market")
    seat = await sign_in(Role.UNIT_LEAD, language="en", phone=True)
    page = seat.page
    await page.goto("/figures?unit=market")
    rows = page.get_by_role("region", name="By unit", exact=True).locator("tbody tr")
    await expect(rows).to_have_count(1)
    await expect(rows.first).to_contain_text("公安")
    await seat.shot("figures-phone-en")
    await seat.is_accessible()
    await page.goto("/figures/list?of=open&unit=market")
    await expect(page.locator("tbody tr").first).to_be_visible()
    await expect(page.locator("main")).not_to_contain_text(foreign)
    await seat.shot("figures-list-phone-en")
    await seat.is_accessible()


async def test_who_neither_leads_nor_owes_is_refused(sign_in: SignIn) -> None:
    seat = await sign_in(Role.GRID_WORKER)
    answer = await seat.page.goto("/figures")
    assert answer is not None
    assert answer.status == 403
    seat.complaints.clear()  # the browser notes the 403 itself
