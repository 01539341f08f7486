"""并案: a joined case is with no unit; 拆案: it is routed as a new one, whether it was here before or not."""

from uuid import uuid4

import pytest

from services.dispatch.errors.cases import CaseIsJoined, NotPossibleNow
from services.dispatch.operations.modes import switch_mode
from services.dispatch.policy.cases import CaseState, WorkOrderState
from shared.contracts.dispatch import CaseRouted, WorkOrderDispatched, WorkOrderWithdrawn
from shared.contracts.intake import CaseAccepted, CaseClosed, CaseCorrected, CaseJoined, CaseReopened, CaseSplit
from tests.integration.dispatch.given import Bench, verified
from tests.unit.dispatch.given import DESK, FAMILY, LEAD, OTHER, accepted
from tests.unit.modes.given import DAY, surge_to

pytestmark = pytest.mark.servers
LEADER = "26-0000006-4"


def joined(event: CaseAccepted, bench: Bench, *, splits: int = 0) -> CaseJoined:
    shared = event.model_dump(include={"case_id", "case_code", "category", "place", "level", "owner", "pack_version"})
    return CaseJoined(**shared, leader_id=uuid4(), leader=LEADER, differs=(), splits=splits, joined_at=bench.now)


def split(event: CaseAccepted, bench: Bench, *, splits: int = 1, category: str | None = None) -> CaseSplit:
    told = event.model_dump(exclude={"registered_at", "accepted_at", "category"})
    return CaseSplit(
        **told,
        category=category or event.category,
        leader_id=uuid4(),
        leader=LEADER,
        cause="decided",
        splits=splits,
        split_at=bench.now,
    )


async def test_the_work_of_a_joined_case_is_taken_back_and_of_a_split_one_sent_anew(bench: Bench) -> None:
    event = accepted()
    await bench.case_arrives(event)
    await bench.adds_supporter(event.case_code, OTHER)
    bench.passes(minutes=5)
    await bench.hears(joined(event, bench))
    case = await bench.case(event.case_id)
    assert (case.state, case.owner, case.current_work_order_id) == (CaseState.JOINED, DESK, None)
    assert {order.state for order in await bench.orders(event.case_id)} == {WorkOrderState.WITHDRAWN}
    withdrawn = await bench.event_data(event.case_code, WorkOrderWithdrawn)
    assert [(one["unit"], one["cause"]) for one in withdrawn] == [(LEAD, "joined"), (OTHER, "joined")]
    assert LEADER in case.reason
    with pytest.raises(NotPossibleNow):
        await bench.signs_off((await bench.orders(event.case_id))[0])
    for act in (bench.designates(event.case_code, OTHER), bench.sends_on(event.case_code, OTHER)):
        with pytest.raises(CaseIsJoined):
            await act

    split_at = bench.passes(hours=1)
    await bench.hears(split(event, bench))
    lead = await bench.lead(event.case_id)
    assert (lead.unit, lead.state, lead.dispatched_at) == (LEAD, WorkOrderState.DISPATCHED, split_at)
    case = await bench.case(event.case_id)
    assert (case.state, case.accepted_at, case.routings) == (CaseState.DISPATCHED, split_at, 2)
    assert [one["splits"] for one in await bench.event_data(event.case_code, WorkOrderDispatched)] == [0, 0, 1]
    await bench.signs_off(lead)
    await bench.hears(joined(event, bench, splits=1))
    assert {one.state for one in await bench.orders(event.case_id)} == {WorkOrderState.WITHDRAWN}, (
        "a sign-off that crossed the join is taken back with it"
    )


async def test_a_case_joined_before_it_was_accepted_comes_here_when_it_is_split(bench: Bench) -> None:
    event = accepted()
    await bench.hears(joined(event, bench))
    assert await bench.count("routed_case") == 0
    await bench.hears(split(event, bench))
    assert (await bench.lead(event.case_id)).unit == LEAD
    assert [one["splits"] for one in await bench.event_data(event.case_code, WorkOrderDispatched)] == [1]


async def test_it_is_placed_by_what_is_known_at_the_split(bench: Bench) -> None:
    event = accepted()
    await bench.case_arrives(event)
    await bench.hears(joined(event, bench))
    corrected = {"category": FAMILY, "flags": (), "corrected_at": bench.now}
    kept = event.model_dump(include={"case_id", "case_code", "place", "level", "pack_version"})
    await bench.hears(CaseCorrected.model_validate({**kept, **corrected}))
    assert (await bench.case(event.case_id)).state == CaseState.JOINED, "nothing is proposed for it"
    assert await bench.count("proposal") == 0
    await bench.hears(split(event, bench, category=FAMILY))
    routed = await bench.event_data(event.case_code, CaseRouted)
    assert routed[-1]["category"] == FAMILY
    assert routed[-1]["unit"] != LEAD


async def test_in_a_surge_a_split_case_is_placed_by_the_rules_of_the_surge(bench: Bench) -> None:
    event = accepted("safety.fire.hazards")
    await bench.case_arrives(event)
    normal = {order.unit for order in await bench.orders(event.case_id)}
    await bench.hears(joined(event, bench))
    asked = surge_to("II", until=bench.now + DAY)
    await switch_mode(bench.work, asked, now=bench.now)
    bench.passes(minutes=5)
    await bench.hears(split(event, bench))
    sent = await bench.event_data(event.case_code, WorkOrderDispatched)
    in_surge = {one["unit"] for one in sent if one["splits"] == 1}
    assert in_surge == {"fire-rescue", "enforcement-emergency"} != normal
    assert (await bench.event_data(event.case_code, CaseRouted))[-1]["rule"] == "fire-surge"


async def test_a_joined_case_is_reopened_verified_and_closed_without_any_work_order(bench: Bench) -> None:
    event = accepted()
    await bench.case_arrives(event)
    lead = await bench.lead(event.case_id)
    await bench.hears(joined(event, bench))
    again = event.model_dump(include={"case_id", "case_code", "category", "level", "owner", "pack_version"})
    reopened = {"cause": "unit", "handling_mode": "forward", "round": 2, "reopened_at": bench.now}
    await bench.hears(CaseReopened.model_validate({**again, **reopened}))
    await bench.hears(verified(lead, bench))
    assert (await bench.case(event.case_id)).state == CaseState.JOINED
    ids = {"case_id": event.case_id, "case_code": event.case_code}
    await bench.hears(CaseClosed(**ids, outcome="solved", round=2, closed_at=bench.now))
    assert (await bench.case(event.case_id)).state == CaseState.CLOSED
    await bench.hears(joined(event, bench))
    assert (await bench.case(event.case_id)).state == CaseState.CLOSED, "what is over stays over"
