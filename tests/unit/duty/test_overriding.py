"""Overrides: added, taken out, replaced, a temporary roster; together, in order, or refused."""

from datetime import datetime, timedelta

import pytest
from pydantic import ValidationError

from shared.duty import Override, Roster, Version, contradiction, contradicts, shifts_on_record, who, who_on_record
from tests.unit.duty.given import CALENDAR, local, override, roster, rotation

START, END = local(2026, 11, 23, 12), local(2026, 11, 23, 18)
INSIDE, BEFORE, AFTER = START + timedelta(hours=1), START - timedelta(hours=1), END + timedelta(hours=1)


def rota(*overrides: Override) -> Roster:
    backup = rotation("x", "y", id="backup", shift="backup", every="weekly")
    return roster(rotation("a", "b", every="weekly"), backup, overrides=overrides)


def posts(of: Roster, at: datetime) -> list[str]:
    return [each.staff for each in who(of, at, CALENDAR)]


@pytest.mark.parametrize(
    ("made", "then"),
    [
        (override("add", "c", START, END), ["a", "c", "x"]),
        (override("add", "c", START, END, shift="backup"), ["a", "x", "c"]),
        (override("remove", "a", START, END), ["x"]),
        (override("remove", "b", START, END), ["a", "x"]),
        (override("replace", "c", START, END, instead_of="a"), ["c", "x"]),
        (override("replace", "x", START, END, instead_of="a"), ["x", "x"]),
        (override("temporary", "c", START, END), ["c"]),
    ],
)
def test_an_override_holds_for_its_stretch_only(made: Override, then: list[str]) -> None:
    of = rota(made)
    assert posts(of, INSIDE) == posts(of, START) == then
    assert posts(of, BEFORE) == posts(of, AFTER) == posts(of, END) == ["a", "x"]


def test_a_replaced_turn_says_until_when_and_why() -> None:
    of = rota(override("replace", "c", START, END, instead_of="a", unit="u"))
    (before, _), (inside, backup), (after, _) = (who(of, at, CALENDAR) for at in (BEFORE, INSIDE, AFTER))
    assert (before.since, before.until) == (local(2026, 11, 23, 8), START)
    assert (inside.since, inside.until, inside.unit) == (START, END, "u")
    assert inside.why == "c替a值班：有事"
    assert (after.since, after.until) == (END, local(2026, 11, 30, 8))
    assert (backup.since, backup.until) == (local(2026, 11, 23, 8), local(2026, 11, 30, 8))


def test_overrides_combine_in_the_order_made() -> None:
    chain = rota(
        override("replace", "c", START, END, instead_of="a"),
        override("replace", "d", INSIDE, END, instead_of="c"),
        override("add", "e", START, END),
        override("remove", "e", INSIDE, END),
    )
    assert posts(chain, START) == ["c", "e", "x"]
    assert posts(chain, INSIDE) == ["d", "x"]
    assert posts(rota(override("remove", "e", START, END), override("add", "e", START, END)), START) == ["a", "e", "x"]


def test_a_temporary_roster_of_several_posts() -> None:
    of = rota(override("temporary", "c", START, END), override("temporary", "d", INSIDE, AFTER, shift="backup"))
    assert posts(of, START) == ["c"]
    assert posts(of, INSIDE) == ["c", "d"]
    assert posts(of, END) == ["d"]
    assert posts(of, AFTER) == ["a", "x"]


# -- what contradicts --------------------------------------------------------------------------------------------------

A_BY_C = override("replace", "c", START, END, instead_of="a")


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (override("replace", "d", INSIDE, AFTER, instead_of="a"), "both take a out"),
        (override("remove", "a", INSIDE, AFTER), "both take a out"),
        (override("add", "c", INSIDE, AFTER), "both bring c in"),
        (override("replace", "c", INSIDE, AFTER, instead_of="x"), "both bring c in"),
        (override("temporary", "e", INSIDE, AFTER), "temporary roster"),
        (override("replace", "d", END, AFTER, instead_of="a"), None),
        (override("replace", "d", INSIDE, AFTER, instead_of="x"), None),
        (override("replace", "d", INSIDE, AFTER, instead_of="c"), None),
        (override("remove", "c", INSIDE, AFTER), None),
        (override("add", "e", INSIDE, AFTER), None),
    ],
)
def test_which_overlapping_overrides_contradict(other: Override, says: str | None) -> None:
    for pair in ((A_BY_C, other), (other, A_BY_C)):
        found = contradiction(pair)
        assert (found is None) == (says is None)
        if found is not None and says is not None:
            assert says in found.why
            assert {found.one, found.other} == {A_BY_C, other}


def test_a_new_override_is_held_against_each_kept_one() -> None:
    kept = (override("add", "e", START, END), A_BY_C)
    found = contradicts(override("add", "c", INSIDE, AFTER), kept)
    assert found is not None
    assert found.one == A_BY_C
    assert contradicts(override("add", "f", INSIDE, AFTER), kept) is None


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"ends_at": START}, "ends after it starts"),
        ({"instead_of": "b"}, "instead_of"),
        ({"action": "replace"}, "instead_of"),
        ({"action": "replace", "instead_of": "a"}, "stand in for itself"),
        ({"reason": "  "}, "at least 1"),
        ({"starts_at": datetime(2026, 11, 23)}, "timezone"),  # noqa: DTZ001
    ],
)
def test_an_override_that_cannot_be_is_refused_in_words(changes: dict[str, object], says: str) -> None:
    facts = {"action": "add", "staff": "a", "starts_at": START, "ends_at": END, "reason": "有事"} | changes
    with pytest.raises(ValidationError, match=says):
        Override(**facts)  # type: ignore[arg-type]


# -- on record ---------------------------------------------------------------------------------------------------------


def test_each_version_answers_for_its_own_time() -> None:
    one, two = roster(rotation("a", every="weekly")), roster(rotation("b", every="weekly"))
    versions = [Version(one, CALENDAR, BEFORE, INSIDE), Version(two, CALENDAR, INSIDE, None)]
    assert who_on_record(versions, BEFORE - timedelta(seconds=1)) == ()
    (first,), (second,) = (who_on_record(versions, at) for at in (START, INSIDE))
    assert (first.staff, first.since, first.until) == ("a", BEFORE, INSIDE)
    assert (second.staff, second.since, second.until) == ("b", INSIDE, None)
    assert shifts_on_record(versions, "a", BEFORE, AFTER) == (first,)
    assert shifts_on_record(versions, "b", BEFORE, AFTER) == (second,)
    assert shifts_on_record(versions, "b", BEFORE, START) == ()
