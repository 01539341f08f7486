"""Entries of a pack as forms and as sheets: what is read back is what was there; what is wrong is said by field."""

from typing import Any

import pytest

from deploy.packs import default_pack
from services.console.errors import EntryKeyTaken
from services.console.policy.pack_edits import NEW, moved, put, rebased, removed
from services.console.policy.pack_fields import (
    BETWEEN,
    EntryFaulty,
    cells_of,
    fields_of,
    read_entry,
    typed_from,
)
from shared.centre.changes import pack_changes
from shared.centre.prove import proved
from shared.centre.sections import BY_NAME, LISTS, Entry, entries, keyed
from shared.errors import NotFound
from shared.sheets.tables import FileUnreadable, csv_file, table_of, xlsx_file

CONTENT: dict[str, Any] = default_pack().model_dump(mode="json")
MORE: dict[str, list[Entry]] = {
    "holiday_years": [
        {
            "year": 2027,
            "notice": "国办发明电",
            "days_off": [{"from_": "2027-01-01", "to": "2027-01-03", "name": "元旦"}],
            "workdays": ["2027-01-04"],
        }
    ],
    "closures": [{"from_": "2026-12-05", "to": None, "reason": "停电检修", "townships": ["350521104"]}],
    "openings": [{"from_": "2026-12-06", "to": "2026-12-07", "reason": "加班受理", "townships": []}],
}
EVERY = [(section, entry) for section in LISTS for entry in (*entries(CONTENT, section), *MORE.get(section.name, []))]


@pytest.mark.parametrize(("section", "entry"), EVERY, ids=lambda one: getattr(one, "name", ""))
def test_an_entry_shown_as_a_form_or_a_row_is_read_back_as_it_was(section: Any, entry: Entry) -> None:
    assert read_entry(section, typed_from(section, entry)) == entry
    row = {name: [cell] for name, cell in cells_of(section, entry).items()}
    assert read_entry(section, row) == entry


def test_every_part_has_an_example() -> None:
    assert {section.name for section, _ in EVERY} == set(BY_NAME)


def typed(section: str, **change: str) -> dict[str, list[str]]:
    told = typed_from(BY_NAME[section], entries(CONTENT, BY_NAME[section])[0])
    return told | {name.replace("__", "."): [value] for name, value in change.items()}


@pytest.mark.parametrize(
    ("section", "change", "field", "code"),
    [
        ("units", {"name": ""}, "name", "missing"),
        ("units", {"presence": "sometimes"}, "presence", "literal_error"),
        ("units", {"liaison__code": "With Space"}, "liaison.code", "string_pattern_mismatch"),
        ("limits", {"amount": "five"}, "amount", "int_parsing"),
        ("ladders", {"steps": "- from: [due"}, "steps", "yaml"),
        ("ladders", {"steps": "- &a {from: due, minutes: 1}\n- *a"}, "steps", "yaml"),
        ("ladders", {"steps": "- {from: due, minutes: 1, surprise: 2}"}, "steps.surprise", "extra_forbidden"),
        ("rules", {"valid_from": "next week"}, "valid_from", "date_parsing"),
    ],
)
def test_what_is_wrong_is_said_by_field(section: str, change: dict[str, str], field: str, code: str) -> None:
    with pytest.raises(EntryFaulty) as faulty:
        read_entry(BY_NAME[section], typed(section, **change))
    assert (field, code) in {(fault.field, fault.code) for fault in faulty.value.faults}


def test_several_are_written_in_one_cell() -> None:
    told = read_entry(BY_NAME["units"], typed("units", aliases=f"甲{BETWEEN}乙;丙\n丁"))
    assert told["aliases"] == ["甲", "乙", "丙", "丁"]


def test_references_are_chosen_and_words_are_typed() -> None:
    fields = {field.name: field for field in fields_of(BY_NAME["rules"])}
    assert (fields["unit"].kind, fields["unit"].of) == ("choice", "units")
    assert (fields["categories"].kind, fields["categories"].of) == ("choices", "categories")
    assert fields["levels"].options == ("I", "II", "III", "IV")
    assert "line" not in fields


# -- edits -------------------------------------------------------------------------------------------------------------


