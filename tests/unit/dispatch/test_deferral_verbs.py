"""延期与挂账: asked in time, decided by another, never edited, and over when the unit's work is."""

from datetime import datetime
from uuid import uuid4

import pytest

from services.dispatch.errors.cases import NotOwnUnit, NotSignedOff
from services.dispatch.errors.deferrals import (
    AskedAlready,
    AskedTooLate,
    AskerMayNotDecide,
    DeferralDecided,
    DeferralLapsed,
    DueHasPassed,
    NotAtWork,
    NotSuspended,
    SuspendedNow,
    TooMuchTime,
    TooOften,
    UntilHasPassed,
)
from services.dispatch.model import Graded, MoreTime
from services.dispatch.policy.cases import WorkOrderState
from services.dispatch.policy.deferrals import DEFERRAL_MOVES, DeferralState
from shared.contracts.actors import Actor, Role
from shared.contracts.dispatch import DeferralKind, ExtensionApproved, ReopenCause, SuspensionApproved
from shared.errors import Refused
from tests.unit.dispatch.given import COMMANDER, DIRECTOR, LEAD, MONDAY, OTHER, minutes, report, staff_of
from tests.unit.dispatch.given_deferrals import (
    DUE,
    INSURANCE,
    after,
    extension,
    extension_asked,
    local,
    order_at_work,
    suspended,
    suspension,
    suspension_asked,
    terms,
    time_of,
)

GRADED: Graded = {"category": None, "place": None, "level": "IV", "pack_version": "v"}


def reported(time: MoreTime, *, now: datetime) -> None:
    time.order.report_back(report(time.order), GRADED, owing=(), now=now)


# -- asking ------------------------------------------------------------------------------------------------------------


def test_asking_tells_the_time_promised_until_now_and_whom_the_requester_asks() -> None:
    time = time_of()
    deferral, asked = time.ask_extension(extension(time.order), uuid4(), now=MONDAY)
    assert (asked.kind, asked.due_at, asked.asked_at) == (DeferralKind.EXTENSION, DUE, MONDAY)
    assert (asked.unit, asked.round, asked.first_receiver) == (LEAD, 1, "clerk.1")
    assert "reason" not in asked.model_dump()
    assert (deferral.state, deferral.days, deferral.reason) == (DeferralState.ASKED, 3, "需等待鉴定结论")


@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        (WorkOrderState.DISPATCHED, NotSignedOff),
        (WorkOrderState.SIGNED_OFF, None),
        (WorkOrderState.HANDLING, None),
        (WorkOrderState.REPORTED_BACK, NotAtWork),
        (WorkOrderState.RETURNED, NotAtWork),
        (WorkOrderState.WITHDRAWN, NotAtWork),
        (WorkOrderState.CLOSED, NotAtWork),
    ],
)
def test_more_time_is_asked_while_the_unit_is_at_work(state: WorkOrderState, refusal: type[Refused] | None) -> None:
    for ask in (asks_extension, asks_suspension):
        time = time_of(order_at_work(state))
        if refusal is None:
            ask(time)
        else:
            with pytest.raises(refusal):
                ask(time)


def asks_extension(time: MoreTime) -> None:
    time.ask_extension(extension(time.order), uuid4(), now=MONDAY)


def asks_suspension(time: MoreTime) -> None:
    time.ask_suspension(suspension(time.order, after(30)), uuid4(), now=MONDAY)


def test_a_unit_asks_for_its_own_work_orders_only() -> None:
    time = time_of()
    with pytest.raises(NotOwnUnit):
        time.ask_extension(extension(time.order, by=staff_of(OTHER)), uuid4(), now=MONDAY)
    with pytest.raises(NotOwnUnit):
        time.ask_suspension(suspension(time.order, after(9), by=staff_of(OTHER)), uuid4(), now=MONDAY)


@pytest.mark.parametrize(
    ("now", "refusal"),
    [
        (local("11-27 23:59"), None),  # Friday: one whole working day, Monday, lies before the time is up
        (local("11-29 12:00"), None),  # Sunday
        (local("11-30 00:01"), AskedTooLate),
        (local("11-30 17:29"), AskedTooLate),
        (local("11-30 17:30"), DueHasPassed),
        (local("12-03 09:00"), DueHasPassed),
    ],
)
def test_an_extension_is_asked_a_working_day_before_the_time_is_up(
    now: datetime, refusal: type[Refused] | None
) -> None:
    time = time_of()
    if refusal is None:
        time.ask_extension(extension(time.order), uuid4(), now=now)
        return
    with pytest.raises(refusal) as told:
        time.ask_extension(extension(time.order), uuid4(), now=now)
    assert datetime.fromisoformat(told.value.facts["due_at"]) == DUE


