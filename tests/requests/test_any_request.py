"""No sequence of requests by anybody breaks a rule of the house; and a guard that is taken away is missed at once."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from random import Random
from uuid import uuid4

import pytest

from deploy.embedded.running import ServerAddresses
from deploy.packs import default_pack
from shared.contracts.catalogue import REQUESTS
from tests.requests import staff
from tests.requests.aside import aside
from tests.requests.filling import Known, fill
from tests.requests.machine import NAMES, NOT_HERE, SERVED, Sequence, World
from tests.requests.nouns import Broken
from tests.requests.planted import PLANTED, Look, Plant
from tests.support.direct import DirectCentre, dropped
from tests.support.times import MONDAY_MORNING

SEQUENCES, STEPS = 14, 40
UNTIL_FOUND = 60
PACK = default_pack()
pytestmark = [pytest.mark.servers, pytest.mark.slow]


@pytest.fixture(scope="module")
def world(addresses: ServerAddresses, data_root: Path) -> Iterator[World]:
    loop = asyncio.new_event_loop()
    centre = DirectCentre(
        addresses, f"r{uuid4().hex[:10]}", data_root / "requests.keys", without=("intake-learn-categories",)
    )
    loop.run_until_complete(centre.open())
    yield World(centre, loop)
    loop.run_until_complete(centre.close())
    loop.run_until_complete(dropped(addresses, centre.name))
    loop.close()


def test_every_request_of_these_services_may_be_drawn() -> None:
    served = {name for name, one in REQUESTS.items() if one.SERVICE in SERVED}
    assert set(NAMES) == served - NOT_HERE


@pytest.mark.parametrize("name", NAMES)
def test_every_form_can_be_filled(name: str) -> None:
    for seed in range(20):
        body = fill(REQUESTS[name], Random(seed), Known(), PACK, MONDAY_MORNING)
        assert {field for field, one in REQUESTS[name].model_fields.items() if one.is_required()} <= {*body, "actor"}


def test_no_sequence_of_requests_breaks_a_rule(world: World) -> None:
    """And the search gets about: cases were closed, whistles blown, orders judged, and much was refused."""
    for number in range(SEQUENCES):
        Sequence(world, number).run(STEPS)
    done = world.tally
    assert done["refused"] > 50
    for name in ("close_case", "check_in_arrival", "judge_supervision", "switch_mode", "add_supporter", "join_case"):
        assert done[name], f"nobody ever came to {name}"


@pytest.mark.provokes_errors
@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_a_guard_that_is_taken_away_is_missed(plant: Plant, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    monkeypatch.setattr(staff, "TWO_HATS", 0.6)
    look = PLANTED[plant]
    with aside(world, look.kept_twice), pytest.raises(Broken, match=look.words):
        search(world, look)


def search(world: World, look: Look) -> None:
    for number in range(look.first, look.first + UNTIL_FOUND):
        Sequence(world, number, acts=look.acts, names=look.names).run(STEPS)