def test_put_removed_and_moved_change_one_entry_and_leave_the_pack_before_alone() -> None:
    section = BY_NAME["rules"]
    first, second = list(keyed(CONTENT, section))[:2]
    entry = keyed(CONTENT, section)[first] | {"source": "新依据"}
    before = pack_changes(CONTENT, CONTENT)
    assert [(one.key, one.fields) for one in pack_changes(CONTENT, put(CONTENT, section, first, entry))] == [
        (first, ("source",))
    ]
    assert [one.kind for one in pack_changes(CONTENT, removed(CONTENT, section, first))] == ["removed"]
    assert list(keyed(moved(CONTENT, section, first, 1), section))[:2] == [second, first]
    assert list(keyed(moved(CONTENT, section, first, -1), section))[:2] == [first, second]
    fresh = put(CONTENT, section, NEW, entry | {"id": "fresh"})
    assert list(keyed(fresh, section))[-1] == "fresh"
    assert pack_changes(CONTENT, CONTENT) == before


def test_a_code_is_taken_once_and_what_is_not_there_is_not_changed() -> None:
    section = BY_NAME["units"]
    first, second = list(keyed(CONTENT, section))[:2]
    with pytest.raises(EntryKeyTaken):
        put(CONTENT, section, first, keyed(CONTENT, section)[second])
    for act in (lambda: removed(CONTENT, section, "nobody"), lambda: moved(CONTENT, section, "nobody", 1)):
        with pytest.raises(NotFound):
            act()


def test_own_changes_are_made_to_what_came_into_force_meanwhile() -> None:
    units, limits = BY_NAME["units"], BY_NAME["limits"]
    one, two = list(keyed(CONTENT, units))[:2]
    own = put(CONTENT, units, one, keyed(CONTENT, units)[one] | {"name": "我改的"})
    own = {**own, "title": "我的标题"}
    theirs = put(CONTENT, units, two, keyed(CONTENT, units)[two] | {"name": "别人改的"})
    first_limit = next(iter(keyed(CONTENT, limits)))
    theirs = put(theirs, limits, first_limit, keyed(CONTENT, limits)[first_limit] | {"note": "别人注的"})
    made, both = rebased(CONTENT, own, theirs)
    assert both == ()
    assert {(each.section, each.key) for each in pack_changes(theirs, made)} == {("units", one), ("title", "-")}
    contested = put(theirs, units, one, keyed(theirs, units)[one] | {"name": "别人也改了"})
    made, both = rebased(CONTENT, own, contested)
    assert [(each.section, each.key) for each in both] == [("units", one)]
    assert keyed(made, units)[one]["name"] == "我改的"
    assert proved(made).title == "我的标题"


# -- files -------------------------------------------------------------------------------------------------------------

ROWS = [["police", "公安；分局", "=1+1", "第一行\n第二行"], ["350521104", "-5", "", "'引号"]]
COLUMNS = ("code", "name", "note", "words")


@pytest.mark.parametrize("written", [csv_file, xlsx_file])
def test_a_file_is_read_back_as_it_was_written(written: Any) -> None:
    table = table_of("名册", written(COLUMNS, ROWS))
    assert table.columns == COLUMNS
    assert [list(row.values()) for _, row in table.rows] == ROWS
    assert [number for number, _ in table.rows] == [2, 3]


def test_no_cell_of_a_file_is_reckoned() -> None:
    assert b"'=1+1" in csv_file(COLUMNS, ROWS)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"PK\x03\x04 nothing of the kind", "no XLSX workbook"),
        (b"\x00\x01\x02", "not a CSV text file"),
        (b"code,code\n1,2\n", "names a column twice"),
        (b"code\n", "no rows"),
        (b"", "is empty"),
    ],
)
def test_what_is_no_table_is_refused_in_words(raw: bytes, says: str) -> None:
    with pytest.raises(FileUnreadable, match=says):
        table_of("名册", raw)


def test_a_workbook_that_would_fill_the_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.sheets.tables.UNPACKED_BYTES_MAX", 1000)
    with pytest.raises(FileUnreadable, match="unpacks to more than"):
        table_of("名册", xlsx_file(COLUMNS, ROWS))
