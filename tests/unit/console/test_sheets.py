"""Files to take away: readable by Excel, and no cell of them is a formula."""

import csv
import io

import openpyxl
import pytest

from services.console.web.sheets import FORMULA_MARKS, Sheet, as_csv, as_xlsx, harmless

ATTACKS = [f"{mark}1+1|cmd" for mark in FORMULA_MARKS]
SHEET = Sheet("各部门", ("部门", "按期率"), (("公安分局", 96.4), ("法院", "无应办件")), ("数据截至 2026-11-28",))


def read_csv(sheet: Sheet) -> list[list[str]]:
    return list(csv.reader(io.StringIO(as_csv(sheet).decode("utf-8-sig"), newline="")))


def read_xlsx(sheet: Sheet) -> "openpyxl.worksheet.worksheet.Worksheet":  # type: ignore[name-defined]
    page = openpyxl.load_workbook(io.BytesIO(as_xlsx(sheet))).active
    assert page is not None
    return page


def test_both_files_hold_the_same_and_excel_knows_the_chinese() -> None:
    assert as_csv(SHEET).startswith(b"\xef\xbb\xbf")
    assert read_csv(SHEET) == [
        ["部门", "按期率"],
        ["公安分局", "96.4"],
        ["法院", "无应办件"],
        [],
        ["数据截至 2026-11-28"],
    ]
    page = read_xlsx(SHEET)
    assert (page.title, page.freeze_panes) == ("各部门", "A2")
    assert page["B2"].value == 96.4, "a number stays one"
    assert page["A1"].font.bold


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("where", ["head", "row", "note"])
def test_what_would_be_a_formula_is_text(attack: str, where: str) -> None:
    sheet = Sheet(
        "x",
        (attack if where == "head" else "a",),
        ((attack if where == "row" else "b",),),
        (attack if where == "note" else "c",),
    )
    assert attack != "".join(cell for row in read_csv(sheet) for cell in row)
    assert not [cell for row in read_csv(sheet) for cell in row if cell.startswith(FORMULA_MARKS)]
    cells = [cell for row in read_xlsx(sheet).iter_rows() for cell in row if cell.value is not None]
    assert cells
    assert not [cell for cell in cells if cell.data_type == "f" or str(cell.value).startswith(FORMULA_MARKS)]


def test_a_formula_that_is_not_made_harmless_would_be_seen() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "=1+1"
    assert book.active["A1"].data_type == "f"


def test_numbers_and_what_cannot_be_printed() -> None:
    assert [harmless(one) for one in (-1, 0, 96.4, None, "a-b", "x\0y")] == [-1, 0, 96.4, None, "a-b", "xy"]
