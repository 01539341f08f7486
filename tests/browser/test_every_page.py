"""Every page of every role, in both languages: nothing the browser or axe complains about; a picture of each."""

from uuid import uuid4

import pytest
from playwright.async_api import expect

from services.console.web.pages import PAGES
from shared.contracts.actors import OPERATOR, Role
from shared.contracts.console import MakeWallToken, WallTokenMade
from tests.browser.conftest import SignIn
from tests.support.centre import CentreUnderTest

pytestmark = pytest.mark.servers
MENU = [page for page in PAGES if page.title is not None]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("page", MENU, ids=lambda page: page.name)
async def test_a_page_of_the_menu(
    page: object, language: str, sign_in: SignIn, console_centre: CentreUnderTest
) -> None:
    assert isinstance(page, type(MENU[0]))
    await console_centre.window_receives()
    role = next(role for role in Role if role in page.roles)
    seat = await sign_in(role, language=language)
    await seat.page.goto(page.path)
    await expect(seat.page.locator("main")).to_be_visible()
    await seat.shot(f"{page.name}-{language}")
    await seat.is_accessible()


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_case_account_and_wall(language: str, sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    code = (await console_centre.window_receives()).case_code
    seat = await sign_in(Role.DUTY_DIRECTOR, language=language)
    wall = MakeWallToken(actor=OPERATOR, idempotency_key=uuid4().hex, name=f"every-{language}")
    token = (await console_centre.ask(wall, WallTokenMade)).token
    for name, path in (
        ("case", f"/cases/{code}"),
        ("account", "/account"),
        ("messages", "/messages?all=1"),
        ("wall", f"/wall/{token}"),
    ):
        await seat.page.goto(path)
        await seat.shot(f"{name}-{language}")
        await seat.is_accessible()
