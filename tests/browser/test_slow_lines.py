"""On a slow line nothing is sent twice, nothing acts on another case than was meant, and no written word is lost."""

import re

import pytest
from playwright.async_api import Locator, Page, Route, expect

from shared.contracts.actors import Role
from tests.browser.conftest import SignIn
from tests.browser.seat import UNIT, Seat
from tests.browser.slow_line import hold, two_cases
from tests.browser.test_phone import called, photo
from tests.support.centre import TOWN, WAGES, CentreUnderTest

pytestmark = pytest.mark.servers
REASON = "按职责分派给公安分局"
CODE = re.compile(r"^\d\d-\d{7}-\d$")
SENT = "dispatch.work_order.dispatched"


async def writes_a_dispatch(page: Page, code: str) -> Locator:
    """Up to where it is sent."""
    pane = page.locator("#pane")
    await page.locator("#rows tr", has_text=code).click()
    await expect(pane.locator(".case-head")).to_contain_text(code)
    await page.keyboard.press("d")
    await pane.locator('select[name="unit"]').select_option(UNIT, force=True)
    await pane.locator("textarea").fill(REASON)
    return pane


async def test_a_form_on_its_way_is_sent_once(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    """Pressed again, or held down: and what its answer would overwrite cannot be written meanwhile."""
    code, _ = await two_cases(console_centre)
    page = (await sign_in(Role.DUTY_DIRECTOR)).page
    pane = await writes_a_dispatch(page, code)
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)
    go = await hold(page, f"**/cases/{code}/act/dispatch")
    await page.keyboard.press("Control+Enter")
    await expect(pane.locator("form.act-form")).to_have_attribute("inert", "")
    await page.keyboard.press("Control+Enter")
    await page.keyboard.type("x")
    await expect(pane.locator("textarea")).to_have_value(REASON)
    go.set()
    await expect(pane.locator("form.act-form")).to_have_count(0)
    assert len(sent) == 1
    assert (await console_centre.events(code)).count(SENT) == 1


async def test_sent_again_after_a_lost_answer_it_is_done_once(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    """It changed the case itself, so it is shown as changed; sent once more, it is known."""
    code, _ = await two_cases(console_centre)
    seat = await sign_in(Role.DUTY_DIRECTOR)
    page = seat.page
    pane = await writes_a_dispatch(page, code)
    (await hold(page, f"**/cases/{code}/act/dispatch", breaks=True)).set()
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".toast")).to_contain_text("未发送")
    await expect(pane.locator("textarea")).to_be_focused()
    await console_centre.settle()
    await page.keyboard.press("Control+Enter")
    await expect(pane.locator(".fault")).to_contain_text("此件刚被他人更改")
    await pane.locator(".act-form button.main").click()
    await expect(pane.locator("form.act-form")).to_have_count(0)
    assert (await console_centre.events(code)).count(SENT) == 1
    seat.complaints.clear()  # the browser notes the broken line and the 409 itself


@pytest.mark.parametrize("came_first", [False, True], ids=["the failure", "the next case"])
@pytest.mark.parametrize("how", [{"breaks": True}, {"status": 502}], ids=["cut", "proxy"])
async def test_what_was_written_outlives_a_failure_though_the_next_case_was_opened(
    how: dict[str, bool | int], came_first: bool, sign_in: SignIn, console_centre: CentreUnderTest
) -> None:
    code, other = await two_cases(console_centre)
    seat = await sign_in(Role.DUTY_DIRECTOR)
    page = seat.page
    pane = await writes_a_dispatch(page, code)
    fails = await hold(page, f"**/cases/{code}/act/dispatch", **how)  # pyright: ignore[reportArgumentType]
    comes = await hold(page, f"**/cases/{other}")
    await pane.locator(".act-form button.main").click()
    await page.locator("#rows tr", has_text=other).click()
    if came_first:
        comes.set()
        await expect(pane.locator(".case-head")).to_contain_text(other)
    fails.set()
    await expect(page.locator(".toast")).to_be_visible()
    comes.set()
    await page.wait_for_timeout(300)
    await expect(pane.locator(f'form[action="/cases/{code}/act/dispatch"] textarea')).to_have_value(REASON)
    await expect(pane.locator("textarea")).to_be_editable()
    seat.complaints.clear()  # the browser notes the broken line itself


