"""统计: where are we failing? Numbers of a period, each with the list behind it; what is seen can be taken away."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.console.errors import FilterUnknown
from services.console.policy.figures.lens import Lens
from services.console.policy.figures.question import Question, question_of
from services.console.queries.figure_list import Entries, read_list
from services.console.queries.figures import Figures, read_figures
from services.console.web.board_lines import leaf_of, short_of
from services.console.web.charts import Bar, Series, bars, heat_of, lines, sparkline
from services.console.web.choices import Choice, units_of
from services.console.web.desk import actor_of, desk_of
from services.console.web.figure_filters import Filters, filters_of, periods
from services.console.web.figure_tables import LIST, LOW_PERCENT, STAGES_SHOWN, Cell, Table, Tables, Word
from services.console.web.pages.page import Page, answer, view_of
from services.console.web.sheets import KINDS, Sheet, as_csv, as_xlsx, download
from services.console.web.words import ROW_STAGES
from shared.centre.pack import CentrePack
from shared.contracts.actors import UNIT_ROLES, Role
from shared.errors import NotAllowed, not_found
from shared.story import Story

LEADERS = frozenset(
    {
        *(Role.COMMANDER, Role.DEPUTY_COMMANDER, Role.DUTY_DIRECTOR, Role.DISPATCHER),
        *(Role.OVERSIGHT_OFFICE, Role.ADMINISTRATOR),
    }
)
READERS = LEADERS | UNIT_ROLES | {Role.INTAKE_CLERK}
ROWS_A_PAGE, EXPORT_ROWS_MAX = 100, 20_000
BARS_MAX = 12
HEAT_STAGES = ("sign_off", "contact", "report_back", "arrival", "supervision")
STAGES_KNOWN = frozenset({*STAGES_SHOWN, *ROW_STAGES})


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, as far as the reader may see it. `own`: the unit or window they act for."""

    pack: CentrePack
    now: datetime
    filters: Filters
    lens: Lens
    own_unit: str | None
    own_window: str | None


async def asked_of(request: Request) -> Asked:
    """Raises NotAllowed, PeriodWrong and FilterUnknown."""
    actor, desk = actor_of(request), desk_of(request)
    if actor.role not in READERS:
        raise NotAllowed("figures are for who leads, and for a unit or a window its own", field="actor.role")
    unit = (actor.unit or "") if actor.role in UNIT_ROLES else None
    window = (actor.window or "") if actor.role is Role.INTAKE_CLERK else None
    pack, now = await desk.pack(), desk.clock.now()
    filters = filters_of(request.query_params, pack, now)
    return Asked(pack, now, filters, filters.lens(pack, now, unit=unit, window=window), unit, window)


async def figures(request: Request) -> Response:
    asked = await asked_of(request)
    view = view_of(request)
    found = await read_figures(desk_of(request).work, asked.lens)
    tables = _tables(asked, found, view.word)
    today = asked.now.astimezone(ZoneInfo(asked.pack.timezone)).date()
    return await answer(
        request,
        "figures/figures.html",
        asked=asked,
        tiles=_tiles(tables, found),
        live=_live(tables),
        trend=_trend(tables, found, asked.lens, view.word),
        spark=_sparks(found, asked.lens, view.word),
        units=tables.units(),
        completion=_rate_bars(tables, asked, "report_back", view.word("completion", "FIGURE_HEADS")),
        arrival=_rate_bars(tables, asked, "arrival", view.word("arrival", "FIGURE_HEADS")),
        stages=tables.stages(),
        categories=tables.categories(),
        category_bars=_share_bars(tables.categories(), view.word("categories", "FIGURE_TABLES")),
        places=tables.places(),
        place_bars=_share_bars(tables.places(), view.word("places", "FIGURE_TABLES")),
        heat=_heat(tables, asked),
        heat_stages=HEAT_STAGES,
        periods=periods(today),
        step=asked.lens.step,
        arrival_minutes=asked.pack.service_limit_for("arrival", None, "IV").amount,
        choices=_choices(asked),
    )


def _tables(asked: Asked, found: Figures, word: Word) -> Tables:
    """A unit's own table has its own row only."""
    filters = asked.filters
    if asked.own_unit is not None:
        filters = replace(filters, unit=asked.own_unit)
    return Tables(found, filters, asked.pack, word)


def _choices(asked: Asked) -> dict[str, list[Choice]]:
    pack, story = asked.pack, Story(asked.pack)
    roots = [one for one in pack.categories if one.parent is None]
    leaves = [one for one in pack.categories if one.parent is not None]
    return {
        "units": units_of(pack),
        "townships": [Choice(one.code, one.name) for one in pack.places],
        "categories": [
            *(Choice(one.code, one.name) for one in roots),
            *(Choice(one.code, story.category(one.code)) for one in leaves),
        ],
    }


