"""A promise through switches of mode: nobody overdue by a switch, and what was is back to the instant."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.centre.modes import ModeTerms, SurgeLevel
from shared.centre.pack import CentrePack, Ladder, Limit, Mode
from shared.centre.standing import Standing, Switch, mode_at, standing
from tests.unit.dispatch.given import MONDAY, minutes, quanzhou

HOUR = timedelta(hours=1)
LEVELS = ("surge.I", "surge.II", "surge.III")


def _limit(code: str, hours: int, *modes: Mode) -> Limit:
    return Limit(id=code, stage="report_back", amount=hours, unit="hour", modes=modes, source="样例")


def pack(spare: int = 60) -> CentrePack:
    """Ten hours in normal mode; five at level I and twenty at level II, both for open ones too; three at level III."""
    limits = (
        *(limit for limit in quanzhou().limits if limit.stage != "report_back"),
        _limit("normal", 10),
        _limit("highest", 5, "surge.I"),
        _limit("longer", 20, "surge.II"),
        _limit("new-only", 3, "surge.III"),
    )
    levels = (
        SurgeLevel(level="I", open=("report_back",)),
        SurgeLevel(level="II", open=("report_back",)),
        SurgeLevel(level="III"),
    )
    modes = ModeTerms(spare_minutes=spare, surge=levels)
    return quanzhou().model_copy(update={"limits": limits, "modes": modes})


PACK = pack()


def stands(*switches: tuple[Mode, float], start: float = 0) -> Standing:
    told = tuple(Switch(number, mode, MONDAY + hours * HOUR) for number, (mode, hours) in enumerate(switches, start=2))
    return standing(PACK, "report_back", None, "IV", MONDAY + start * HOUR, told)


def due_h(found: Standing) -> float:
    return (found.promise.due.at - MONDAY) / HOUR


@pytest.mark.parametrize(
    ("switches", "start", "due", "limit", "why"),
    [
        ((), 0, 10, "normal", "no switch"),
        ((("surge.I", 1),), 2, 7, "highest", "what is owed from the switch on goes by it"),
        ((("surge.I", 1),), 0, 5, "highest", "an open one, counted from its start"),
        ((("surge.III", 1),), 0, 10, "normal", "the pack says nothing of open ones at this level"),
        ((("surge.III", 1),), 2, 5, "new-only", "new ones go by it all the same"),
        ((("surge.I", 4.5),), 0, 5.5, "highest", "never earlier than the spare minutes after the switch"),
        ((("surge.I", 6),), 0, 7, "highest", "nor where the surge's time is over already: nobody is overdue by it"),
        ((("surge.I", 9.5),), 0, 10, "highest", "and never later than it was, where that comes sooner"),
        ((("surge.I", 11),), 0, 10, "normal", "what is overdue stays as it is"),
        ((("surge.II", 1),), 0, 20, "longer", "a surge may give more time"),
        ((("surge.I", 1), ("normal", 2)), 0, 10, "normal", "back to the instant it was"),
        ((("surge.I", 1), ("normal", 2)), 1.5, 6.5, "highest", "what was promised in the surge stays promised"),
        ((("surge.II", 1), ("normal", 9.8)), 0, 10, "normal", "the time it was, however near"),
        ((("surge.II", 1), ("normal", 12)), 0, 13, "normal", "that time is past: after the spare minutes"),
        ((("surge.II", 1), ("normal", 19.5)), 0, 20, "normal", "or at the time it had, where that comes sooner"),
        ((("surge.I", 1), ("surge.II", 2)), 0, 20, "longer", "from level to level"),
        ((("surge.I", 1), ("surge.III", 2)), 0, 10, "normal", "a level that says nothing of open ones restores"),
        ((("surge.I", 1), ("normal", 6)), 0, 5, "highest", "overdue in the surge stays overdue"),
    ],
)
def test_by_when_it_is_owed(
    switches: tuple[tuple[Mode, float], ...], start: float, due: float, limit: str, why: str
) -> None:
    found = stands(*switches, start=start)
    assert (due_h(found), found.promise.limit.id) == (due, limit), why


def test_it_says_which_switch_changed_it_and_whether_it_is_restored() -> None:
    assert stands(("surge.I", 1)).switched == 2
    assert not stands(("surge.I", 1)).restored
    back = stands(("surge.I", 1), ("normal", 2))
    assert (back.switched, back.restored, back.mode) == (3, True, "normal")
    assert stands(("surge.III", 1), ("normal", 2)).switched is None, "nothing of it was changed"


def test_a_switch_that_changes_neither_limit_nor_ladder_changes_nothing() -> None:
    same = PACK.model_copy(update={"limits": tuple(one for one in PACK.limits if one.id != "highest")})
    switch = (Switch(2, "surge.I", MONDAY + HOUR),)
    found = standing(same, "report_back", None, "IV", MONDAY, switch)
    ladder = same.ladder_for("report_back", "surge.I").id
    assert (found.promise.limit.id, ladder) == ("normal", "unit-surge")
    assert (found.switched, due_h(found)) == (2, 10), "the same time, another ladder"
    bare = same.model_copy(update={"ladders": tuple(one for one in same.ladders if not one.modes)})
    assert standing(bare, "report_back", None, "IV", MONDAY, switch).switched is None


def test_the_ladder_of_the_surge_is_one_of_its_own() -> None:
    assert isinstance(quanzhou().ladder_for("report_back", "surge.II"), Ladder)
    assert quanzhou().ladder_for("report_back", "surge.II") != quanzhou().ladder_for("report_back")


SWITCHES = st.lists(
    st.tuples(st.sampled_from(["normal", "surge.I", "surge.II", "surge.III"]), st.integers(1, 400)), max_size=8
)


def _told(acts: list[tuple[Mode, int]]) -> tuple[Switch, ...]:
    found: list[Switch] = []
    at: datetime = MONDAY
    for number, (mode, gone) in enumerate(acts, start=2):
        at += minutes(gone)
        found.append(Switch(number, mode, at))
    return tuple(found)


@given(acts=SWITCHES, start=st.integers(-600, 600))
def test_no_switch_makes_anybody_overdue_nor_moves_what_is(acts: list[tuple[Mode, int]], start: int) -> None:
    switches, started = _told(acts), MONDAY + minutes(start)
    for count in range(len(switches)):
        before = standing(PACK, "report_back", None, "IV", started, switches[:count]).promise.due.at
        after = standing(PACK, "report_back", None, "IV", started, switches[: count + 1]).promise.due.at
        at = switches[count].at
        if before <= at:
            assert after == before, "what was overdue stays"
        else:
            assert after > at, "nobody is overdue by a switch"


@given(acts=SWITCHES, start=st.integers(-600, 0), until=st.integers(1, 60))
def test_there_and_back_before_the_time_is_up_is_as_if_nothing_had_been(
    acts: list[tuple[Mode, int]], start: int, until: int
) -> None:
    """Squeezed into the hour before anything could be due, whatever the acts were."""
    started = MONDAY + minutes(start) if start > -180 else MONDAY
    span = max(1, sum(gone for _, gone in acts))
    squeezed = [(mode, gone * 55 / span) for mode, gone in acts]
    at, told = MONDAY, []
    for number, (mode, gone) in enumerate(squeezed, start=2):
        at += timedelta(minutes=gone)
        told.append(Switch(number, mode, at))
    told.append(Switch(99, "normal", MONDAY + minutes(56)))
    first = standing(PACK, "report_back", None, "IV", started, ())
    found = standing(PACK, "report_back", None, "IV", started, told)
    assert found.promise.due.at == first.promise.due.at
    assert found.promise.limit == first.promise.limit


@given(acts=SWITCHES, asked=st.integers(-100, 3_000))
def test_every_instant_has_a_mode(acts: list[tuple[Mode, int]], asked: int) -> None:
    switches, at = _told(acts), MONDAY + minutes(asked)
    expected = [each.mode for each in switches if each.at <= at]
    assert mode_at(switches, at) == (expected[-1] if expected else "normal")