async def test_a_late_refusal_takes_no_opened_form_away(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    """Nothing is written in it yet, but somebody stands in it."""
    code, other = await two_cases(console_centre)
    seat = await sign_in(Role.DUTY_DIRECTOR)
    page = seat.page
    pane = await writes_a_dispatch(page, code)
    await console_centre.dispatcher_sends(code, "traffic-police")
    go = await hold(page, f"**/cases/{code}/act/dispatch")
    await pane.locator(".act-form button.main").click()
    await page.locator("#rows tr", has_text=other).click()
    await expect(pane.locator(".case-head")).to_contain_text(other)
    await page.keyboard.press("d")
    await pane.locator("textarea").focus()
    go.set()
    await expect(page.locator(".toast")).to_contain_text("此件刚被他人更改")
    await expect(pane.locator(f'form[action="/cases/{other}/act/dispatch"]')).to_be_visible()
    seat.complaints.clear()  # the browser notes the 409 itself


async def test_enter_on_a_button_presses_it(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    """It does not open the row that is selected, over what was written."""
    code, _ = await two_cases(console_centre)
    page = (await sign_in(Role.DUTY_DIRECTOR)).page
    pane = await writes_a_dispatch(page, code)
    await pane.locator(".act-form button.main").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#rows tr", has_text=code).locator(".stage")).to_have_text("待签收")


async def test_what_stands_in_a_list_is_what_is_sent(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    """Chosen before, then another one's initials typed: with the keys that send, the one that is shown is taken."""
    code, _ = await two_cases(console_centre)
    page = (await sign_in(Role.DUTY_DIRECTOR)).page
    pane = await writes_a_dispatch(page, code)
    chosen, field = pane.locator('select[name="unit"]'), pane.locator(".combo input").first
    await field.click()
    await field.press_sequentially("zzzz")
    await expect(chosen).to_have_value("")
    await field.press("Escape")
    await expect(chosen).to_have_value(UNIT)
    await field.fill("jjdd")
    await expect(pane.locator(".combo-list li").first).to_have_text("交警大队")
    await field.press("Escape")
    await expect(chosen).to_have_value(UNIT)
    await field.fill("jjdd")
    await expect(pane.locator(".combo-list li").first).to_have_text("交警大队")
    await field.press("Enter")
    await field.press("Escape")  # what was taken stays
    await field.fill("")
    await field.press("Tab")
    await expect(chosen).to_have_value("")
    await field.fill("jjdd")
    await expect(pane.locator(".combo-list li").first).to_have_text("交警大队")
    await field.press("Enter")
    await field.press("Escape")
    await expect(chosen).to_have_value("traffic-police")
    await field.fill("jjdd")
    await expect(pane.locator(".combo-list li").first).to_have_text("交警大队")
    await field.press("Control+Enter")
    await expect(page.locator("#rows tr", has_text=code).locator(".stage")).to_have_text("待签收")
    assert (await console_centre.open_order(code)).unit == "traffic-police"


# -- the window --------------------------------------------------------------------------------------------------------


async def fills_in(seat: Seat, matter: str) -> Locator:
    page = seat.page
    await page.locator('textarea[name="matter"]').fill(matter)
    for name, value in (("category", WAGES), ("place", TOWN)):
        await page.locator(f'select[name="{name}"]').select_option(value, force=True)
    return page.locator('textarea[name="matter"]')


async def test_a_case_whose_answer_was_lost_is_named_and_what_was_added_is_kept(sign_in: SignIn) -> None:
    seat = await sign_in(Role.INTAKE_CLERK)
    page = seat.page
    matter = await fills_in(seat, "夜间施工噪声扰民")
    (await hold(page, "**/desk", breaks=True)).set()
    await matter.press("Control+Enter")
    await expect(page.locator(".toast")).to_contain_text("未发送")
    await matter.fill("夜间施工噪声扰民，已三晚")
    await matter.press("Control+Enter")
    await expect(page.locator(".fault")).to_contain_text("刚才已经登记")
    await expect(page.locator("#saved-code")).to_have_text(CODE)
    await expect(matter).to_have_value("夜间施工噪声扰民，已三晚")
    await seat.shot("desk-registered-before")
    await seat.is_accessible()
    first = await page.locator("#saved-code").inner_text()
    await matter.press("Control+Enter")
    await expect(page.locator("#saved-code")).not_to_have_text(first)
    await expect(page.locator("#saved-code")).to_have_text(CODE)
    seat.complaints.clear()  # the browser notes the broken line and the 422 itself


async def test_advice_that_comes_late_takes_no_choice_back(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    code = (await console_centre.window_receives()).case_code
    seat = await sign_in(Role.INTAKE_CLERK)
    page = seat.page
    offered = page.locator("#near .near-case", has_text=code).locator("input")
    await fills_in(seat, "工地停工两个月，班组工资没有结清")
    await expect(offered).to_be_attached()
    go = await hold(page, "**/desk/near")
    async with page.expect_request("**/desk/near"):
        await page.locator('input[name="level"][value="II"]').check()
    await offered.check()
    await page.locator('input[name="join_reason"]').fill("同一工地")
    async with page.expect_response("**/desk/near"):
        go.set()
    await page.wait_for_timeout(200)
    await expect(offered).to_be_checked()
    await expect(page.locator('input[name="join_reason"]')).to_have_value("同一工地")


# -- the hall and the phone --------------------------------------------------------------------------------------------

SLEEPS = """() => {
    const now = Date.now;
    Date.now = () => now() + 3 * 3_600_000;
}"""
NEVER_DECODED = "globalThis.createImageBitmap = () => new Promise(() => {})"
NO_STORE = "IDBFactory.prototype.open = () => { throw new Error('full') }"


async def test_a_page_of_summonses_follows_after_a_refusal(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    """It stands at the address of the form then, which nobody can ask for anew."""
    summons = await called(console_centre)
    seat = await sign_in(Role.COMMAND_ROOM)
    page = seat.page
    line = page.locator(".in-room li", has_text="公安分局").last
    await line.locator('input[name="unit"]').evaluate("field => { field.value = 'nobody' }")
    await line.get_by_role("button").click()
    await expect(page.locator(".fault").first).to_be_visible()
    await page.mouse.move(0, 0)
    await expect(page.locator("#link")).to_have_attribute("data-state", "live")
    await console_centre.unit_arrives(summons, UNIT)
    await expect(page.locator(".in-room li", has_text="公安分局").last.locator(".chip")).to_contain_text("已到场")
    seat.complaints.clear()  # the browser notes the 422 itself


async def test_what_is_begun_while_a_part_is_on_its_way_stays(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    summons = await called(console_centre)
    page = (await sign_in(Role.COMMANDER)).page
    await page.goto(f"/summonses/{summons}")
    await expect(page.locator("#link")).to_have_attribute("data-state", "live")
    go = await hold(page, f"**/summonses/{summons}")
    async with page.expect_request(f"**/summonses/{summons}"):
        await console_centre.unit_acknowledges(summons, UNIT)
    await page.get_by_text("撤销召集").first.click()
    await page.locator("details[open] textarea").fill("警情已解除")
    async with page.expect_response(f"**/summonses/{summons}"):
        go.set()
    await page.wait_for_timeout(300)
    await expect(page.locator("details[open] textarea")).to_have_value("警情已解除")


async def test_a_tick_outlives_its_row(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    code = (await console_centre.window_receives(category=None)).case_code
    await console_centre.dispatcher_sends(code, UNIT)
    page = (await sign_in(Role.LIAISON_OFFICER, phone=True)).page
    await page.goto("/unit")
    tick = page.get_by_role("checkbox", name=code)
    await tick.check()
    row = page.locator("[data-box] li", has_text=code)
    before = int(await row.get_attribute("data-v") or 0)
    await console_centre.director_summons(code, "traffic-police")
    await page.wait_for_function(
        "([code, before]) => [...document.querySelectorAll('[data-box] li')].some("
        "row => row.textContent.includes(code) && Number(row.dataset.v) > before)",
        arg=[code, before],
    )
    await expect(tick).to_be_checked()


async def test_a_phone_that_slept_knows_the_time(sign_in: SignIn) -> None:
    seat = await sign_in(Role.GRID_WORKER, phone=True)

    async def time_goes_by(route: Route) -> None:
        answer = await route.fetch()
        await route.fulfill(response=answer, body=(await answer.text()).replace('data-rate="0', 'data-rate="1'))

    await seat.page.route("**/grid", time_goes_by)
    await seat.page.goto("/grid")
    clock = seat.page.locator("#clock")
    hour = int((await clock.inner_text())[:2])
    await seat.page.evaluate(SLEEPS)
    await expect(clock).to_have_text(re.compile(f"^{(hour + 3) % 24:02}:"))


async def test_a_photo_is_in_the_form_before_it_is_made_smaller(
    sign_in: SignIn, console_centre: CentreUnderTest
) -> None:
    _, card = await a_card(sign_in, console_centre, NEVER_DECODED)
    field = card.locator('input[name="photos"]')
    for number in (1, 2):
        await field.set_input_files([photo()])
        await expect(card.locator(".thumbs li")).to_have_count(number)
    assert await field.evaluate("field => field.files.length") == 2


async def test_where_a_phone_keeps_nothing_it_is_sent_at_once_or_stays(
    sign_in: SignIn, console_centre: CentreUnderTest
) -> None:
    seat, card = await a_card(sign_in, console_centre, NO_STORE)
    await card.get_by_label("已解决", exact=True).check()
    await card.locator("textarea").fill("现场已恢复")
    await seat.page.route("**/upload", lambda route: route.abort())  # the line is dead, though the phone does not know
    await card.get_by_role("button", name="提交核实").click()
    await expect(seat.page.locator(".toast")).to_contain_text("本机存不下")
    await expect(card.locator("textarea")).to_have_value("现场已恢复")
    await seat.page.unroute("**/upload")
    await card.get_by_role("button", name="提交核实").click()
    await expect(card).to_have_count(0)
    seat.complaints.clear()  # the browser notes the line that was away itself


async def test_a_refused_finding_comes_back_with_its_photos_and_a_slow_line_judges_nothing(
    sign_in: SignIn, console_centre: CentreUnderTest
) -> None:
    seat, card = await a_card(sign_in, console_centre)
    page = seat.page
    await card.locator('input[name="photos"]').set_input_files([photo()])
    await expect(card.locator(".thumbs canvas")).to_be_visible()
    await card.get_by_label("已解决", exact=True).check()
    said = [408, 413]

    async def refuses(route: Route) -> None:
        await route.fulfill(status=said.pop(0), body='<p class="fault">此任务已改派</p>')

    await page.route("**/upload", refuses)
    async with page.expect_response("**/upload"):
        await card.get_by_role("button", name="提交核实").click()
    await expect(page.locator("#waiting")).to_have_text("待发送 1")
    await page.reload()
    await expect(card.locator(".refused-told")).to_have_text("此任务已改派")
    await expect(card.locator(".thumbs canvas")).to_have_count(1)
    await expect(page.locator("#waiting")).to_be_hidden()
    seat.complaints.clear()  # the browser notes the 408 and the 413 itself


async def a_card(sign_in: SignIn, centre: CentreUnderTest, *scripts: str) -> tuple[Seat, Locator]:
    """A task that waits for the grid to look, on a phone."""
    code = (await centre.window_receives()).case_code
    await centre.unit_signs_off(await centre.open_order(code))
    await centre.unit_reports_back(await centre.open_order(code))
    seat = await sign_in(Role.GRID_WORKER, phone=True)
    for script in scripts:
        await seat.page.add_init_script(script)
    await seat.page.goto("/grid")
    return seat, seat.page.locator(".look", has_text=code)


async def test_what_is_left_to_choose_is_not_chosen_for_anybody(
    sign_in: SignIn, console_centre: CentreUnderTest
) -> None:
    """The unit that was chosen has come meanwhile: the form does not go on with another one."""
    code = (await console_centre.window_receives(level="II")).case_code
    summons = await console_centre.director_summons(code, UNIT, "traffic-police", "market")
    await console_centre.commander_approves(summons)
    seat = await sign_in(Role.COMMAND_ROOM)
    page = seat.page
    await page.goto(f"/cases/{code}/act/arrive")
    await page.locator('select[name="unit"]').select_option("traffic-police")
    await console_centre.unit_acknowledges(summons, "market")
    await page.locator(".act-form button.main").click()
    await expect(page.locator(".fault")).to_be_visible()
    await expect(page.locator('select[name="unit"]')).to_have_value("traffic-police")
    await console_centre.unit_arrives(summons, "traffic-police")
    await page.locator(".act-form button.main").click()
    await expect(page.locator('select[name="unit"] option[value="traffic-police"]')).to_have_count(0)
    await expect(page.locator('select[name="unit"]')).to_have_value("")
    seat.complaints.clear()  # the browser notes the 409s itself
