"""What persons wrote about a case is erased with its requester's data; who decided what stays."""

from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from services.dispatch.model import Handover, RoutedCase
from services.dispatch.operations.deferrals import ask_extension, ask_suspension, decide_deferral, resume_work_order
from services.dispatch.operations.erasing import WORDS_OF_A_CASE, erasing_notes
from services.dispatch.operations.handover import accept_handover, offer_handover
from services.dispatch.operations.joint import release_supporter
from services.dispatch.operations.proposals import decide_proposal
from services.dispatch.operations.reports import report_delay
from services.dispatch.operations.summonses import refuse_summons
from services.dispatch.queries.routes import list_proposals
from services.dispatch.queries.rulings import list_rulings
from services.dispatch.queries.work_orders import read_results
from shared.contracts.actors import Actor, Role
from shared.contracts.dispatch import (
    AcceptHandover,
    Deferral,
    ListProposals,
    ListRulings,
    OfferHandover,
    ReadResults,
    RefuseSummons,
    ReportDelay,
)
from shared.contracts.intake import ERASED, CaseClosed, RequesterErased
from tests.integration.dispatch.given import Bench
from tests.integration.dispatch.given_whistle import Whistle
from tests.unit.dispatch.given import (
    COMMANDER,
    DIRECTOR,
    DISPATCHER,
    FOURTH,
    OTHER,
    THIRD,
    accepted,
    corrected,
    deciding,
    releasing,
    staff_of,
)
from tests.unit.dispatch.given_deferrals import decision, extension, resuming, suspension

pytestmark = pytest.mark.servers
OF_ORDER = "work_order_id in (select work_order_id from dispatch.work_order where case_id = :id)"
APART = {
    "work_order_delay": OF_ORDER,
    "work_order_report": OF_ORDER,
    "called_unit": "summons_id in (select summons_id from dispatch.summons where case_id = :id)",
}


async def talked_about(bench: Bench) -> RoutedCase:
    """A case on which everybody has written something wherever something may be written."""
    event = accepted()
    case = await bench.case_arrives(event)
    await bench.hears(corrected(event, "environment.noise.social"))
    (proposal,) = (await list_proposals(bench.work, ListProposals(actor=DISPATCHER), now=bench.now)).proposals
    await decide_proposal(bench.work, deciding(proposal.proposal_id, confirm=False), now=bench.now)
    await bench.returns(await bench.lead(case.case_id))
    await bench.sends_on(case.case_code, OTHER)
    await bench.adds_supporter(case.case_code, THIRD)
    supporter = await bench.order(case.case_code, THIRD)
    await release_supporter(bench.work, releasing(supporter), now=bench.now)
    await bench.designates(case.case_code, FOURTH)
    lead = await bench.lead(case.case_id)
    await bench.signs_off(lead)
    of_lead = staff_of(FOURTH)
    await decides(bench, await ask_extension(bench.work, extension(lead, by=of_lead), now=bench.now), approve=False)
    until = bench.now + timedelta(days=1)
    asked = await ask_suspension(bench.work, suspension(lead, until, by=of_lead), now=bench.now)
    await decides(bench, asked, approve=True)
    await resume_work_order(bench.work, resuming(lead, by=of_lead), now=bench.now)
    await whistled_for(bench, case)
    delay = {"proposed_for": bench.now + timedelta(days=3), "reason": "鉴定未出"}
    ask = {"actor": of_lead, "idempotency_key": uuid4().hex, "work_order_id": lead.work_order_id}
    await report_delay(bench.work, ReportDelay.model_validate({**ask, **delay}), now=bench.now)
    await bench.reports(lead)
    return case


async def decides(bench: Bench, asked: Deferral, *, approve: bool) -> None:
    await decide_deferral(bench.work, decision(asked.deferral_id, approve=approve), now=bench.now)


