"""What cases were routed by is read page by page, so that they can be routed again through another pack."""

from datetime import datetime, timedelta

import pytest

from services.dispatch.queries.replay import list_routed_inputs
from shared.centre.jurisdiction import route
from shared.contracts.actors import OPERATOR
from shared.contracts.dispatch import ListRoutedInputs, RoutedInputs
from tests.integration.dispatch.given import Bench
from tests.unit.dispatch.given import MONDAY, accepted, quanzhou

pytestmark = pytest.mark.servers


async def _listed(bench: Bench, since: datetime = MONDAY, *, offset: int = 0, limit: int = 1000) -> RoutedInputs:
    request = ListRoutedInputs(actor=OPERATOR, since=since, offset=offset, limit=limit)
    return await list_routed_inputs(bench.work, request, now=bench.now)


async def test_a_case_can_be_routed_again_from_what_is_listed(bench: Bench) -> None:
    event = accepted("housing.building.danger", level="II", flags=("safety",))
    await bench.case_arrives(event)

    (one,) = (await _listed(bench)).cases

    assert (one.case_code, one.category, one.place) == (event.case_code, event.category, event.place)
    assert (one.source, one.level, one.flags) == ("window", "II", ("safety",))
    assert (one.unit, one.by, one.accepted_at) == ("resources-construction", "rule", MONDAY)
    again = route(
        quanzhou(),
        category=one.category,
        place=one.place,
        source=one.source,
        level=one.level,
        flags=one.flags,
        at=one.accepted_at,
    )
    assert (again.unit, again.supporters) == (one.unit, ("fire-rescue", "luoyang"))


async def test_cases_come_in_the_order_of_acceptance_from_an_instant_on_page_by_page(bench: Bench) -> None:
    events = [accepted().model_copy(update={"accepted_at": MONDAY + timedelta(hours=nth)}) for nth in range(5)]
    for event in reversed(events):
        await bench.case_arrives(event)
    codes = [event.case_code for event in events]

    first = await _listed(bench, offset=0, limit=2)
    rest = await _listed(bench, offset=2, limit=2), await _listed(bench, offset=4, limit=2)
    later = await _listed(bench, since=MONDAY + timedelta(hours=2))

    assert [one.case_code for page in (first, *rest) for one in page.cases] == codes
    assert (first.total, later.total) == (5, 3)
    assert [one.case_code for one in later.cases] == codes[2:]


async def test_a_case_no_rule_could_place_is_listed_as_triage(bench: Bench) -> None:
    await bench.case_arrives(accepted(None))

    (one,) = (await _listed(bench)).cases

    assert (one.category, one.unit, one.by) == (None, "command-centre", "triage")
