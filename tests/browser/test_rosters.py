"""值班表、联系方式、账号: the week, an override with its effect, a sheet looked at before it is set; accounts."""

from uuid import uuid4

import pytest
from playwright.async_api import expect

from deploy.packs import default_pack_dir
from deploy.rosters import apply_rosters, load_rosters
from shared.contracts.actors import Role
from tests.browser.conftest import SignIn
from tests.support.centre import CentreUnderTest

pytestmark = pytest.mark.servers


async def test_duty_is_seen_and_changed_without_scripts(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    await apply_rosters(console_centre.asker, load_rosters(default_pack_dir()))
    director = await sign_in(Role.DUTY_DIRECTOR, scripts=False)
    page = director.page
    await page.goto("/rosters")
    await expect(page.locator("table.week").first).to_contain_text("主班")
    await director.shot("rosters-zh")

    await page.goto("/rosters/of/director")
    await page.get_by_text("增派、撤下、替班").click()
    form = page.locator('form[action$="/override"]')
    now = console_centre.clock.now()
    await form.locator('input[name="staff"]').fill("market.director")
    await form.locator('input[name="starts_at"]').fill(f"{now:%Y-%m-%d}T20:00")
    await form.locator('input[name="ends_at"]').fill(f"{now:%Y-%m-%d}T23:00")
    await form.locator('input[name="reason"]').fill("加强值守")
    await director.shot("roster-override")
    await form.get_by_role("button", name="调整").click()
    await expect(page.locator("ul.drafts").first).to_contain_text("市场监督局主任")
    await expect(page.locator("table.week").first).to_contain_text("20:00–23:00 市场监督局主任")

    await page.goto("/rosters")
    async with page.expect_download() as loading:
        await page.get_by_role("link", name="CSV").click()
    raw = (await (await loading.value).path()).read_bytes()
    turned = raw.replace(b"police.director,", b"police.lead,", 1)
    await page.locator("input[type=file]").set_input_files({"name": "r.csv", "mimeType": "text/csv", "buffer": turned})
    await page.get_by_role("button", name="看差异", exact=True).click()
    await expect(page.locator("td.becomes").first).to_contain_text("公安分局分管领导")
    await director.shot("rosters-preview")


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_contacts_and_accounts(language: str, sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    seat = await sign_in(Role.ADMINISTRATOR, language=language)
    page = seat.page
    await page.goto("/rosters/contacts")
    form = page.locator('form.entry-form[action="/rosters/contacts"]')
    await form.locator('input[name="staff"]').fill("police.liaison")
    await form.locator('select[name="channel"]').select_option("webhook")
    address = f"https://hooks.example.invalid/police-{language}"
    await form.locator('input[name="address"]').fill(address)
    await form.locator("button.main").click()
    await expect(page.locator("tbody tr", has_text="police.liaison")).to_have_count(1)
    await expect(page.locator("tbody tr", has_text="police.liaison")).to_contain_text(f"police-{language}")
    await seat.shot(f"contacts-{language}")
    await seat.is_accessible()

    await page.goto("/staff")
    name = f"clerk.{uuid4().hex[:6]}"
    form = page.locator('form[action="/staff/add"]')
    await form.locator('input[name="staff"]').fill(name)
    await form.locator('input[name="title"]').fill("三号窗口")
    await form.locator('select[name="role"]').select_option("intake_clerk")
    await form.locator('select[name="window"]').select_option(index=1)
    await form.locator("button.main").click()
    await expect(page.locator(".good .code")).to_be_visible()
    await seat.shot(f"staff-{language}")
    await seat.is_accessible()
    await page.goto("/staff")
    await expect(page.locator(".good")).to_have_count(0)
    row = page.locator("tbody tr", has_text=name)
    await row.locator("summary").click()
    await row.locator("button.stern").click()
    await expect(page.locator("tbody tr", has_text=name)).to_have_count(0)


async def test_the_week_on_a_phone_in_english(sign_in: SignIn, console_centre: CentreUnderTest) -> None:
    await apply_rosters(console_centre.asker, load_rosters(default_pack_dir()))
    seat = await sign_in(Role.LIAISON_OFFICER, language="en", phone=True)
    for name, address in (("week", "/rosters"), ("roster", "/rosters/of/director")):
        await seat.page.goto(address)
        await expect(seat.page.locator("table.week").first).to_be_visible()
        await seat.shot(f"rosters-{name}-phone-en")
        await seat.is_accessible()
