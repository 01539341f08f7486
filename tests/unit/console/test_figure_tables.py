"""Numbers in their tables: each leads to its list with the same filters; a unit with nothing due says so."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from deploy.packs import default_pack
from services.console.errors import FilterUnknown, PeriodWrong
from services.console.policy.figures.lens import Lens
from services.console.policy.figures.question import question_of
from services.console.policy.figures.rates import FollowUps, Promises
from services.console.queries.figures import Figures, OfUnit
from services.console.web.assets import Assets
from services.console.web.figure_filters import filters_of, periods
from services.console.web.figure_tables import Tables
from services.console.web.pages.figures import READERS, STAGES_KNOWN
from services.console.web.view import View
from shared.contracts.actors import Role

NOW = datetime(2026, 11, 28, 2, tzinfo=UTC)
PACK = default_pack()
DAY = date(2026, 11, 27)
FIGURES = Figures(
    received=5,
    received_by_step={DAY: 5},
    closed=1,
    closed_by_step={DAY: 1},
    overdue=1,
    overdue_by_step={},
    by_category={"labour.wages.arrears": 3, "environment": 1, None: 1},
    by_place={"350521104": 4, None: 1},
    promises={
        ("sign_off", "police", False): Promises(in_time=3, late=1, exempt=1),
        ("report_back", "court", False): Promises(exempt=1, open=2),
        ("arrival", "police", False): Promises(in_time=1),
        ("arrival", "police", True): Promises(late=1),
        ("accept", None, False): Promises(in_time=5),
    },
    units={"police": OfUnit(FollowUps(2, 2, 1, 2, 1, 1, 0), returned=1, reopened=0)},
    open_now={("sign_off", "late", "police"): 1, ("accept", "calm", None): 2},
)


@pytest.fixture(scope="module")
def tables() -> Tables:
    filters = filters_of({"from": "2026-11-01", "to": "2026-11-28", "level": "II"}, PACK, NOW)
    return Tables(FIGURES, filters, PACK, View("zh", Assets()).word)


def row(tables: Tables, table: str, name: str) -> dict[str, Any]:
    found = tables.named(table)
    cells = next(one for one in found.rows if one[0].shown == name)
    return dict(zip(found.head, cells, strict=True))


def test_a_unit_with_nothing_due_says_so_and_stands_last(tables: Tables) -> None:
    police = row(tables, "units", "公安分局")
    assert (police["按期签收率"].shown, police["按期签收率"].small) == ("75%", "3/4")
    assert (police["到岗率"].shown, police["演练到岗率"].shown) == ("100%", "0%")
    assert (police["超期"].value, police["不计考核"].value) == (1, 1)
    assert police["按期办结率"].shown == "无应办件"
    court = row(tables, "units", PACK.unit("court").short)  # type: ignore[union-attr]
    assert court["按期办结率"].shown == "无应办件", "neither what is exempt nor what is not due yet counts"
    assert court["到岗率"].shown == "未召集"
    order = [one[0].shown for one in tables.units().rows]
    assert order[0] == "公安分局"
    assert set(order) == {unit.short for unit in PACK.units}


def test_every_number_leads_to_a_list_that_exists_with_the_same_filters(tables: Tables) -> None:
    leads = 0
    for name in ("units", "stages", "categories", "places"):
        for cells in tables.named(name).rows:
            for cell in cells[1:]:
                if cell.href is None:
                    assert cell.value in {0, "无应办件", "未召集", "无回访"} or name in {"categories", "places"}
                    continue
                address = urlsplit(cell.href)
                fields = {key: values[0] for key, values in parse_qs(address.query).items()}
                assert (fields["from"], fields["to"], fields["level"]) == ("2026-11-01", "2026-11-28", "II")
                question_of(fields, STAGES_KNOWN)
                filters_of(fields, PACK, NOW)
                leads += 1
    assert leads > 20


def test_categories_and_places_sum_up_to_their_roots(tables: Tables) -> None:
    for name in ("categories", "places"):
        table = tables.named(name)
        whole = sum(int(cells[1].value or 0) for cells, inner in zip(table.rows, table.inner, strict=True) if not inner)  # type: ignore[arg-type]
        assert whole == FIGURES.received


def test_a_table_there_is_none_of_and_a_file_of_each(tables: Tables) -> None:
    with pytest.raises(KeyError):
        tables.named("persons")
    for name in ("units", "stages", "categories", "places", "trend"):
        sheet = tables.named(name).sheet(("note",))
        assert all(len(line) == len(sheet.head) for line in sheet.rows)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"from": "yesterday"}, PeriodWrong),
        ({"from": "2026-11-1"}, PeriodWrong),
        ({"unit": "nobody"}, FilterUnknown),
        ({"category": "'; drop table"}, FilterUnknown),
        ({"level": "V"}, FilterUnknown),
        ({"by": "hour"}, FilterUnknown),
        ({"township": "x"}, FilterUnknown),
    ],
)
def test_a_filter_that_is_none_is_refused(fields: dict[str, str], fault: type[Exception]) -> None:
    with pytest.raises(fault):
        filters_of(fields, PACK, NOW)


@pytest.mark.parametrize("fields", [{"from": "2026-12-01", "to": "2026-11-01"}, {"from": "1999-01-01"}])
def test_a_period_that_is_none_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(PeriodWrong):
        filters_of(fields, PACK, NOW).lens(PACK, NOW, unit=None, window=None)


def test_filters_come_back_from_their_address_and_reach_what_lies_below() -> None:
    fields = {"from": "2026-11-01", "to": "2026-11-28", "unit": "police", "township": "350521104", "category": "labour"}
    filters = filters_of(fields, PACK, NOW)
    again = {key: values[0] for key, values in parse_qs(urlsplit(filters.address("/figures")).query).items()}
    assert filters_of(again, PACK, NOW) == filters
    lens: Lens = filters.lens(PACK, NOW, unit=None, window=None)
    assert "labour.wages.arrears" in lens.categories
    assert all(PACK.place(one).chain[-1] == "350521104" for one in lens.places)  # type: ignore[union-attr]
    assert len(lens.places) > 1
    assert filters.lens(PACK, NOW, unit="court", window=None).unit == "court"


def test_this_month_where_nothing_is_said_and_periods_one_press_away() -> None:
    filters = filters_of({}, PACK, NOW)
    assert (filters.since, filters.until) == (date(2026, 11, 1), date(2026, 11, 28))
    assert filters_of({"from": "2026-12-05"}, PACK, NOW).until == date(2026, 12, 5)
    spans = periods(date(2026, 1, 15))
    assert spans["last_month"] == (date(2025, 12, 1), date(2025, 12, 31))
    assert spans["week"] == (date(2026, 1, 12), date(2026, 1, 15))
    assert all(since <= until for since, until in spans.values())
    assert spans["quarter"][1] - spans["quarter"][0] == timedelta(days=89)


def test_who_reads_figures() -> None:
    assert Role.GRID_WORKER not in READERS
    assert Role.COMMAND_ROOM not in READERS
    assert {Role.COMMANDER, Role.OVERSIGHT_OFFICE, Role.UNIT_LEAD} <= READERS
