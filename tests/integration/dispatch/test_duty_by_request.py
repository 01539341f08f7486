"""Duty as it is asked over the wire: the rosters that come with Muster, rights, and times nobody can mean."""

import json
from datetime import datetime
from typing import Any

import pytest

from deploy.packs import default_pack_dir
from deploy.rosters import apply_rosters, rosters_beside
from shared.contracts.actors import OPERATOR, Actor, Role
from shared.contracts.base import Done
from shared.contracts.dispatch import Responsible, SetRoster, WhoIsResponsible
from shared.contracts.subjects import request_subject
from shared.duty import Roster
from shared.errors import RemoteRefusal
from tests.support.centre import CentreUnderTest
from tests.support.times import LOCAL

pytestmark = pytest.mark.servers


async def test_the_rosters_beside_the_pack_are_set_once_and_answer(centre: CentreUnderTest) -> None:
    codes = await apply_rosters(centre.asker, rosters_beside(default_pack_dir()))
    assert {"director", "leader", "hall"} <= set(codes)
    assert await apply_rosters(centre.asker, rosters_beside(default_pack_dir())) == ()
    request = WhoIsResponsible(actor=OPERATOR, at=datetime(2026, 11, 30, 9, tzinfo=LOCAL))
    primary, backup = (await centre.ask(request, Responsible)).on_duty
    assert (primary.shift, backup.shift) == ("primary", "backup")
    assert primary.unit == backup.unit


async def test_a_unit_may_not_set_rosters(centre: CentreUnderTest) -> None:
    handler = Actor(staff="police.handler", role=Role.HANDLER, unit="police")
    roster = Roster(code="r", kind="leader", title="值班领导")
    with pytest.raises(RemoteRefusal) as refused:
        await centre.ask(SetRoster(actor=handler, idempotency_key="k", roster=roster), Done)
    assert refused.value.remote_code == "not_allowed"


@pytest.mark.parametrize(
    "at", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00", "2026-12-01T09:00:00", "soon"]
)
async def test_an_instant_nobody_can_mean_is_refused_in_words(centre: CentreUnderTest, at: str) -> None:
    refusal = await _refusal(centre, "who_is_responsible", {"at": at})
    assert refusal["field"] == "at"
    override = {"action": "add", "staff": "police.a", "starts_at": at, "ends_at": at, "reason": "有事"}
    refusal = await _refusal(
        centre, "make_override", {"idempotency_key": "k", "roster": "director", "override": override}
    )
    assert refusal["code"] == "invalid_input"


async def _refusal(centre: CentreUnderTest, name: str, facts: dict[str, Any]) -> dict[str, Any]:
    body = {"actor": OPERATOR.model_dump(mode="json"), **facts}
    client = centre.asker._client  # pyright: ignore[reportPrivateUsage]
    reply = await client.request(request_subject(centre.name, "dispatch", name), json.dumps(body).encode(), timeout=10)
    told = json.loads(reply.data)
    assert not told["ok"]
    return told["refusal"]
