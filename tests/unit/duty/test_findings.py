"""Gaps and overloads: where nobody is, and who is there too much."""

from datetime import date, time, timedelta

from shared.duty import Roster, gaps, overloads
from tests.unit.duty.given import CALENDAR, local, override, roster, rotation

START, END = local(2026, 11, 23, 8), local(2026, 12, 7, 8)


def bare(of: Roster) -> list[tuple[object, object]]:
    return [(gap.starts_at, gap.ends_at) for gap in gaps(of, CALENDAR, START, END)]


def test_a_rota_without_end_has_no_gap() -> None:
    assert bare(roster(rotation("a", "b"))) == []


def test_a_director_is_expected_day_and_night() -> None:
    day = rotation("a", "b", opens=time(8), closes=time(20))
    assert len(bare(roster(day))) == 14
    assert bare(roster(day, expects="planned")) == []
    assert bare(roster(day, kind="presence")) == []
    assert bare(roster()) == [(START, END)]


def test_a_plan_that_ran_out_is_a_gap_also_where_only_planned_hours_count() -> None:
    until_friday = rotation("a", opens=time(8), closes=time(20), ends_on=date(2026, 11, 27), days="workdays")
    found = bare(roster(until_friday, kind="liaison", unit="u"))
    assert found == [(local(2026, 11, 30 + 0, 8), local(2026, 11, 30, 20))] + [
        (local(2026, 12, day, 8), local(2026, 12, day, 20)) for day in range(1, 5)
    ]


def test_a_rotation_followed_by_another_leaves_no_gap() -> None:
    first = rotation("a", ends_on=date(2026, 11, 27), opens=time(7), closes=time(19))
    then = rotation("b", id="winter", starts_on=date(2026, 11, 28), opens=time(8), closes=time(17))
    assert bare(roster(first, then, kind="presence")) == []


def test_who_is_taken_out_leaves_a_gap_unless_a_backup_is_there() -> None:
    out = override("remove", "a", START, START + timedelta(hours=3))
    assert bare(roster(rotation("a"), overrides=(out,))) == [(START, START + timedelta(hours=3))]
    assert bare(roster(rotation("a"), rotation("x", id="backup", shift="backup"), overrides=(out,))) == []


def test_fair_turns_are_no_overload() -> None:
    nine = rotation(*"abcdefghi", every="weekly")
    assert overloads(roster(nine), CALENDAR, START, END) == ()
    assert overloads(roster(rotation("a")), CALENDAR, START, END) == (), "one alone takes no turns"
    assert overloads(roster(rotation(*"abcdefghi")), CALENDAR, START, END) == ()


def test_who_is_there_by_plan_all_the_time_is_no_overload() -> None:
    workdays = rotation("fixed", id="workdays", days="workdays")
    days_off = rotation("a", "b", "c", id="days-off", days="days_off")
    assert overloads(roster(workdays, days_off), CALENDAR, START, END) == ()


def test_two_turns_on_end_are_an_overload() -> None:
    swapped = override("replace", "a", local(2026, 11, 30, 8), local(2026, 12, 7, 8), instead_of="b")
    found = overloads(roster(rotation(*"abcdefghi", every="weekly"), overrides=(swapped,)), CALENDAR, START, END)
    assert {each.staff for each in found} == {"a"}
    assert [each.hours for each in found] == [336.0, 336.0]
    assert "连续值班336小时" in found[0].why
    assert "人均" in found[1].why
