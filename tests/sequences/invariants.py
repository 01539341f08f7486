"""What no sequence of verbs may break: the invariants of the architecture that dispatch answers for."""

from collections import Counter

from services.dispatch.model import CaseRouting, CaseRuling, WorkOrder
from services.dispatch.policy.cases import OPEN_WORK_ORDERS, CaseState, WorkOrderState
from services.dispatch.policy.summoning import OPEN_SUMMONSES, SummonsState
from services.escalation.policy.case_book import CaseBook, hear
from services.escalation.policy.obligations import dispatch_key, proposal_key
from services.escalation.policy.owed import owed
from shared.contracts.dispatch import CaseDesignated
from tests.sequences.clock_book import ClockBook
from tests.sequences.desk import Desk
from tests.unit.dispatch.given import DESK, DIRECTOR

HELD = OPEN_WORK_ORDERS | {WorkOrderState.REPORTED_BACK}


def one_first_receiver(desk: Desk) -> None:
    """1. The first receiver stays answerable, and somebody answers at every instant."""
    case = desk.file.case
    assert case.first_receiver == desk.first_receiver, "another became the first receiver"
    assert case.owner, "nobody answers for the case"
    waits = case.state == CaseState.TRIAGE
    assert case.state == CaseState.CLOSED or (case.owner == DESK) == waits, "the owner is not whoever has the case"


def one_lead_that_waits_for_its_supporters(desk: Desk) -> None:
    """2. An open dispatched case has exactly one lead; it is not finished while a supporting one is open."""
    file, case = desk.file, desk.file.case
    open_leads = [one for one in file.orders if one.part == "lead" and one.state in OPEN_WORK_ORDERS]
    if case.state == CaseState.DISPATCHED:
        assert file.lead is not None, "a dispatched case has no lead"
        assert file.lead.part == "lead", "a supporter leads"
        assert file.lead.unit == case.owner, "the lead is not the owner"
        assert file.lead.state in HELD, "the lead does not hold its work order"
        assert open_leads in ([], [file.lead]), "there is a second lead"
        assert file.lead.open or not file.owing, "the lead has finished, and a supporter owes"
        assert file.lead.unit not in file.owing, "the lead supports itself"
    else:
        assert not open_leads, "a unit leads a case that is with no unit"
    if case.state == CaseState.CLOSED:
        assert not [one for one in file.orders if one.owes], "a unit owes on a closed case"
    busy = Counter(one.unit for one in file.orders if one.state in OPEN_WORK_ORDERS)
    assert all(number == 1 for number in busy.values()), "a unit has two open work orders on one case"


def handler_does_not_verify_and_asker_does_not_approve(desk: Desk) -> None:
    """4."""
    for task in desk.tasks:
        if task.verified_by is not None:
            assert not task.verified_by.endswith(f".{task.unit}"), "the unit that handled it verified it"
            assert task.verified_by != task.reported_by, "whoever reported it verified it"
    for roll in desk.rolls:
        if SummonsState(roll.summons.state) not in (SummonsState.ASKED, SummonsState.REFUSED, SummonsState.STOOD_DOWN):
            decided_by = roll.summons.decided_by
            assert decided_by is not None, "a summons goes on and nobody approved it"
            assert decided_by != roll.summons.asked_by, "whoever asked for a summons approved it"


def designations_bind_and_returns_are_bounded(desk: Desk) -> None:
    """8. Designated units cannot return, returns per case are bounded, every ruling is on record."""
    orders = desk.file.orders
    assert not [one for one in orders if one.designated and one.returned_at is not None], "a designated unit returned"
    handing = desk.pack.handing
    returned = [one for one in orders if one.part == "lead" and one.returned_at is not None]
    assert len(returned) == desk.file.case.returns, "the returns are counted wrong"
    assert len(returned) <= handing.returns_to_director, "returned more often than a case may be"
    assert desk.file.case.hops <= handing.hops_max + desk.rulings, "handed on more often than a case may be"
    assert len([one for one in desk.events if isinstance(one, CaseDesignated)]) == desk.rulings, "a ruling is not told"
    assert len([one for one in orders if one.designated and one.part == "lead"]) == desk.rulings, "a ruling binds none"
    assert len([row for row in desk.kept if isinstance(row, CaseRuling)]) == desk.rulings, "a ruling is not on record"
    if desk.file.case.state == CaseState.TRIAGE and desk.file.case.hops >= handing.hops_max:
        assert desk.file.case.desk == "duty_director", "it may go to no further unit and waits for a dispatcher"
    if desk.file.case.state == CaseState.TRIAGE and len(returned) >= handing.returns_to_director:
        assert desk.file.case.desk == "duty_director", "it was returned often enough and waits for a dispatcher"
    if handing.returns_to_director == len(returned):
        after = orders[orders.index(returned[-1]) + 1 :]
        assert all(one.designated for one in after if one.part == "lead"), "returned often enough: only a ruling binds"


