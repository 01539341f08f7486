"""Who may verify, and what a verification leaves behind."""

from datetime import datetime

import pytest

from services.escalation.errors import GridNotAtWork, HandlerMayNotVerify, NotYourGrid, VerificationNotOpen
from services.escalation.errors.verifications import FoundAtWrong, NotWaitingForPlace
from services.escalation.model import Verification
from services.escalation.policy.obligations import AskVerification
from services.escalation.policy.verifying import Handlers, goes_to, may_read, places_within
from shared.centre.pack import Mode
from shared.contracts.actors import Actor, Role
from shared.contracts.escalation import VerificationOutcome
from shared.errors import Refused
from shared.vault import KeyRing, is_sealed
from tests.unit.escalation.given import TOWN, UNIT, Story, at, quanzhou

MY_GRIDS = places_within(quanzhou(), TOWN)
MICRO_GRID = next(grid.code for grid in quanzhou().grids if grid.township == TOWN and grid.kind == "micro")
OTHER_TOWN = "350521105"
OTHER_GRID = places_within(quanzhou(), OTHER_TOWN)[1]


def task(place: str | None = MY_GRIDS[1], reported_by: str = "handler.1") -> Verification:
    story = Story()
    ask = AskVerification(story.order, UNIT, place, 1, reported_by, story.grounds, at(60))
    return Verification.of(story.summons, story.case_id, story.code, ask)


def worker(staff: str = "grid.1", *, unit: str | None = None, grid: str | None = None) -> Actor:
    return Actor(staff=staff, role=Role.GRID_WORKER, unit=unit, grid=grid)


def record(one: Verification, by: Actor) -> object:
    return one.record(VerificationOutcome.SOLVED, "看过现场", by=by, pack=quanzhou(), now=at(90))


@pytest.mark.parametrize(
    ("by", "place"),
    [
        (worker(), MY_GRIDS[1]),
        (worker(grid=MY_GRIDS[1]), MY_GRIDS[1]),
        (worker(grid=MY_GRIDS[1]), TOWN),
        (worker(grid=TOWN), MY_GRIDS[1]),
        (worker(grid=OTHER_GRID), None),
        (worker(unit="grid-centre", grid=TOWN), TOWN),
        (worker(grid="elsewhere"), "elsewhere"),
    ],
)
def test_the_grid_of_the_place_verifies(by: Actor, place: str | None) -> None:
    one = task(place)
    told = record(one, by)
    assert told.outcome is VerificationOutcome.SOLVED  # type: ignore[attr-defined]
    assert (one.state, one.verified_by, one.note, one.recorded_at) == ("recorded", by.staff, "看过现场", at(90))
    assert "看过现场" not in told.model_dump_json()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("by", "reported_by", "refusal", "field"),
    [
        (worker(unit=UNIT), "handler.1", HandlerMayNotVerify, "actor"),
        (worker("handler.1"), "handler.1", HandlerMayNotVerify, "actor"),
        (worker("handler.1"), "handler:handler.1", HandlerMayNotVerify, "actor"),
        (worker("handler.1"), "liaison_officer:handler.1", HandlerMayNotVerify, "actor"),
        (worker(grid=OTHER_GRID), "handler.1", NotYourGrid, "actor.grid"),
        (worker(grid=OTHER_TOWN), "handler.1", NotYourGrid, "actor.grid"),
        (worker(grid=MY_GRIDS[2]), "handler.1", NotYourGrid, "actor.grid"),
        (worker(grid="elsewhere"), "handler.1", NotYourGrid, "actor.grid"),
    ],
)
def test_refused(by: Actor, reported_by: str, refusal: type[Refused], field: str) -> None:
    one = task(reported_by=reported_by)
    with pytest.raises(refusal) as refused:
        record(one, by)
    assert refused.value.field == field
    assert (one.state, one.outcome) == ("open", None)


def test_a_micro_grid_verifies_in_the_surge_only_and_only_at_levels_that_call_upon_it() -> None:
    one, by = task(TOWN), worker(grid=MICRO_GRID)
    modes: tuple[Mode, ...] = ("normal", "surge.III")
    for mode in modes:
        with pytest.raises(GridNotAtWork, match="in a surge only") as refused:
            one.record(VerificationOutcome.SOLVED, None, by=by, pack=quanzhou(), now=at(90), mode=mode)
        assert refused.value.field == "actor.grid"
    one.record(VerificationOutcome.SOLVED, None, by=by, pack=quanzhou(), now=at(90), mode="surge.II")
    assert one.state == "recorded"


def test_recorded_once() -> None:
    one = task()
    record(one, worker())
    with pytest.raises(VerificationNotOpen) as refused:
        record(one, worker("grid.2"))
    assert refused.value.facts == {"state": "recorded"}
    one.cancel()
    assert (one.state, one.verified_by) == ("recorded", "grid.1")


