"""From the window to the closed loop: each obligation gets its clock, and each clock its end."""

import random
from datetime import timedelta
from uuid import uuid4

import pytest

from services.escalation.operations.record_verification import Verifying
from services.escalation.policy.obligations import CLOSED_ALREADY
from shared.contracts.actors import Actor, Role
from shared.contracts.dispatch import ProposalDecided, RouteProposed, WorkOrderReopened, WorkOrderReturned
from shared.contracts.escalation import RecordVerification, VerificationOutcome
from shared.contracts.intake import CaseClosed, CaseFollowedUp, CaseHandled, CaseNotAccepted, CaseReopened
from shared.vault import KeyRing
from tests.integration.escalation.given import Bench
from tests.unit.escalation.given import OWNER, TOWN, UNIT, Story, at

KEYS = KeyRing.from_text(KeyRing.generate())
pytestmark = pytest.mark.servers
GRID = Actor(staff="grid.1", role=Role.GRID_WORKER)


async def verify(bench: Bench, story: Story, outcome: VerificationOutcome = VerificationOutcome.SOLVED) -> None:
    task = (await bench.tasks(story))[-1]
    command = RecordVerification(
        actor=GRID, idempotency_key=str(task.verification_id), verification_id=task.verification_id, outcome=outcome
    )
    await Verifying(KEYS).record_verification(bench.work, command, now=bench.clock.now())


async def test_from_the_window_to_the_closed_loop(bench: Bench) -> None:
    story = Story()
    await bench.hears(story.registered())
    assert await bench.states(story) == {"accept": "armed"}
    await bench.hears(story.accepted())
    assert await bench.states(story) == {"accept": "met", "dispatch:0": "armed"}
    await bench.hears(story.dispatched())
    assert await bench.states(story) == {
        "accept": "met", "dispatch:0": "met", "sign_off": "armed", "report_back:1": "armed", "return": "armed",
        "contact": "armed",
    }  # fmt: skip
    await bench.hears(story.signed_off(), story.reported_back())
    bench.clock.move_to(at(90))
    await verify(bench, story)
    await bench.hears(story.tell(CaseFollowedUp, contacted=False))
    assert (await bench.states(story))["follow_up:1"] == "armed"
    await bench.hears(story.tell(CaseFollowedUp, attempt=2), story.tell(CaseClosed, outcome="solved"))
    ends = await bench.states(story)
    assert ends.pop("return") == "cancelled: reported_back"  # a right nobody made use of
    assert set(ends.values()) == {"met"}
    owes = {clock.stage: clock.owes for clock in await bench.rows(story)}
    assert owes == {
        "accept": OWNER,
        "dispatch": "dispatcher",
        "sign_off": UNIT,
        "report_back": UNIT,
        "return": UNIT,
        "contact": UNIT,
        "verify": f"grid:{TOWN}",
        "follow_up": OWNER,
    }
    starts = {clock.stage: clock.started_at for clock in await bench.rows(story)}
    assert starts["sign_off"] == starts["report_back"] == at(6)
    assert await bench.sweep(at(100_000)) is None
    await bench.balance()


async def test_the_window_s_own_handling(bench: Bench) -> None:
    story = Story()
    await bench.hears(story.registered(), story.accepted(handling_mode="self"))
    assert await bench.states(story) == {"accept": "met", "handle": "armed"}
    await bench.hears(story.tell(CaseHandled))
    assert await bench.states(story) == {"accept": "met", "handle": "met", "follow_up:1": "armed"}
    dissatisfied = story.tell(CaseFollowedUp, satisfaction="dissatisfied", cause="unit")
    again = story.tell(CaseReopened, cause="unit", handling_mode="self", round=2, reopened_at=at(120))
    await bench.hears(dissatisfied, again)
    assert (await bench.states(story))["handle:2"] == "armed"
    await bench.hears(story.tell(CaseHandled, handled_at=at(200)))
    assert (await bench.states(story))["handle:2"] == "met"
    assert (await bench.states(story))["follow_up:2"] == "armed"
    first, second = (clock for clock in await bench.rows(story) if clock.stage == "handle")
    assert second.due_at - second.started_at < first.due_at - first.started_at
    await bench.balance()