def _tiles(tables: Tables, found: Figures) -> list[tuple[str, Cell]]:
    signed, done, came = tables.kept("sign_off"), tables.kept("report_back"), tables.kept("arrival")
    acts = tables.of_all()
    return [
        ("received", tables.number(found.received, "received")),
        ("closed", tables.number(found.closed, "closed")),
        ("overdue", tables.number(found.overdue, "overdue", tone="late")),
        ("sign_off", tables.rate(signed.rate, "due", "promise", stage="sign_off", verdict="due")),
        ("completion", tables.rate(done.rate, "due", "promise", stage="report_back", verdict="due")),
        ("arrival", tables.rate(came.rate, "summoned", "promise", stage="arrival", verdict="due")),
        ("satisfaction", tables.rate(acts.follow_ups.satisfaction, "asked", "follow_up", outcome="valid")),
        ("reopened", tables.number(acts.reopened, "reopened")),
    ]


def _live(tables: Tables) -> list[tuple[str, list[Cell]]]:
    """Stage by lamp, as it is now: the first row is all of it."""
    lamps: Sequence[str | None] = (None, "calm", "soon", "late")
    stages: Sequence[str | None] = (None, *(stage for stage in ROW_STAGES if stage != "over"))
    return [
        (
            stage or "all",
            [
                tables.number(
                    tables.open_now(stage=stage, lamp=lamp),
                    "open",
                    stage=stage,
                    lamp=lamp,
                    tone="late" if lamp == "late" else "",
                )
                for lamp in lamps
            ],
        )
        for stage in stages
        if stage is None or tables.open_now(stage=stage)
    ]


def _trend(tables: Tables, found: Figures, lens: Lens, word: Word) -> str:
    steps = lens.steps()
    labels = [f"{day.month}-{day.day}" if lens.step != "month" else f"{day.year}-{day.month}" for day in steps]
    counts = {"received": found.received_by_step, "closed": found.closed_by_step, "overdue": found.overdue_by_step}
    series = [
        Series(word(name, "FIGURE_HEADS"), name, [by_step.get(day, 0) for day in steps])
        for name, by_step in counts.items()
    ]
    return lines(word("trend", "FIGURE_TABLES"), labels, series)


def _sparks(found: Figures, lens: Lens, word: Word) -> dict[str, str]:
    counts = {"received": found.received_by_step, "closed": found.closed_by_step, "overdue": found.overdue_by_step}
    return {
        name: sparkline(word(name, "FIGURE_HEADS"), [by_step.get(day, 0) for day in lens.steps()])
        for name, by_step in counts.items()
    }


def _rate_bars(tables: Tables, asked: Asked, stage: str, title: str) -> str:
    """Only units that had anything to do; the worst on top."""
    found: list[tuple[float, Bar]] = []
    for unit in tables.units_with(stage):
        rate = tables.kept(stage, unit).rate
        if rate.percent is not None:
            href = tables.address("promise", unit=unit, stage=stage, verdict="due")
            tone = "low" if rate.percent < LOW_PERCENT else ""
            name = short_of(asked.pack, unit)
            found.append((rate.percent, Bar(name, rate.percent, f"{rate.percent:g}%", href, tone)))
    found.sort(key=lambda pair: (pair[0], pair[1].label))
    return bars(title, [one for _, one in found[:BARS_MAX]], most=100) if found else ""


def _share_bars(table: Table, title: str) -> str:
    """The rows that stand in no other, as bars; the others are in the table."""
    rows = [row for row, inner in zip(table.rows, table.inner, strict=True) if inner == 0 and row[1].value]
    items = [Bar(row[0].shown, float(row[1].value or 0), row[1].shown, row[1].href) for row in rows[:BARS_MAX]]
    return bars(title, items) if items else ""


def _heat(tables: Tables, asked: Asked) -> list[tuple[str, list[tuple[Cell, str]]]]:
    """Units by stage: how many of a hundred promises each kept. Only units that had any."""
    rows: list[tuple[str, list[tuple[Cell, str]]]] = []
    for unit in (one.code for one in asked.pack.units):
        cells = [
            (
                tables.rate(kept.rate, "due", "promise", unit=unit, stage=stage, verdict="due"),
                heat_of(kept.rate.percent),
            )
            for stage, kept in ((stage, tables.kept(stage, unit)) for stage in HEAT_STAGES)
        ]
        if any(shade != "none" for _, shade in cells):
            rows.append((short_of(asked.pack, unit), cells))
    return rows


# -- the list behind a number ------------------------------------------------------------------------------------------


