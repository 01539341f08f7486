"""A summons from its dialog to the room: who is called, how, by when; approved on a phone, checked in on a tablet."""

import pytest
from playwright.async_api import expect

from shared.contracts.actors import Role
from tests.browser.conftest import SignIn
from tests.browser.seat import UNIT
from tests.support.centre import CentreUnderTest

pytestmark = pytest.mark.servers
DRILLED = "legal-aid"  # no unit is drilled while a summons names it, and other tests summon the others
ADDRESS = "https://group.example.invalid/police-liaison"


async def test_from_the_dialog_to_the_room(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    await console_centre.contact_is(f"{UNIT}.liaison", "webhook", ADDRESS)
    code = (await console_centre.window_receives(level="II")).case_code
    director = await sign_in(Role.DUTY_DIRECTOR)
    page, pane = director.page, director.page.locator("#pane")
    await page.locator("#rows tr", has_text=code).click()
    await expect(pane.locator(".case-head")).to_contain_text(code)
    await page.keyboard.press("z")
    await pane.locator('select[name="units"]').select_option([UNIT, "traffic-police"], force=True)
    police = pane.locator(".reach li", has_text="公安分局")
    await expect(police).to_contain_text("公安分局联络员")
    await expect(police).to_contain_text("接口推送")
    await expect(police).not_to_contain_text(ADDRESS)
    await expect(pane.locator(".effect")).to_contain_text("20 分钟内到场；若现在批准，09:20 到期")
    await director.shot("summon-dialog-zh")
    await pane.locator("textarea").fill("现场人数较多，需联动处置")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".arrival", has=page.locator(f'a[href$="{code}"]')).locator(".left")).to_have_text(
        "待批准"
    )
    await page.locator("#rows tr", has_text=code).click()
    await pane.get_by_role("link", name="召集情况").click()
    await expect(page.locator("h1")).to_contain_text("拖欠工资")

    commander = await sign_in(Role.COMMANDER, phone=True)
    await commander.page.goto(page.url)
    await expect(commander.page.locator(".effect")).to_contain_text("立即通知")
    await commander.shot("summons-approve-phone-zh")
    await commander.is_accessible()
    await commander.page.get_by_role("button", name="批准召集").click()
    await expect(page.locator(".left.big")).to_have_text("00:20:00")  # the director's page changes by itself
    summons = (await console_centre.fetch("select summons_id from dispatch.summons where case_code = $1", code))[0][0]
    await console_centre.unit_sets_out(summons, UNIT, minutes=10)
    row = page.locator("table.called tr", has_text="公安分局")
    await expect(row.locator(".chip")).to_have_text("→途中")
    await expect(row).to_contain_text("预计到场")
    await director.shot("summons-running-zh")
    await director.is_accessible()

    room = await sign_in(Role.COMMAND_ROOM, language="en")
    card = room.page.locator(".in-room", has_text=code)
    await expect(card.locator(".room-code")).to_have_text(await page.locator(".room-code").inner_text())
    await room.shot("room-en")
    await room.is_accessible()
    await card.locator("li", has_text="公安分局").get_by_role("button").click()
    await expect(card.locator("li", has_text="公安分局").locator(".chip")).to_contain_text("arrived")
    await expect(row.locator(".chip")).to_have_text("✔已到场")
    await card.locator("li", has_text="交警大队").get_by_role("button").click()
    await expect(card).to_have_count(0)
    await expect(page.locator(".case-head .chip")).to_have_text("全部到场")


async def test_a_drill_without_scripts(sign_in: SignIn) -> None:
    seat = await sign_in(Role.DUTY_DIRECTOR, scripts=False)
    page = seat.page
    await page.goto("/drills")
    await page.locator('select[name="units"]').select_option([DRILLED])
    await page.locator("textarea").fill("季度演练")
    await page.get_by_role("button", name="提请演练").click()
    await expect(page.locator("h1")).to_contain_text("集结演练")
    commander = (await sign_in(Role.COMMANDER, scripts=False)).page
    await commander.goto(page.url)
    await commander.get_by_role("button", name="批准召集").click()
    await expect(commander.locator(".drill-sum")).to_contain_text("1 个部门，0 个答复")
    await commander.get_by_text("撤销召集").first.click()
    await commander.locator("textarea").fill("演练结束")
    await commander.locator("details button.stern").click()
    await expect(commander.locator(".case-head .chip")).to_have_text("已撤销")
    await page.goto("/drills")
    await expect(page.locator(".lines .figure").first).to_contain_text("0 / 1")
    await seat.shot("drills-zh")


async def test_a_number_is_shown_to_who_has_to_call_and_stays_on_record(
    sign_in: SignIn, console_centre: CentreUnderTest
) -> None:
    row = (f"{UNIT}.liaison", "13900001111", console_centre.clock.now())  # no channel for telephones is open in tests
    await console_centre.fetch(
        "insert into notification.contact (staff, channel, address, position, failures, set_by, set_at)"
        " values ($1, 'voice', $2, 1, 0, 'system', $3) returning staff",
        *row,
    )
    code = (await console_centre.window_receives(category=None)).case_code
    await console_centre.dispatcher_sends(code, UNIT)
    seat = await sign_in(Role.DUTY_DIRECTOR)
    page = seat.page
    await page.goto(f"/cases/{code}/call")
    await expect(page.locator("main")).not_to_contain_text("13900001111")
    await page.get_by_role("button", name="查看号码并拨打").click()
    await expect(page.locator('a[href="tel:13900001111"]')).to_be_visible()
    assert "139" not in page.url
    await seat.shot("call-zh")
    await seat.is_accessible()
    assert "notification.telephone.read" in await console_centre.events(code)
