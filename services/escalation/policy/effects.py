"""The table of clocks: what each event arms, meets and cancels.

Events of one stream come in order; events of different streams about one case may come in any order. So whatever is met
by an event of another stream than the one that arms it is armed by that event too, from the instants it carries: arming
what is armed already changes nothing.
"""

from datetime import datetime
from typing import Protocol

from services.escalation.policy.obligations import (
    DISPATCHER,
    DUTY_DIRECTOR,
    Arm,
    AskVerification,
    Cancel,
    CaseFacts,
    Close,
    Describe,
    Effects,
    Grounds,
    Meet,
    Moved,
    NoteHandler,
    Obligation,
    Reopen,
    Split,
    Which,
    accept_key,
    contact_key,
    decision_key,
    deferral_key,
    dispatch_key,
    explain_delay_key,
    explain_key,
    follow_up_key,
    handle_key,
    promise_key,
    proposal_key,
    raised_key,
    report_back_key,
    return_key,
    sign_off_key,
    split_key,
)
from shared.contracts.base import Level
from shared.contracts.dispatch import (
    DeferralAsked,
    DeferralRefused,
    ExtensionApproved,
    ProposalDecided,
    RequesterContacted,
    RouteProposed,
    SuspensionApproved,
    SuspensionEnded,
    WorkOrderDelayed,
    WorkOrderDispatched,
    WorkOrderReopened,
    WorkOrderReportedBack,
    WorkOrderReturned,
    WorkOrderSignedOff,
    WorkOrderWithdrawn,
)
from shared.contracts.intake import (
    CaseAccepted,
    CaseClosed,
    CaseCorrected,
    CaseDelayExplained,
    CaseExplained,
    CaseFollowedUp,
    CaseHandled,
    CaseNotAccepted,
    CaseRaised,
    CaseRegistered,
    CaseReopened,
    HandlingMode,
)

EXTENDED = "延期: extended by an approved request"
PROMISED = "暂不能办结: the date promised to the requester"
SUSPENDED = "挂账后续算: what was left when the work order was suspended"


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


def on_case_corrected(event: CaseCorrected, _case: CaseFacts) -> Effects:
    """Clocks that run keep their terms; what is owed from now on goes by what was put right."""
    return (Describe(grounds_of(event), event.place, corrects=True),)


def on_case_not_accepted(event: CaseNotAccepted, _case: CaseFacts) -> Effects:
    accept = Which(key=accept_key(event.case_id))
    return (Meet(accept, event.decided_at), Close(event.decided_at, "not_accepted"))


def on_case_handled(event: CaseHandled, case: CaseFacts) -> Effects:
    key = follow_up_key(event.case_id, case.follow_ups + 1)
    follow_up = Obligation(key, "follow_up", event.owner, event.handled_at, grounds_of(event))
    return (Meet(Which(stage="handle"), event.handled_at), Arm(follow_up))


def on_case_followed_up(event: CaseFollowedUp, case: CaseFacts) -> Effects:
    """An attempt that reached nobody leaves the clock running. Who was spoken with was not left waiting for a promise.

    A requester who stays dissatisfied is owed a written explanation.
    """
    at = event.followed_up_at
    if not event.contacted:
        return ()
    met = (Meet(Which(stage="follow_up"), at), Meet(Which(stage="handle"), at))
    if event.leads_to != "to_explain":
        return met
    key = explain_key(event.case_id, event.round)
    return (*met, Arm(Obligation(key, "follow_up", case.first_receiver, at, case.known_grounds())))


def on_case_explained(event: CaseExplained, _case: CaseFacts) -> Effects:
    return (Meet(Which(key=explain_key(event.case_id, event.round)), event.explained_at),)


def on_case_delay_explained(event: CaseDelayExplained, _case: CaseFacts) -> Effects:
    """暂不能办结: what a unit's delay left owing is done, and the promise before it is kept; the new one runs.

    It lies on the window and beside every other clock: what the unit owes in time it still owes.
    """
    at, number = event.explained_at, event.number
    moved = Moved(event.promised_for, provisional=False, why=PROMISED)
    key = promise_key(event.case_id, number)
    return (
        Meet(Which(stage="follow_up"), at),
        Meet(Which(key=promise_key(event.case_id, number - 1)), at),
        Arm(Obligation(key, "handle", event.owner, at, grounds_of(event), moved=moved)),
    )


