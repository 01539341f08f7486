"""A case is with the triage desk or with exactly one lead unit, and says why."""

from collections.abc import Callable

import pytest

from services.dispatch.errors.cases import (
    CaseIsClosed,
    CaseNotInTriage,
    DeskOnlySorts,
    OwnDutyPushedDown,
    SuggestsItself,
    UnitReturnedIt,
    UnknownUnit,
)
from services.dispatch.errors.handing import DirectorDecides, HopsExhausted
from services.dispatch.errors.joint import LeadCannotSupport, SupporterNamedTwice
from services.dispatch.model import CaseFile, CaseRouting, WorkOrder, unit_acts
from services.dispatch.policy.cases import CaseState, WorkOrderState
from shared.centre.pack import Handing
from shared.contracts.actors import Actor
from shared.contracts.dispatch import CaseRouted, WorkOrderDispatched, WorkOrderWithdrawn
from shared.errors import Refused
from tests.unit.dispatch.given import (
    DESK,
    DIRECTOR,
    DISPATCHER,
    FOURTH,
    LEAD,
    MONDAY,
    OTHER,
    THIRD,
    TOWN,
    TOWNSHIP_UNIT,
    WAGES,
    accepted,
    file_in_triage,
    file_of,
    joint_file,
    minutes,
    moment,
    pack_with,
    redispatch,
    report,
    staff_of,
    take_back,
)


def send_on(file: CaseFile, to: str, *supporters: str, by: Actor = DISPATCHER) -> WorkOrder:
    ask = redispatch(file.case.case_code, to, *supporters, by=by)
    changes = file.send_on(ask, moment(MONDAY + minutes(10)))
    routed = next(event for event in changes.events if isinstance(event, CaseRouted))
    assert (routed.unit, routed.by, routed.rule) == (to, "person", None)
    assert ask.reason not in "".join(event.model_dump_json() for event in changes.events)
    assert file.lead is not None
    assert file.lead.send_reason == ask.reason
    return file.lead


def test_what_no_rule_places_waits_with_the_desk_for_a_reason_that_can_be_read() -> None:
    file, changes = file_of(accepted(None))
    case, (routed,) = file.case, changes.events
    assert (case.state, case.owner, case.desk, case.waiting_since) == (CaseState.TRIAGE, DESK, "dispatcher", MONDAY)
    assert isinstance(routed, CaseRouted)
    assert (routed.by, routed.unit, routed.rule, case.hops) == ("triage", DESK, None, 0)
    assert routed.reason == case.reason
    assert "未定事项类别" in routed.reason


def test_what_a_rule_places_is_told_with_the_rule_and_what_else_was_considered() -> None:
    file, changes = file_of(accepted(flags=("safety",)))
    routed = changes.events[0]
    assert isinstance(routed, CaseRouted)
    assert (routed.unit, routed.by, routed.rule, routed.flags) == (LEAD, "rule", "labour", ("safety",))
    assert "劳动维权中心" in routed.reason
    _, seaside = file_of(accepted("city.facilities.lighting", "350521106.g01"))
    told = seaside.events[0]
    assert isinstance(told, CaseRouted)
    assert told.considered[0]["rule_id"] == "facilities"
    assert (file.case.decided().rule_id, file.case.first_receiver) == ("labour", "clerk.1")


def test_every_routing_is_kept_whole_with_who_decided_and_their_words() -> None:
    file, changes = file_of()
    take_back(file, file.orders[0])
    again = file.send_on(redispatch(file.case.case_code, OTHER), moment())
    first, second = (next(row for row in one.rows if isinstance(row, CaseRouting)) for one in (changes, again))
    assert (first.number, first.decided_by, first.words, first.rule) == (1, "table", None, "labour")
    assert (second.number, second.decided_by, second.unit) == (2, "dispatcher:dispatcher.1", OTHER)
    assert second.words == "按职责改派给承办单位"
    assert (first.source, first.category, first.place, first.level) == ("window", WAGES, TOWN, "IV")


def test_the_lead_work_order_tells_how_the_unit_is_reached_and_since_when_it_is_owed() -> None:
    file, changes = file_of()
    case, order, told = file.case, file.orders[0], changes.events[1]
    assert (case.state, case.owner, case.current_work_order_id) == (CaseState.DISPATCHED, LEAD, order.work_order_id)
    assert isinstance(told, WorkOrderDispatched)
    assert (told.unit, told.reached_by, told.role, told.round, told.returns) == (LEAD, "desk", "lead", 1, 0)
    assert (told.accepted_at, case.hops) == (case.accepted_at, 1)


def test_a_rotating_unit_is_reached_at_its_desk_on_its_day_in_the_hall() -> None:
    event = accepted("environment.noise.social")
    ways = [file_of(event, moment(in_hall=hall))[1].events[1] for hall in (frozenset[str](), frozenset({OTHER}))]
    assert [told.reached_by for told in ways if isinstance(told, WorkOrderDispatched)] == ["liaison", "desk"]