async def figure_list(request: Request) -> Response:
    asked, question = await asked_of(request), _question(request)
    number = request.query_params.get("page", "1")
    page = min(int(number), 10_000) if number.isascii() and number.isdigit() and number != "0" else 1
    found = await read_list(
        desk_of(request).work, asked.lens, question, offset=(page - 1) * ROWS_A_PAGE, limit=ROWS_A_PAGE
    )
    pages = max(1, -(-found.total // ROWS_A_PAGE))
    return await answer(
        request,
        "figures/list.html",
        asked=asked,
        question=question,
        found=found,
        sheet=_list_sheet(found, asked, request),
        path=LIST,
        here_fields=_list_fields(request),
        page=page,
        pages=pages,
        names=Story(asked.pack),
        export_max=EXPORT_ROWS_MAX,
    )


def _question(request: Request) -> Question:
    """Raises FilterUnknown."""
    try:
        return question_of(dict(request.query_params), STAGES_KNOWN)
    except ValueError as unknown:
        raise FilterUnknown(f"no list goes by this {unknown}", field=str(unknown)) from None


def _list_fields(request: Request) -> dict[str, str]:
    """What the address says beside the filters: which list it is."""
    wanted = ("of", "stage", "verdict", "lamp", "outcome", "drill")
    return {name: request.query_params[name] for name in wanted if request.query_params.get(name)}


def _list_sheet(found: Entries, asked: Asked, request: Request) -> Sheet:
    view, pack = view_of(request), asked.pack
    story = Story(pack)

    def what(code: str, detail: str | None) -> str:
        return " ".join(dict.fromkeys(word for word in _happened(code, detail, view.word) if word))

    rows = tuple(
        (
            one.code,
            leaf_of(pack, one.category, story),
            story.place(one.place),
            view.word(one.level, "LEVELS"),
            short_of(pack, one.unit),
            view.minute(one.due_at),
            what(one.what, one.detail),
            view.minute(one.at),
        )
        for one in found.rows
    )
    heads = ("code", "category", "place", "level", "unit", "due_at", "what", "at")
    return Sheet("list", tuple(view.word(head, "FIGURE_HEADS") for head in heads), rows, _notes(asked, view.word))


def _happened(what: str, detail: str | None, word: Word) -> tuple[str, ...]:
    """In words of the trade: what it is that the row stands for."""
    tables = {
        "received": ("FIGURE_LISTS", ("SOURCES",)),
        "over": (None, ("FIGURE_CLOSED_AS",)),
        "open": (None, ("ROW_STAGES",)),
        "follow_up": ("FIGURE_LISTS", ("SATISFACTION", "MISSES")),
        "returned": ("FIGURE_LISTS", ("RETURNS",)),
        "reopened": ("FIGURE_LISTS", ("FIGURE_REOPENED_FOR",)),
    }
    if what not in tables:  # a promise: its stage, and how it was kept
        return word(detail or "", "STAGES"), word(what, "FIGURE_VERDICTS")
    of, details = tables[what]
    told = next((word(detail, one) for one in details if detail is not None and word(detail, one) != detail), "")
    return (word(what, of) if of else ""), told


# -- taken away --------------------------------------------------------------------------------------------------------


async def export_table(request: Request) -> Response:
    """The table as it is seen, with the same filters."""
    asked, form, name = await asked_of(request), _form(request), request.path_params["table"]
    view = view_of(request)
    tables = _tables(asked, await read_figures(desk_of(request).work, asked.lens), view.word)
    try:
        table = tables.named(name)
    except KeyError:
        raise not_found("table", name) from None
    return await _file(table.sheet(_notes(asked, view.word)), asked, name=name, form=form)


async def export_list(request: Request) -> Response:
    """All rows of the list, not only the page seen, up to a number that a spreadsheet opens gladly."""
    asked, question, form = await asked_of(request), _question(request), _form(request)
    found = await read_list(desk_of(request).work, asked.lens, question, offset=0, limit=EXPORT_ROWS_MAX)
    return await _file(_list_sheet(found, asked, request), asked, name=question.of, form=form)


def _form(request: Request) -> str:
    form: str = request.path_params["form"]
    if form not in KINDS:
        raise not_found("file", form)
    return form


async def _file(sheet: Sheet, asked: Asked, *, name: str, form: str) -> Response:
    """Made beside the loop: a long sheet takes a second."""
    body = await asyncio.to_thread(as_csv if form == "csv" else as_xlsx, sheet)
    span = f"{asked.filters.since:%Y%m%d}-{asked.filters.until:%Y%m%d}"
    return download(body, name=f"muster-{name.replace('_', '-')}-{span}", form=form)


def _notes(asked: Asked, word: Word) -> tuple[str, ...]:
    as_of = asked.now.astimezone(ZoneInfo(asked.pack.timezone))
    period = f"{asked.filters.since.isoformat()} – {asked.filters.until.isoformat()}"
    return (
        f"{word('period', 'FIGURE_OTHERS')} {period}",
        f"{word('as_of', 'FIGURE_OTHERS')} {as_of:%Y-%m-%d %H:%M:%S}",
        f"{word('rules', 'FIGURE_OTHERS')} {asked.pack.version}",
    )


PAGE = Page(
    name="figures",
    path="/figures",
    title="统计",
    roles=READERS,
    routes=(
        Route("/figures", figures),
        Route("/figures/list", figure_list),
        Route("/figures/list.{form}", export_list),
        Route("/figures/export/{table}.{form}", export_table),
    ),
)
