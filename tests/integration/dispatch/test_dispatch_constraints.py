"""The database itself refuses a case with no unit, or with two: each way to break it is planted here."""

import pytest
import sqlalchemy as sa

from tests.integration.dispatch.given import Bench
from tests.unit.dispatch.given import accepted, corrected

pytestmark = pytest.mark.servers

COPY_ORDER = """insert into dispatch.work_order
    (work_order_id, case_id, case_code, unit, role, state, round, sent_by, dispatched_at)
    select gen_random_uuid(), {case_id}, case_code, unit, role, state, round, sent_by, dispatched_at
    from dispatch.work_order order by role limit 1"""

PLANTED = {
    "two open lead work orders": (COPY_ORDER.format(case_id="case_id"), "one_open_lead"),
    "dispatched, but with no work order": (
        "update dispatch.routed_case set current_work_order_id = null where state = 'dispatched'",
        "dispatched_case_has_a_work_order",
    ),
    "dispatched with a work order that does not exist": (
        "update dispatch.routed_case set current_work_order_id = gen_random_uuid() where state = 'dispatched'",
        "current_work_order_of_this_case|work orders say otherwise",
    ),
    "dispatched with the work order of another case": (
        """update dispatch.routed_case set state = 'dispatched', waiting_since = null,
            current_work_order_id = (select work_order_id from dispatch.work_order where role = 'lead')
            where state = 'triage'""",
        "current_work_order_of_this_case|work orders say otherwise",
    ),
    "dispatched, but its work order was returned": (
        "update dispatch.work_order set state = 'returned'",
        "work orders say otherwise",
    ),
    "dispatched to one unit, answered for by another": (
        "update dispatch.routed_case set owner = 'market' where state = 'dispatched'",
        "work orders say otherwise",
    ),
    "in triage with an open work order": (
        "update dispatch.routed_case set state = 'triage', waiting_since = now(), current_work_order_id = null",
        "work orders say otherwise",
    ),
    "in triage beside a work order of its own": (
        COPY_ORDER.format(case_id="(select case_id from dispatch.routed_case where state = 'triage')"),
        "work orders say otherwise",
    ),
    "finished by its lead unit while a supporting one owes": (
        "update dispatch.work_order set state = 'reported_back' where role = 'lead'",
        "finished while a supporting one owes",
    ),
    "a supporting unit joins after the lead unit has finished": (
        """with lead as (update dispatch.work_order set state = 'reported_back' where role = 'lead' returning 1)
            update dispatch.work_order set state = 'returned' where role = 'support' and exists (select from lead)""",
        "finished while a supporting one owes",
    ),
    "two open work orders of one unit": (
        COPY_ORDER.format(case_id="case_id").replace("order by role limit 1", "where role = 'support'"),
        "one_open_order_of_unit",
    ),
    "a designated unit that returned": (
        "update dispatch.work_order set designated = true, state = 'returned' where role = 'support'",
        "designated_is_not_returned",
    ),
    "a part nobody knows": ("update dispatch.work_order set role = 'spectator'", "work_order_role"),
    "a return to a desk nobody knows": ("update dispatch.work_order set return_desk = 'x'", "work_order_return_desk"),
    "a desk nobody knows": ("update dispatch.routed_case set desk = 'somebody'", "routed_case_desk"),
    "a routing by nobody": ("update dispatch.routing set \"by\" = 'chance'", "routing_by"),
    "two routings of one number": (
        """insert into dispatch.routing select case_id, number, "by", unit, supporters, rule, reason, considered,
            source, category, place, level, flags, pack_version, decided_by, words, routed_at from dispatch.routing""",
        "routing_pkey",
    ),
    "closed with an open work order": (
        "update dispatch.routed_case set state = 'closed' where state = 'dispatched'",
        "work orders say otherwise",
    ),
    "nobody answers": ("update dispatch.routed_case set owner = ''", "routed_case_has_an_owner"),
    "its current work order deleted": ("delete from dispatch.work_order", "current_work_order_of_this_case"),
    "a state nobody knows": ("update dispatch.work_order set state = 'lost'", "work_order_state"),
}


@pytest.mark.parametrize("plant", list(PLANTED))
async def test_a_case_without_its_one_unit_is_not_committed(bench: Bench, plant: str) -> None:
    case = await bench.case_arrives()
    await bench.adds_supporter(case.case_code, "police")
    await bench.case_arrives(accepted(category=None))
    statement, says = PLANTED[plant]
    with pytest.raises(sa.exc.IntegrityError, match=says):
        await _run(bench, statement)


async def test_two_open_proposals_of_one_case_are_not_committed(bench: Bench) -> None:
    event = accepted()
    await bench.hears(event, corrected(event, "consumer"))
    copy = sa.text(
        """insert into dispatch.proposal (proposal_id, case_id, case_code, state, unit, supporters, instead_of, reason,
            considered, level, proposed_at) select gen_random_uuid(), case_id, case_code, state, unit, supporters,
            instead_of, reason, considered, level, proposed_at from dispatch.proposal"""
    )
    with pytest.raises(sa.exc.IntegrityError, match="one_open_proposal"):
        await _run(bench, str(copy))


async def test_the_asker_of_a_summons_does_not_stand_as_its_approver(bench: Bench) -> None:
    case = await bench.case_arrives()
    summons_id = await bench.summons_is_asked(case.case_code, "police")
    for decided_by in ("asked_by", "null"):
        with pytest.raises(sa.exc.IntegrityError, match="asker_does_not_approve"):
            await _run(bench, f"update dispatch.summons set state = 'running', decided_by = {decided_by}")
    assert await bench.summons_is_approved(summons_id) == "running"


async def _run(bench: Bench, statement: str) -> None:
    async with bench.work.begin() as tx:
        changed = await tx.session.execute(sa.text(statement))
        assert changed.rowcount, "the plant changed nothing: the test would test nothing"  # type: ignore[attr-defined]
