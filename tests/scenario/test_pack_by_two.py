"""规则包由两人更改: drafted, replayed, not approved by its drafter, approved by another, later in force everywhere."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from deploy.embedded.running import ServerAddresses
from shared.contracts.actors import OPERATOR, Actor, Role
from shared.contracts.dispatch import (
    ApprovePackDraft,
    DraftCentrePack,
    ListPackVersions,
    PackDraftView,
    PackHistory,
)
from shared.errors import RemoteRefusal
from shared.infra.replay import routed_since
from shared.story.dry_run import dry_run
from tests.scenario.one_centre import one_centre
from tests.support.centre import CentreUnderTest, key

pytestmark = pytest.mark.servers
DRAFTER = Actor(staff="admin.1", role=Role.ADMINISTRATOR)
WAGES = "labour.wages.arrears"
IN_FORCE = "select version from {}.centre_pack where in_force"


@pytest.fixture
async def town(addresses: ServerAddresses, data_root: Path) -> AsyncIterator[CentreUnderTest]:
    async with one_centre(addresses, data_root) as centre:
        yield centre


def approving(town: CentreUnderTest, draft: PackDraftView, by: Actor) -> ApprovePackDraft:
    return ApprovePackDraft(actor=by, idempotency_key=key(), draft_id=draft.draft_id)


async def version_of(town: CentreUnderTest, service: str) -> str:
    (row,) = await town.fetch(IN_FORCE.format(service))
    return str(row["version"])


async def test_by_two_persons_and_at_its_instant(town: CentreUnderTest) -> None:
    case = (await town.window_receives(category=WAGES)).case_code
    before = town.pack
    lawyers: dict[str, Any] = {
        "id": "wages-to-lawyers",
        "categories": (WAGES,),
        "unit": "legal-aid",
        "source": "试行办法",
    }
    first = before.rules[0].model_copy(update=lawyers | {"places": ("*",), "levels": (), "supporters": ()})
    after = before.model_copy(update={"rules": (first, *before.rules)})

    now = town.clock.now()
    cases = await routed_since(town.asker, town.director, now - timedelta(days=30))
    compared = dry_run(before, after, cases, otherwise="", now=now)
    assert (compared.over, compared.compared, compared.owners_changed) == ("cases", 1, 1)
    assert compared.found[0].asked.label == case

    effective = now + timedelta(days=1)
    facts = {
        "pack": after.model_dump(mode="json"),
        "based_on": before.version,
        "note": "试行",
        "effective_at": effective,
    }
    draft = await town.ask(
        DraftCentrePack.model_validate({"actor": DRAFTER, "idempotency_key": key(), **facts}), PackDraftView
    )
    with pytest.raises(RemoteRefusal) as refused:
        await town.ask(approving(town, draft, DRAFTER), PackDraftView)
    assert refused.value.remote_code == "drafter_may_not_approve"
    await town.ask(approving(town, draft, town.director), PackDraftView)
    await town.settle()
    assert await version_of(town, "intake") == before.version

    await town.restarts()
    await town.time_passes(days=1)
    for service in ("dispatch", "intake", "escalation", "notification"):
        assert await version_of(town, service) == after.version
    told = await town.ask(ListPackVersions(actor=OPERATOR), PackHistory)
    assert [(one.version, one.applied_by) for one in told.terms] == [
        (after.version, town.director.staff),
        (before.version, OPERATOR.staff),
    ]
    order = await town.open_order((await town.window_receives(category=WAGES)).case_code)
    assert (order.unit, (await town.open_order(case)).unit == order.unit) == ("legal-aid", False)
