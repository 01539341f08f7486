"""The table of clocks: what each event arms, meets and cancels.

Events of one stream come in order; events of different streams about one case may come in any order. So whatever is met
by an event of another stream than the one that arms it is armed by that event too, from the instants it carries: arming
what is armed already changes nothing.
"""

from typing import Protocol

from services.escalation.policy.obligations import (
    DISPATCHER,
    Acknowledge,
    Arm,
    AskVerification,
    Cancel,
    CaseFacts,
    Close,
    Describe,
    Effects,
    Grounds,
    Meet,
    Obligation,
    Reason,
    Reopen,
    Which,
    accept_key,
    arrival_key,
    dispatch_key,
    follow_up_key,
    handle_key,
    report_back_key,
    sign_off_key,
)
from shared.contracts.base import Level
from shared.contracts.dispatch import (
    SummonsEnded,
    SummonsUnitAcknowledged,
    SummonsUnitArrived,
    SummonsUnitCalled,
    SummonsUnitNotArrived,
    WorkOrderDispatched,
    WorkOrderReopened,
    WorkOrderReportedBack,
    WorkOrderReturned,
    WorkOrderSignedOff,
)
from shared.contracts.intake import (
    CaseAccepted,
    CaseClosed,
    CaseFollowedUp,
    CaseHandled,
    CaseNotAccepted,
    CaseRegistered,
    CaseReopened,
    HandlingMode,
)


class _Graded(Protocol):
    @property
    def pack_version(self) -> str: ...
    @property
    def category(self) -> str | None: ...
    @property
    def level(self) -> Level: ...


def grounds_of(event: _Graded) -> Grounds:
    return Grounds(event.pack_version, event.category, event.level)


# -- intake ------------------------------------------------------------------------------------------------------------


def on_case_registered(event: CaseRegistered, _case: CaseFacts) -> Effects:
    grounds = grounds_of(event)
    accept = Obligation(accept_key(event.case_id), "accept", event.owner, event.registered_at, grounds)
    return (Describe(grounds, event.place, owner=event.owner, window=event.window), Arm(accept))


def on_case_accepted(event: CaseAccepted, _case: CaseFacts) -> Effects:
    grounds = grounds_of(event)
    if event.handling_mode is HandlingMode.FORWARD:
        key = dispatch_key(event.case_id, 0)
        next_ = Obligation(key, "dispatch", DISPATCHER, event.accepted_at, grounds)
    else:
        next_ = Obligation(handle_key(event.case_id, 1), "handle", event.owner, event.accepted_at, grounds)
    mode = event.handling_mode
    return (
        Describe(grounds, event.place, owner=event.owner, handling_mode=mode, corrects=True),
        Meet(Which(key=accept_key(event.case_id)), event.accepted_at),
        Arm(next_),
    )


def on_case_not_accepted(event: CaseNotAccepted, _case: CaseFacts) -> Effects:
    accept = Which(key=accept_key(event.case_id))
    return (Meet(accept, event.decided_at), Close(event.decided_at, "not_accepted"))


def on_case_handled(event: CaseHandled, case: CaseFacts) -> Effects:
    key = follow_up_key(event.case_id, case.follow_ups + 1)
    follow_up = Obligation(key, "follow_up", event.owner, event.handled_at, grounds_of(event))
    return (Meet(Which(stage="handle"), event.handled_at), Arm(follow_up))


def on_case_followed_up(event: CaseFollowedUp, _case: CaseFacts) -> Effects:
    """An attempt that reached nobody leaves the clock running."""
    return (Meet(Which(stage="follow_up"), event.followed_up_at),) if event.contacted else ()


def on_case_reopened(event: CaseReopened, _case: CaseFacts) -> Effects:
    """A forwarded case goes back to its unit: dispatch tells of that. The window's own handling begins again here."""
    again = (Reopen(), Cancel(Which(stage="follow_up"), event.reopened_at, "reopened"))
    if event.handling_mode is HandlingMode.FORWARD:
        return again
    key, grounds = handle_key(event.case_id, event.round), grounds_of(event)
    return (*again, Arm(Obligation(key, "handle", event.owner, event.reopened_at, grounds, shortened=True)))


def on_case_closed(event: CaseClosed, _case: CaseFacts) -> Effects:
    return (Close(event.closed_at, "closed"),)