def test_how_early_how_much_and_how_often_are_the_pack_s() -> None:
    late = local("11-30 17:00")
    time = time_of(pack=terms(asked_before_days=0, extension_days_max=2, extensions_max=1))
    with pytest.raises(TooMuchTime) as told:
        time.ask_extension(extension(time.order, 3), uuid4(), now=late)
    assert (told.value.field, told.value.facts["most"]) == ("days", 2)
    deferral, _ = time.ask_extension(extension(time.order, 2), uuid4(), now=late)
    time.approve(deferral, by=DIRECTOR, reason=None, now=late)
    with pytest.raises(TooOften):
        time.ask_extension(extension(time.order, 1), uuid4(), now=late)
    never = time_of(pack=terms(extensions_max=0, suspensions_max=0))
    with pytest.raises(TooOften):
        never.ask_extension(extension(never.order), uuid4(), now=MONDAY)
    with pytest.raises(TooOften):
        never.ask_suspension(suspension(never.order, after(1)), uuid4(), now=MONDAY)


@pytest.mark.parametrize(
    ("until", "refusal"),
    [(MONDAY, UntilHasPassed), (after(-1), UntilHasPassed), (after(90.01), TooMuchTime), (after(90), None)],
)
def test_a_suspension_ends_in_days_to_come_that_the_pack_allows(until: datetime, refusal: type[Refused] | None) -> None:
    time = time_of()
    if refusal is None:
        time.ask_suspension(suspension(time.order, until), uuid4(), now=MONDAY)
        return
    with pytest.raises(refusal) as told:
        time.ask_suspension(suspension(time.order, until), uuid4(), now=MONDAY)
    assert told.value.field == "until"


def test_one_request_waits_at_a_time_and_a_refused_one_does_not_count() -> None:
    time, deferral = extension_asked()
    with pytest.raises(AskedAlready):
        time.ask_suspension(suspension(time.order, after(9)), uuid4(), now=MONDAY)
    told = time.refuse(deferral, by=DIRECTOR, reason="理由不足", now=after(1))
    assert (told.due_at, told.refused_at) == (DUE, after(1))
    assert "理由不足" not in told.model_dump_json()
    time.ask_extension(extension(time.order), uuid4(), now=after(1))


# -- deciding ----------------------------------------------------------------------------------------------------------


def test_an_extension_moves_the_time_by_working_days_to_close_of_business() -> None:
    time, deferral = extension_asked(3)
    told = time.approve(deferral, by=DIRECTOR, reason=None, now=after(1))
    assert isinstance(told, ExtensionApproved)
    assert (told.due_at, told.extended_to) == (DUE, local("12-03 17:30"))
    assert (told.number, told.category, told.level) == (1, INSURANCE, "IV")
    assert (deferral.due_at, deferral.new_due_at, time.due_at()) == (DUE, told.extended_to, told.extended_to)


@pytest.mark.parametrize("approve", [True, False])
def test_whoever_asked_does_not_decide(approve: bool) -> None:
    time, deferral = extension_asked()
    same = Actor(staff=deferral.asked_by, role=Role.DUTY_DIRECTOR)
    decide = time.approve if approve else time.refuse
    with pytest.raises(AskerMayNotDecide):
        decide(deferral, by=same, reason="x", now=MONDAY)
    assert deferral.state == DeferralState.ASKED


@pytest.mark.parametrize("first", ["approve", "refuse"])
@pytest.mark.parametrize("second", ["approve", "refuse"])
def test_it_is_decided_once(first: str, second: str) -> None:
    time, deferral = extension_asked()
    getattr(time, first)(deferral, by=DIRECTOR, reason="x", now=MONDAY)
    with pytest.raises(DeferralDecided):
        getattr(time, second)(deferral, by=COMMANDER, reason="x", now=MONDAY)
    assert deferral.decided_by == DIRECTOR.staff


@pytest.mark.parametrize("now", [DUE, DUE + minutes(1)])
def test_once_the_time_is_up_nothing_is_approved_any_more(now: datetime) -> None:
    time, deferral = extension_asked()
    assert deferral.state_at(time.order, now) is DeferralState.LAPSED
    with pytest.raises(DeferralLapsed):
        time.approve(deferral, by=DIRECTOR, reason=None, now=now)
    assert deferral.state_at(time.order, DUE - minutes(1)) is DeferralState.ASKED


def test_a_suspension_whose_end_is_behind_has_lapsed() -> None:
    time, deferral = suspension_asked(after(2))
    with pytest.raises(DeferralLapsed):
        time.approve(deferral, by=DIRECTOR, reason=None, now=after(2))


def test_the_end_of_the_unit_s_work_voids_what_it_asked() -> None:
    time, deferral = extension_asked()
    reported(time, now=MONDAY)
    with pytest.raises(DeferralLapsed):
        time.approve(deferral, by=DIRECTOR, reason=None, now=MONDAY)


def test_a_request_of_the_round_before_is_void_and_makes_room_for_another() -> None:
    time, deferral = extension_asked()
    reported(time, now=MONDAY)
    time.order.reopen(ReopenCause.NOT_VERIFIED, GRADED, now=MONDAY)
    again = time_of(time.order, (deferral,), reopened=True)
    anew, _ = again.ask_extension(extension(time.order), uuid4(), now=MONDAY)
    assert (deferral.state, anew.state, anew.round) == (DeferralState.LAPSED, DeferralState.ASKED, 2)


