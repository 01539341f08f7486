"""A roster's week as people read it: who on which day, in which hours, and where nobody is."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from deploy.packs import default_pack, default_pack_dir
from deploy.rosters import load_rosters
from services.console.policy.duty_week import monday_of, own_turns, week_of
from services.console.web.pages.roster_sheets import told_rotation
from services.console.web.post_names import post_name
from shared.centre.working_time import calendar_of
from shared.duty import Gap, Override
from shared.rosters.posts import checked_roster

PACK = default_pack()
ZONE = ZoneInfo(PACK.timezone)
CALENDAR = calendar_of(PACK)
MONDAY = date(2026, 11, 23)
DIRECTORS = checked_roster(
    PACK, next(roster for roster in load_rosters(default_pack_dir()) if roster.code == "director")
)


def local(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=ZONE)


def test_a_week_begins_on_its_monday() -> None:
    days = [MONDAY + timedelta(days=each) for each in range(8)]
    assert [monday_of(day) for day in days] == [MONDAY] * 7 + days[7:]


def test_the_turn_changes_on_monday_morning_and_holds_all_week() -> None:
    week = week_of(DIRECTORS, MONDAY, CALENDAR, ZONE)
    assert [day.day for day in week] == [MONDAY + timedelta(days=each) for each in range(7)]
    outgoing, incoming = week[0].primary
    assert (outgoing.since, outgoing.until, incoming.since, incoming.until) == (None, time(8), time(8), None)
    assert outgoing.staff != incoming.staff
    for day in week[1:]:
        assert [(turn.staff, turn.since, turn.until) for turn in day.primary] == [(incoming.staff, None, None)]
        assert [turn.unit for turn in day.backup] == [turn.unit for turn in day.primary]


def test_who_stands_in_is_shown_in_their_hours_with_the_reason() -> None:
    (_, on_duty), *_ = (day.primary for day in week_of(DIRECTORS, MONDAY, CALENDAR, ZONE))
    stands_in = Override(
        action="replace",
        staff="market.director",
        instead_of=on_duty.staff,
        starts_at=local(25, 9),
        ends_at=local(25, 18),
        reason="公出",
    )
    changed = DIRECTORS.model_copy(update={"overrides": (stands_in,)})
    wednesday = week_of(changed, MONDAY, CALENDAR, ZONE)[2]
    assert [(turn.staff, turn.since, turn.until) for turn in wednesday.primary] == [
        (on_duty.staff, None, time(9)),
        ("market.director", time(9), time(18)),
        (on_duty.staff, time(18), None),
    ]
    assert "公出" in wednesday.primary[1].why


def test_a_gap_stands_on_each_day_it_touches_and_on_no_other_roster() -> None:
    gap = Gap(roster="director", kind="duty_director", unit=None, starts_at=local(24, 20), ends_at=local(26, 8))
    week = week_of(DIRECTORS, MONDAY, CALENDAR, ZONE, [gap])
    assert [day.bare for day in week[:4]] == [(), ((time(20), None),), ((None, None),), ((None, time(8)),)]
    elsewhere = gap.model_copy(update={"roster": "leader"})
    assert all(not day.bare for day in week_of(DIRECTORS, MONDAY, CALENDAR, ZONE, [elsewhere]))


def test_own_turns_are_the_posts_own_and_its_units() -> None:
    start = datetime(2026, 1, 5, tzinfo=UTC)
    end = start + timedelta(days=120)
    police = own_turns([DIRECTORS], "police.director", None, start, end, CALENDAR)
    assert {turn.staff for turn in police} == {"police.director"}
    unit = own_turns([DIRECTORS], "somebody", "police", start, end, CALENDAR)
    assert {turn.staff for turn in unit} == {"police.director", "police.director-backup"}
    assert own_turns([DIRECTORS], "somebody", None, start, end, CALENDAR) == []


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("police.director", "公安分局主任"),
        ("police.director-backup", "公安分局副班主任"),
        ("enforcement-emergency.duty-2", "执法应急局值班岗2"),
        ("commander.1", "指挥长 1"),
        ("deputy.2", "副指挥长 2"),
        ("somebody.else", "somebody.else"),
        (PACK.units[0].lead.code, PACK.units[0].lead.title),
    ],
)
def test_a_post_is_called_by_its_unit_and_its_duty(code: str, name: str) -> None:
    assert post_name(PACK, code) == name


def test_a_rotation_of_a_sheet_is_told_in_words() -> None:
    told = told_rotation(PACK, "zh", DIRECTORS.rotations[0])
    assert told.startswith("周期 每周 · 起始日 2026-01-05\n")
    assert "市场监督局主任 → 执法应急局主任 → 公安分局主任" in told
    assert told_rotation(PACK, "en", DIRECTORS.rotations[0]).startswith("every weekly · starts on 2026-01-05")
    days = DIRECTORS.rotations[0].model_copy(update={"weekdays": (0, 6), "days": "workdays"})
    assert "周一、周日" in told_rotation(PACK, "zh", days)
    assert "日子 工作日" in told_rotation(PACK, "zh", days)
    assert told_rotation(PACK, "zh", None) == "—"