# -- dispatch ----------------------------------------------------------------------------------------------------------


def on_work_order_dispatched(event: WorkOrderDispatched, _case: CaseFacts) -> Effects:
    """The unit's clocks run from dispatch, not from sign-off (DOMAIN: dispatch, 4)."""
    grounds, order, sent = grounds_of(event), event.work_order_id, event.dispatched_at
    dispatch = dispatch_key(event.case_id, event.returns)
    sign_off, report = sign_off_key(order), report_back_key(order, event.round)
    return (
        Describe(grounds, event.place),
        Arm(Obligation(dispatch, "dispatch", DISPATCHER, event.accepted_at, grounds)),
        Meet(Which(key=dispatch), sent),
        Arm(Obligation(sign_off, "sign_off", event.unit, sent, grounds, unit=event.unit, work_order_id=order)),
        Arm(Obligation(report, "report_back", event.unit, sent, grounds, unit=event.unit, work_order_id=order)),
    )


def on_work_order_signed_off(event: WorkOrderSignedOff, _case: CaseFacts) -> Effects:
    return (Meet(Which(key=sign_off_key(event.work_order_id)), event.signed_off_at),)


def on_work_order_returned(event: WorkOrderReturned, case: CaseFacts) -> Effects:
    """A sign-off that was given stays met; the dispatcher owes again."""
    key = dispatch_key(event.case_id, event.returns)
    again = Obligation(key, "dispatch", DISPATCHER, event.dispatcher_owes_since, case.known_grounds())
    return (Cancel(Which(work_order_id=event.work_order_id), event.returned_at, "returned"), Arm(again))


def on_work_order_reported_back(event: WorkOrderReportedBack, _case: CaseFacts) -> Effects:
    """Whoever reports back has seen the work order: a sign-off still open is met with it."""
    order, at = event.work_order_id, event.reported_back_at
    ask = AskVerification(order, event.unit, event.place, event.round, event.reported_by, grounds_of(event), at)
    return (
        Meet(Which(key=report_back_key(order, event.round)), at),
        Meet(Which(key=sign_off_key(order)), at),
        ask,
    )


def on_work_order_reopened(event: WorkOrderReopened, _case: CaseFacts) -> Effects:
    """重办: the same unit, a shorter clock (DOMAIN: closed loop, 4)."""
    order, at = event.work_order_id, event.reopened_at
    key, grounds = report_back_key(order, event.round), grounds_of(event)
    again = Obligation(
        key, "report_back", event.unit, at, grounds, unit=event.unit, work_order_id=order, shortened=True
    )
    return (
        Cancel(Which(stage="follow_up"), at, "reopened"),
        Cancel(Which(stage="verify", work_order_id=order), at, "reopened"),
        Arm(again),
    )


def on_summons_unit_called(event: SummonsUnitCalled, _case: CaseFacts) -> Effects:
    key, unit = arrival_key(event.summons_id, event.unit), event.unit
    arrival = Obligation(
        key, "arrival", unit, event.called_at, grounds_of(event), unit=unit, summons_id=event.summons_id
    )
    return (Arm(arrival),)


def on_summons_unit_acknowledged(event: SummonsUnitAcknowledged, _case: CaseFacts) -> Effects:
    return (Acknowledge(arrival_key(event.summons_id, event.unit), event.acknowledged_at),)


def on_summons_unit_arrived(event: SummonsUnitArrived, _case: CaseFacts) -> Effects:
    return (Meet(Which(key=arrival_key(event.summons_id, event.unit)), event.arrived_at),)


def on_summons_unit_not_arrived(event: SummonsUnitNotArrived, _case: CaseFacts) -> Effects:
    """Given up: the clock ends, and that it fired stays on record."""
    return (Cancel(Which(key=arrival_key(event.summons_id, event.unit)), event.ended_at, "not_arrived"),)


def on_summons_ended(event: SummonsEnded, _case: CaseFacts) -> Effects:
    """Units still awaited are awaited no longer, whichever way the summons ended."""
    reasons: dict[str, Reason] = {
        "stood_down": "stood_down",
        "incomplete": "not_arrived",
        "assembled": "assembled",
    }
    return (Cancel(Which(summons_id=event.summons_id), event.ended_at, reasons[event.outcome]),)