async def test_not_accepted_ends_everything(bench: Bench) -> None:
    story = Story()
    await bench.hears(story.registered(), story.tell(CaseNotAccepted))
    assert await bench.states(story) == {"accept": "met"}
    # A word of the other stream that comes after the end: on record, and not left open.
    await bench.hears(story.dispatched())
    assert set((await bench.states(story)).values()) == {"met", f"cancelled: {CLOSED_ALREADY}"}
    assert await bench.sweep(at(1_000_000)) is None
    await bench.balance()


async def test_not_ours_returned_and_sent_again(bench: Bench) -> None:
    story, later = Story(), Story()
    returned = story.tell(
        WorkOrderReturned, reason="not_our_duty", returned_at=at(40), returns=1, dispatcher_owes_since=at(40)
    )
    await bench.hears(story.registered(), story.accepted(), story.dispatched(), story.signed_off(), returned)
    assert await bench.states(story) == {
        "accept": "met",
        "dispatch:0": "met",
        "sign_off": "met",
        "report_back:1": "cancelled: returned",
        "return": "met",
        "contact": "cancelled: returned",
        "dispatch:1": "armed",
    }
    again = story.dispatched(work_order_id=later.order, unit="market", returns=1, dispatched_at=at(50))
    await bench.hears(again)
    states = await bench.states(story)
    assert states["dispatch:1"] == "met"
    assert states[f"sign_off{later.order}"] == "armed"
    await bench.balance()


async def test_a_sign_off_that_was_owed_is_cancelled_with_the_return(bench: Bench) -> None:
    story = Story()
    returned = story.tell(
        WorkOrderReturned, reason="not_our_duty", returned_at=at(40), returns=1, dispatcher_owes_since=at(40)
    )
    await bench.hears(story.dispatched(), returned)
    assert await bench.states(story) == {
        "dispatch:0": "met",
        "sign_off": "cancelled: returned",
        "report_back:1": "cancelled: returned",
        "return": "met",
        "contact": "cancelled: returned",
        "dispatch:1": "armed",
    }


async def test_reported_without_signing_off_and_not_solved_goes_back_with_a_shorter_clock(bench: Bench) -> None:
    story = Story()
    await bench.hears(story.registered(), story.accepted(), story.dispatched(), story.reported_back())
    assert (await bench.states(story))["sign_off"] == "met"
    bench.clock.move_to(at(90))
    await verify(bench, story, VerificationOutcome.NOT_SOLVED)
    assert "follow_up:1" not in await bench.states(story)
    await bench.hears(story.tell(WorkOrderReopened, cause="not_verified", round=2, reopened_at=at(90)))
    by_key = {clock.key: clock for clock in await bench.rows(story)}
    first = by_key[f"report_back:{story.order}:1"]
    second = by_key[f"report_back:{story.order}:2"]
    assert (first.limit_text, second.limit_text) == ("5 working_day", "3 working_day")
    assert second.started_at == at(90)
    await bench.hears(story.reported_back(round=2, reported_back_at=at(300)))
    assert len(await bench.tasks(story)) == 2
    await verify(bench, story)
    assert (await bench.states(story))["follow_up:1"] == "armed"
    await bench.balance()


async def test_dissatisfied_goes_back_to_the_unit(bench: Bench) -> None:
    story = Story()
    await bench.hears(story.registered(), story.accepted(), story.dispatched(), story.reported_back())
    bench.clock.move_to(at(90))
    await verify(bench, story)
    dissatisfied = story.tell(CaseFollowedUp, satisfaction="dissatisfied", cause="unit")
    await bench.hears(dissatisfied, story.tell(CaseReopened, cause="unit", round=2, reopened_at=at(120)))
    await bench.hears(story.tell(WorkOrderReopened, cause="dissatisfied", round=2, reopened_at=at(121)))
    states = await bench.states(story)
    assert states["follow_up:1"] == "met"
    assert states["report_back:2"] == "armed"
    await bench.balance()


async def test_closing_ends_what_is_still_owed_and_the_task_of_the_grid(bench: Bench) -> None:
    story = Story()
    await bench.hears(story.registered(), story.accepted(), story.dispatched(), story.reported_back())
    await bench.hears(story.tell(CaseClosed, outcome="unreachable"))
    assert (await bench.states(story))["verify"] == "cancelled: closed"
    assert [task.state for task in await bench.tasks(story)] == ["cancelled"]
    await bench.balance()


