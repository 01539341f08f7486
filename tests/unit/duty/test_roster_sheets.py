"""Rosters from sheets: read, compared with what is stored, written; a faulty row is named with its rule."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook

from deploy.importer.reading import FileUnreadable
from deploy.packs import default_pack, default_pack_dir
from deploy.roster_sheets import read_sheet, write_sheet
from deploy.rosters import load_rosters
from services.dispatch.policy.duty import checked_roster
from shared.duty import Override, Roster
from shared.rosters.columns import COLUMNS
from shared.rosters.differences import plan_of
from shared.rosters.rows import SheetFaulty, sheet_of
from tests.support.roster_rows import FAULTY, FIRST

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
PACK = default_pack()
CHINESE = """排班,类型,名称,轮次,班次,周期,起始日,交班时间,星期,日子,岗位,调整,替谁,开始时间,结束时间,事由
zr,轮值主任,轮值主任,zhu,主班,每周,2026-11-23,08:30,,工作日,police.director,,,,,
zr,,,zhu,,,,,,,market.director,,,,,
zr,,,fu,副班,每天,2026-11-23,,"周一、周三",,police.deputy,,,,,
zr,,,,,,,,,,court.a,替班,police.director,2026-11-25 08:00,2026-11-26 08:00,外出开会
"""


def stored() -> list[Roster]:
    return [checked_roster(PACK, roster) for roster in load_rosters(default_pack_dir())]


def sheet(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    file = tmp_path / "rosters.csv"
    file.write_bytes(text.encode(encoding))
    return file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_sheet_in_the_words_of_the_trade(tmp_path: Path, encoding: str) -> None:
    plan = plan_of(sheet_of(read_sheet(sheet(tmp_path, CHINESE, encoding))), [], PACK, now=NOW)
    (roster,) = plan.rosters
    primary, backup = roster.rotations
    assert [member.staff for member in primary.members] == ["police.director", "market.director"]
    assert [member.unit for member in primary.members] == ["police", "market"]
    assert (primary.every, primary.days, primary.changes_at) == ("weekly", "workdays", time(8, 30))
    assert (backup.shift, backup.weekdays) == ("backup", (0, 2))
    ((row, code, override),) = plan.overrides
    assert (row, code, override.action, override.instead_of, override.origin) == (
        5,
        "zr",
        "replace",
        "police.director",
        "import",
    )
    assert override.starts_at == datetime(2026, 11, 25, 0, tzinfo=UTC)
    assert plan.words[0].startswith("zr: new roster")


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_what_is_exported_and_imported_again_changes_nothing(tmp_path: Path, name: str) -> None:
    override = Override(
        action="add",
        staff="police.reserve",
        unit="police",
        starts_at=NOW,
        ends_at=NOW + timedelta(days=1),
        reason="大型活动",
        made_at=NOW,
    )
    rosters = stored()
    rosters[0] = rosters[0].model_copy(update={"overrides": (override,)})
    rows = write_sheet(tmp_path / name, rosters, now=NOW)
    assert rows == 1 + sum(len(each.members) for roster in rosters for each in roster.rotations)
    plan = plan_of(sheet_of(read_sheet(tmp_path / name)), rosters, PACK, now=NOW)
    assert (plan.rosters, plan.overrides, plan.words) == ((), (), ())
    assert plan.left == len(rosters) + 1


def test_a_workbook_with_its_own_kinds_of_cells(tmp_path: Path) -> None:
    workbook = Workbook()
    assert workbook.active is not None
    workbook.active.append(
        ["roster", "kind", "title", "rotation", "every", "length", "starts_on", "changes_at", "staff"]
    )
    workbook.active.append(["l", "leader", "领导", "p", "daily", 2.0, date(2026, 11, 23), time(8, 30), "commander.1"])
    workbook.active.append([None] * 9)
    workbook.active.append(["l", None, None, "p", None, None, datetime(2026, 11, 23), None, "deputy.1"])  # noqa: DTZ001
    workbook.save(tmp_path / "a.xlsx")
    (roster,) = sheet_of(read_sheet(tmp_path / "a.xlsx")).rosters
    (rotation,) = roster.rotations
    assert (rotation.length, rotation.starts_on, rotation.changes_at) == (2, date(2026, 11, 23), time(8, 30))
    assert len(rotation.members) == 2


def test_the_differences_are_said_in_words() -> None:
    before = stored()
    director = before[0]
    primary = director.rotations[0].model_copy(update={"members": director.rotations[0].members[:2], "length": 2})
    from shared.rosters.differences import roster_changes

    after = director.model_copy(update={"title": "主任表", "rotations": (primary,)})
    words = list(roster_changes(director, after))
    assert words[0] == "title: 轮值主任 -> 主任表"
    assert words[1] == "rotation backup ends"
    assert words[2].startswith("rotation primary, members: party-masses.director, governance-office.director, ")
    assert words[3] == "rotation primary, length: 1 -> 2"
    assert list(roster_changes(director, director)) == []


@pytest.mark.parametrize(("rows", "number", "says"), FAULTY)
def test_a_faulty_row_is_named_by_its_number_and_its_rule(tmp_path: Path, rows: str, number: int, says: str) -> None:
    with pytest.raises(SheetFaulty) as refused:
        plan_of(sheet_of(read_sheet(sheet(tmp_path, FIRST + rows))), [], PACK, now=NOW)
    assert refused.value.faults[0].row == number
    assert says in refused.value.faults[0].rule


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        (FIRST, "no rows"),
        ("roster,colour\na,b\n", "colour"),
        ("roster,排班\na,b\n", "twice"),
        (FIRST + "d,,,p,,,a,,,,,,,extra\n", "row 2"),
    ],
)
def test_a_sheet_that_is_none_is_refused_as_a_whole(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(FileUnreadable, match=says):
        read_sheet(sheet(tmp_path, text))


def test_a_workbook_that_is_none_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    with pytest.raises(FileUnreadable, match="cannot read"):
        read_sheet(file)
    file.write_bytes(b"not a workbook")
    with pytest.raises(FileUnreadable, match="no XLSX"):
        read_sheet(file)


def test_every_column_has_a_chinese_heading_of_its_own() -> None:
    assert len(set(COLUMNS.values())) == len(COLUMNS)
