"""What the desks read: in a handful of statements however many rows, bounded, and in order."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from services.dispatch.queries.cases import list_triage
from services.dispatch.queries.routes import explain_route, list_proposals
from services.dispatch.queries.work_orders import list_work_orders, read_results
from shared.contracts.dispatch import ExplainRoute, ListProposals, ListTriage, ListWorkOrders, ReadResults
from tests.integration.dispatch.given import Bench
from tests.unit.dispatch.given import DISPATCHER, LEAD, OTHER, TOWN, WAGES, accepted, corrected

pytestmark = pytest.mark.servers
ROWS, STATEMENTS_MAX = 200, 9
NOISE = "environment.noise.social"


@contextmanager
def statements() -> Iterator[list[str]]:
    """Those sent to the database while this is open."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    yield sent
    sa.event.remove(sa.Engine, "before_cursor_execute", note)


async def many_wait(bench: Bench) -> None:
    """Cases in triage of a known matter and place, as if each had been returned."""
    await bench.hears(*(accepted(None) for _ in range(ROWS)))
    async with bench.work.begin() as tx:
        waiting = "update dispatch.routed_case set category = :category, place = :place where state = 'triage'"
        await tx.session.execute(sa.text(waiting), {"category": WAGES, "place": TOWN})


async def test_waiting_cases_and_returned_support_are_read_in_a_handful_of_statements(bench: Bench) -> None:
    ruled = await bench.case_arrives()
    await bench.designates(ruled.case_code, OTHER)
    await bench.adds_supporter(ruled.case_code, LEAD)
    await bench.returns(await bench.order(ruled.case_code, LEAD))
    await many_wait(bench)
    with statements() as sent:
        listed = await list_triage(bench.work, ListTriage(actor=DISPATCHER, limit=ROWS), now=bench.now)
    assert (len(listed.cases), listed.total, len(listed.returned_support)) == (ROWS, ROWS, 1)
    assert {each.precedents[0].case_code for each in listed.cases} == {ruled.case_code}
    assert 0 < len(sent) <= STATEMENTS_MAX, sent


async def test_triage_tells_the_longest_waiting_first_and_how_many_more_there_are(bench: Bench) -> None:
    codes: list[str] = []
    for _ in range(3):
        codes.append((await bench.case_arrives(accepted(None))).case_code)
        bench.passes(minutes=1)
    listed = await list_triage(bench.work, ListTriage(actor=DISPATCHER, limit=2), now=bench.now)
    assert ([each.case_code for each in listed.cases], listed.total) == (codes[:2], 3)


async def test_proposals_are_bounded_oldest_first_with_how_many_there_are(bench: Bench) -> None:
    events = [accepted() for _ in range(3)]
    for event in events:
        await bench.hears(event, corrected(event, NOISE))
        bench.passes(minutes=1)
    with statements() as sent:
        told = await list_proposals(bench.work, ListProposals(actor=DISPATCHER, limit=2), now=bench.now)
    assert ([each.case_code for each in told.proposals], told.total) == ([each.case_code for each in events[:2]], 3)
    assert 0 < len(sent) <= STATEMENTS_MAX


async def test_one_case_is_read_without_looking_through_all_work_orders(bench: Bench) -> None:
    """By the case's own row: work orders have an index on the case's id, not on its code."""
    case = await bench.case_arrives()
    with statements() as sent:
        await read_results(bench.work, ReadResults(actor=DISPATCHER, case_code=case.case_code), now=bench.now)
        request = ListWorkOrders(actor=DISPATCHER, case_code=case.case_code)
        await list_work_orders(bench.work, request, now=bench.now)
        await explain_route(bench.work, ExplainRoute(actor=DISPATCHER, case_code=case.case_code), now=bench.now)
    assert [statement for statement in sent if "dispatch.work_order" in statement]
    assert not [statement for statement in sent if "work_order.case_code =" in statement]
