"""What the pages of rules read from forms and files, and whom they let."""

import json
from typing import Any, cast

import pytest
from starlette.requests import Request

from deploy.packs import default_pack
from services.console.errors import SheetUnreadable
from services.console.web.desk import NotSignedIn
from services.console.web.pages.rules_draft import ALONE_PARTS, read_alone, require_may_draft
from services.console.web.pages.rules_sheets import entries_of, row_of
from services.console.web.rule_tables import TABS, Teller, alone_text, parts_of
from services.console.web.rule_words import SECTIONS, field_word
from services.console.web.words import TABLES, choice_words
from shared.centre.sections import BY_NAME, LISTS, entries
from shared.contracts.actors import Actor, Role
from shared.contracts.dispatch import ApplyCentrePack, ApprovePackDraft, DraftCentrePack
from shared.contracts.rights import RIGHTS
from shared.errors import NotAllowed

CONTENT: dict[str, Any] = default_pack().model_dump(mode="json")


def word(code: str, table: str) -> str:
    return choice_words(table).get(code, code)


THERE = [
    section for section in LISTS if entries(CONTENT, section)
]  # what the default pack has none of: test_pack_forms


@pytest.mark.parametrize("section", THERE, ids=lambda one: one.name)
def test_a_downloaded_table_uploads_as_it_was(section: Any) -> None:
    rows = entries(CONTENT, section)
    columns = list(row_of(section, rows[0]))
    heading = tuple(field_word(section.name, column) for column in columns)
    told = [dict(zip(heading, row_of(section, row).values(), strict=True)) for row in rows]
    read, faults = entries_of(section, heading, tuple(enumerate(told, start=2)))
    assert (read, faults) == (rows, [])


def test_a_column_nobody_knows_and_a_row_at_fault_are_told() -> None:
    with pytest.raises(SheetUnreadable, match="颜色"):
        entries_of(BY_NAME["windows"], ("代码", "颜色"), ())
    row = {"code": "x", "name": "", "kind": "固定", "unit": "police"}
    read, faults = entries_of(BY_NAME["windows"], tuple(row), ((2, row),))
    assert read == []
    assert [(number, fault.field, fault.code) for number, fault in faults] == [(2, "name", "missing")]


@pytest.mark.parametrize("part", sorted(ALONE_PARTS))
def test_a_part_that_is_one_value_is_read_back_as_it_was(part: str) -> None:
    value, said = read_alone(part, alone_text(CONTENT[part]))
    assert (value, said) == (CONTENT[part], ())


@pytest.mark.parametrize(
    ("part", "typed"),
    [("office_hours", "sessions: ["), ("handing", "hops_max: many"), ("handing", "surprise: 1"), ("directors", "5")],
)
def test_what_does_not_fit_a_part_is_said(part: str, typed: str) -> None:
    assert read_alone(part, typed)[1]


def test_every_part_of_a_pack_has_its_place_and_its_word() -> None:
    shown = {part for parts in TABS.values() for part in parts}
    assert shown | ALONE_PARTS == set(BY_NAME) | ALONE_PARTS
    assert set(CONTENT) <= set(SECTIONS)
    assert all(json.dumps(table) for table in TABLES)


@pytest.mark.parametrize("tab", TABS)
def test_a_table_says_names_and_words_not_codes(tab: str) -> None:
    for part in parts_of(tab, CONTENT, Teller(CONTENT, word)):
        told = " ".join(cell for row in part.rows for cell in row.cells)
        assert not {"on_call", "working_day", "grid_patrol", "days_off"} & set(told.split())


class _Web:
    def __init__(self, role: Role | None) -> None:
        account = type("Account", (), {"actor": role and Actor(staff="somebody", role=role)})
        who = type("Who", (), {"account": account}) if role else None
        self.state = type("State", (), {"signed_in": who})


def test_only_an_administrator_writes_a_draft() -> None:
    require_may_draft(cast(Request, _Web(Role.ADMINISTRATOR)))
    with pytest.raises(NotAllowed):
        require_may_draft(cast(Request, _Web(Role.DUTY_DIRECTOR)))
    with pytest.raises(NotSignedIn):
        require_may_draft(cast(Request, _Web(None)))


def test_who_drafts_and_who_approves_are_people_of_the_centre() -> None:
    assert RIGHTS[DraftCentrePack.NAME] == {Role.ADMINISTRATOR}
    assert RIGHTS[ApprovePackDraft.NAME] == {
        *(Role.ADMINISTRATOR, Role.DUTY_DIRECTOR, Role.COMMANDER, Role.DEPUTY_COMMANDER)
    }
    assert Role.DUTY_DIRECTOR not in RIGHTS[ApplyCentrePack.NAME]