async def test_whichever_stream_comes_first_the_end_is_the_same(bench: Bench) -> None:
    """All ways two streams can interleave, each on a case of its own, one by one and in batches."""
    ends: list[dict[str, tuple[str, object, object, object]]] = []
    shuffle = random.Random(7)
    for turn in range(24):
        story = Story()
        returned = story.tell(
            WorkOrderReturned, reason="not_our_duty", returned_at=at(10), returns=1, dispatcher_owes_since=at(10)
        )
        second = {"work_order_id": story.summons, "unit": "market", "returns": 1, "dispatched_at": at(12)}
        left = [bench.envelope(one) for one in (story.registered(), story.accepted())]
        right = [
            bench.envelope(one)
            for one in (
                story.dispatched(),
                returned,
                story.dispatched(**second),
                story.reported_back(work_order_id=story.summons, unit="market"),
            )
        ]
        while left or right:
            source, stream = shuffle.choice([("intake", left), ("dispatch", right)])
            taken = stream[: shuffle.randint(1, 3) if turn % 2 else 1]
            del stream[: len(taken)]
            if taken:
                await bench.deliver(source, taken)
        ends.append(
            {
                key.key.replace(str(story.case_id), "c").replace(str(story.order), "1").replace(str(story.summons), "2")
                if key.stage != "verify"
                else "verify": (key.state, key.started_at, key.due_at, key.ended_at)
                for key in await bench.rows(story)
            }
        )
    assert all(end == ends[0] for end in ends)
    assert len(ends[0]) == 12
    await bench.balance()


async def test_the_owner_may_be_unknown_yet(bench: Bench) -> None:
    story = Story()
    await bench.hears(story.dispatched(), story.reported_back())
    bench.clock.move_to(at(90))
    await verify(bench, story)
    (follow_up,) = [clock for clock in await bench.rows(story) if clock.stage == "follow_up"]
    assert follow_up.owes == "first_receiver"


async def test_applied_twice_nothing_changes(bench: Bench) -> None:
    story = Story()
    told = await bench.hears(story.registered(), story.accepted(), story.dispatched(), story.reported_back())
    before = await bench.states(story), len(await bench.events()), len(await bench.tasks(story))
    for envelope in told:
        await bench.deliver(envelope.type.split(".")[0], [envelope])
    assert (await bench.states(story), len(await bench.events()), len(await bench.tasks(story))) == before


async def test_late_ends_are_late_even_where_nobody_swept(bench: Bench) -> None:
    story = Story()
    await bench.hears(story.registered())
    await bench.hears(story.accepted(accepted_at=at(16)))
    assert (await bench.states(story))["accept"] == "met_late"
    (overdue,) = await bench.events("escalation.clock.overdue")
    assert overdue["clock"] == f"accept:{story.case_id}"
    await bench.sweep(at(17) + timedelta(seconds=1))
    assert len(await bench.events("escalation.clock.overdue")) == 1
    await bench.balance()


async def test_a_new_route_that_waits_for_a_person_has_a_clock(bench: Bench) -> None:
    """What nobody looks at is told to the desk and to the duty director; a word on it ends that."""
    story, proposals = Story(), [uuid4(), uuid4()]
    await bench.hears(story.registered(), story.accepted(), story.dispatched())
    for proposal in proposals:
        told = story.tell(
            RouteProposed,
            proposal_id=proposal,
            instead_of=UNIT,
            unit="police",
            rule="noise",
            reason="按规则",
            proposed_at=at(10),
        )
        await bench.hears(told)
    await bench.hears(story.tell(ProposalDecided, proposal_id=proposals[0], confirmed=False, decided_at=at(20)))
    await bench.sweep(at(26))
    (late,) = [one for one in await bench.events("escalation.clock.overdue") if one["stage"] == "dispatch"]
    assert (late["clock"], late["owes"]) == (f"dispatch:{proposals[1]}:proposal", "dispatcher")
    notices = [one for one in await bench.events("escalation.notice.issued") if one["clock"] == late["clock"]]
    assert {one["post"] for one in notices} == {"dispatcher", "duty_director"}
    await bench.hears(story.tell(ProposalDecided, proposal_id=proposals[1], confirmed=True, decided_at=at(30)))
    found = {clock.key: clock.state for clock in await bench.rows(story) if clock.key.endswith(":proposal")}
    assert [found[f"dispatch:{proposal}:proposal"] for proposal in proposals] == ["met", "met_late"]
    await bench.balance()