def test_a_cancelled_one_is_not_recorded() -> None:
    one = task()
    one.cancel()
    with pytest.raises(VerificationNotOpen):
        record(one, worker())


# -- whoever handled, in whichever round -------------------------------------------------------------------------------

HANDLERS = Handlers(frozenset({UNIT, "police"}), frozenset({"liaison_officer:police.liaison", "handler.1"}))


@pytest.mark.parametrize(
    "by",
    [
        worker(unit="police"),
        worker("police.liaison"),
        worker("handler.1"),
        worker("handler.1", grid=MY_GRIDS[1]),
    ],
)
def test_a_supporter_and_its_staff_have_handled_it_too(by: Actor) -> None:
    one = task(reported_by="somebody.else")
    with pytest.raises(HandlerMayNotVerify):
        one.record(VerificationOutcome.SOLVED, None, by=by, pack=quanzhou(), now=at(90), handlers=HANDLERS)
    assert one.state == "open"


def test_a_worker_of_no_handling_unit_verifies() -> None:
    one = task()
    one.record(
        VerificationOutcome.SOLVED, None, by=worker(unit="market"), pack=quanzhou(), now=at(90), handlers=HANDLERS
    )
    assert one.state == "recorded"


@pytest.mark.parametrize(
    ("reader", "reads"),
    [
        (Actor(staff="clerk.1", role=Role.INTAKE_CLERK), True),
        (Actor(staff="police.liaison", role=Role.LIAISON_OFFICER, unit="police"), True),
        (Actor(staff="market.liaison", role=Role.LIAISON_OFFICER, unit="market"), False),
        (Actor(staff="nobody", role=Role.HANDLER), False),
        (worker(grid=MY_GRIDS[1]), True),
        (worker(grid=OTHER_GRID), False),
        (Actor(staff="room.1", role=Role.COMMAND_ROOM), False),
    ],
)
def test_what_the_grid_found_is_for_its_grid_the_handling_units_and_the_centre(reader: Actor, reads: bool) -> None:
    assert may_read(reader, quanzhou(), MY_GRIDS[1], HANDLERS) is reads


# -- when, and whose it is then ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("found_at", [at(59), at(91)])
def test_it_is_looked_at_between_the_task_and_the_recording(found_at: datetime) -> None:
    one = task()
    with pytest.raises(FoundAtWrong) as refused:
        one.record(VerificationOutcome.SOLVED, None, by=worker(), pack=quanzhou(), now=at(90), found_at=found_at)
    assert (refused.value.field, one.state) == ("found_at", "open")


@pytest.mark.parametrize("found_at", [None, at(60), at(75), at(90)])
def test_its_own_time_stands_beside_the_instant_of_recording(found_at: datetime | None) -> None:
    one = task()
    told = one.record(VerificationOutcome.SOLVED, None, by=worker(), pack=quanzhou(), now=at(90), found_at=found_at)
    assert (told.found_at, told.recorded_at) == (found_at, at(90))


@pytest.mark.parametrize(
    ("outcome", "attempt", "whose"),
    [
        ("solved", 1, "first_receiver"),
        ("partly", 1, "unit"),
        ("not_solved", 1, "unit"),
        ("not_found", 1, "dispatcher"),
        ("not_found", 2, "unit"),
        ("not_found", 3, "unit"),
        ("solved", 3, "first_receiver"),
    ],
)
def test_whose_the_case_is_after_it(outcome: str, attempt: int, whose: str) -> None:
    assert goes_to(VerificationOutcome(outcome), attempt=attempt, not_found_max=2) == whose


def test_what_was_not_found_is_asked_for_once_more() -> None:
    one = task()
    with pytest.raises(NotWaitingForPlace):
        one.again("桥头", None, now=at(80))
    one.record(VerificationOutcome.NOT_FOUND, None, by=worker(), pack=quanzhou(), now=at(90))
    ask = one.again("桥头", OTHER_GRID, now=at(95))
    assert (ask.attempt, ask.hint, ask.place, ask.round, ask.unit) == (2, "桥头", OTHER_GRID, 1, UNIT)
    with pytest.raises(NotWaitingForPlace):
        one.again("桥头", None, now=at(96))


def test_words_are_sealed_and_those_of_old_are_sealed_with_the_next_key() -> None:
    one, old = task(), KeyRing.from_text(KeyRing.generate())
    one.note, one.hint = "旧时明文", one.sealed(old, "hint", "桥头")
    assert (one.opened(old, "note"), one.opened(old, "hint")) == ("旧时明文", "桥头")
    one.reseal(old)
    assert one.note is not None
    assert is_sealed(one.note)
    assert (one.opened(old, "note"), one.opened(old, "hint")) == ("旧时明文", "桥头")
