"""Which clocks the recorded events must have led to, told anew from the rulebook: no rule of the product is asked.

A clock stays in the table however it ended, and a case that is over, or follows another one, still shows what was owed
on it: armed, and cancelled at once. So whatever is owed here has its clock, in whichever order the streams came.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from shared.contracts.dispatch import (
    DeferralAsked,
    ExtensionApproved,
    RouteProposed,
    SummonsUnitCalled,
    SuspensionEnded,
    WorkOrderDelayed,
    WorkOrderDispatched,
    WorkOrderReopened,
    WorkOrderReturned,
)
from shared.contracts.escalation import (
    SupervisionIssued,
    SupervisionSentBack,
    VerificationAssigned,
    VerificationRecorded,
)
from shared.contracts.intake import (
    CaseAccepted,
    CaseDelayExplained,
    CaseFollowedUp,
    CaseHandled,
    CaseRaised,
    CaseRegistered,
    CaseReopened,
    CaseSplit,
    LeaderSolved,
)
from tests.support.chaos.books import Recorded

Facts = Mapping[str, Any]
Keys = tuple[str, ...]


def owed_clocks(events: Iterable[Recorded]) -> Iterator[tuple[Recorded, str]]:
    """Each event with the key of a clock it led to. Follow-ups of a case are numbered, whoever told that it is done."""
    done: Counter[str] = Counter()
    for event in events:
        yield from ((event, key) for key in OWED.get(event.type, _nothing)(event.data))
        if is_to_be_followed_up(event):
            case = event.data["case_id"]
            done[case] += 1
            yield event, f"follow_up:{case}:{done[case]}"


def is_to_be_followed_up(event: Recorded) -> bool:
    """Handled at the window, seen by the grid, or done with the case it follows: now the requester is asked."""
    if event.type == VerificationRecorded.TYPE:
        return event.data.get("goes_to") == "first_receiver"
    return event.type in (CaseHandled.TYPE, LeaderSolved.TYPE)


def _nothing(_: Facts) -> Keys:
    return ()


# -- intake ------------------------------------------------------------------------------------------------------------


def _accepted(told: Facts) -> Keys:
    case = told["case_id"]
    return (f"handle:{case}",) if told["handling_mode"] == "self" else (f"dispatch:{case}:0",)


def _reopened(told: Facts) -> Keys:
    """The window begins again; of a forwarded case dispatch tells that its unit does."""
    return (f"handle:{told['case_id']}:{told['round']}",) if told["handling_mode"] == "self" else ()


def _followed_up(told: Facts) -> Keys:
    """Who stays dissatisfied after lawful handling is owed a written explanation."""
    explain = told["contacted"] and told["leads_to"] == "to_explain"
    return (f"explain:{told['case_id']}:{told['round']}",) if explain else ()


# -- dispatch ----------------------------------------------------------------------------------------------------------


def _sent(told: Facts) -> Keys:
    """Any unit signs off, reports, and may return what it was not designated for; the lead speaks with the requester.

    The lead's was owed by the dispatcher: since acceptance, or since the case was split from another; since a return,
    too, but the return tells that.
    """
    order, case, splits = told["work_order_id"], told["case_id"], told.get("splits", 0)
    own = (f"sign_off:{order}", f"report_back:{order}:{told['round']}")
    back = () if told.get("designated") else (f"return:{order}",)
    if told["role"] != "lead":
        return (*own, *back)
    since = f"dispatch:{case}:split:{splits}" if splits else f"dispatch:{case}:0"
    return (*own, *back, f"contact:{order}", *((since,) if splits or told["returns"] == 0 else ()))


def _returned(told: Facts) -> Keys:
    """Of a supporter's a person decides by itself; for the lead's another unit is to be found."""
    if told["role"] != "lead":
        return (f"dispatch:{told['work_order_id']}:support",)
    return (f"dispatch:{told['case_id']}:{told['returns']}",)


def _reopened_for_its_unit(told: Facts) -> Keys:
    return (f"report_back:{told['work_order_id']}:{told['round']}",)


def _promised_anew(told: Facts) -> Keys:
    """More time was given, or the time runs on after a stay: a clock of its own, as the one before is never edited."""
    return (f"report_back:{told['work_order_id']}:{told['round']}:x{told['number']}",)


# -- escalation --------------------------------------------------------------------------------------------------------


def _looked_at(told: Facts) -> Keys:
    """What the grid did not find, the dispatcher has to say better where it is."""
    return (f"place:{told['verification_id']}",) if told.get("goes_to") == "dispatcher" else ()


OWED: Mapping[str, Callable[[Facts], Keys]] = {
    CaseRegistered.TYPE: lambda told: (f"accept:{told['case_id']}",),
    CaseAccepted.TYPE: _accepted,
    CaseReopened.TYPE: _reopened,
    CaseFollowedUp.TYPE: _followed_up,
    CaseDelayExplained.TYPE: lambda told: (f"promise:{told['case_id']}:{told['number']}",),
    CaseRaised.TYPE: lambda told: (f"raised:{told['case_id']}:{told['round']}:{told['led_to']}",),
    CaseSplit.TYPE: lambda told: (f"dispatch:{told['case_id']}:split:{told['splits']}",),
    WorkOrderDispatched.TYPE: _sent,
    WorkOrderReturned.TYPE: _returned,
    WorkOrderReopened.TYPE: _reopened_for_its_unit,
    WorkOrderDelayed.TYPE: lambda told: (f"explain_delay:{told['work_order_id']}:{told['number']}",),
    RouteProposed.TYPE: lambda told: (f"dispatch:{told['proposal_id']}:proposal",),
    DeferralAsked.TYPE: lambda told: (f"deferral:{told['deferral_id']}",),
    ExtensionApproved.TYPE: _promised_anew,
    SuspensionEnded.TYPE: _promised_anew,
    SummonsUnitCalled.TYPE: lambda told: (f"arrival:{told['summons_id']}:{told['unit']}",),
    VerificationAssigned.TYPE: lambda told: (f"verify:{told['verification_id']}",),
    VerificationRecorded.TYPE: _looked_at,
    SupervisionIssued.TYPE: lambda told: (f"supervision:{told['order_id']}:1",),
    SupervisionSentBack.TYPE: lambda told: (f"supervision:{told['order_id']}:{told['round']}",),
}
