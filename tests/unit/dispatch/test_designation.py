"""指定: the duty director's ruling is binding, on record, and a precedent."""

import pytest

from services.dispatch.errors.cases import CaseIsClosed, DeskOnlySorts, UnknownUnit
from services.dispatch.errors.handing import AlreadyWithUnit, CaseIsReported, DesignatedNotReturnable
from services.dispatch.model import CaseFile, CaseRouting, CaseRuling, Changes, unit_acts
from services.dispatch.policy.cases import CaseState, WorkOrderState
from shared.centre.pack import Handing
from shared.contracts.dispatch import CaseDesignated, CaseRouted, WorkOrderDispatched, WorkOrderWithdrawn
from shared.errors import Refused
from tests.unit.dispatch.given import (
    DESK,
    FOURTH,
    LEAD,
    MONDAY,
    OTHER,
    THIRD,
    TOWN,
    TOWNSHIP_UNIT,
    WAGES,
    accepted,
    designation,
    file_in_triage,
    file_of,
    joint_file,
    moment,
    pack_with,
    redispatch,
    report,
    staff_of,
    take_back,
)


def designate(file: CaseFile, to: str, *supporters: str) -> Changes:
    ask = designation(file.case.case_code, to, *supporters)
    changes = file.designate(ask, moment())
    assert ask.ground not in "".join(event.model_dump_json() for event in changes.events)
    return changes


def test_a_ruling_from_triage_is_kept_with_its_ground_and_told_without() -> None:
    file, _ = file_of()
    take_back(file, file.orders[0], disputed=True)
    changes = designate(file, OTHER)
    ruled, routed, sent = changes.events
    assert isinstance(ruled, CaseDesignated)
    assert isinstance(routed, CaseRouted)
    assert isinstance(sent, WorkOrderDispatched)
    assert (ruled.unit, ruled.instead_of, ruled.category, ruled.place) == (OTHER, (LEAD,), WAGES, TOWN)
    assert (routed.by, routed.unit, sent.designated, sent.role) == ("designation", OTHER, True, "lead")
    ruling, routing = (next(row for row in changes.rows if isinstance(row, kind)) for kind in (CaseRuling, CaseRouting))
    assert isinstance(ruling, CaseRuling)
    assert isinstance(routing, CaseRouting)
    assert (ruling.ground, ruling.township, ruling.ruled_by) == ("区委编办职责清单第三条", TOWN, "director.1")
    assert (routing.number, routing.decided_by, routing.words) == (2, "duty_director:director.1", ruling.ground)
    assert (file.case.owner, file.case.state, file.case.desk) == (OTHER, CaseState.DISPATCHED, "dispatcher")


@pytest.mark.parametrize("signed_off", [False, True])
def test_a_designated_unit_may_not_return(signed_off: bool) -> None:
    file = file_in_triage()
    designate(file, OTHER)
    (order,) = file.orders
    if signed_off:
        order.sign_off(by=staff_of(OTHER), now=MONDAY)
    for disputed in (False, True):
        with pytest.raises(DesignatedNotReturnable) as refused:
            take_back(file, order, disputed=disputed)
        assert refused.value.field == "work_order_id"
    assert (file.case.state, file.case.returns) == (CaseState.DISPATCHED, 0)


@pytest.mark.parametrize("state", [WorkOrderState.DISPATCHED, WorkOrderState.SIGNED_OFF, WorkOrderState.HANDLING])
def test_a_case_is_taken_from_the_unit_that_is_at_work_on_it(state: WorkOrderState) -> None:
    file, _ = file_of()
    lead = file.orders[0]
    lead.state = state
    changes = designate(file, OTHER)
    withdrawn = changes.events[0]
    assert isinstance(withdrawn, WorkOrderWithdrawn)
    assert (withdrawn.unit, withdrawn.role, withdrawn.cause) == (LEAD, "lead", "designated_elsewhere")
    assert (lead.state, lead.withdrawn_by) == (WorkOrderState.WITHDRAWN, "duty_director:director.1")
    assert [order.unit for order in file.orders if order.open] == [OTHER]


def test_the_director_may_name_a_unit_that_returned_it_and_a_township() -> None:
    file, _ = file_of()
    take_back(file, file.orders[0])
    designate(file, LEAD)
    designate(file, TOWNSHIP_UNIT)
    assert file.case.owner == TOWNSHIP_UNIT


def test_only_a_designation_works_when_a_case_has_gone_from_unit_to_unit_too_often() -> None:
    few = pack_with(handing=Handing(returns_to_director=9, hops_max=2))
    file, _ = file_of()
    take_back(file, file.orders[0], pack=few)
    file.send_on(redispatch(file.case.case_code, OTHER), moment(pack=few))
    take_back(file, file.orders[1], pack=few)
    file.designate(designation(file.case.case_code, THIRD), moment(pack=few))
    assert (file.case.owner, file.case.hops) == (THIRD, 3)


def test_those_before_are_named_once_each_and_the_designated_unit_is_not_instead_of_itself() -> None:
    file, _ = file_of()
    take_back(file, file.orders[0])
    file.send_on(redispatch(file.case.case_code, OTHER), moment())
    take_back(file, file.orders[1])
    ruled = next(event for event in designate(file, LEAD).events if isinstance(event, CaseDesignated))
    assert ruled.instead_of == (OTHER,)
    assert file.case.routings == file.case.hops == 3


def test_supporters_stay_unless_the_director_names_others() -> None:
    file, _, police, market = joint_file()
    designate(file, FOURTH)
    assert file.owing == (OTHER, THIRD)
    designate(file, LEAD, FOURTH)
    assert file.owing == (FOURTH,)
    assert (police.withdraw_cause, market.withdraw_cause) == ("replaced", "replaced")


@pytest.mark.parametrize(("to", "refusal"), [("nobody", UnknownUnit), (DESK, DeskOnlySorts), (LEAD, AlreadyWithUnit)])
def test_a_designation_names_another_unit_that_handles(to: str, refusal: type[Refused]) -> None:
    file, _ = file_of()
    with pytest.raises(refusal) as refused:
        designate(file, to)
    assert refused.value.field == "unit"
    assert (file.case.owner, len(file.orders), file.orders[0].open) == (LEAD, 1, True)


def test_a_reported_or_closed_case_is_not_designated() -> None:
    file, _ = file_of()
    (order,) = file.orders
    order.sign_off(by=staff_of(LEAD), now=MONDAY)
    unit_acts.report(file, order, report(order), moment())
    with pytest.raises(CaseIsReported):
        designate(file, OTHER)
    unit_acts.close(file, at=MONDAY)
    with pytest.raises(CaseIsClosed):
        designate(file, OTHER)


def test_a_place_nobody_knows_makes_no_precedent_for_a_township() -> None:
    file, _ = file_of(accepted(WAGES, "nowhere"))
    ruling = next(row for row in designate(file, OTHER).rows if isinstance(row, CaseRuling))
    assert (ruling.place, ruling.township) == ("nowhere", None)
