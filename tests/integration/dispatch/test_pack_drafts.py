"""A pack by two persons: drafted, approved by another, in force once at its instant, on record whatever comes."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.dispatch.errors.packs import (
    AnotherDraftWaits,
    CentrePackChangedMeanwhile,
    CentrePackFaulty,
    CentrePackUnchanged,
    DrafterMayNotApprove,
    PackDraftedAlready,
)
from services.dispatch.operations.pack_drafts import (
    approve_pack_draft,
    draft_centre_pack,
    take_approved_pack,
    withdraw_pack_draft,
)
from services.dispatch.operations.packs import apply_centre_pack
from services.dispatch.queries.packs import list_pack_versions, read_pack_version
from shared.centre.pack import CentrePack
from shared.contracts.actors import OPERATOR, Actor, Role
from shared.contracts.dispatch import (
    ApplyCentrePack,
    ApprovePackDraft,
    CentrePackApplied,
    DraftCentrePack,
    ListPackVersions,
    PackDraftOvertaken,
    PackDraftView,
    PackHistory,
    ReadPackVersion,
    WithdrawPackDraft,
)
from shared.errors import NotFound
from tests.integration.dispatch.given import Bench
from tests.unit.dispatch.given import DIRECTOR, quanzhou

pytestmark = pytest.mark.servers
DRAFTER = Actor(staff="admin.1", role=Role.ADMINISTRATOR)


def called(title: str) -> CentrePack:
    return quanzhou().model_copy(update={"title": title})


async def drafts(
    bench: Bench, pack: CentrePack, *, at: datetime | None = None, based_on: str | None = None
) -> PackDraftView:
    facts = {"pack": pack.model_dump(mode="json"), "note": "改名", "effective_at": at}
    command = DraftCentrePack.model_validate(
        {"actor": DRAFTER, "idempotency_key": uuid4().hex, "based_on": based_on or quanzhou().version, **facts}
    )
    return await draft_centre_pack(bench.work, command, now=bench.now)


async def approves(bench: Bench, draft: PackDraftView, by: Actor = DIRECTOR) -> PackDraftView:
    command = ApprovePackDraft(actor=by, idempotency_key=uuid4().hex, draft_id=draft.draft_id)
    return await approve_pack_draft(bench.work, command, now=bench.now)


async def withdraws(bench: Bench, draft_id: UUID) -> PackDraftView:
    command = WithdrawPackDraft(actor=DRAFTER, idempotency_key=uuid4().hex, draft_id=draft_id)
    return await withdraw_pack_draft(bench.work, command, now=bench.now)


async def history(bench: Bench, *, waiting: bool = False) -> PackHistory:
    return await list_pack_versions(bench.work, ListPackVersions(actor=OPERATOR, waiting=waiting), now=bench.now)


async def told(bench: Bench) -> list[str]:
    return [entry["version"] for entry in await bench.event_data("centre_pack", CentrePackApplied)]


async def test_drafted_approved_by_another_and_in_force_once_at_its_instant(bench: Bench) -> None:
    before, after = quanzhou(), called("改名后的中心")
    effective = bench.now + timedelta(days=2)
    draft = await drafts(bench, after, at=effective)
    assert [(one.section, one.changed) for one in draft.changes] == [("title", 1)]
    assert await take_approved_pack(bench.work) is None, "not approved yet"
    with pytest.raises(DrafterMayNotApprove):
        await approves(bench, draft, by=DRAFTER)
    assert (await approves(bench, draft)).effective_at == effective
    assert await take_approved_pack(bench.work) == effective
    assert await told(bench) == [before.version]

    now = bench.passes(days=2)
    await asyncio.gather(*(take_approved_pack(bench.work) for _ in range(4)))  # several copies at once
    assert await told(bench) == [before.version, after.version]
    newest, first = (await history(bench)).terms
    assert (newest.version, newest.since, newest.until, newest.applied_by) == (after.version, now, None, DIRECTOR.staff)
    assert newest.draft is not None
    assert (newest.draft.drafted_by, newest.draft.state) == (DRAFTER.staff, "in_force")
    assert [(one.section, one.changed) for one in newest.changes] == [("title", 1)]
    assert (first.version, first.until, first.applied_by, first.draft) == (before.version, now, "operator", None)


async def test_any_version_can_be_read_also_one_that_is_only_drafted(bench: Bench) -> None:
    draft = await drafts(bench, called("只是草案"))
    for version, title in ((quanzhou().version, quanzhou().title), (draft.version, "只是草案")):
        found = await read_pack_version(bench.work, ReadPackVersion(actor=OPERATOR, version=version), now=bench.now)
        assert found.pack["title"] == title
    with pytest.raises(NotFound):
        await read_pack_version(bench.work, ReadPackVersion(actor=OPERATOR, version="nothing"), now=bench.now)


async def test_what_may_not_be_drafted(bench: Bench) -> None:
    with pytest.raises(CentrePackUnchanged):
        await drafts(bench, quanzhou())
    with pytest.raises(CentrePackChangedMeanwhile):
        await drafts(bench, called("旧底稿"), based_on="older")
    with pytest.raises(CentrePackFaulty, match=r"centre\.yaml"):
        await drafts(bench, quanzhou().model_copy(update={"directors": ("nobody",)}))
    await drafts(bench, called("一份"))
    with pytest.raises(PackDraftedAlready):
        await drafts(bench, called("一份"))
    assert len((await history(bench)).drafts) == 1


async def test_one_approved_draft_waits_at_a_time_and_may_still_be_withdrawn(bench: Bench) -> None:
    later = bench.now + timedelta(days=1)
    first, second = await drafts(bench, called("甲"), at=later), await drafts(bench, called("乙"), at=later)
    await approves(bench, first)
    waiting = await history(bench, waiting=True)
    assert ([one.draft_id for one in waiting.drafts], waiting.terms) == ([second.draft_id], ())
    with pytest.raises(AnotherDraftWaits):
        await approves(bench, second)
    await withdraws(bench, first.draft_id)
    await approves(bench, second)
    bench.passes(days=1)
    await take_approved_pack(bench.work)
    assert await told(bench) == [quanzhou().version, called("乙").version]
    assert {one.state for one in (await history(bench)).drafts} == {"withdrawn", "in_force"}


async def test_what_came_into_force_meanwhile_is_not_undone_unseen(bench: Bench) -> None:
    draft = await drafts(bench, called("草案"), at=bench.now + timedelta(days=1))
    await approves(bench, draft)
    urgent = called("应急").model_dump(mode="json")
    command = ApplyCentrePack(actor=OPERATOR, idempotency_key=uuid4().hex, pack=urgent)
    await apply_centre_pack(bench.work, command, now=bench.now)
    bench.passes(days=1)
    await take_approved_pack(bench.work)
    assert await told(bench) == [quanzhou().version, called("应急").version]
    (overtaken,) = await bench.event_data(f"pack_draft:{draft.draft_id}", PackDraftOvertaken)
    assert (overtaken["based_on"], overtaken["in_force"]) == (quanzhou().version, called("应急").version)


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("update dispatch.pack_draft set approved_by = drafted_by, approved_at = now()", "drafter_does_not_approve"),
        ("update dispatch.pack_draft set content = '{}'", "what was drafted is what is approved"),
        ("update dispatch.pack_draft set state = 'approved'", "pack_draft_takes_effect_approved"),
        ("update dispatch.pack_draft set state = 'withdrawn'", "pack_draft_"),
        ("delete from dispatch.pack_draft", "stays on record"),
    ],
)
async def test_the_database_says_so_too(bench: Bench, statement: str, says: str) -> None:
    await drafts(bench, called("草案"))
    with pytest.raises(sa.exc.DBAPIError, match=says):
        async with bench.work.begin() as tx:
            await tx.session.execute(sa.text(statement))
