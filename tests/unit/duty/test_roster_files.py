"""Rosters from a YAML file: the one that comes with Muster, and every fault with its line."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from deploy.packs import default_pack, default_pack_dir
from deploy.rosters import RostersFaulty, load_rosters
from services.dispatch.policy.duty import checked_roster
from shared.centre.working_time import calendar_of
from shared.duty import gaps, who

AT = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_the_rosters_that_come_with_muster_fit_the_pack_and_leave_no_gap() -> None:
    pack = default_pack()
    rosters = {roster.code: checked_roster(pack, roster) for roster in load_rosters(default_pack_dir())}
    calendar = calendar_of(pack)
    primary, backup = who(rosters["director"], AT, calendar)
    assert (primary.shift, backup.shift) == ("primary", "backup")
    assert primary.unit == backup.unit
    assert {member.unit for member in rosters["director"].rotations[0].members} == set(pack.directors)
    rotating = {unit.code for unit in pack.units if unit.presence == "rotating"}
    assert {each.members[0].unit for each in rosters["hall"].rotations} == rotating
    assert {each.unit for each in who(rosters["hall"], AT, calendar)} < rotating
    for roster in rosters.values():
        assert gaps(roster, calendar, AT, AT + timedelta(days=400)) == ()


HEAD = "rosters:\n  - code: a\n    kind: leader\n    title: 领导\n"
TURNS = "    rotations:\n      - {id: p, every: weekly, starts_on: '2026-01-05', members: [commander.1]}\n"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (HEAD + TURNS + "    colour: red\n", 7, "'colour' is not known"),
        (HEAD + TURNS.replace("weekly", "yearly"), 6, "yearly"),
        (HEAD + TURNS.replace("[commander.1]", "[]"), 6, "empty"),
        (HEAD + TURNS.replace("'2026-01-05'", "'2026-02-30'"), 6, "2026-02-30"),
        (HEAD + TURNS.replace("id: p", "id: p, opens: '08:00'"), 6, "only one of 'opens' and 'closes'"),
        (HEAD + TURNS.replace("id: p", "id: p, weekdays: [someday]"), 6, "someday"),
        (HEAD + TURNS + (HEAD + TURNS).removeprefix("rosters:\n"), 7, "two rosters are called 'a'"),
        (
            HEAD
            + TURNS
            + "    overrides:\n      - {action: add, staff: deputy.1, starts_at: '2026-12-01T08:00:00+08:00',"
            + " ends_at: '2026-12-02T08:00:00+08:00', reason: 有事}\n",
            7,
            "written with overrides",
        ),
        ("rosters: []\n", 1, "empty"),
        ("rosters:\n  - code: [\n", 3, "not valid YAML"),
    ],
)
def test_a_faulty_file_is_refused_with_its_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    file = tmp_path / "rosters.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RostersFaulty) as refused:
        load_rosters(file)
    fault = refused.value.faults[0]
    assert (fault.file, fault.line) == ("rosters.yaml", line)
    assert says in fault.what


def test_weekdays_and_members_may_be_written_short(tmp_path: Path) -> None:
    file = tmp_path / "rosters.yaml"
    file.write_text(HEAD + TURNS.replace("id: p", "id: p, weekdays: [mon, 2, Sun]"), encoding="utf-8")
    (roster,) = load_rosters(tmp_path)
    assert roster.rotations[0].weekdays == (0, 2, 6)
    assert roster.rotations[0].members[0].staff == "commander.1"
