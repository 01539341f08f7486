"""Who may verify, and what a verification leaves behind."""

import pytest

from services.escalation.errors import HandlerMayNotVerify, NotYourGrid, VerificationNotOpen
from services.escalation.model import Verification
from services.escalation.policy.obligations import AskVerification
from services.escalation.policy.verifying import places_within
from shared.contracts.actors import Actor, Role
from shared.contracts.escalation import VerificationOutcome
from shared.errors import Refused
from tests.unit.escalation.given import TOWN, UNIT, Story, at, quanzhou

MY_GRIDS = places_within(quanzhou(), TOWN)
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