def on_case_raised(event: CaseRaised, _case: CaseFacts) -> Effects:
    """Came back as often as it may: now the duty director looks at it."""
    key = raised_key(event.case_id, event.round, event.led_to)
    return (Arm(Obligation(key, "dispatch", DUTY_DIRECTOR, event.raised_at, grounds_of(event))),)


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
    """The unit's clocks run from dispatch, not from sign-off (DOMAIN: dispatch, 4).

    It may return what it was not designated for, as long as its limit runs. The lead speaks with the requester.

    Only the lead's work order is the dispatch that was owed. The first one is owed since acceptance, which another
    stream tells; any later one since a return, which this stream told before. One after a split is owed since then.
    """
    grounds, order, unit, sent = grounds_of(event), event.work_order_id, event.unit, event.dispatched_at
    first = Obligation(dispatch_key(event.case_id, 0), "dispatch", DISPATCHER, event.accepted_at, grounds)
    sign_off, report = sign_off_key(order), report_back_key(order, event.round)
    own: Effects = (
        Arm(Obligation(sign_off, "sign_off", unit, sent, grounds, unit=unit, work_order_id=order)),
        Arm(Obligation(report, "report_back", unit, sent, grounds, unit=unit, work_order_id=order)),
    )
    if not event.designated:
        back = Obligation(return_key(order), "return", unit, sent, grounds, unit=unit, work_order_id=order)
        own = (*own, Arm(back))
    described = Describe(grounds, event.place)
    split = (Split(event.splits),) if event.splits else ()
    if event.role == "support":
        return (*split, described, *own)
    contact = Obligation(contact_key(order), "contact", unit, sent, grounds, unit=unit, work_order_id=order)
    own = (*own, Arm(contact))
    met = Meet(Which(key=dispatch_key(event.case_id, event.returns)), sent)
    if event.splits:
        key = split_key(event.case_id, event.splits)
        owed = Obligation(key, "dispatch", DISPATCHER, event.accepted_at, grounds)
        return (*split, described, Arm(owed), Meet(Which(key=key), sent), met, *own)
    return (described, *((Arm(first),) if event.returns == 0 else ()), met, *own)


def on_work_order_signed_off(event: WorkOrderSignedOff, _case: CaseFacts) -> Effects:
    return (NoteHandler(event.unit), Meet(Which(key=sign_off_key(event.work_order_id)), event.signed_off_at))


def on_work_order_delayed(event: WorkOrderDelayed, _case: CaseFacts) -> Effects:
    """The unit's own clock runs on; the first receiver owes the requester a word."""
    key, order = explain_delay_key(event.work_order_id, event.number), event.work_order_id
    owed = Obligation(key, "follow_up", event.first_receiver, event.delayed_at, grounds_of(event), work_order_id=order)
    return (Arm(owed),)


def on_requester_contacted(event: RequesterContacted, _case: CaseFacts) -> Effects:
    """However long a statute gives for the work, whoever brought the matter hears of it (DOMAIN: clocks, 4)."""
    return (Meet(Which(key=contact_key(event.work_order_id)), event.contacted_at),)


def on_work_order_returned(event: WorkOrderReturned, case: CaseFacts) -> Effects:
    """A sign-off that was given stays met; the desk the return goes to owes a decision.

    For the lead's that is another dispatch. For a supporter's it is a word on that work order alone: released, replaced
    or insisted on, each of which withdraws it.
    """
    order, since = event.work_order_id, event.dispatcher_owes_since
    grounds, desk = case.known_grounds(), event.goes_to
    if event.role == "support":
        again = Obligation(decision_key(order), "dispatch", desk, since, grounds, work_order_id=order)
    else:
        again = Obligation(dispatch_key(event.case_id, event.returns), "dispatch", desk, since, grounds)
    at = event.returned_at
    return (Meet(Which(key=return_key(order)), at), Cancel(Which(work_order_id=order), at, "returned"), Arm(again))


