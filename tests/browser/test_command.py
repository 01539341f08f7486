"""What waits for whom, accountability in its steps, the watch handed over, the mode switched: each by its person."""

import re
from uuid import uuid4

import pytest
from playwright.async_api import expect

from services.console.web import known_mode, stream
from shared.contracts.actors import OPERATOR, Role
from shared.contracts.console import AddStaff, FirstPassword
from shared.contracts.escalation import AppealReason, AppealView, MakeAppeal
from tests.browser.conftest import SignIn
from tests.browser.seat import PASSWORD, UNIT
from tests.support.centre import CentreUnderTest

pytestmark = pytest.mark.servers


async def test_what_waits_and_accountability(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    """An appeal goes from the director's list to the commander's, on a phone; a number opens its list."""
    code = (await console_centre.window_receives(category=None)).case_code
    other = (await console_centre.window_receives(category=None)).case_code
    await console_centre.dispatcher_sends(code, UNIT)
    await console_centre.time_passes(days=2)  # the time to sign off passes
    fired = next(one for one in await console_centre.every_clock(code) if one.stage == "sign_off" and one.fired_at)
    appeal = MakeAppeal(
        actor=console_centre.liaison(UNIT),
        idempotency_key=uuid4().hex,
        clock=fired.clock,
        reason=AppealReason.FORCE_MAJEURE,
        words="台风停工停电",
    )
    await console_centre.do(appeal, AppealView)

    director = await sign_in(Role.DUTY_DIRECTOR)
    page = director.page
    await expect(page.locator('.menu [data-count-from="/live/waiting"]')).not_to_be_empty()
    await expect(page.locator("#alarm")).to_contain_text("已超时")  # on the board: a case nobody has sent on
    await page.goto("/waiting")
    await expect(page.locator(".lines li", has_text=other)).to_contain_text("待分派")
    await director.shot("waiting-zh")
    await director.is_accessible()
    await page.locator('.kinds a[href="/waiting?kind=appeal"]').click()
    await page.locator(".lines li", has_text=code).locator("a").click()
    await expect(page.locator(".facts")).to_contain_text("台风停工停电")
    await page.locator('input[name="yes"][value="yes"]').check()
    await page.locator("textarea").fill("情况属实")
    await director.shot("appeal-zh")
    stale = await director.another_tab(page.url)
    await page.get_by_role("button", name="提出意见").click()
    await expect(page.locator(".case-head .chip")).to_have_text("待指挥长决定")
    await stale.locator('input[name="yes"][value="no"]').check()
    await stale.get_by_role("button", name="提出意见").click()
    await expect(stale.locator(".fault")).to_contain_text("此件刚被他人更改")
    director.complaints.clear()  # the browser notes the 409 itself

    commander = await sign_in(Role.COMMANDER, phone=True, language="en")
    await expect(commander.page).to_have_url(re.compile("/waiting$"))
    await commander.shot("waiting-phone-en")
    await commander.is_accessible()
    await commander.page.locator(".lines li", has_text="appeal").locator("a").click()
    await commander.page.locator('input[name="yes"][value="no"]').check()
    await commander.page.get_by_role("button", name="Decide").click()
    await expect(commander.page.locator(".fault")).to_contain_text("say why")
    await commander.page.locator('input[name="yes"][value="yes"]').check()
    await commander.page.get_by_role("button", name="Decide").click()
    await expect(commander.page.locator(".case-head .chip")).to_contain_text("not counted")
    commander.complaints.clear()  # nor the 422
    await page.goto("/accountability?part=appeals&all=1")
    await expect(page.locator(".lines li", has_text=code)).to_contain_text("不计考核")
    await page.goto("/accountability?part=appeals&all=1&unit=court")
    await expect(page.locator(".lines li", has_text=code)).to_have_count(0)
    oversight = await sign_in(Role.OVERSIGHT_OFFICE)
    await expect(oversight.page.locator(".lanes a")).to_have_text(["问责移送 0"])


async def test_what_a_post_was_told_is_read_in_the_program(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    """Who is reached by nothing else sees here what was told; one by one, or all at once."""
    code = (await console_centre.window_receives(category=None)).case_code
    await console_centre.dispatcher_sends(code, UNIT)
    seat = await sign_in(Role.LIAISON_OFFICER)
    page = seat.page
    await page.goto("/messages")
    line = page.locator(".lines li", has_text=code)
    await expect(line).to_be_visible()
    await expect(line.locator(".told")).not_to_be_empty()
    await expect(page.locator('.me [data-count-from="/live/messages"]')).not_to_be_empty()
    await seat.shot("messages-zh")
    await seat.is_accessible()
    await line.get_by_role("button", name="标为已读").click()
    await expect(page.locator(".lines li", has_text=code)).to_have_count(0)
    await page.get_by_role("link", name="全部", exact=True).click()
    await expect(page.locator(".lines li", has_text=code)).to_contain_text("已读")
    await page.goto("/messages")
    if await page.get_by_role("button", name="全部标为已读").count():
        await page.get_by_role("button", name="全部标为已读").click()
    await expect(page.locator(".empty")).to_have_text("没有未读消息")
    await expect(page.locator('.me [data-count-from="/live/messages"]')).to_be_empty()


async def test_the_list_of_what_waits_follows_by_itself(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    """And that it does keeps nobody signed in: nobody may be sitting there."""
    page = (await sign_in(Role.DUTY_DIRECTOR)).page
    await page.goto("/waiting")
    await expect(page.locator("#link")).to_have_attribute("data-state", "live")
    staff = f"browser.{Role.DUTY_DIRECTOR}"
    earlier = "update console.session set seen_at = seen_at - interval '5 minutes' where staff = $1 returning seen_at"
    seen = sorted(row["seen_at"] for row in await console_centre.fetch(earlier, staff))
    code = (await console_centre.window_receives(category=None)).case_code
    line = page.locator(".lines li", has_text=code)
    await expect(line).to_be_visible(timeout=15_000)
    await console_centre.dispatcher_sends(code, UNIT)
    await expect(line).to_have_count(0, timeout=15_000)
    since = await console_centre.fetch("select seen_at from console.session where staff = $1", staff)
    assert sorted(row["seen_at"] for row in since) == seen


async def test_the_watch_and_the_mode(
    sign_in: SignIn, console_centre: CentreUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "CLOCK_S", 1.0)  # else an open board hears of it after fifteen
    monkeypatch.setattr(known_mode, "WAIT_S", 15.0)  # the page of the modes shows what it was told, however late
    following = {"staff": "police.director", "role": Role.DUTY_DIRECTOR, "title": "公安轮值主任", "password": PASSWORD}
    await console_centre.ask(
        AddStaff.model_validate({"actor": OPERATOR, "idempotency_key": uuid4().hex, **following}), FirstPassword
    )
    await console_centre.window_receives(category=None)
    director = await sign_in(Role.DUTY_DIRECTOR)
    page = director.page
    await page.goto("/handover")
    await page.get_by_role("button", name="首次接班").click()
    await expect(page.locator(".good")).to_contain_text("您已接班")
    await page.locator('[name="other"]').fill("police.director")
    await page.locator("textarea").fill("滨河片区施工噪声件须盯办")
    await director.shot("handover-zh")
    await director.is_accessible()
    await page.get_by_role("button", name="提出交班").click()
    await expect(page.locator(".offered")).to_contain_text("police.director")

    incoming = await sign_in(Role.DUTY_DIRECTOR, language="zh")
    await incoming.page.locator("details.me summary").click()
    await incoming.page.get_by_text("退出登录").click()
    await incoming.page.locator('input[name="staff"]').fill("police.director")
    await incoming.page.locator('input[name="password"]').fill(PASSWORD)
    await incoming.page.locator("button.main").click()
    await incoming.page.wait_for_url(lambda url: "/sign-in" not in url)
    await incoming.page.goto("/waiting?kind=handover")
    await incoming.page.locator(".lines a").click()
    await expect(incoming.page.locator(".offered")).to_contain_text("滨河片区施工噪声件须盯办")
    await incoming.shot("handover-accept-zh")
    await incoming.page.get_by_role("button", name="接班", exact=True).click()
    await expect(incoming.page.locator(".good")).to_contain_text("您已接班")
    await expect(incoming.page.locator(".on-watch")).to_contain_text("police.director")

    commander = await sign_in(Role.COMMANDER)
    page = commander.page
    await page.goto("/mode")
    await page.locator('input[name="level"][value="II"]').check()
    await page.locator('input[name="measures"]').first.check()
    await page.locator('input[name="until"]').fill("2027-03-01T18:00")
    await expect(page.locator(".meaning")).to_contain_text("超过规则上限 30 天")
    now = console_centre.clock.now().astimezone()
    await page.locator('input[name="until"]').fill(f"{now.date().replace(day=min(28, now.day + 2))}T18:00")
    await expect(page.locator(".meaning")).not_to_contain_text("超过")
    await page.locator('form[action="/mode/switch"] textarea').fill("台风防御")
    await commander.shot("mode-zh")
    await commander.is_accessible()
    late = await commander.another_tab("/mode")
    board = await director.another_tab("/board")
    await expect(board.locator(".top .mode")).to_be_hidden()
    await page.get_by_role("button", name="转入战时").click()
    await expect(page.locator(".top .mode")).to_have_text("战时二级")
    await expect(board.locator(".top .mode")).to_have_text("战时二级")
    await late.locator('input[name="level"][value="I"]').check()
    await late.locator('input[name="until"]').fill(f"{now.date().replace(day=min(28, now.day + 2))}T18:00")
    await late.locator('form[action="/mode/switch"] textarea').fill("台风防御")
    await late.get_by_role("button", name="转入战时").click()
    await expect(late.locator(".fault")).to_contain_text("刚才已有人转换")
    commander.complaints.clear()  # the browser notes the 409 itself
    await commander.speaks("en")
    await page.locator('form[action="/mode/end"] textarea').fill("台风已过")
    await commander.shot("mode-surge-en")
    await page.get_by_role("button", name="Back to normal").click()
    await expect(page.locator(".top .mode")).to_be_hidden()
    await expect(board.locator(".top .mode")).to_be_hidden()
    await console_centre.settle()
    await page.reload()
    await expect(page.locator(".summary")).to_contain_text("summary of the surge")
