"""联办: one lead unit, several supporting ones; the lead is not finished while one of them owes."""

from collections.abc import Callable
from typing import Any

import pytest

from services.dispatch.errors.cases import (
    CaseIsClosed,
    DeskOnlySorts,
    NotPossibleNow,
    NotSignedOff,
    RequesterNotRepliedTo,
    UnitReturnedIt,
    UnknownUnit,
)
from services.dispatch.errors.handing import DesignatedNotReturnable, DirectorDecides
from services.dispatch.errors.joint import (
    LeadCannotSupport,
    LeadNotAtWork,
    NotASupporter,
    SupportersOwe,
    UnitHasWorkOrder,
)
from services.dispatch.model import CaseFile, Changes, WorkOrder, joint, unit_acts
from services.dispatch.policy.cases import OWING, WorkOrderState
from shared.contracts.actors import Actor
from shared.contracts.dispatch import CaseRouted, WorkOrderDispatched, WorkOrderReportedBack, WorkOrderWithdrawn
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
    TOWNSHIP_UNIT,
    adding,
    designation,
    file_in_triage,
    file_of,
    insisting,
    joint_file,
    joint_pack,
    moment,
    releasing,
    replacing,
    report,
    staff_of,
    support_that_is,
    take_back,
)


def reports(file: CaseFile, order: WorkOrder, *, replied: bool = True) -> WorkOrderReportedBack:
    if order.state == WorkOrderState.DISPATCHED:
        order.sign_off(by=staff_of(order.unit), now=MONDAY)
    told = unit_acts.report(file, order, report(order, replied=replied), moment()).events[0]
    assert isinstance(told, WorkOrderReportedBack)
    return told


def adds(file: CaseFile, unit: str, *, by: Actor = DISPATCHER) -> WorkOrder:
    changes = joint.add_supporter(file, adding(file.case.case_code, unit, by=by), moment())
    return _sent(changes)


def _sent(changes: Changes) -> WorkOrder:
    (order,) = changes.rows
    assert isinstance(order, WorkOrder)
    return order


def test_a_joint_rule_sends_the_lead_and_every_supporter_at_once() -> None:
    file, changes = file_of(when=moment(pack=joint_pack()))
    routed, *sent = changes.events
    assert isinstance(routed, CaseRouted)
    assert (routed.unit, routed.supporters) == (LEAD, (OTHER, THIRD))
    told = [(event.unit, event.role) for event in sent if isinstance(event, WorkOrderDispatched)]
    assert told == [(LEAD, "lead"), (OTHER, "support"), (THIRD, "support")]
    assert (file.case.owner, file.owing, file.case.hops) == (LEAD, (OTHER, THIRD), 1)


def test_the_lead_is_not_finished_while_a_supporter_owes() -> None:
    file, lead, police, market = joint_file()
    for owing in ([OTHER, THIRD], [THIRD]):
        with pytest.raises(SupportersOwe) as refused:
            reports(file, lead)
        assert refused.value.facts["units"] == owing
        assert lead.state == WorkOrderState.SIGNED_OFF
        if owing == [OTHER, THIRD]:
            assert reports(file, police).role == "support"
    reports(file, market)
    assert reports(file, lead).role == "lead"


def test_a_supporter_reports_to_the_lead_and_need_not_have_replied_to_the_requester() -> None:
    file, lead, police, market = joint_file()
    with pytest.raises(NotSignedOff):
        unit_acts.report(file, police, report(police, replied=False), moment())
    reports(file, police, replied=False)
    reports(file, market, replied=False)
    with pytest.raises(RequesterNotRepliedTo):
        reports(file, lead, replied=False)


def test_a_supporters_return_leaves_the_case_where_it_is_and_still_holds_the_lead_up() -> None:
    file, lead, police, market = joint_file()
    reports(file, market)
    told = take_back(file, police)
    assert (told.role, told.goes_to, told.returns) == ("support", "dispatcher", 0)
    assert (file.case.owner, file.case.state, file.case.returns) == (LEAD, "dispatched", 0)
    with pytest.raises(SupportersOwe) as refused:
        reports(file, lead)
    assert refused.value.facts["units"] == [OTHER]


def test_a_supporter_is_released_with_a_reason_whether_it_returned_or_not() -> None:
    file, lead, police, market = joint_file()
    take_back(file, police)
    for order in (police, market):
        ask = releasing(order)
        told = joint.release_supporter(order, ask, now=MONDAY)
        assert (told.role, told.cause) == ("support", "released")
        assert (order.withdraw_reason, order.withdrawn_by) == (ask.reason, "dispatcher:dispatcher.1")
        assert ask.reason not in told.model_dump_json()
    assert reports(file, lead).role == "lead"


@pytest.mark.parametrize("state", sorted(OWING["support"] - {WorkOrderState.HANDLING}))
def test_a_supporter_is_replaced_by_another_unit(state: WorkOrderState) -> None:
    file, order = support_that_is(state)
    changes = joint.replace_supporter(file, order, replacing(order, FOURTH), moment())
    withdrawn, sent = changes.events
    assert isinstance(withdrawn, WorkOrderWithdrawn)
    assert isinstance(sent, WorkOrderDispatched)
    assert (withdrawn.unit, withdrawn.cause, sent.unit, sent.role) == (OTHER, "replaced", FOURTH, "support")
    assert file.owing == (THIRD, FOURTH)


