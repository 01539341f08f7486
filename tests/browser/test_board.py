"""值班指挥: rows come and change by themselves, the keyboard is enough, everything works without scripts."""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from shared.contracts.actors import Role
from tests.browser.conftest import SignIn
from tests.browser.line import Line
from tests.browser.seat import UNIT
from tests.browser.slow_line import hold, two_cases
from tests.support.centre import CentreUnderTest

pytestmark = pytest.mark.servers
LIVE = "document.querySelector('script[src*=\"board.js\"]').src.replace('board.js', 'live.js')"
GHOST = """row => {
    const ghost = row.cloneNode(true);
    Object.assign(ghost.dataset, {key: 'ghost', seq: 'anotherlife-5000000'});
    row.parentElement.append(ghost);
    return ghost.dataset.key;
}"""


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


async def test_a_key_means_the_case_that_was_just_opened(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    """Whatever stands there until the new one has come, nothing or another one's form; and the form stays then."""
    codes = await two_cases(console_centre)
    page = (await sign_in(Role.DUTY_DIRECTOR)).page
    for code in codes:
        go = await hold(page, f"**/cases/{code}")
        await page.locator("#rows tr", has_text=code).click()
        await expect(page.locator("#pane")).to_have_attribute("aria-busy", "true")
        await page.keyboard.press("d")
        go.set()
        await expect(page.locator(f'#pane form[action="/cases/{code}/act/dispatch"]')).to_be_visible()


async def test_what_was_asked_for_last_stays(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    """And a key that was meant for what was asked for before is not taken for it."""
    first, second = await two_cases(console_centre)
    page = (await sign_in(Role.DUTY_DIRECTOR)).page
    go = await hold(page, f"**/cases/{first}")
    await page.locator("#rows tr", has_text=first).click()
    await page.keyboard.press("d")
    await page.locator("#rows tr", has_text=second).click()
    await expect(page.locator("#pane .case-head")).to_contain_text(second)
    async with page.expect_response(f"**/cases/{first}"):
        go.set()
    await page.wait_for_timeout(200)
    await expect(page.locator("#pane .case-head")).to_contain_text(second)
    await expect(page.locator("#pane form.act-form")).to_have_count(0)


async def test_what_never_comes_leaves_everything_as_it_was(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    there, lost = await two_cases(console_centre)
    seat = await sign_in(Role.DUTY_DIRECTOR)
    page, pane = seat.page, seat.page.locator("#pane")
    await page.locator("#rows tr", has_text=there).click()
    await expect(pane.locator(".case-head")).to_contain_text(there)
    go = await hold(page, f"**/cases/{lost}", breaks=True)
    await page.locator("#rows tr", has_text=lost).click()
    await page.keyboard.press("d")
    go.set()
    await expect(page.locator(".toast")).to_be_visible()
    await expect(pane).not_to_have_attribute("aria-busy", "true")
    await expect(pane.locator(".case-head")).to_contain_text(there)
    await page.keyboard.press("d")
    await expect(pane.locator(f'form[action="/cases/{there}/act/dispatch"]')).to_be_visible()
    seat.complaints.clear()  # the browser notes the broken line itself


@pytest.mark.parametrize("written_in", [False, True])
async def test_a_refusal_gives_the_words_back_but_takes_none_away(
    written_in: bool, sign_in: SignIn, console_centre: CentreUnderTest
) -> None:
    """Another case was opened meanwhile: it gives way, but for words that somebody has begun to write in it."""
    code, other = await two_cases(console_centre)
    seat = await sign_in(Role.DUTY_DIRECTOR)
    page, pane = seat.page, seat.page.locator("#pane")
    await page.locator("#rows tr", has_text=code).click()
    await expect(pane.locator(".case-head")).to_contain_text(code)
    await page.keyboard.press("d")
    await pane.locator('select[name="unit"]').select_option(UNIT, force=True)
    await pane.locator("textarea").fill("按职责分派给公安分局")
    await console_centre.dispatcher_sends(code, "traffic-police")
    go = await hold(page, f"**/cases/{code}/act/dispatch")
    await pane.locator(".act-form button.main").click()
    await page.locator("#rows tr", has_text=other).click()
    await expect(pane.locator(".case-head")).to_contain_text(other)
    if written_in:
        await page.keyboard.press("d")
        await pane.locator("textarea").fill("此件另有安排")
    go.set()
    if written_in:
        await expect(page.locator(".toast")).to_contain_text("此件刚被他人更改")
        await expect(pane.locator("textarea")).to_have_value("此件另有安排")
    else:
        await expect(pane.locator(".fault")).to_contain_text("此件刚被他人更改")
        await expect(pane.locator("textarea")).to_have_value("按职责分派给公安分局")
    seat.complaints.clear()  # the browser notes the 409 itself


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
    await page.goto("/board")
    mine = (await console_centre.window_receives(category=None)).case_code
    other = (await console_centre.window_receives()).case_code
    await console_centre.dispatcher_sends(mine, UNIT)
    await expect(page.locator("#rows tr", has_text=mine)).to_be_visible()
    await expect(page.locator("#rows tr", has_text=other)).to_have_count(0)
    await console_centre.unit_returns(await console_centre.open_order(mine))
    await expect(page.locator("#rows tr", has_text=mine)).to_have_count(0)


async def test_a_summons_from_word_to_room(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    """Asked by the director with a few keys, approved by the commander, checked in by the room; all see it at once."""
    code = (await console_centre.window_receives(level="II")).case_code
    director = (await sign_in(Role.DUTY_DIRECTOR)).page
    commander = (await sign_in(Role.COMMANDER)).page
    room = (await sign_in(Role.COMMAND_ROOM)).page
    await commander.goto("/board")
    await room.goto("/board")
    for page in (director, commander, room):
        await page.locator("#rows tr", has_text=code).click()
        await expect(page.locator("#pane .case-head")).to_contain_text(code)
    await director.keyboard.press("z")
    field = director.locator("#pane .combo input")
    await field.click()
    await field.press_sequentially("jjdd")
    await expect(director.locator("#pane .combo-list li").first).to_have_text("交警大队")
    await director.keyboard.press("Enter")
    await director.locator("#pane textarea").fill("现场人数较多，需联动处置")
    await director.keyboard.press("Control+Enter")
    cards = [page.locator(".arrival", has=page.locator(f'a[href$="{code}"]')) for page in (director, commander, room)]
    for card in cards:
        await expect(card.locator(".left")).to_have_text("待批准")
    await console_centre.settle()  # whatever else follows would overtake a form that is opened now
    await commander.locator("#rows tr", has_text=code).click()
    await expect(commander.locator('#pane [data-hotkey="p"]')).to_be_visible()
    await commander.keyboard.press("p")
    await commander.locator("#pane .act-form button.main").click()
    for card in cards:
        await expect(card.locator(".left")).to_have_text("00:20:00")
        await expect(card.locator(".chip", has_text="交警")).to_have_attribute("data-state", "called")
    await console_centre.settle()
    await room.locator("#rows tr", has_text=code).click()
    await expect(room.locator('#pane [data-hotkey="r"]')).to_be_visible()
    await expect(room.locator('#pane [data-hotkey="z"]')).to_have_count(0)
    await room.keyboard.press("r")
    await room.locator("#pane .act-form button.main").click()
    for card in cards:  # all have come: the summons is over and its place is free again
        await expect(card).to_have_count(0)
    await expect(director.locator("#link")).to_have_attribute("data-state", "live")


async def test_nobody_overwrites_what_they_have_not_seen(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    code = (await console_centre.window_receives(category=None)).case_code
    seat = await sign_in(Role.DUTY_DIRECTOR)
    await seat.page.goto(f"/cases/{code}/act/dispatch")
    await seat.page.locator('select[name="unit"]').select_option(UNIT, force=True)
    await seat.page.locator("textarea").fill("按职责分派给公安分局")
    await console_centre.dispatcher_sends(code, "traffic-police")
    await seat.page.locator(".act-form button.main").click()
    await expect(seat.page.locator(".fault")).to_contain_text("此件刚被他人更改")
    await expect(seat.page.locator(".act-form .muted").first).to_contain_text("待签收 · 交警大队")
    await expect(seat.page.locator("textarea")).to_have_value("按职责分派给公安分局")
    seat.complaints.clear()  # the browser notes the 409 itself


async def test_requester_data_is_revealed_once_with_a_reason(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    code = (await console_centre.window_receives()).case_code
    page = (await sign_in(Role.DUTY_DIRECTOR)).page
    await page.goto(f"/cases/{code}")
    await expect(page.locator("main")).not_to_contain_text("13800001234")
    await page.get_by_text("查看来访人信息").click()
    await page.locator('input[name="reason"]').fill("核实联系方式")
    await page.get_by_text("查看并留痕").click()
    await expect(page.locator(".revealed")).to_contain_text("13800001234")
    assert "13800001234" not in page.url
    await page.goto(f"/cases/{code}")
    await expect(page.locator("main")).not_to_contain_text("13800001234")
    await expect(page.locator(".story")).to_contain_text("查看来访人信息（留痕）")


async def test_it_is_heard_only_where_somebody_must_act(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    """A bar, a count in the title, a dot and a tone until it is acknowledged; muted for five minutes by one key."""
    seat = await sign_in(Role.DUTY_DIRECTOR)
    page, bar, duty = seat.page, seat.page.locator("#alarm"), seat.page.locator("#on-duty")
    await expect(page.locator("#link")).to_have_attribute("data-state", "live")
    await page.keyboard.press(".")  # whatever other cases ring for is known
    await expect(bar).to_be_hidden()
    await duty.click()
    await expect(duty).to_contain_text("声音已开")
    await expect(page.locator("#toasts")).to_contain_text("三种提示音")
    calm = (await console_centre.window_receives(level="IV")).case_code
    await expect(page.locator("#rows tr", has_text=calm)).to_be_attached()
    await expect(bar).to_be_hidden()
    await console_centre.window_receives(level="I")
    await expect(bar).to_contain_text("新到 I、II 级 1")
    await expect(page).to_have_title(re.compile(r"^\(1\) "))
    await expect(page.locator('link[rel="icon"]')).to_have_attribute("href", re.compile("icon-dot"))
    await seat.shot("board-alarm-zh")
    await seat.is_accessible()
    await page.keyboard.press("m")
    await expect(duty).to_contain_text("静音")
    await page.keyboard.press(".")
    await expect(bar).to_be_hidden()
    await expect(page).to_have_title(re.compile("^值班指挥"))
    unit = await sign_in(Role.HANDLER)
    await unit.page.goto("/board")
    await expect(unit.page.locator("#on-duty")).to_have_count(0)


async def test_what_waits_behind_the_button_is_heard_all_the_same(
    sign_in: SignIn, console_centre: CentreUnderTest
) -> None:
    first = (await console_centre.window_receives(category=None)).case_code
    page = (await sign_in(Role.DUTY_DIRECTOR)).page
    await expect(page.locator("#link")).to_have_attribute("data-state", "live")
    await page.locator("#rows tr", has_text=first).hover()
    await page.keyboard.press(".")
    await expect(page.locator("#alarm")).to_be_hidden()
    await console_centre.window_receives(category=None, level="I")
    await expect(page.locator("#held")).to_contain_text("1 条新到")
    await expect(page.locator("#alarm")).to_contain_text("新到 I、II 级 1")


async def test_a_row_of_a_stream_that_began_anew_is_let_go_of(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    """Its number was a high one of the stream before; the list, read anew, does not have it any more."""
    code = (await console_centre.window_receives(category=None)).case_code
    page = (await sign_in(Role.DUTY_DIRECTOR)).page
    row = page.locator("#rows tr", has_text=code)
    await expect(row).to_be_visible()
    ghost = await row.evaluate(GHOST)
    await expect(page.locator(f'[data-key="{ghost}"]')).to_have_count(1)
    await page.evaluate("async live => (await import(live)).resync()", await page.evaluate(LIVE))
    await expect(page.locator(f'[data-key="{ghost}"]')).to_have_count(0)
    await expect(row).to_be_visible()


async def test_nothing_moves_under_the_cursor(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    """What is new waits behind a button, what is gone is marked; the address is the list that is seen."""
    first = (await console_centre.window_receives(category=None)).case_code
    page = (await sign_in(Role.DUTY_DIRECTOR)).page
    row = page.locator("#rows tr", has_text=first)
    await page.keyboard.press("1")
    await page.keyboard.press("/")
    await page.keyboard.type("nobody's name")
    await expect(page).to_have_url(re.compile(r"/board\?lane=dispatch$"))  # what the board does not say is not told
    await page.locator("#find").fill(first)
    await expect(page).to_have_url(re.compile(f"find={first}$"))
    await page.reload()
    await expect(page.locator("#rows tr:visible")).to_have_count(1)
    await page.locator("#find").fill("")
    await row.hover()
    late = (await console_centre.window_receives(category=None, level="I")).case_code
    await expect(page.locator("#held")).to_contain_text("1 条新到")
    await expect(page.locator("#rows tr", has_text=late)).to_have_count(0)
    await page.locator(".clock").hover()
    await expect(page.locator("#held")).to_be_hidden()
    await expect(page.locator("#rows tr", has_text=late)).to_be_visible()