def test_a_returned_case_is_with_the_desk_again_and_the_return_is_counted() -> None:
    file, _ = file_of()
    case, order = file.case, file.orders[0]
    told = take_back(file, order, now=MONDAY + minutes(5))
    assert (case.state, case.owner, case.current_work_order_id) == (CaseState.TRIAGE, DESK, None)
    assert (case.returns, told.returns, told.goes_to, told.role) == (1, 1, "dispatcher", "lead")
    assert told.dispatcher_owes_since == told.returned_at == case.waiting_since == MONDAY + minutes(5)
    assert case.reason == "劳动维权中心退单：不属本单位职责。"
    assert "三定方案" not in told.model_dump_json()
    assert order.return_ground == "三定方案未列此项职责"


def test_the_second_return_goes_to_the_duty_director_and_no_dispatcher_sends_it_on() -> None:
    file, _ = file_of()
    take_back(file, file.orders[0])
    told = take_back(file, send_on(file, OTHER), now=MONDAY + minutes(20))
    assert (told.returns, file.case.returns) == (2, 2)
    assert (told.goes_to, file.case.desk) == ("duty_director", "duty_director")
    assert "轮值主任" in file.case.reason
    for by in (DISPATCHER, DIRECTOR):
        with pytest.raises(DirectorDecides) as refused:
            send_on(file, THIRD, by=by)
        assert refused.value.field == "case_code"


def test_a_dispute_of_duty_goes_to_the_duty_director_at_once() -> None:
    file, _ = file_of()
    told = take_back(file, file.orders[0], disputed=True)
    assert (told.disputed, told.goes_to, told.returns, file.case.desk) == (True, "duty_director", 1, "duty_director")
    with pytest.raises(DirectorDecides):
        send_on(file, OTHER)


def test_a_case_goes_from_unit_to_unit_only_as_often_as_the_pack_says() -> None:
    few = pack_with(handing=Handing(returns_to_director=9, hops_max=2))
    file, _ = file_of()
    take_back(file, file.orders[0], pack=few)
    file.send_on(redispatch(file.case.case_code, OTHER), moment(pack=few))
    assert file.case.hops == 2
    told = take_back(file, file.orders[1], pack=few)
    assert told.goes_to == "duty_director", "nobody else can send it on"
    with pytest.raises(HopsExhausted) as refused:
        file.send_on(redispatch(file.case.case_code, THIRD), moment(pack=few))
    assert refused.value.facts == {"hops": 2, "hops_max": 2}


@pytest.mark.parametrize(("by", "words"), [(DISPATCHER, "由调度员派单。"), (DIRECTOR, "由轮值主任派单。")])
def test_a_person_sends_on_what_waits(by: Actor, words: str) -> None:
    file = file_in_triage()
    order = send_on(file, OTHER, by=by)
    assert (file.case.owner, file.case.state, file.case.reason) == (OTHER, CaseState.DISPATCHED, words)
    assert (order.unit, order.state, order.designated) == (OTHER, WorkOrderState.DISPATCHED, False)
    assert file.case.decided().by == "triage", "what the table said stays readable"


def test_the_unit_that_returned_a_case_gets_it_again_from_the_duty_director_only() -> None:
    file, _ = file_of()
    take_back(file, file.orders[0])
    with pytest.raises(UnitReturnedIt) as refused:
        send_on(file, LEAD)
    assert refused.value.field == "unit"
    assert send_on(file, LEAD, by=DIRECTOR).unit == LEAD


def test_no_dispatcher_hands_a_units_own_duty_down_to_a_township() -> None:
    file, _ = file_of()
    take_back(file, file.orders[0])
    with pytest.raises(OwnDutyPushedDown) as refused:
        send_on(file, TOWNSHIP_UNIT)
    assert (refused.value.field, refused.value.facts["rule_id"]) == ("unit", "labour")
    assert file.case.state == CaseState.TRIAGE
    assert send_on(file, TOWNSHIP_UNIT, by=DIRECTOR).unit == TOWNSHIP_UNIT


def test_what_is_nobodys_own_duty_may_go_to_a_township() -> None:
    assert send_on(file_in_triage(), TOWNSHIP_UNIT).unit == TOWNSHIP_UNIT


def test_a_case_with_a_unit_is_not_sent_to_a_second_one() -> None:
    file, _ = file_of()
    with pytest.raises(CaseNotInTriage) as refused:
        send_on(file, OTHER)
    assert refused.value.facts["owner"] == LEAD


def test_a_closed_case_is_sent_nowhere() -> None:
    file = file_in_triage()
    unit_acts.close(file, at=MONDAY)
    with pytest.raises(CaseIsClosed):
        send_on(file, OTHER)


