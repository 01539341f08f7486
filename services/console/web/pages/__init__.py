"""Every page there is: its address, its place in the menu, whose first page it is."""

from services.console.web.pages import (
    account,
    accountability,
    acts,
    aids,
    board,
    case,
    drills,
    figures,
    front,
    grid,
    handover,
    link,
    live,
    mine,
    mode,
    progress,
    room,
    rosters,
    rules,
    staff,
    summons,
    unit,
    waiting,
    wall,
    window,
)
from services.console.web.pages.page import Page

PAGES: tuple[Page, ...] = (
    window.PAGE,
    mine.PAGE,
    unit.PAGE,
    grid.PAGE,
    board.PAGE,
    waiting.PAGE,
    room.PAGE,
    accountability.PAGE,
    handover.PAGE,
    mode.PAGE,
    drills.PAGE,
    figures.PAGE,
    rosters.PAGE,
    rules.PAGE,
    staff.PAGE,
    case.PAGE,
    summons.PAGE,
)
"""In the order of the menu. A new page adds itself here; docs/console.md says how."""

ROUTES = (
    *front.ROUTES,
    *account.ROUTES,
    *live.ROUTES,
    *aids.ROUTES,
    *acts.ROUTES,
    *progress.ROUTES,
    *link.ROUTES,
    *wall.ROUTES,
    *(route for page in PAGES for route in page.routes),
)
