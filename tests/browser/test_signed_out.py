"""A session that is over costs nobody a word: a dialog over the page with scripts, the form once more without."""

from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from shared.contracts.actors import Role
from shared.contracts.intake import RegisterCase
from shared.errors import Unavailable
from shared.infra.asking import Asker
from tests.browser.conftest import SignIn
from tests.browser.seat import PASSWORD, UNIT, Seat
from tests.support.centre import TOWN, WAGES, CentreUnderTest

pytestmark = pytest.mark.servers
MATTER = "小区二次供水泵房夜间噪声，多户反映"


async def session_ends(centre: CentreUnderTest, role: Role) -> None:
    """As after a night away from the desk."""
    ended = "update console.session set seen_at = seen_at - interval '2 days' where staff = $1 returning 1"
    assert await centre.fetch(ended, f"browser.{role}")


def dialog(page: Page) -> Locator:
    return page.locator("dialog.again")


async def signs_in_over_the_page(seat: Seat) -> None:
    page = seat.page
    await expect(dialog(page)).to_be_visible()
    await dialog(page).locator('input[name="password"]').fill("not this one")
    await page.keyboard.press("Enter")
    await expect(dialog(page).locator(".fault")).to_be_visible()
    await dialog(page).locator('input[name="password"]').fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(dialog(page)).to_have_count(0)


async def fills_the_form(page: Page) -> None:
    await page.locator('textarea[name="matter"]').fill(MATTER)
    await page.locator('select[name="category"]').select_option(WAGES)
    await page.locator('select[name="place"]').select_option(TOWN)


async def signs_in_in_another_tab(seat: Seat) -> None:
    other = await seat.another_tab("/sign-in")
    await other.locator('input[name="staff"]').fill(f"browser.{Role.INTAKE_CLERK}")
    await other.locator('input[name="password"]').fill(PASSWORD)
    await other.locator("button.main").click()
    await expect(other.locator("details.me summary")).to_be_visible()


