"""What is wrong with a row of a roster sheet is told in Chinese."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import shared.duty.nouns
import shared.rosters.differences
import shared.rosters.posts
import shared.rosters.rows
from deploy.packs import default_pack
from services.console.web.row_fault_words import row_fault_words
from shared.rosters.differences import plan_of
from shared.rosters.reading import rows_of
from shared.rosters.rows import RowFault, SheetFaulty, sheet_of
from tests.support.roster_rows import FAULTY, FIRST, GOOD

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
MORE = FIRST.strip() + ",length,changes_at,opens,timezone,ends_on,member_unit\n" + GOOD.strip()
SLIPS = [
    GOOD.replace("2026-11-23", "1026-11-23"),
    GOOD + "d,,,,,,police.a,replace,2026-12-01 08:00,2026-12-02 08:00,有事,\n",
    GOOD + "d,,,,,,police.a,add,2026-12-02 08:00,2026-12-01 08:00,有事,\n",
    GOOD.replace(",\n", ",周一、周一\n"),
    GOOD.replace("duty_director", "liaison"),
    GOOD.replace("duty_director", "presence").replace("police.director", "director"),
    MORE + ",half,8,,,,\n",
    MORE + ",0,08:00,09:00,,,\n",
    MORE + ",1,,09:00,,,\n",
    MORE + ",400,,,Mars/North,,\n",
    MORE + ",1,,,,2026-11-01,\n",
    MORE + ",1,,,,,court\n",
]


def faults_in(rows: str) -> tuple[RowFault, ...]:
    text = rows if rows.startswith(FIRST.strip()) else FIRST + rows
    with pytest.raises(SheetFaulty) as refused:
        plan_of(sheet_of(rows_of("file", text.encode())), [], default_pack(), now=NOW)
    return refused.value.faults


@pytest.mark.parametrize("rows", [*(rows for rows, _, _ in FAULTY), *SLIPS])
def test_what_people_get_wrong_is_told_in_chinese(rows: str) -> None:
    for fault in faults_in(rows):
        told = row_fault_words(fault)
        assert told is not None, fault.rule
        assert not re.search(r"\b(should|not|the|is)\b", told)


def test_it_is_said_in_the_words_of_the_sheet() -> None:
    (fault,) = faults_in(GOOD.replace("weekly", "yearly"))
    assert row_fault_words(fault) == "“周期”只能填：每天、每日、每周、每月"


SOURCES = [Path(str(module.__file__)) for module in (shared.rosters.rows, shared.rosters.differences)]
RULES = [Path(str(module.__file__)) for module in (shared.rosters.posts, shared.duty.nouns)]
TELLING = {"RowFault": 1, "ValueError": 0, "UnknownPost": 0, "UnitMisfit": 0}
"""Which of its arguments is the sentence."""


def sentences(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TELLING:
            yield from said(node.args[TELLING[node.func.id]])


def said(value: ast.expr) -> Iterator[str]:
    match value:
        case ast.Constant(value=str(words)):
            yield words
        case ast.JoinedStr(values=parts):
            yield "".join(each for part in parts for each in [next(said(part))])
        case ast.FormattedValue(value=ast.Name(id="row" | "where")):
            yield ""  # which row: told beside it
        case ast.FormattedValue(value=ast.Name(id="whose")):
            yield "the centre's own post"
        case ast.FormattedValue(conversion=114):
            yield "'7'"
        case ast.FormattedValue():
            yield "7"
        case _:
            return


@pytest.mark.parametrize("source", [*SOURCES, *RULES], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_sentence_about_a_row_has_chinese(source: Path) -> None:
    found = [each.removeprefix(": ") for each in sentences(source.read_text("utf-8"))]
    assert found
    assert not [each for each in found if row_fault_words(RowFault(2, each)) is None]


def test_a_sentence_without_chinese_is_seen() -> None:
    planted = "def f(x):\n    raise ValueError(f'the thing {x} is odd')\n"
    assert [row_fault_words(RowFault(2, each)) for each in sentences(planted)] == [None]
