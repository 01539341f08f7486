"""One table of rights: what the console shows is what the services take. And who sees which row."""

import pytest

from services.console.policy.board import CalledUnit, OrderedUnit, Row
from services.console.policy.board.row import ArrivalClock
from services.console.policy.sight import Sight, sight_of
from services.console.web.desk import may
from shared.contracts.actors import CENTRE_ROLES, UNIT_ROLES, Actor, Role
from shared.contracts.catalogue import REQUESTS
from shared.contracts.rights import require_right
from shared.errors import NotAllowed


@pytest.mark.parametrize("role", list(Role))
def test_shown_where_allowed_and_refused_where_not(role: Role) -> None:
    actor = Actor(staff="x", role=role, unit="police")
    for name, request in REQUESTS.items():
        try:
            require_right(actor, name)
            allowed = True
        except NotAllowed:
            allowed = False
        assert may(actor, request) is allowed, name


def test_what_is_not_in_the_table_is_shown_to_nobody() -> None:
    class Unlisted:
        NAME = "unlisted"

    assert not any(may(Actor(staff="x", role=role), Unlisted) for role in Role)  # type: ignore[arg-type]


ROW = Row(code="26-0000001-4", units=("police", "traffic"), ever=("court", "police", "traffic"), place="p1")


def test_the_centre_sees_all_a_unit_its_own_a_grid_its_places() -> None:
    for role in Role:
        actor = Actor(staff="x", role=role, unit="police", grid="p1")
        sight = sight_of(actor, frozenset({"p1"}))
        seen = role in CENTRE_ROLES | UNIT_ROLES | {Role.COMMAND_ROOM, Role.GRID_WORKER}
        assert sight.sees(ROW) is seen, role
    assert not Sight(unit="court").sees(ROW)
    assert Sight(unit="court").saw(ROW), "it was theirs once: they are told that it is gone"
    assert not Sight(unit="water").saw(ROW)
    assert not Sight(places=frozenset({"p2"})).sees(ROW)


def test_a_row_has_no_room_for_a_person_or_a_free_word() -> None:
    known = {"code", "level", "category", "place", "flags", "owner", "window", "unit", "supporters", "stage", "desk"}
    clocks = {
        "registered_at",
        "due_at",
        "due_stage",
        "owes",
        "lamp",
        "returns",
        "round",
        "attempts",
        "arrivals",
        "leader",
    }
    assert set(Row.model_fields) == known | clocks | {"leader", "orders", "hands", "units", "ever", "shown", "drill"}
    own_part = {"work_order_id", "unit", "role", "state", "round", "designated", "supervised"}
    assert set(OrderedUnit.model_fields) == own_part | {"due_at", "due_stage", "lamp"}
    assert set(CalledUnit.model_fields) == {"unit", "state", "notified"}
    own = {"summons_id", "state", "ground", "drill", "called_at", "due_at", "units"}
    assert set(ArrivalClock.model_fields) == own
