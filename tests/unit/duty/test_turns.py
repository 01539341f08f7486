"""Whose turn it is: daily, weekly, monthly; on workdays, through nights, holidays and changes of the clock."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from pydantic import ValidationError

from shared.duty import OnDuty, Roster, on_duty_between, shifts, who
from tests.unit.duty.given import BERLIN, CALENDAR, MONDAY, local, roster, rotation


def posts(of: Roster, at: datetime) -> list[str]:
    return [each.staff for each in who(of, at, CALENDAR)]


def turns(of: Roster, start: datetime, days: int) -> list[tuple[str, datetime]]:
    return [(each.staff, each.since) for each in on_duty_between(of, start, start + timedelta(days=days), CALENDAR)]


def test_a_day_changes_hands_at_its_hour() -> None:
    rota = roster(rotation("a", "b"))
    assert posts(rota, local(2026, 11, 24, 7, 59)) == ["a"]
    assert posts(rota, local(2026, 11, 24, 8, 0)) == ["b"]
    assert posts(rota, local(2026, 11, 23, 7, 59)) == []


def test_a_turn_of_three_days() -> None:
    rota = roster(rotation("a", "b", length=3))
    (now,) = who(rota, local(2026, 11, 27, 12), CALENDAR)
    assert (now.staff, now.since, now.until) == ("b", local(2026, 11, 26, 8), local(2026, 11, 29, 8))


def test_a_week_begins_on_the_weekday_it_started_on() -> None:
    rota = roster(rotation("a", "b", every="weekly", starts_on=date(2026, 11, 26)))
    assert posts(rota, local(2026, 12, 3, 7)) == ["a"]
    assert posts(rota, local(2026, 12, 3, 8)) == ["b"]


def test_a_month_without_the_day_begins_on_its_last() -> None:
    rota = roster(rotation("a", "b", "c", every="monthly", starts_on=date(2026, 12, 31)))
    begun = [since.astimezone(BERLIN).date() for _, since in turns(rota, local(2026, 12, 31, 9), 100)]
    assert begun == [date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)]
    assert posts(rota, local(2027, 2, 28, 7)) == ["b"]
    assert posts(rota, local(2027, 2, 28, 8)) == ["c"]


def test_workdays_skip_nobody_and_make_up_days_are_worked() -> None:
    """Saturday 10 October 2026 is worked for the national holiday (调休); 1 to 7 October are off."""
    rota = roster(rotation("a", "b", "c", days="workdays", starts_on=date(2026, 9, 28)))
    days = [date(2026, 9, 28), date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 8), date(2026, 10, 9)]
    days += [date(2026, 10, 10), date(2026, 10, 12)]
    told = turns(rota, local(2026, 9, 28, 9), 14)
    assert [staff for staff, _ in told] == list("abcabca")
    assert [(since + timedelta(hours=8)).date() for _, since in told] == days
    assert posts(rota, local(2026, 10, 1, 12)) == []


def test_days_off_are_the_other_days() -> None:
    rota = roster(rotation("a", "b", days="days_off", starts_on=date(2026, 10, 1)))
    told = turns(rota, local(2026, 10, 1, 9), 11)
    assert [staff for staff, _ in told] == list("abababab")
    assert (told[-1][1] + timedelta(hours=8)).date() == date(2026, 10, 11)


def test_a_day_without_duty_may_use_up_a_turn() -> None:
    counts_all = rotation("a", "b", "c", days="workdays", counts_only_duty_days=False)
    assert posts(roster(counts_all), local(2026, 11, 30, 9)) == ["b"]
    assert posts(roster(rotation("a", "b", "c", days="workdays")), local(2026, 11, 30, 9)) == ["c"]


def test_a_weekly_turn_on_some_weekdays_pauses_between_them() -> None:
    rota = roster(rotation("a", "b", every="weekly", weekdays=(0, 1, 3)))
    told = on_duty_between(rota, local(2026, 11, 23, 9), local(2026, 11, 30, 8), CALENDAR)
    assert [(each.staff, each.since, each.until) for each in told] == [
        ("a", local(2026, 11, 23, 8), local(2026, 11, 25, 8)),
        ("a", local(2026, 11, 26, 8), local(2026, 11, 27, 8)),
    ]


def test_hours_bound_the_day_and_may_pass_midnight() -> None:
    day = roster(rotation("a", "b", opens=time(8), closes=time(17, 30)))
    night = roster(rotation("a", "b", opens=time(20), closes=time(6), weekdays=(4,)))
    assert posts(day, local(2026, 11, 23, 17, 29)) == ["a"]
    assert posts(day, local(2026, 11, 23, 17, 30)) == []
    (friday,) = who(night, local(2026, 11, 28, 5, 59), CALENDAR)
    assert (friday.since, friday.until) == (local(2026, 11, 27, 20), local(2026, 11, 28, 6))
    assert posts(night, local(2026, 11, 28, 6)) == []


def test_a_duty_that_never_changes_hands_has_no_end() -> None:
    (fixed,) = who(roster(rotation("a")), local(2050, 1, 1, 3), CALENDAR)
    assert (fixed.since, fixed.until) == (local(2026, 11, 23, 8), None)
    assert "固定安排" in fixed.why
    (ending,) = who(roster(rotation("a", ends_on=date(2026, 12, 1))), local(2026, 12, 1, 9), CALENDAR)
    assert ending.until == local(2026, 12, 2, 8)


def test_instants_beyond_all_rosters_have_nobody() -> None:
    rota = roster(rotation("a", days="workdays"))
    for at in (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), local(1999, 1, 1)):
        assert who(rota, at, CALENDAR) == ()
    with pytest.raises(ValueError, match="aware"):
        who(rota, datetime(2026, 11, 23), CALENDAR)  # noqa: DTZ001


def test_primary_comes_first_and_a_post_finds_its_shifts() -> None:
    rota = roster(rotation("x", "y", id="backup", shift="backup"), rotation("a", "b", id="primary"))
    assert posts(rota, local(2026, 11, 23, 9)) == ["a", "x"]
    mine = shifts(rota, "y", local(2026, 11, 23), local(2026, 11, 27), CALENDAR)
    assert [each.since for each in mine] == [local(2026, 11, 24, 8), local(2026, 11, 26, 8)]


# -- time zones --------------------------------------------------------------------------------------------------------


def berlin(**changes: object) -> Roster:
    starts_on = date(2026, 3, 23)
    return roster(rotation("a", "b", "c", starts_on=starts_on, **changes), timezone="Europe/Berlin")


def spans(of: Roster, start: datetime, days: int) -> list[timedelta]:
    found = on_duty_between(of, start, start + timedelta(days=days), CALENDAR)
    return [each.until - each.since for each in found if each.until is not None]


@pytest.mark.parametrize(
    ("sunday", "hours"), [(local(2026, 3, 28, 12, zone=BERLIN), 23), (local(2026, 10, 24, 12, zone=BERLIN), 25)]
)
def test_the_day_the_clocks_change_is_shorter_or_longer_and_nobody_is_missing(sunday: datetime, hours: int) -> None:
    rota = berlin()
    found = on_duty_between(rota, sunday, sunday + timedelta(days=3), CALENDAR)
    assert found[0].until is not None
    assert found[0].until - found[0].since == timedelta(hours=hours)
    for one, following in pairwise(found):
        assert one.until == following.since
        assert following.since.astimezone(BERLIN).hour == 8


def test_an_hour_that_comes_twice_is_changed_at_its_first_coming() -> None:
    rota = berlin(changes_at=time(2, 30))
    begins = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    before, after = (posts(rota, begins + timedelta(minutes=minutes)) for minutes in (-1, 0))
    assert before != after
    assert posts(rota, begins + timedelta(hours=1)) == after, "the second 02:30 changes nothing"


def test_an_hour_left_out_in_spring_is_no_duty() -> None:
    rota = berlin(opens=time(2, 10), closes=time(2, 50))
    assert all(span == timedelta(minutes=40) for span in spans(rota, local(2026, 3, 25, zone=BERLIN), 9))
    assert len(spans(rota, local(2026, 3, 25, zone=BERLIN), 9)) == 9
    crossing = berlin(opens=time(2, 30), closes=time(3, 0))
    assert len(spans(crossing, local(2026, 3, 25, zone=BERLIN), 9)) == 8


def test_one_instant_is_one_answer_in_any_zone() -> None:
    rota, at = roster(rotation("a", "b")), local(2026, 11, 24, 8)
    answers: set[tuple[OnDuty, ...]] = {who(rota, at.astimezone(zone), CALENDAR) for zone in (UTC, BERLIN)}
    assert len(answers) == 1
    assert MONDAY.weekday() == 0


# -- what cannot be ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"ends_on": date(2026, 11, 1)}, "before it starts"),
        ({"opens": time(8)}, "only one of"),
        ({"weekdays": (1, 1)}, "names a weekday twice"),
        ({"changes_at": time(8, tzinfo=UTC)}, "local time"),
        ({"starts_on": date(1026, 11, 1)}, "2000"),
        ({"members": ()}, "at least 1"),
    ],
)
def test_a_rotation_that_cannot_be_is_refused_in_words(changes: dict[str, object], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        rotation("a", **changes)


def test_a_roster_that_cannot_be_is_refused_in_words() -> None:
    with pytest.raises(ValidationError, match="called 'primary'"):
        roster(rotation("a"), rotation("b"))
    with pytest.raises(ValidationError, match="no time zone"):
        roster(rotation("a"), timezone="Asia/Nowhere")
    with pytest.raises(ValidationError, match="of which unit"):
        roster(rotation("a"), kind="liaison")