def what_a_unit_returned_is_the_directors_to_impose(desk: Desk) -> None:
    """A dispute, and who gets again what it gave back, is nobody's but the duty director's to decide."""
    gave_back: set[tuple[str, str]] = set()
    for one in desk.file.orders:
        if (one.part, one.unit) in gave_back:
            assert one.sent_by == DIRECTOR.name, "sent again to a unit that returned it"
        if one.returned_at is not None:
            gave_back.add((one.part, one.unit))
            assert one.return_desk == "duty_director" or not one.disputed, "a dispute waits for a dispatcher"
            decided = one.withdrawn_by in (None, DIRECTOR.name)
            assert one.return_desk == "dispatcher" or decided, "a dispatcher decided for the duty director"


def every_decision_about_who_answers_is_on_record(desk: Desk) -> None:
    case, routings = desk.file.case, [row for row in desk.kept if isinstance(row, CaseRouting)]
    assert [one.number for one in routings] == list(range(1, case.routings + 1)), "a routing is not on record"
    assert case.hops == len([one for one in desk.file.orders if one.part == "lead"]), "the hops are counted wrong"
    if case.state == CaseState.DISPATCHED:
        assert routings[-1].unit == case.owner, "the last routing on record leads elsewhere"
    kept = {one.work_order_id for one in desk.kept if isinstance(one, WorkOrder)}
    assert kept == {one.work_order_id for one in desk.file.orders}, "a work order is not kept"


def owed_on(order: WorkOrder) -> set[str]:
    """The stages of an open work order. It may be returned until a report; the lead speaks with the requester first."""
    if not order.open:
        return set()
    new = order.state in (WorkOrderState.DISPATCHED, WorkOrderState.SIGNED_OFF)
    return {
        "report_back",
        *(["sign_off"] if order.state == WorkOrderState.DISPATCHED else []),
        *(["return"] if new and not order.designated else []),
        *(["contact"] if new and order.part == "lead" and order.contacted_at is None else []),
    }


def every_open_obligation_has_its_clock(desk: Desk) -> None:
    """3. And nothing that is over has one, in whichever order the two streams come."""
    case, clocks = desk.file.case, list(desk.clocks.open.values())
    for order in desk.file.orders:
        running = [one for one in clocks if one.work_order_id == order.work_order_id]
        if order.part == "support" and order.state == WorkOrderState.RETURNED:
            waits = [(one.stage, one.owes) for one in running]
            assert waits == [("dispatch", order.return_desk)], "no clock times the desk that decides on a supporter"
        else:
            timed, owes = sorted(one.stage for one in running), sorted(owed_on(order))
            assert timed == owes, f"a {order.part} that is {order.state} owes {owes}, and clocks time {timed}"
            assert {one.owes for one in running} <= {order.unit}, "a clock times another unit"
    sending = {(one.key, one.owes) for one in clocks if one.work_order_id is None}
    owed = {(dispatch_key(case.case_id, case.returns), case.desk)} if case.state == CaseState.TRIAGE else set()
    if desk.file.proposal is not None:
        owed.add((proposal_key(desk.file.proposal.proposal_id), "dispatcher"))
    assert {key for key, _ in sending} == {key for key, _ in owed}, "clocks for sending it on are not what is owed"
    assert sending == owed, "a clock times the wrong desk"


def what_the_facts_say_is_owed_is_what_the_clocks_time(desk: Desk) -> None:
    """The auditor's road and the table of clocks' lead to the same, whichever stream came first."""
    timed = {key: (one.stage, one.owes, one.started_at) for key, one in desk.clocks.open.items()}
    case_id = desk.file.case.case_id
    for told in ([*desk.events, *desk.heard], [*desk.heard, *desk.events]):
        book = CaseBook()
        for event in told:
            book = hear(event, book)
        facts = owed(case_id, CaseBook.model_validate(book.model_dump(mode="json", exclude_defaults=True)))
        found = {one.key: (one.stage, one.owes, one.started_at) for one in facts if one.stage != "arrival"}
        assert found == timed, "the auditor finds something else owed than the clocks time"


def clocks_do_not_ask_which_stream_came_first(desk: Desk) -> None:
    for told in ([*desk.events, *desk.heard], [*desk.heard, *desk.events]):
        assert ClockBook(told).open == desk.clocks.open, "the clocks are others when the other stream comes first"


def a_summons_ends_and_units_answer_for_themselves(desk: Desk) -> None:
    """A summons that is over awaits nobody."""
    for roll in desk.rolls:
        if SummonsState(roll.summons.state) not in OPEN_SUMMONSES:
            assert roll.summons.ended_at is not None, "a summons is over and did not end"
            awaited = [unit for unit in roll.units if not unit.ended_at and unit.state != "named"]
            assert not awaited, "a summons that is over awaits a unit"


INVARIANTS = (
    one_first_receiver,
    one_lead_that_waits_for_its_supporters,
    handler_does_not_verify_and_asker_does_not_approve,
    designations_bind_and_returns_are_bounded,
    what_a_unit_returned_is_the_directors_to_impose,
    every_decision_about_who_answers_is_on_record,
    every_open_obligation_has_its_clock,
    a_summons_ends_and_units_answer_for_themselves,
)
