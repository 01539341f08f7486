"""The database itself refuses a case with no unit, or with two: each way to break it is planted here."""

import pytest
import sqlalchemy as sa

from tests.integration.dispatch.given import Bench
from tests.unit.dispatch.given import accepted

pytestmark = pytest.mark.servers

COPY_ORDER = """insert into dispatch.work_order
    (work_order_id, case_id, case_code, unit, role, state, round, sent_by, dispatched_at)
    select gen_random_uuid(), {case_id}, case_code, unit, role, state, round, sent_by, dispatched_at
    from dispatch.work_order limit 1"""

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
            current_work_order_id = (select work_order_id from dispatch.work_order)
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
    await bench.case_arrives()
    await bench.case_arrives(accepted(category=None))
    statement, says = PLANTED[plant]
    with pytest.raises(sa.exc.IntegrityError, match=says):
        await _run(bench, statement)


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
