"""Holiday notices an administrator adds to a pack: what they settle, and what is refused with file and line."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from shared.calendar.published import holiday_name, makeup_name, published_years
from shared.calendar.working import day_book
from shared.centre.errors import Fault, PackFaulty
from shared.centre.load import load_pack
from shared.centre.pack import CentrePack
from shared.centre.working_time import calendar_of

# Far enough ahead that no notice is published while these tests live; the festivals fall by the lunar calendar.
# Spring Festival 2035 is 8 February, Tomb-sweeping 5 April, Dragon Boat 10 June, Mid-Autumn 16 September.
NOTICE = """\
year: 2035
notice: 样例通知
days_off:
  - {from: 2034-12-30, to: 2035-01-01, name: 元旦}
  - {from: 2035-02-07, to: 2035-02-13, name: 春节}
  - {from: 2035-04-05, name: 清明节}
  - {from: 2035-05-01, to: 2035-05-03, name: 劳动节}
  - {from: 2035-06-10, name: 端午节}
  - {from: 2035-09-16, name: 中秋节}
  - {from: 2035-10-01, to: 2035-10-05, name: 国庆节}
workdays: [2035-02-17, 2035-02-24]
"""


@pytest.fixture
def noticed(folder: Path) -> Path:
    (folder / "holidays-2035.yaml").write_text(NOTICE, encoding="utf-8")
    return folder


def day(pack: CentrePack, *when: int) -> tuple[bool, str, bool]:
    found = day_book(calendar_of(pack)).day(date(*when))
    return found.works, found.why, found.provisional


def faults(folder: Path) -> list[Fault]:
    with pytest.raises(PackFaulty) as refused:
        load_pack(folder)
    return list(refused.value.faults)


def test_a_notice_settles_its_year(folder: Path, noticed: Path) -> None:
    pack = load_pack(noticed)
    assert [each.year for each in pack.holiday_years] == [2035]
    assert day(pack, 2035, 2, 12) == (False, "public holiday (春节, 样例通知)", False)
    assert day(pack, 2035, 2, 17) == (True, "make-up workday (调休, 样例通知)", False)
    assert day(pack, 2035, 7, 3) == (True, "working day", False), "what it does not name is settled too"
    assert day(pack, 2034, 12, 30) == (False, "public holiday (元旦, 样例通知)", False)
    assert day(pack, 2035, 12, 28)[2] is True, "the notice after it may still move the last week"
    (folder / "holidays-2035.yaml").unlink()
    assert day(load_pack(folder), 2035, 7, 3)[2] is True


@pytest.mark.parametrize("name", ["2035.yaml", "holidays-2035.yaml"])
def test_a_notice_may_lie_in_a_folder_of_its_own(name: str, folder: Path) -> None:
    (folder / "holidays").mkdir()
    (folder / "holidays" / name).write_text(NOTICE, encoding="utf-8")
    assert day(load_pack(folder), 2035, 7, 3) == (True, "working day", False)
    (folder / "holidays" / name).write_text(NOTICE.replace("notice: 样例通知\n", ""), encoding="utf-8")
    assert [(fault.file, fault.line) for fault in faults(folder)] == [(f"holidays/{name}", 1)]


def test_the_centre_s_own_list_beats_the_notice(noticed: Path) -> None:
    text = (noticed / "centre.yaml").read_text(encoding="utf-8")
    text += "openings:\n  - {from: 2035-02-12, reason: 补班}\nclosures:\n  - {from: 2035-02-17, reason: 台风}\n"
    (noticed / "centre.yaml").write_text(text, encoding="utf-8")
    pack = load_pack(noticed)
    assert day(pack, 2035, 2, 12) == (True, "working day by the centre's own list (补班)", False)
    assert day(pack, 2035, 2, 17) == (False, "closed by the centre's own list (台风)", False)


def test_it_is_part_of_the_pack_and_its_version(folder: Path, noticed: Path) -> None:
    pack = load_pack(noticed)
    kept = CentrePack.model_validate_json(json.dumps(pack.model_dump(mode="json")), strict=True)
    assert kept == pack
    assert calendar_of(kept) is calendar_of(pack)
    (folder / "holidays-2035.yaml").unlink()
    assert load_pack(folder).version != pack.version


# old text, new text; marker of the faulty line, words of the fault
PLANTS: dict[str, tuple[str, str, str, str]] = {
    "rests that overlap": (
        "  - {from: 2035-05-01,",
        "  - {from: 2035-04-30, to: 2035-05-01, name: 劳动节}\n  - {from: 2035-05-01,",
        "from: 2035-05-01,",
        "2035-05-01 is listed twice among the days off",
    ),
    "a day off that is worked": (
        "2035-02-17,",
        "2035-02-10,",
        "workdays",
        "2035-02-10 is both a day off and a make-up workday",
    ),
    "a make-up workday twice": (
        "2035-02-24]",
        "2035-02-17]",
        "workdays",
        "2035-02-17 is listed twice among the make-up workdays",
    ),
    "a make-up workday in the week": (
        "2035-02-17,",
        "2035-02-16,",
        "workdays",
        "2035-02-16 is a Friday, which is worked in any case",
    ),
    "a workday of another year": ("2035-02-24]", "2036-02-24]", "workdays", "2036-02-24 is a day of another year"),
    "a day off of another year": (
        "from: 2034-12-30, to",
        "from: 2034-12-24, to",
        "2034-12-24",
        "2034-12-24 is a day of another year",
    ),
    "a rest backwards": (
        "from: 2035-02-07, to: 2035-02-13",
        "from: 2035-02-13, to: 2035-02-07",
        "2035-02-13",
        "from 2035-02-13 back to 2035-02-07",
    ),
    "a rest of a century": ("2035-02-13", "2135-02-13", "2135", "more than a year"),
    "half a notice": (
        "  - {from: 2035-06-10, name: 端午节}\n",
        "",
        "days_off",
        "2035-06-10 (端午节) is no day off here",
    ),
    "another year than the file's": ("year: 2035", "year: 2034", "year: 2034", "named for 2035 and holds the notice"),
    "no year": ("year: 2035\n", "", "notice", "'year' is missing"),
    "no notice": ("notice: 样例通知", 'notice: ""', 'notice: ""', "too short"),
    "no such day": ("2035-04-05", "2035-02-29", "2035-02-29", "does not fit"),
    "an unknown field": ("name: 清明节}", "nam: 清明节}", "nam: 清明节", "Write 'name'"),
    "a key twice": ("notice: 样例通知", "notice: 样例通知\nnotice: 又一", "notice: 又一", "is written twice"),
    "no YAML": ("days_off:", "days_off: [", "  - {from: 2034", "not valid YAML"),
}


@pytest.mark.parametrize("name", PLANTS)
def test_is_refused_with_file_line_and_advice(name: str, noticed: Path) -> None:
    old, new, at, says = PLANTS[name]
    file = noticed / "holidays-2035.yaml"
    assert old in NOTICE
    text = NOTICE.replace(old, new, 1)
    file.write_text(text, encoding="utf-8")
    found = [fault for fault in faults(noticed) if says in str(fault)]
    line = text[: text.index(at)].count("\n") + 1
    assert [(fault.file, fault.line) for fault in found] == [("holidays-2035.yaml", line)], faults(noticed)
    assert all(fault.advice for fault in found)


def test_a_year_given_twice_names_both_files(noticed: Path) -> None:
    (noticed / "holidays").mkdir()
    (noticed / "holidays" / "2035.yaml").write_text(NOTICE, encoding="utf-8")
    (fault,) = faults(noticed)
    assert (fault.file, fault.line) == ("holidays/2035.yaml", 1)
    assert "the year 2035 is given twice, also in holidays-2035.yaml" in fault.what


@pytest.mark.parametrize(
    ("stray", "meant"),
    [("holiday-2035.yaml", "holidays-2035.yaml"), ("holidays_2035.yaml", "holidays-2035.yaml")],
)
def test_a_misspelt_file_is_refused(stray: str, meant: str, folder: Path) -> None:
    (folder / stray).write_text(NOTICE, encoding="utf-8")
    (fault,) = faults(folder)
    assert (fault.file, fault.advice) == (stray, f"Rename it to {meant}")


def test_a_file_in_the_folder_that_names_no_year_is_refused(folder: Path) -> None:
    (folder / "holidays").mkdir()
    (folder / "holidays" / "notice-2035.yml").write_text(NOTICE, encoding="utf-8")
    (fault,) = faults(folder)
    assert (fault.file, fault.advice) == ("holidays/notice-2035.yml", "Rename it to 2035.yaml")


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "[]", "year: [", "a: 1\n---\nb: 2\n", "year: \x00", "7"])
def test_garbage_is_a_fault_of_its_file_and_nothing_else(text: str, noticed: Path) -> None:
    (noticed / "holidays-2035.yaml").write_text(text, encoding="utf-8")
    assert {fault.file for fault in faults(noticed)} == {"holidays-2035.yaml"}


def published_notice(year: int) -> str:
    """The published table as a file, so that it says the same."""
    every = [date.fromordinal(each) for each in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())]
    off = [f"  - {{from: {each}, name: 假日}}" for each in every if holiday_name(each)]
    on = ", ".join(str(each) for each in every if makeup_name(each))
    return "\n".join([f"year: {year}", "notice: 国务院办公厅通知", "days_off:", *off, f"workdays: [{on}]", ""])


@pytest.mark.parametrize("year", [2018, 2024, 2025, 2026])
def test_a_published_year_may_be_entered_as_it_is(year: int, folder: Path) -> None:
    (folder / f"holidays-{year}.yaml").write_text(published_notice(year), encoding="utf-8")
    assert [each.year for each in load_pack(folder).holiday_years] == [year]
    assert year in published_years()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("  - {from: 2026-02-23, name: 假日}\n", "", "2026-02-23 is worked here, but off as published"),
        ("2026-02-28", "2026-03-01", "2026-02-28 is off here, but worked as published"),
        ("2026-02-28", "2026-03-01", "2026-03-01 is worked here, but off as published"),
        ("2026-10-07", "2026-10-08", "2026-10-08 is off here, but worked as published"),
    ],
)
def test_what_contradicts_the_published_year_is_named_by_its_day(old: str, new: str, says: str, folder: Path) -> None:
    text = published_notice(2026)
    assert old in text
    (folder / "holidays-2026.yaml").write_text(text.replace(old, new), encoding="utf-8")
    found = faults(folder)
    assert {fault.file for fault in found} == {"holidays-2026.yaml"}
    assert [fault.what for fault in found if says in fault.what] == [says]


def test_a_plant_like_this_is_seen_only_by_the_check(noticed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard of the guard: without the check the bad notice would go through."""
    bad = NOTICE.replace("2035-02-17,", "2035-02-10,")
    (noticed / "holidays-2035.yaml").write_text(bad, encoding="utf-8")
    nothing: Callable[..., tuple[Fault, ...]] = lambda *_: ()  # noqa: E731 -- stands in for the check
    monkeypatch.setattr("shared.centre.check_times.broken_notices", nothing)
    assert load_pack(noticed).name == "small"