def on_work_order_withdrawn(event: WorkOrderWithdrawn, _case: CaseFacts) -> Effects:
    """What waited for a decision on a supporter's return is decided with it."""
    order, at = event.work_order_id, event.withdrawn_at
    return (Meet(Which(key=decision_key(order)), at), Cancel(Which(work_order_id=order), at, "withdrawn"))


def on_route_proposed(event: RouteProposed, case: CaseFacts) -> Effects:
    """Until somebody confirms or dismisses it the case may be with a unit that is not the right one."""
    pack = case.known_grounds().pack_version if event.pack_version is None else event.pack_version
    grounds = Grounds(pack, event.category, event.level)
    return (Arm(Obligation(proposal_key(event.proposal_id), "dispatch", DISPATCHER, event.proposed_at, grounds)),)


def on_proposal_decided(event: ProposalDecided, _case: CaseFacts) -> Effects:
    """By a person, or because it no longer stands."""
    return (Meet(Which(key=proposal_key(event.proposal_id)), event.decided_at),)


def on_work_order_reported_back(event: WorkOrderReportedBack, _case: CaseFacts) -> Effects:
    """Whoever reports back has seen the work order: a sign-off still open is met with it.

    The lead has replied to the requester before it reports. What may not be returned any more, and more time that
    nobody needs, is not waited for.

    The grid looks at what the lead reports; a supporter reports to the lead.
    """
    order, at = event.work_order_id, event.reported_back_at
    met: Effects = (
        NoteHandler(event.unit, event.reported_by),
        Meet(Which(stage="report_back", work_order_id=order), at),
        Meet(Which(key=sign_off_key(order)), at),
        Meet(Which(key=contact_key(order)), at),
        Cancel(Which(key=return_key(order)), at, "reported_back"),
        Cancel(Which(stage="deferral", work_order_id=order), at, "reported_back"),
    )
    if event.role == "support":
        return met
    ask = AskVerification(order, event.unit, event.place, event.round, event.reported_by, grounds_of(event), at)
    return (*met, ask)


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


def on_deferral_asked(event: DeferralAsked, case: CaseFacts) -> Effects:
    """Whoever decides on more time has a time for that; a request nobody decided on by its end is void."""
    asked = Obligation(
        deferral_key(event.deferral_id),
        "deferral",
        DUTY_DIRECTOR,
        event.asked_at,
        case.known_grounds(),
        work_order_id=event.work_order_id,
        lapses_at=event.lapses_at or event.due_at,
    )
    return (Arm(asked),)


def on_deferral_refused(event: DeferralRefused, _case: CaseFacts) -> Effects:
    return (Meet(Which(key=deferral_key(event.deferral_id)), event.refused_at),)


def on_extension_approved(event: ExtensionApproved, _case: CaseFacts) -> Effects:
    """延期: a promise is never edited. The one that stood is cancelled, on record, and a later one is armed."""
    moved = Moved(event.extended_to, event.provisional, EXTENDED, event.days)
    return (
        Meet(Which(key=deferral_key(event.deferral_id)), event.approved_at),
        Cancel(Which(stage="report_back", work_order_id=event.work_order_id), event.approved_at, "extended"),
        Arm(_promised_anew(event, event.approved_at, moved)),
    )


def on_suspension_approved(event: SuspensionApproved, _case: CaseFacts) -> Effects:
    """挂账: the clock stands still. Which time runs on afterwards the end of the suspension tells."""
    return (
        Meet(Which(key=deferral_key(event.deferral_id)), event.suspended_at),
        Cancel(Which(stage="report_back", work_order_id=event.work_order_id), event.suspended_at, "suspended"),
    )


def on_suspension_ended(event: SuspensionEnded, _case: CaseFacts) -> Effects:
    moved = Moved(event.due_at, event.provisional, SUSPENDED)
    return (Arm(_promised_anew(event, event.resumed_at, moved)),)


def _promised_anew(event: ExtensionApproved | SuspensionEnded, at: datetime, moved: Moved) -> Obligation:
    return Obligation(
        report_back_key(event.work_order_id, event.round, moved=event.number),
        "report_back",
        event.unit,
        at,
        grounds_of(event),
        unit=event.unit,
        work_order_id=event.work_order_id,
        shortened=event.round > 1,
        moved=moved,
    )
