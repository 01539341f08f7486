"""The auditor finds what is amiss, mends what can be mended, says so, and is silent until all is well."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from services.escalation.model import Audit
from services.escalation.operations import audit_clocks
from services.escalation.operations.audit_clocks import Auditor
from services.escalation.queries import AuditWatch
from shared.contracts.dispatch import SummonsUnitCalled
from shared.contracts.intake import CaseClosed
from tests.integration.escalation.given import Bench
from tests.unit.escalation.given import Story, at

pytestmark = pytest.mark.servers


async def look(bench: Bench) -> tuple[int, bool]:
    """One whole round. How many findings it had, and whether it ended with a heartbeat."""
    before = await row(bench)
    await Auditor(bench.work, rhythm=timedelta(0)).run()
    after = await row(bench)
    assert after.cursor is None
    return after.last_found, after.beat_at is not None and after.beat_at != before.beat_at


async def row(bench: Bench) -> Audit:
    async with bench.work.read() as session:
        return (await session.scalars(sa.select(Audit))).one()


async def tamper(bench: Bench, *statements: str) -> None:
    """As a slip of ours or a hand in the database might: past the guard of the table."""
    async with bench.work.begin() as tx:
        await tx.session.execute(sa.text("set local session_replication_role = replica"))
        for statement in statements:
            await tx.session.execute(sa.text(statement))


async def under_way(bench: Bench) -> list[Story]:
    """Cases at many stages, all well."""
    stories = [Story() for _ in range(6)]
    for number, story in enumerate(stories):
        steps = (story.registered(), story.accepted(), story.dispatched(), story.signed_off(), story.reported_back())
        await bench.hears(*steps[: number + 1] if number < 5 else [story.tell(SummonsUnitCalled)])
    return stories


def found(events: Iterable[dict[str, object]]) -> list[tuple[object, object, object]]:
    return [(one["finding"], one["stage"], one["mended"]) for one in events]


async def test_where_all_is_well_every_round_is_a_heartbeat_and_changes_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await under_way(bench)
    await bench.sweep(at(3 * 24 * 60))  # the right to return lapsed by itself: that is no finding
    before = [(clock.key, clock.state) for clock in await bench.rows()]
    assert await look(bench) == (0, True)
    monkeypatch.setattr(audit_clocks, "CASES_MAX", 2)
    assert await look(bench) == (0, True)
    assert (await row(bench)).last_cases == 6
    assert [(clock.key, clock.state) for clock in await bench.rows()] == before
    assert (await AuditWatch().facts(bench.work))[0]
    await Auditor(bench.work).run()
    assert (await row(bench)).last_cases == 6, "the next round waits for the rhythm"


@pytest.mark.provokes_errors
async def test_a_clock_that_was_lost_is_armed_again_and_the_heartbeat_stops_until_then(bench: Bench) -> None:
    stories = await under_way(bench)
    lost = [(one.key, one.due_at) for one in await bench.rows() if one.open]
    await tamper(bench, "delete from escalation.clock where ended_at is null")
    found_now, beat = await look(bench)
    assert (found_now, beat) == (len(lost), False)
    healthy, facts = await AuditWatch().facts(bench.work)
    assert (healthy, "findings" in facts["auditor"]) == (False, True)
    assert sorted((one.key, one.due_at) for one in await bench.rows() if one.open) == sorted(lost)
    events = await bench.events("escalation.audit.found")
    assert {one["clock"] for one in events} == {key for key, _ in lost}
    assert {(finding, mended) for finding, _, mended in found(events)} == {("missing", True)}
    assert await look(bench) == (0, True)
    await bench.hears(stories[0].accepted())
    assert (await bench.states(stories[0]))["accept"] == "met", "the mended clock is as good as the first"


@pytest.mark.provokes_errors
async def test_a_clock_of_a_case_that_is_over_is_ended(bench: Bench) -> None:
    over, other = Story(), Story()
    await bench.hears(over.registered(), over.accepted(), other.registered())
    await bench.hears(over.tell(CaseClosed, outcome="solved", closed_at=at(6)))
    revive = "update escalation.clock set state = 'armed', ended_at = null, reason = null, next_at = due_at where stage"
    await tamper(bench, f"{revive} = 'dispatch'")
    assert await look(bench) == (1, False)
    assert found(await bench.events("escalation.audit.found")) == [("dead", "dispatch", True)]
    assert (await bench.states(over))["dispatch:0"] == "cancelled: not_owed"
    assert await look(bench) == (0, True)


@pytest.mark.provokes_errors
async def test_a_clock_nobody_owes_on_a_case_under_way_is_ended_too(bench: Bench) -> None:
    story = Story()
    await bench.hears(story.registered(), story.accepted(), story.dispatched())
    revive = "update escalation.clock set state = 'armed', ended_at = null, next_at = due_at where stage = 'accept'"
    await tamper(bench, revive)
    assert await look(bench) == (1, False)
    assert (await bench.states(story))["accept"] == "cancelled: not_owed"


@pytest.mark.provokes_errors
async def test_a_clock_that_ended_too_early_is_told_once_and_keeps_the_heartbeat_silent(bench: Bench) -> None:
    story = Story()
    await bench.hears(story.registered())
    end = "state = 'cancelled', reason = 'x', ended_at = now(), next_at = null"
    await tamper(bench, f"update escalation.clock set {end} where stage = 'accept'")
    assert await look(bench) == (1, False)
    assert await look(bench) == (1, False)
    assert found(await bench.events("escalation.audit.found")) == [("ended", "accept", False)]
    assert not (await AuditWatch().facts(bench.work))[0]


async def test_a_silent_auditor_is_seen(bench: Bench) -> None:
    await look(bench)
    watch = AuditWatch(silent_max=timedelta(0))
    await tamper(bench, "update escalation.audit set beat_at = now() - interval '1 hour'")
    healthy, facts = await watch.facts(bench.work)
    assert (healthy, facts["auditor"].startswith("last heartbeat 36")) == (False, True)
    await tamper(bench, "delete from escalation.audit")
    assert await watch.facts(bench.work) == (False, {"auditor": "its row is missing"})