async def whistled_for(bench: Bench, case: RoutedCase) -> None:
    """One summons that is refused, one that a unit cannot come to and that is stood down."""
    refusal = RefuseSummons(
        actor=COMMANDER,
        idempotency_key=uuid4().hex,
        summons_id=await bench.summons_is_asked(case.case_code, OTHER),
        reason="电话协调即可",
    )
    await refuse_summons(bench.work, refusal, now=bench.now)
    whistle = Whistle(bench, await bench.summons_is_asked(case.case_code, OTHER), case.case_id, case.case_code)
    await whistle.approved()
    await whistle.cannot_come(OTHER)
    await whistle.is_stood_down()


async def written(bench: Bench, case: RoutedCase) -> dict[str, set[str]]:
    """`table.column` -> what stands there about the case."""
    found: dict[str, set[str]] = {}
    async with bench.work.read() as session:
        for model, names in WORDS_OF_A_CASE.items():
            table = model.__tablename__
            of_case = APART.get(table, "case_id = :id")
            for name in names:
                query = f"select distinct {name} from dispatch.{table} where {of_case} and {name} is not null"
                found[f"{table}.{name}"] = set(await session.scalars(sa.text(query), {"id": case.case_id}))
    return found


async def closed_and_erased(bench: Bench, case: RoutedCase) -> None:
    ids = case.ids()
    await bench.hears(CaseClosed(**ids, outcome="solved", round=1, closed_at=bench.now))
    bench.passes(days=180)
    await bench.hears(RequesterErased(**ids, erased_at=bench.now))


async def test_every_word_about_the_case_is_erased_and_none_about_another(bench: Bench) -> None:
    case, other = await talked_about(bench), await talked_about(bench)
    before = await written(bench, other)
    assert all(before.values()), f"nobody wrote {[name for name, words in before.items() if not words]}"
    events = await bench.events(case.case_code)
    await closed_and_erased(bench, case)
    assert await written(bench, case) == {column: {ERASED} for column in before}
    assert await written(bench, other) == before
    assert await bench.events(case.case_code) == events, "the story stays as it was told"


async def test_who_decided_what_stays(bench: Bench) -> None:
    case = await talked_about(bench)
    await closed_and_erased(bench, case)
    asked = ListRulings(actor=DIRECTOR, case_code=case.case_code)
    (ruling,) = (await list_rulings(bench.work, asked, now=bench.now)).rulings
    assert (ruling.unit, ruling.ruled_by, ruling.ground) == (FOURTH, DIRECTOR.staff, ERASED)
    reads = ReadResults(actor=DISPATCHER, case_code=case.case_code)
    (result,) = (await read_results(bench.work, reads, now=bench.now)).results
    assert (result.unit, result.outcome, result.result) == (FOURTH, "solved", ERASED)


async def test_a_case_that_never_came_here_is_no_trouble(bench: Bench) -> None:
    await bench.hears(RequesterErased(case_id=uuid4(), case_code="26-0000001-4", erased_at=bench.now))


async def test_the_note_of_a_handover_goes_by_its_own_age(bench: Bench) -> None:
    directors = [Actor(staff=f"director.{number}", role=Role.DUTY_DIRECTOR) for number in (1, 2)]
    first, second = directors
    await accept_handover(bench.work, AcceptHandover(actor=first, idempotency_key="1"), now=bench.now)
    for key, by, to in (("2", first, second), ("3", second, first)):
        note = OfferHandover(actor=by, idempotency_key=key, incoming=to.staff, note="王某上午还会来电")
        offered = await offer_handover(bench.work, note, now=bench.now)
        if to is second:
            taken = AcceptHandover(actor=to, idempotency_key="4", handover_id=offered.handover_id)
            await accept_handover(bench.work, taken, now=bench.now)
    run = erasing_notes(bench.work, timedelta(days=180))
    bench.passes(days=179)
    await run()
    assert await notes(bench) == {"accepted": "王某上午还会来电", "offered": "王某上午还会来电"}
    bench.passes(days=2)
    await run()
    assert await notes(bench) == {"accepted": ERASED, "offered": "王某上午还会来电"}, "an offer that waits is read"


async def notes(bench: Bench) -> dict[str, str]:
    async with bench.work.read() as session:
        return {row.state: row.note for row in await session.scalars(sa.select(Handover))}
