"""并案与拆案 in clocks: a joined case owes but its follow-up; a split one is owed anew, whatever comes first."""

from itertools import permutations

import pytest
import sqlalchemy as sa

from services.escalation.model import Verification
from shared.contracts.base import CaseEvent
from shared.contracts.dispatch import WorkOrderReturned, WorkOrderWithdrawn
from shared.contracts.intake import CaseFollowedUp, CaseJoined, CaseSplit, LeaderReopened, LeaderSolved
from tests.integration.escalation.given import Bench
from tests.unit.escalation.given import Story, at

pytestmark = pytest.mark.servers
LEADER = {"leader_id": "01a20287-1ef0-7000-91d2-b2a0a8280aaa", "leader": "26-0000006-4"}


def joined(story: Story, minute: int, *, splits: int = 0) -> CaseJoined:
    return story.tell(CaseJoined, **LEADER, differs=(), splits=splits, joined_at=at(minute))


def split(story: Story, minute: int, *, splits: int = 1) -> CaseSplit:
    return story.tell(CaseSplit, **LEADER, cause="decided", splits=splits, split_at=at(minute))


def withdrawn(story: Story, minute: int) -> WorkOrderWithdrawn:
    return story.tell(WorkOrderWithdrawn, cause="joined", withdrawn_at=at(minute))


async def test_joined_at_registration_it_is_accepted_and_never_dispatched(bench: Bench) -> None:
    story = Story()
    await bench.hears(story.registered(), joined(story, 1))
    assert await bench.states(story) == {"accept": "met"}
    await bench.hears(story.tell(LeaderSolved, **_leader(), solved_at=at(60)))
    assert await bench.states(story) == {"accept": "met", "follow_up:1": "armed"}
    await bench.hears(story.tell(LeaderReopened, **_leader(), reopened_at=at(61)))
    await bench.hears(story.tell(LeaderSolved, **_leader(), solved_at=at(120)))
    await bench.hears(story.tell(CaseFollowedUp, followed_up_at=at(125)))
    assert await bench.states(story) == {
        "accept": "met", "follow_up:1": "cancelled: reopened", "follow_up:2": "met",
    }  # fmt: skip
    await bench.balance()


async def test_what_ran_is_cancelled_with_the_join_and_what_comes_late_is_not_owed(bench: Bench) -> None:
    story, late = Story(), Story()
    await bench.hears(story.registered(), story.accepted(), story.dispatched(), joined(story, 10))
    assert await bench.states(story) == {
        "accept": "met", "dispatch:0": "met", "sign_off": "cancelled: joined", "report_back:1": "cancelled: joined",
        "return": "cancelled: joined", "contact": "cancelled: joined",
    }  # fmt: skip
    await bench.hears(withdrawn(story, 10))

    returned = late.tell(
        WorkOrderReturned, reason="not_our_duty", disputed=False, goes_to="dispatcher", returned_at=at(9), returns=1,
        dispatcher_owes_since=at(9),
    )  # fmt: skip
    await bench.hears(late.registered(), late.accepted(), joined(late, 10), late.dispatched(), returned)
    assert await bench.states(late) == {
        "accept": "met", "dispatch:0": "cancelled: joined", "dispatch:1": "cancelled: joined",
        "sign_off": "cancelled: joined", "report_back:1": "cancelled: joined",
        "return": "cancelled: joined", "contact": "cancelled: joined",
    }  # fmt: skip
    await bench.balance()


async def test_a_split_case_is_owed_from_the_split_whichever_stream_tells_first(bench: Bench) -> None:
    for order in permutations(range(3)):
        story = Story()
        await bench.hears(story.registered())
        sent = story.dispatched(splits=1, accepted_at=at(30), dispatched_at=at(31))
        told: list[CaseEvent] = [joined(story, 1), split(story, 30), sent]
        if order.index(0) > order.index(1):
            continue  # one stream: in its order
        await bench.hears(*(told[place] for place in order))
        states = await bench.states(story)
        assert states["dispatch:split:1"] == "met", order
        assert (states["sign_off"], states["report_back:1"]) == ("armed", "armed"), order
        assert set(states) == {"accept", "dispatch:split:1", "sign_off", "report_back:1", "return", "contact"}
        rows = {clock.stage: clock for clock in await bench.rows(story)}
        assert rows["dispatch"].started_at == at(30)
    await bench.balance()


async def test_old_news_of_a_join_leaves_what_came_after_the_split_alone(bench: Bench) -> None:
    """Dispatch's stream was read, intake's had to wait."""
    story = Story()
    sent = story.dispatched(splits=1, accepted_at=at(30), dispatched_at=at(31))
    await bench.hears(story.registered(), sent, story.signed_off(), story.reported_back(reported_back_at=at(90)))
    await bench.hears(joined(story, 10), split(story, 30))
    states = await bench.states(story)
    assert [state for key, state in states.items() if key.startswith("verify")] == ["armed"]
    async with bench.work.read() as session:
        tasks = await session.scalars(sa.select(Verification.state))
    assert list(tasks) == ["open"]
    await bench.balance()


async def test_split_from_a_solved_leader_its_follow_up_is_not_owed_and_a_second_join_counts(bench: Bench) -> None:
    story = Story()
    solved = story.tell(LeaderSolved, **_leader(), solved_at=at(20))
    await bench.hears(story.registered(), joined(story, 1), solved, split(story, 30))
    assert await bench.states(story) == {
        "accept": "met", "follow_up:1": "cancelled: split", "dispatch:split:1": "armed",
    }  # fmt: skip
    await bench.hears(joined(story, 40, splits=1))
    assert (await bench.states(story))["dispatch:split:1"] == "cancelled: joined"
    await bench.hears(split(story, 50, splits=2))
    assert (await bench.states(story))["dispatch:split:2"] == "armed"
    await bench.balance()


def _leader() -> dict[str, str]:
    return {"leader": LEADER["leader"]}