@pytest.mark.parametrize(
    ("to", "supporters", "refusal", "field"),
    [
        ("nobody", (), UnknownUnit, "unit"),
        (DESK, (), DeskOnlySorts, "unit"),
        (OTHER, ("nobody",), UnknownUnit, "supporters"),
        (OTHER, (DESK,), DeskOnlySorts, "supporters"),
        (OTHER, (OTHER,), LeadCannotSupport, "supporters"),
        (OTHER, (LEAD, LEAD), SupporterNamedTwice, "supporters"),
    ],
)
def test_a_case_is_sent_only_to_known_units_that_handle(
    to: str, supporters: tuple[str, ...], refusal: type[Refused], field: str
) -> None:
    file = file_in_triage()
    with pytest.raises(refusal) as refused:
        send_on(file, to, *supporters)
    assert refused.value.field == field
    assert (file.case.state, file.case.routings, file.orders) == (CaseState.TRIAGE, 1, [])


@pytest.mark.parametrize(
    ("suggested", "refusal"),
    [("nobody", UnknownUnit), (LEAD, SuggestsItself), (TOWNSHIP_UNIT, OwnDutyPushedDown)],
)
def test_a_returning_unit_suggests_fairly_or_not_at_all(suggested: str, refusal: type[Refused]) -> None:
    file, _ = file_of()
    with pytest.raises(refusal) as refused:
        take_back(file, file.orders[0], suggested=suggested)
    assert refused.value.field == "suggested_unit"
    assert (file.case.state, file.orders[0].state) == (CaseState.DISPATCHED, WorkOrderState.DISPATCHED)


def test_a_suggestion_sideways_is_passed_on() -> None:
    file, _ = file_of()
    assert take_back(file, file.orders[0], suggested=OTHER).suggested_unit == OTHER


def test_supporters_stay_when_the_case_goes_to_another_lead_unit() -> None:
    file, lead, police, market = joint_file()
    take_back(file, lead)
    assert file.owing == (OTHER, THIRD)
    ask = redispatch(file.case.case_code, FOURTH)
    changes = file.send_on(ask, moment())
    assert [type(event) for event in changes.events] == [CaseRouted, WorkOrderDispatched]
    assert isinstance(changes.events[0], CaseRouted)
    assert changes.events[0].supporters == (OTHER, THIRD)
    assert (police.state, market.state) == (WorkOrderState.DISPATCHED, WorkOrderState.DISPATCHED)


def test_a_supporter_that_is_to_lead_no_longer_supports() -> None:
    file, lead, police, _ = joint_file()
    take_back(file, lead)
    changes = file.send_on(redispatch(file.case.case_code, OTHER), moment())
    withdrawn = [event for event in changes.events if isinstance(event, WorkOrderWithdrawn)]
    assert [(event.unit, event.role, event.cause) for event in withdrawn] == [(OTHER, "support", "replaced")]
    assert (police.state, file.case.owner, file.owing) == (WorkOrderState.WITHDRAWN, OTHER, (THIRD,))


def test_supporters_the_person_names_take_the_place_of_those_not_named() -> None:
    file, lead, police, market = joint_file()
    take_back(file, lead)
    file.send_on(redispatch(file.case.case_code, FOURTH, OTHER, LEAD), moment())
    assert (police.state, market.state) == (WorkOrderState.DISPATCHED, WorkOrderState.WITHDRAWN)
    assert file.owing == (OTHER, LEAD)
    assert (market.withdraw_cause, market.withdraw_reason) == ("replaced", "按职责改派给承办单位")


def test_closing_a_case_ends_what_is_owed_on_it_and_leaves_what_was_reported() -> None:
    file, lead, police, market = joint_file()
    police.sign_off(by=staff_of(OTHER), now=MONDAY)
    police.report_back(report(police), file.case.graded(), owing=(), now=MONDAY)
    take_back(file, market)
    unit_acts.close(file, at=MONDAY)
    states = [file.case.state, *(order.state for order in (lead, police, market))]
    assert states == [CaseState.CLOSED, WorkOrderState.CLOSED, WorkOrderState.REPORTED_BACK, WorkOrderState.CLOSED]


def _close(file: CaseFile) -> None:
    unit_acts.close(file, at=MONDAY)


def _report(file: CaseFile) -> None:
    order = file.orders[0]
    order.sign_off(by=staff_of(order.unit), now=MONDAY)
    unit_acts.report(file, order, report(order), moment())


@pytest.mark.parametrize(("ends", "state"), [(_close, CaseState.CLOSED), (_report, CaseState.DISPATCHED)])
def test_a_case_that_is_done_with_is_returned_no_more(ends: Callable[[CaseFile], None], state: CaseState) -> None:
    file, _ = file_of()
    ends(file)
    with pytest.raises(Refused) as refused:
        take_back(file, file.orders[0])
    assert (refused.value.code, file.case.state, file.case.returns) == ("not_possible_now", state, 0)
