"""平战转换: into a surge, up and down, prolonged, back; and every refusal in words."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from services.dispatch.errors.modes import (
    AtThisLevelAlready,
    EndIsPast,
    LevelNotInPack,
    ModeChangedMeanwhile,
    NotInSurge,
    NotLater,
    SurgeTooLong,
    UnknownMeasure,
)
from services.dispatch.model import ModeBook
from shared.contracts.actors import OPERATOR, Actor, Role
from shared.contracts.dispatch import ModeSwitched, SurgeProlonged
from shared.contracts.rights import require_right
from shared.errors import NotAllowed, Refused
from tests.unit.dispatch.given import MONDAY, minutes, quanzhou
from tests.unit.modes.given import COMMANDER, DAY, DEPUTY, book, ending, in_surge, prolonging, surge_to


def test_into_a_surge_and_back_the_chain_has_no_gap() -> None:
    one = book()
    first = one.period
    rows, (told,) = one.switch(surge_to(measures=("micro-grids", "micro-grids")), quanzhou(), new_id=uuid4, now=MONDAY)
    assert isinstance(told, ModeSwitched)
    assert (told.before, told.mode, told.number, told.switched_at) == ("normal", "surge.II", 2, MONDAY)
    assert (told.measures, told.tells) == (("micro-grids",), ("enforcement-emergency", "fire-rescue", "police"))
    assert rows == (one.surge, one.period)
    assert (first.ended_at, one.period.follows, one.period.began_at) == (MONDAY, MONDAY, MONDAY)
    surge, surging = one.surge, one.period
    _, (back,) = one.end(ending(by=DEPUTY), quanzhou(), now=MONDAY + DAY)
    assert isinstance(back, ModeSwitched)
    assert (back.before, back.mode, back.expected_end, back.surge_id) == ("surge.II", "normal", None, told.surge_id)
    assert back.tells == told.tells, "whom it told at the beginning hears of the end"
    assert surging.ended_at == one.period.began_at == MONDAY + DAY
    assert surge is not None
    assert (surge.ended_at, surge.remind_at, one.surge) == (MONDAY + DAY, None, None)


def test_no_word_a_commander_wrote_is_in_an_event() -> None:
    one = book()
    _, switched = one.switch(surge_to(), quanzhou(), new_id=uuid4, now=MONDAY)
    _, prolonged = one.prolong(prolonging(MONDAY + 2 * DAY), quanzhou(), now=MONDAY)
    _, ended = one.end(ending(), quanzhou(), now=MONDAY + DAY)
    told = " ".join(event.model_dump_json() for event in (*switched, *prolonged, *ended))
    assert not any(word in told for word in ("台风", "雨势", "险情"))
    assert one.view(now=MONDAY, with_words=True).reason == "险情解除"
    assert one.view(now=MONDAY, with_words=False).reason is None


def test_the_level_goes_up_and_down_within_one_surge() -> None:
    one = in_surge("II")
    surge = one.surge
    assert surge is not None
    one.switch(surge_to("I"), quanzhou(), new_id=uuid4, now=MONDAY + minutes(60))
    one.switch(surge_to("III", until=MONDAY + 3 * DAY), quanzhou(), new_id=uuid4, now=MONDAY + minutes(120))
    assert one.surge is surge
    assert (surge.mode, surge.highest, surge.expected_end) == ("surge.III", "surge.I", MONDAY + 3 * DAY)
    assert (one.period.number, one.period.surge_id) == (4, surge.surge_id)


def test_a_surge_is_prolonged_on_record() -> None:
    one = in_surge()
    (kept,), (told,) = one.prolong(prolonging(MONDAY + 2 * DAY), quanzhou(), now=MONDAY + minutes(30))
    assert isinstance(told, SurgeProlonged)
    assert (told.expected_before, told.expected_end, told.number) == (MONDAY + DAY, MONDAY + 2 * DAY, 1)
    assert (kept.reason, kept.prolonged_by) == ("雨势未停", "commander.1")  # type: ignore[attr-defined]
    view = one.view(now=MONDAY + 3 * DAY, with_words=True)
    assert (view.expected_end, view.late, view.prolonged) == (MONDAY + 2 * DAY, True, 1)
    assert one.period.expected_end == MONDAY + DAY, "what the switch named stays on record"


def test_a_clock_set_back_does_not_stop_a_switch() -> None:
    one = in_surge()
    one.end(ending(), quanzhou(), now=MONDAY - DAY)
    assert one.period.began_at == MONDAY + timedelta(microseconds=1)


Ask = Callable[[ModeBook, datetime], object]
BARE = quanzhou().model_copy(update={"modes": quanzhou().modes.model_copy(update={"surge": ()})})

REFUSED: dict[str, tuple[Callable[[], ModeBook], Ask, type[Refused], str]] = {
    "expected end in the past": (
        book,
        lambda one, now: one.switch(surge_to(until=MONDAY), quanzhou(), new_id=uuid4, now=now),
        EndIsPast,
        "expected_end",
    ),
    "expected end too far": (
        book,
        lambda one, now: one.switch(surge_to(until=MONDAY + 31 * DAY), quanzhou(), new_id=uuid4, now=now),
        SurgeTooLong,
        "expected_end",
    ),
    "same level again": (
        in_surge,
        lambda one, now: one.switch(surge_to("II", by=DEPUTY), quanzhou(), new_id=uuid4, now=now),
        AtThisLevelAlready,
        "level",
    ),
    "a level the pack is silent about": (
        book,
        lambda one, now: one.switch(surge_to(), BARE, new_id=uuid4, now=now),
        LevelNotInPack,
        "level",
    ),
    "a measure nobody knows": (
        book,
        lambda one, now: one.switch(surge_to(measures=("curfew",)), quanzhou(), new_id=uuid4, now=now),
        UnknownMeasure,
        "measures",
    ),
    "another commander was quicker": (
        in_surge,
        lambda one, now: one.switch(surge_to("I", seen=1), quanzhou(), new_id=uuid4, now=now),
        ModeChangedMeanwhile,
        "seen",
    ),
    "end what another has changed": (
        in_surge,
        lambda one, now: one.end(ending(seen=1), quanzhou(), now=now),
        ModeChangedMeanwhile,
        "seen",
    ),
    "prolong what another has changed": (
        in_surge,
        lambda one, now: one.prolong(prolonging(MONDAY + 2 * DAY, seen=1), quanzhou(), now=now),
        ModeChangedMeanwhile,
        "seen",
    ),
    "end in normal mode": (book, lambda one, now: one.end(ending(), quanzhou(), now=now), NotInSurge, ""),
    "prolong in normal mode": (
        book,
        lambda one, now: one.prolong(prolonging(MONDAY + DAY), quanzhou(), now=now),
        NotInSurge,
        "",
    ),
    "prolonged to an earlier time": (
        in_surge,
        lambda one, now: one.prolong(prolonging(MONDAY + minutes(60)), quanzhou(), now=now),
        NotLater,
        "expected_end",
    ),
    "prolonged too far": (
        in_surge,
        lambda one, now: one.prolong(prolonging(MONDAY + 40 * DAY), quanzhou(), now=now),
        SurgeTooLong,
        "expected_end",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refusal_changes_nothing_and_says_why(case: str) -> None:
    given, ask, refusal, field = REFUSED[case]
    one = given()
    before = one.view(now=MONDAY, with_words=True)
    with pytest.raises(refusal) as refused:
        ask(one, MONDAY)
    assert (refused.value.field or "") == field
    assert refused.value.rule
    assert one.view(now=MONDAY, with_words=True) == before


def test_whoever_comes_second_is_told_who_was_first() -> None:
    with pytest.raises(AtThisLevelAlready, match=r"commander\.1"):
        in_surge().switch(surge_to("II", by=DEPUTY), quanzhou(), new_id=uuid4, now=MONDAY)
    with pytest.raises(ModeChangedMeanwhile, match=r"commander\.1 switched the centre to surge\.II"):
        in_surge().switch(surge_to("I", by=DEPUTY, seen=1), quanzhou(), new_id=uuid4, now=MONDAY)


def test_a_surge_without_an_expected_end_is_no_request() -> None:
    facts = surge_to().model_dump(exclude={"expected_end"})
    with pytest.raises(ValueError, match="expected_end"):
        type(surge_to()).model_validate(facts)


@pytest.mark.parametrize("request_name", ["switch_mode", "prolong_surge", "end_surge"])
def test_only_commanders_switch(request_name: str) -> None:
    for actor in (COMMANDER, DEPUTY):
        require_right(actor, request_name)
    for role in set(Role) - {Role.COMMANDER, Role.DEPUTY_COMMANDER}:
        with pytest.raises(NotAllowed):
            require_right(Actor(staff="somebody", role=role), request_name)
    require_right(OPERATOR, "read_mode")