async def test_signing_in_over_the_page_keeps_what_was_typed(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    """A draft that cannot be kept says so at once; a form that is sent goes on by itself; so does the stream."""
    seat = await sign_in(Role.INTAKE_CLERK)
    page = seat.page
    await page.locator('select[name="category"]').select_option(WAGES, force=True)
    await page.locator('select[name="place"]').select_option(TOWN, force=True)
    await session_ends(console_centre, Role.INTAKE_CLERK)
    await page.locator('textarea[name="matter"]').fill(MATTER)
    await expect(dialog(page)).to_be_visible()
    await seat.shot("signed-out-zh")
    await seat.is_accessible()
    await signs_in_over_the_page(seat)
    await expect(page.locator('textarea[name="matter"]')).to_have_value(MATTER)
    await session_ends(console_centre, Role.INTAKE_CLERK)
    await page.keyboard.press("Control+Enter")
    await signs_in_over_the_page(seat)
    await expect(page.locator("#saved-code")).to_be_visible()
    seat.complaints.clear()  # the browser notes each 401 and 422 itself


async def test_a_live_page_asks_over_itself_and_goes_on(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    seat = await sign_in(Role.LIAISON_OFFICER, phone=True, language="en")
    code = (await console_centre.window_receives(category=None)).case_code
    await console_centre.dispatcher_sends(code, UNIT)
    await console_centre.unit_signs_off(await console_centre.open_order(code))
    page = seat.page
    await page.goto(f"/unit/orders/{code}/report")
    await page.locator('textarea[name="result"]').fill(MATTER)
    await session_ends(console_centre, Role.LIAISON_OFFICER)
    await page.get_by_role("button", name="Report back").click()
    await seat.shot("signed-out-phone-en")
    await signs_in_over_the_page(seat)
    await expect(page.get_by_role("alert")).to_be_visible()  # the requester was not answered: that is asked for
    await expect(page.locator('textarea[name="result"]')).to_have_value(MATTER)
    seat.complaints.clear()


async def test_without_scripts_the_form_comes_back_after_signing_in(
    sign_in: SignIn, console_centre: CentreUnderTest
) -> None:
    seat = await sign_in(Role.INTAKE_CLERK, scripts=False)
    page = seat.page
    await fills_the_form(page)
    await session_ends(console_centre, Role.INTAKE_CLERK)
    await page.locator('button[value="forward"]').click()
    await expect(page.locator(".effect")).to_contain_text("内容已保留")
    assert MATTER not in await page.content(), "sealed: a stranger at this screen reads nothing"
    await page.locator('input[name="staff"]').fill(f"browser.{Role.INTAKE_CLERK}")
    await page.locator('input[name="password"]').fill(PASSWORD)
    await page.locator("button.main").click()
    await expect(page.locator('textarea[name="matter"]')).to_have_value(MATTER)
    await seat.shot("carried-zh")
    await page.locator("button.main").click()
    await expect(page.locator("#saved-code")).to_be_visible()
    seat.complaints.clear()


async def test_a_tab_of_the_session_before_gives_its_words_back(
    sign_in: SignIn, console_centre: CentreUnderTest
) -> None:
    """Signed in anew in another tab meanwhile: the form has the token of before."""
    seat = await sign_in(Role.INTAKE_CLERK, scripts=False)
    page = seat.page
    await fills_the_form(page)
    await session_ends(console_centre, Role.INTAKE_CLERK)
    await signs_in_in_another_tab(seat)
    await page.locator('button[value="forward"]').click()
    await expect(page.locator('textarea[name="matter"]')).to_have_value(MATTER)
    await expect(page.locator("main")).to_contain_text("还没有提交")
    await seat.shot("sent-again-zh")
    await page.locator("button.main").click()
    await expect(page.locator("#saved-code")).to_be_visible()
    seat.complaints.clear()


async def test_a_service_that_is_away_costs_no_words(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    seat = await sign_in(Role.INTAKE_CLERK, scripts=False)
    page = seat.page
    await fills_the_form(page)
    ask = Asker.ask

    async def nobody(asker: Asker, request: Any, *answer: Any, **given: Any) -> Any:
        if isinstance(request, RegisterCase):
            raise Unavailable("the intake service is not running")
        return await ask(asker, request, *answer, **given)

    with monkeypatch.context() as patched:
        patched.setattr(Asker, "ask", nobody)
        await page.locator('button[value="forward"]').click()
        await expect(page.locator(".fault")).to_be_visible()
    await expect(page.locator('textarea[name="matter"]')).to_have_value(MATTER)
    await page.locator("button.main").click()
    await expect(page.locator("#saved-code")).to_be_visible()
    seat.complaints.clear()


async def test_two_tabs_and_one_signing_in(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    """The dialog of the other tab finds that somebody is signed in, and closes; what was typed goes on."""
    seat = await sign_in(Role.INTAKE_CLERK)
    page = seat.page
    await page.locator('select[name="category"]').select_option(WAGES, force=True)
    await page.locator('select[name="place"]').select_option(TOWN, force=True)
    await session_ends(console_centre, Role.INTAKE_CLERK)
    await page.locator('textarea[name="matter"]').fill(MATTER)
    await expect(dialog(page)).to_be_visible()
    await signs_in_in_another_tab(seat)
    await dialog(page).locator('input[name="password"]').fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(dialog(page)).to_have_count(0)
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#saved-code")).to_be_visible()
    seat.complaints.clear()


async def test_what_was_carried_is_for_its_writer_alone(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    seat = await sign_in(Role.INTAKE_CLERK, scripts=False)
    page = seat.page
    await page.locator('textarea[name="matter"]').fill(MATTER)
    await session_ends(console_centre, Role.INTAKE_CLERK)
    await page.locator('button[value="forward"]').click()
    await page.locator('input[name="staff"]').fill(f"browser.{Role.DISPATCHER}")
    await page.locator('input[name="password"]').fill(PASSWORD)
    await page.locator("button.main").click()
    await expect(page.locator("details.me summary")).to_contain_text("dispatcher")
    await expect(page.locator("main")).not_to_contain_text(MATTER)
    seat.complaints.clear()
