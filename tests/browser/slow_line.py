"""A line on which one answer takes as long as a test wants."""

import asyncio

from playwright.async_api import Page, Route

from tests.support.centre import CentreUnderTest


async def hold(page: Page, address: str, *, breaks: bool = False, status: int | None = None) -> asyncio.Event:
    """What comes from there stands still until the event is set; then it comes, or the line `breaks`.

    It was done there all the same. `status`: what a proxy says in place of the answer.
    """
    go, asked = asyncio.Event(), False

    async def later(route: Route) -> None:
        nonlocal asked
        if asked:
            await route.fallback()
            return
        asked = True
        answer = await route.fetch()
        await go.wait()
        if breaks:
            await route.abort()
        elif status is not None:
            await route.fulfill(status=status, body="")
        else:
            await route.fulfill(response=answer)

    await page.route(address, later)  # for good: a route that ends lets all that wait on others go on
    return go


async def two_cases(centre: CentreUnderTest) -> tuple[str, str]:
    """Both wait for somebody to send them on."""
    first, second = [(await centre.window_receives(category=None)).case_code for _ in range(2)]
    return first, second
