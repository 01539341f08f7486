"""Recording a verification, and what the grid and the board read."""

import asyncio
from uuid import uuid4

import pytest

from services.escalation.errors import HandlerMayNotVerify, VerificationNotOpen
from services.escalation.operations.record_verification import Verifying
from services.escalation.policy.verifying import places_within
from services.escalation.queries import list_clocks
from services.escalation.queries.verifications import VerificationReads
from shared.contracts.actors import Actor, Role
from shared.contracts.escalation import (
    ListClocks,
    ListVerifications,
    RecordVerification,
    VerificationOutcome,
    VerificationTask,
)
from shared.contracts.intake import ERASED, RequesterErased
from shared.errors import AlreadyHandled, NotFound
from shared.vault import KeyRing
from tests.integration.escalation.given import Bench
from tests.unit.escalation.given import TOWN, UNIT, Story, at, quanzhou

pytestmark = pytest.mark.servers
KEYS = KeyRing.from_text(KeyRing.generate())
record_verification = Verifying(KEYS).record_verification
GRID = Actor(staff="grid.1", role=Role.GRID_WORKER)
DIRECTOR = Actor(staff="director.1", role=Role.DUTY_DIRECTOR)
MY_GRID = places_within(quanzhou(), TOWN)[1]


async def reported(bench: Bench, place: str | None = TOWN) -> Story:
    story = Story(place=place)
    await bench.hears(story.registered(), story.accepted(), story.dispatched(), story.reported_back())
    bench.clock.move_to(at(90))
    return story


async def tasks(bench: Bench, place: str | None = None) -> list[VerificationTask]:
    asked = ListVerifications(actor=GRID, place=place)
    listed = await VerificationReads(KEYS).list_verifications(bench.work, asked, now=at(0))
    return list(listed.tasks)


def recording(task: VerificationTask, by: Actor = GRID, key: str | None = None, note: str | None = None):
    return RecordVerification(
        actor=by,
        idempotency_key=key or uuid4().hex,
        verification_id=task.verification_id,
        outcome=VerificationOutcome.SOLVED,
        note=note,
    )


async def test_recorded_and_the_follow_up_begins(bench: Bench) -> None:
    story = await reported(bench)
    (task,) = await tasks(bench)
    assert (task.case_code, task.unit, task.place, task.assigned_at) == (story.code, UNIT, TOWN, at(60))
    assert task.due_at is not None
    done = await record_verification(bench.work, recording(task, note="王某家门口已清"), now=at(90))
    assert done.at == at(90)
    assert (await bench.states(story))["verify"] == "met"
    assert (await bench.states(story))["follow_up:1"] == "armed"
    assert await tasks(bench) == []
    (told,) = await bench.events("escalation.verification.recorded")
    assert (told["outcome"], told["verified_by"], told["unit"]) == ("solved", "grid.1", UNIT)
    assert "王某" not in str(await bench.events())
    (kept,) = await bench.tasks(story)
    assert kept.note is not None
    assert "王某" not in kept.note
    assert kept.opened(KEYS, "note") == "王某家门口已清"


async def test_the_note_is_erased_with_the_requesters_data(bench: Bench) -> None:
    told, silent, other = [await reported(bench) for _ in range(3)]
    found = {task.case_code: task for task in await tasks(bench)}
    for story, note in ((told, "王某家门口已清"), (silent, None), (other, "已清")):
        await record_verification(bench.work, recording(found[story.code], note=note), now=at(90))
    for story in (told, silent):
        await bench.hears(RequesterErased(case_id=story.case_id, case_code=story.code, erased_at=at(91)))
    kept = [(await bench.tasks(story))[0].opened(KEYS, "note") for story in (told, silent, other)]
    assert kept == [ERASED, None, "已清"]
    assert (await bench.tasks(told))[0].verified_by == GRID.staff


async def test_the_same_request_again_is_the_same_act(bench: Bench) -> None:
    story = await reported(bench)
    (task,) = await tasks(bench)
    command = recording(task)
    await record_verification(bench.work, command, now=at(90))
    with pytest.raises(AlreadyHandled) as again:
        await record_verification(bench.work, command, now=at(95))
    assert again.value.answer["at"].startswith("2026-11-23T02:30")
    with pytest.raises(VerificationNotOpen):
        await record_verification(bench.work, recording(task), now=at(95))
    assert len(await bench.events("escalation.verification.recorded", story.case_id)) == 1


async def test_two_workers_at_once_only_one_records(bench: Bench) -> None:
    story = await reported(bench)
    (task,) = await tasks(bench)
    both = await asyncio.gather(
        *(record_verification(bench.work, recording(task), now=at(90)) for _ in range(2)), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in both) == ["Done", "VerificationNotOpen"]
    assert len(await bench.events("escalation.verification.recorded", story.case_id)) == 1
    await bench.balance()


async def test_whoever_handled_is_refused_and_nothing_changed(bench: Bench) -> None:
    story = await reported(bench)
    (task,) = await tasks(bench)
    before = len(await bench.events())
    handler = Actor(staff="somebody", role=Role.GRID_WORKER, unit=UNIT)
    with pytest.raises(HandlerMayNotVerify):
        await record_verification(bench.work, recording(task, handler), now=at(90))
    assert len(await bench.events()) == before
    assert (await bench.states(story))["verify"] == "armed"


async def test_an_unknown_one(bench: Bench) -> None:
    unknown = RecordVerification(
        actor=GRID, idempotency_key="k", verification_id=uuid4(), outcome=VerificationOutcome.SOLVED
    )
    with pytest.raises(NotFound) as refused:
        await record_verification(bench.work, unknown, now=at(90))
    assert refused.value.field == "verification_id"


async def test_tasks_of_a_township_and_of_a_grid(bench: Bench) -> None:
    in_town, in_grid, elsewhere = [await reported(bench, place) for place in (TOWN, MY_GRID, "350521105")]
    codes = {place: {task.case_code for task in await tasks(bench, place)} for place in (None, TOWN, MY_GRID)}
    assert codes[None] == {in_town.code, in_grid.code, elsewhere.code}
    assert codes[TOWN] == {in_town.code, in_grid.code}
    assert codes[MY_GRID] == {in_grid.code}
    assert await tasks(bench, "no-such-place") == []


async def test_open_clocks_by_due_time_and_all_of_one_case(bench: Bench) -> None:
    first, second = await reported(bench), Story()
    await bench.hears(second.registered())
    await bench.sweep(at(91))
    listed = await list_clocks(bench.work, ListClocks(actor=DIRECTOR), now=at(91))
    assert [(one.stage, one.state) for one in listed.clocks] == [("accept", "overdue"), ("verify", "armed")]
    assert listed.total == 2
    spoken = first.code.replace("-", " ")
    of_case = await list_clocks(bench.work, ListClocks(actor=DIRECTOR, case_code=spoken), now=at(91))
    assert of_case.total == 7
    assert {one.state for one in of_case.clocks} == {"met", "armed", "cancelled"}
    accept = await list_clocks(bench.work, ListClocks(actor=DIRECTOR, case_code=first.code, stage="accept"), now=at(91))
    assert [(one.stage, one.limit) for one in accept.clocks] == [("accept", "15 working_minute")]
    one = await list_clocks(bench.work, ListClocks(actor=DIRECTOR, limit=1), now=at(91))
    assert (len(one.clocks), one.total) == (1, 2)
    unknown = await list_clocks(bench.work, ListClocks(actor=DIRECTOR, case_code=Story().code), now=at(91))
    assert (unknown.clocks, unknown.total) == ((), 0)
