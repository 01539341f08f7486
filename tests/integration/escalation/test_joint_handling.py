"""联办: each unit has its own clocks; only the lead's are the case's."""

from uuid import uuid4

import pytest

from shared.contracts.dispatch import WorkOrderReturned, WorkOrderWithdrawn
from tests.integration.escalation.given import Bench
from tests.unit.escalation.given import Story, at

pytestmark = pytest.mark.servers
RETURNED = {"reason": "not_our_duty", "returned_at": at(40), "returns": 1, "dispatcher_owes_since": at(40)}


async def joint(bench: Bench) -> tuple[Story, dict[str, object]]:
    """A case with its lead, and what an event needs to be about its supporter."""
    story = Story()
    support: dict[str, object] = {"work_order_id": uuid4(), "unit": "market", "role": "support"}
    await bench.hears(story.registered(), story.accepted(), story.dispatched())
    await bench.hears(story.dispatched(**support, dispatched_at=at(8)))
    return story, support


async def states(bench: Bench, story: Story, support: dict[str, object]) -> dict[str, str]:
    found = await bench.states(story)
    return {key.replace(str(support["work_order_id"]), "S"): state for key, state in found.items()}


async def test_a_supporter_has_its_own_clocks_and_the_dispatch_of_the_case_is_the_lead_s(bench: Bench) -> None:
    story, support = await joint(bench)
    assert await states(bench, story, support) == {
        "accept": "met",
        "dispatch:0": "met",
        "sign_off": "armed",
        "report_back:1": "armed",
        "sign_offS": "armed",
        "report_backS:1": "armed",
        "return": "armed",
        "returnS": "armed",
        "contact": "armed",
    }
    dispatch = next(clock for clock in await bench.rows(story) if clock.stage == "dispatch")
    assert dispatch.ended_at == at(6)
    await bench.balance()


async def test_a_supporter_alone_meets_no_dispatch(bench: Bench) -> None:
    story = Story()
    await bench.hears(story.registered(), story.accepted(), story.dispatched(role="support"))
    assert (await bench.states(story))["dispatch:0"] == "armed"


async def test_the_grid_verifies_what_the_lead_reports_only(bench: Bench) -> None:
    story, support = await joint(bench)
    await bench.hears(story.reported_back(**support))
    found = await states(bench, story, support)
    assert (found["report_backS:1"], found["sign_offS"]) == ("met", "met")
    assert await bench.tasks(story) == []
    await bench.hears(story.reported_back())
    assert len(await bench.tasks(story)) == 1
    await bench.balance()


@pytest.mark.parametrize("goes_to", ["dispatcher", "duty_director"])
async def test_a_supporter_s_return_is_owed_a_decision_by_the_desk_it_goes_to(bench: Bench, goes_to: str) -> None:
    story, support = await joint(bench)
    await bench.hears(story.tell(WorkOrderReturned, **support, **RETURNED, goes_to=goes_to))
    found = await states(bench, story, support)
    assert (found["sign_offS"], found["report_backS:1"]) == ("cancelled: returned", "cancelled: returned")
    assert (found["sign_off"], found["report_back:1"], found["dispatchS:support"]) == ("armed", "armed", "armed")
    owed = next(clock for clock in await bench.rows(story) if clock.key.endswith(":support"))
    assert (owed.owes, owed.stage, owed.started_at) == (goes_to, "dispatch", at(40))
    await bench.hears(story.tell(WorkOrderWithdrawn, **support, cause="released", withdrawn_at=at(45)))
    assert (await states(bench, story, support))["dispatchS:support"] == "met"
    await bench.balance()


async def test_a_lead_s_return_is_owed_by_the_desk_it_goes_to(bench: Bench) -> None:
    story, support = await joint(bench)
    await bench.hears(story.tell(WorkOrderReturned, **RETURNED, disputed=True, goes_to="duty_director"))
    again = next(clock for clock in await bench.rows(story) if clock.key.endswith(":1") and clock.stage == "dispatch")
    assert (again.owes, again.state) == ("duty_director", "armed")
    assert (await states(bench, story, support))["report_backS:1"] == "armed"


async def test_a_withdrawn_work_order_owes_nothing_more(bench: Bench) -> None:
    story, support = await joint(bench)
    await bench.hears(story.tell(WorkOrderWithdrawn, **support, cause="replaced", withdrawn_at=at(20)))
    found = await states(bench, story, support)
    assert (found["sign_offS"], found["report_backS:1"]) == ("cancelled: withdrawn", "cancelled: withdrawn")
    assert found["report_back:1"] == "armed"
    await bench.balance()


async def test_designated_away_from_a_unit_that_holds_it_the_case_is_with_the_other_and_owed_by_nobody_else(
    bench: Bench,
) -> None:
    story, other = Story(), uuid4()
    await bench.hears(story.registered(), story.accepted(), story.dispatched(), story.signed_off())
    await bench.hears(
        story.tell(WorkOrderWithdrawn, cause="designated_elsewhere", withdrawn_at=at(50)),
        story.dispatched(work_order_id=other, unit="market", designated=True, dispatched_at=at(50)),
    )
    found = {key.replace(str(other), "O"): state for key, state in (await bench.states(story)).items()}
    assert found == {
        "accept": "met",
        "dispatch:0": "met",
        "sign_off": "met",
        "report_back:1": "cancelled: withdrawn",
        "sign_offO": "armed",
        "report_backO:1": "armed",
        "return": "cancelled: withdrawn",
        "contact": "cancelled: withdrawn",
        "contactO": "armed",
    }
    assert [one["clock"] for one in await bench.events("escalation.clock.overdue")] == []
    await bench.balance()


async def test_designated_after_a_return_meets_the_director_s_clock(bench: Bench) -> None:
    story, other = Story(), uuid4()
    await bench.hears(
        story.registered(),
        story.accepted(),
        story.dispatched(),
        story.tell(WorkOrderReturned, **RETURNED, goes_to="duty_director"),
        story.dispatched(work_order_id=other, unit="market", designated=True, returns=1, dispatched_at=at(50)),
    )
    assert (await bench.states(story))["dispatch:1"] == "met"
    await bench.balance()


async def test_a_verification_of_a_withdrawn_report_is_dropped(bench: Bench) -> None:
    story, _ = await joint(bench)
    await bench.hears(
        story.reported_back(), story.tell(WorkOrderWithdrawn, cause="designated_elsewhere", withdrawn_at=at(70))
    )
    assert (await bench.states(story))["verify"] == "cancelled: withdrawn"
    assert [task.state for task in await bench.tasks(story)] == ["cancelled"]