def test_the_director_insists_and_the_unit_may_not_return_it_again() -> None:
    file, order = support_that_is(WorkOrderState.RETURNED)
    changes = joint.insist_on_supporter(file, order, insisting(order), moment())
    again, sent = _sent(changes), changes.events[-1]
    assert isinstance(sent, WorkOrderDispatched)
    assert (sent.unit, sent.role, sent.designated, again.send_reason) == (OTHER, "support", True, "属其法定协助义务")
    assert (order.state, order.return_ground) == (WorkOrderState.WITHDRAWN, "三定方案未列此项职责")
    with pytest.raises(DesignatedNotReturnable):
        take_back(file, again)


@pytest.mark.parametrize("state", sorted(set(WorkOrderState) - {WorkOrderState.RETURNED, WorkOrderState.HANDLING}))
def test_only_a_return_is_insisted_on(state: WorkOrderState) -> None:
    file, order = support_that_is(state)
    with pytest.raises(NotPossibleNow) as refused:
        joint.insist_on_supporter(file, order, insisting(order), moment())
    assert (refused.value.field, refused.value.facts["state"]) == ("work_order_id", state)


@pytest.mark.parametrize("state", sorted(set(WorkOrderState) - OWING["support"]))
def test_who_owes_nothing_is_neither_released_nor_replaced(state: WorkOrderState) -> None:
    file, order = support_that_is(state)
    with pytest.raises(NotPossibleNow):
        joint.release_supporter(order, releasing(order), now=MONDAY)
    with pytest.raises(NotPossibleNow):
        joint.replace_supporter(file, order, replacing(order, FOURTH), moment())
    assert (order.state, len(file.orders)) == (state, 3)


ACTS: dict[str, Callable[[CaseFile, WorkOrder], Any]] = {
    "release": lambda _, order: joint.release_supporter(order, releasing(order), now=MONDAY),
    "replace": lambda file, order: joint.replace_supporter(file, order, replacing(order, FOURTH), moment()),
    "insist": lambda file, order: joint.insist_on_supporter(file, order, insisting(order), moment()),
}


@pytest.mark.parametrize("act", ACTS)
def test_the_lead_is_no_supporter(act: str) -> None:
    file, lead, _, _ = joint_file()
    with pytest.raises(NotASupporter) as refused:
        ACTS[act](file, lead)
    assert refused.value.field == "work_order_id"
    assert lead.open


@pytest.mark.parametrize("act", ["release", "replace"])
def test_a_disputed_return_of_a_supporter_is_the_duty_directors_to_answer(act: str) -> None:
    file, _, police, _ = joint_file()
    assert take_back(file, police, disputed=True).goes_to == "duty_director"
    with pytest.raises(DirectorDecides):
        ACTS[act](file, police)
    joint.release_supporter(police, releasing(police, by=DIRECTOR), now=MONDAY)
    assert police.state == WorkOrderState.WITHDRAWN


def test_a_supporter_joins_while_the_lead_is_at_work_with_a_clock_of_its_own() -> None:
    file, _ = file_of()
    order = adds(file, OTHER)
    assert (order.role, order.designated, order.send_reason) == ("support", False, "协助核查用工台账")
    assert file.owing == (OTHER,)
    reports(file, order)
    assert adds(file, OTHER).work_order_id != order.work_order_id, "asked for more, after its first report"


@pytest.mark.parametrize(
    ("unit", "refusal"),
    [
        ("nobody", UnknownUnit),
        (DESK, DeskOnlySorts),
        (LEAD, LeadCannotSupport),
        (OTHER, UnitHasWorkOrder),
    ],
)
def test_a_supporter_is_another_known_unit_without_a_work_order_here(unit: str, refusal: type[Refused]) -> None:
    file, _, _, market = joint_file()
    for act in (
        lambda: joint.add_supporter(file, adding(file.case.case_code, unit), moment()),
        lambda: joint.replace_supporter(file, market, replacing(market, unit), moment()),
    ):
        with pytest.raises(refusal) as refused:
            act()
        assert refused.value.field == "unit"
    assert file.owing == (OTHER, THIRD)


def test_who_returned_its_support_is_added_again_by_the_director_only() -> None:
    file, _, police, _ = joint_file()
    take_back(file, police)
    joint.release_supporter(police, releasing(police), now=MONDAY)
    with pytest.raises(UnitReturnedIt):
        adds(file, OTHER)
    assert adds(file, OTHER, by=DIRECTOR).unit == OTHER


def test_who_returned_the_lead_may_support_and_a_township_may_too() -> None:
    file, _ = file_of()
    take_back(file, file.orders[0])
    file.designate(designation(file.case.case_code, OTHER), moment())
    assert [adds(file, unit).unit for unit in (LEAD, TOWNSHIP_UNIT)] == [LEAD, TOWNSHIP_UNIT]


def test_nobody_joins_a_case_without_a_lead_at_work() -> None:
    waiting = file_in_triage()
    reported, _ = file_of()
    reports(reported, reported.orders[0])
    closed, _ = file_of()
    unit_acts.close(closed, at=MONDAY)
    for file, refusal in ((waiting, LeadNotAtWork), (reported, LeadNotAtWork), (closed, CaseIsClosed)):
        with pytest.raises(refusal) as refused:
            adds(file, THIRD)
        assert refused.value.field == "case_code"


def test_supporters_work_on_while_the_case_waits_for_another_lead() -> None:
    file, lead, police, market = joint_file()
    take_back(file, lead)
    assert reports(file, police).unit == OTHER
    joint.replace_supporter(file, market, replacing(market, FOURTH), moment())
    assert (file.owing, file.case.state) == ((FOURTH,), "triage")
