"""Cases from before there was joint handling live on, and the way back keeps what it can."""

from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.dispatch.operations.work_orders import return_work_order
from services.dispatch.queries.routes import explain_route
from services.dispatch.queries.work_orders import list_work_orders
from shared.codes import case_code
from shared.contracts.dispatch import ExplainRoute, ListWorkOrders
from shared.infra.database import make_engine
from shared.infra.migrations import downgrade, migrate
from tests.integration.dispatch.given import Bench
from tests.support.databases import migrations_of
from tests.unit.dispatch.given import DISPATCHER, LEAD, OTHER, TOWN, WAGES, accepted, quanzhou, returning

pytestmark = pytest.mark.servers
CODE, WAITING = case_code(2025, 1), case_code(2025, 2)

OLD_CASE = """insert into dispatch.routed_case values (:case, :code, 'window', :category, :place, 'IV', :version,
    now(), now(), :owner, :state, :returns, 'why', :decision, :current, :waiting, null)"""
OLD_ORDER = """insert into dispatch.work_order (work_order_id, case_id, case_code, unit, role, state, round, sent_by,
    dispatched_at, returned_at) values (:order, :case, :code, :unit, 'lead', :state, 1, 'rule', now(), :returned)"""
DECISION = """{"rule_id": "labour", "unit": "labour-rights", "by": "rule", "reason": "why", "considered": [],
    "pack_version": "v1"}"""


async def test_old_cases_go_on_where_they_were(bench: Bench, database_url: str) -> None:
    engine, folder = make_engine(database_url, service="tests"), migrations_of("dispatch")
    async with engine.connect() as connection:
        await connection.run_sync(downgrade, "dispatch", folder, "0001")
        await _old_rows(connection, bench)
        await connection.commit()
    assert await migrate(engine, schema="dispatch", folder=folder)
    await engine.dispose()

    why = await explain_route(bench.work, ExplainRoute(actor=DISPATCHER, case_code=CODE), now=bench.now)
    assert (why.owner, why.hops) == (LEAD, 1)
    assert [(one.number, one.by, one.unit, one.rule, one.decided_by) for one in why.routings] == [
        (1, "rule", LEAD, "labour", "table")
    ]
    waiting = await explain_route(bench.work, ExplainRoute(actor=DISPATCHER, case_code=WAITING), now=bench.now)
    assert (waiting.hops, waiting.state) == (2, "triage")
    order = await bench.order(CODE, LEAD)
    await return_work_order(bench.work, returning(order), now=bench.now)
    assert (await bench.sends_on(CODE, OTHER)).unit == OTHER
    assert (await bench.designates(WAITING, OTHER)).unit == OTHER, "twice returned: the duty director's to decide"


async def test_the_way_back_leaves_one_unit_to_each_case(bench: Bench, database_url: str) -> None:
    case = await bench.case_arrives(accepted())
    await bench.adds_supporter(case.case_code, "market")
    await bench.designates(case.case_code, OTHER)
    engine, folder = make_engine(database_url, service="tests"), migrations_of("dispatch")
    async with engine.connect() as connection:
        await connection.run_sync(downgrade, "dispatch", folder, "0001")
        await connection.commit()
    assert await migrate(engine, schema="dispatch", folder=folder)
    await engine.dispose()
    request = ListWorkOrders(actor=DISPATCHER, case_code=case.case_code)
    (order,) = (await list_work_orders(bench.work, request, now=bench.now)).work_orders
    assert (order.unit, order.role) == (OTHER, "lead")
    assert [(one.unit, one.state) for one in await bench.orders(case.case_id)] == [
        (LEAD, "closed"),
        (OTHER, "dispatched"),
    ]


async def _old_rows(connection: AsyncConnection, bench: Bench) -> None:
    first, second, current = uuid4(), uuid4(), uuid4()
    common = {"category": WAGES, "place": TOWN, "version": quanzhou().version, "decision": DECISION}
    at_work = {"owner": LEAD, "state": "dispatched", "returns": 0, "current": current, "waiting": None}
    in_triage = {"owner": "command-centre", "state": "triage", "returns": 2, "current": None, "waiting": bench.now}
    cases = ({"case": first, "code": CODE, **at_work}, {"case": second, "code": WAITING, **in_triage})
    for case in cases:
        await connection.execute(sa.text(OLD_CASE), {**common, **case})
    back = {"state": "returned", "returned": bench.now, "case": second, "code": WAITING}
    orders = (
        {"order": current, "case": first, "code": CODE, "unit": LEAD, "state": "dispatched", "returned": None},
        {"order": uuid4(), "unit": LEAD, **back},
        {"order": uuid4(), "unit": OTHER, **back},
    )
    for order in orders:
        await connection.execute(sa.text(OLD_ORDER), order)