def test_a_reopened_matter_is_extended_from_its_shorter_time() -> None:
    assert time_of(reopened=True).due_at() == local("11-26 17:30")


def test_an_extension_of_the_round_before_moves_nothing_in_this_one() -> None:
    time, deferral = extension_asked()
    time.approve(deferral, by=DIRECTOR, reason=None, now=MONDAY)
    order = time.order
    order.round = 2
    assert time_of(order, (deferral,), reopened=True).due_at() == local("11-26 17:30")


# -- suspended ---------------------------------------------------------------------------------------------------------


def test_a_suspended_work_order_runs_on_with_the_working_time_that_was_left() -> None:
    time, deferral = suspended(after(30), now=local("11-25 17:30"))
    assert (deferral.state, deferral.new_due_at) == (DeferralState.APPROVED, None)
    ended = time.resume(by=staff_of(LEAD), reason="判决已生效", now=local("12-08 09:00"))
    # Thursday, Friday and Monday were left: three working days, from Tuesday's opening (08:00) an hour later on.
    assert ended.due_at == time.due_at() == deferral.new_due_at
    assert ended.resumed_at == local("12-08 09:00")
    assert local("12-10 17:00") < ended.due_at <= local("12-11 17:30")
    assert (deferral.state, deferral.due_at, ended.number) == (DeferralState.RESUMED, DUE, 1)


def test_a_limit_in_hours_runs_on_by_the_wall() -> None:
    time = time_of(level="II")
    deferral, _ = time.ask_suspension(suspension(time.order, after(10)), uuid4(), now=after(0.25))
    told = time.approve(deferral, by=DIRECTOR, reason=None, now=after(0.25))
    assert isinstance(told, SuspensionApproved)
    ended = time.resume(by=DIRECTOR, reason="x", now=after(4))
    assert ended.due_at == after(4.75)


def test_it_ends_by_itself_at_its_end_and_only_then() -> None:
    time, deferral = suspended(after(9))
    assert time.end(deferral, by="system:dispatch", now=after(8.9)) is None
    ended = time.end(deferral, by="system:dispatch", now=after(11))
    assert ended is not None
    assert (ended.resumed_at, deferral.ended_by) == (after(9), "system:dispatch")
    assert time.end(deferral, by="system:dispatch", now=after(12)) is None


def test_it_does_not_end_later_than_was_promised() -> None:
    time, _ = suspended(after(9))
    assert time.resume(by=staff_of(LEAD), reason="x", now=after(20)).resumed_at == after(9)


def test_with_the_unit_s_report_it_is_over_and_nothing_is_told_at_its_end() -> None:
    time, deferral = suspended(after(9))
    reported(time, now=after(1))
    assert deferral.state_at(time.order, after(2)) is DeferralState.RESUMED
    with pytest.raises(NotSuspended):
        time.resume(by=staff_of(LEAD), reason="x", now=after(2))
    assert time.end(deferral, by="system:dispatch", now=after(9)) is None
    assert (deferral.state, deferral.new_due_at) == (DeferralState.RESUMED, None)


@pytest.mark.parametrize(
    ("by", "refusal"),
    [(staff_of(LEAD), None), (DIRECTOR, None), (staff_of(OTHER), NotOwnUnit)],
)
def test_the_unit_or_the_director_ends_it_early(by: Actor, refusal: type[Refused] | None) -> None:
    time, _ = suspended(after(9))
    if refusal is None:
        time.resume(by=by, reason="x", now=after(1))
        with pytest.raises(NotSuspended):
            time.resume(by=by, reason="x", now=after(1))
        return
    with pytest.raises(refusal):
        time.resume(by=by, reason="x", now=after(1))


def test_while_suspended_no_more_time_is_asked_and_afterwards_the_numbers_go_on() -> None:
    time, deferral = suspended(after(3))
    with pytest.raises(SuspendedNow):
        time.ask_extension(extension(time.order), uuid4(), now=after(1))
    time.resume(by=DIRECTOR, reason="x", now=after(1))
    extended, _ = time.ask_extension(extension(time.order), uuid4(), now=after(1))
    told = time.approve(extended, by=DIRECTOR, reason=None, now=after(1))
    assert isinstance(told, ExtensionApproved)
    assert (deferral.number, told.number) == (1, 2)
    assert told.due_at == deferral.new_due_at


def test_a_clock_set_back_breaks_nothing() -> None:
    time, deferral = suspended(after(9), now=after(1))
    ended = time.resume(by=DIRECTOR, reason="x", now=after(0.96))
    assert ended.due_at > after(0.96)
    assert time.end(deferral, by="system:dispatch", now=after(30)) is None


# -- the table ---------------------------------------------------------------------------------------------------------


def test_what_is_refused_lapsed_or_over_stays_so() -> None:
    finals = {DeferralState.REFUSED, DeferralState.LAPSED, DeferralState.RESUMED}
    assert not {state for state, _ in DEFERRAL_MOVES} & finals
    assert set(DEFERRAL_MOVES.values()) | {DeferralState.ASKED} == set(DeferralState)
