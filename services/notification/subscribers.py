"""Events in: each row is decode, one operation."""

from services.notification.operations.hear import (
    hear,
    hear_answer,
    hear_end,
    hear_reopening,
    hear_sign_off,
    keep_call,
    keep_roster,
)
from shared.contracts.dispatch import (
    CaseDesignated,
    CentrePackApplied,
    DeferralAsked,
    DeferralRefused,
    DutyGapFound,
    ExtensionApproved,
    HandoverAccepted,
    HandoverOffered,
    RosterChanged,
    SummonsEnded,
    SummonsUnitAcknowledged,
    SummonsUnitArrived,
    SummonsUnitCalled,
    SummonsUnitCannotCome,
    SummonsUnitNotArrived,
    SummonsUnitOnTheWay,
    SummonsUnitSubstituteSent,
    SuspensionApproved,
    SuspensionEnded,
    WorkOrderDispatched,
    WorkOrderReopened,
    WorkOrderReportedBack,
    WorkOrderReturned,
    WorkOrderSignedOff,
    WorkOrderWithdrawn,
)
from shared.contracts.escalation import NoticeIssued
from shared.infra.inbox import on
from shared.infra.pack_arrivals import keep_arrived_pack

HANDLERS = dict(
    [
        on(CentrePackApplied, keep_arrived_pack),
        on(RosterChanged, keep_roster),
        on(NoticeIssued, hear),
        on(DutyGapFound, hear),
        on(HandoverOffered, hear),
        on(HandoverAccepted, hear),
        on(CaseDesignated, hear),
        on(WorkOrderDispatched, hear),
        on(WorkOrderSignedOff, hear_sign_off),
        on(WorkOrderReturned, hear),
        on(WorkOrderWithdrawn, hear),
        on(WorkOrderReportedBack, hear),
        on(WorkOrderReopened, hear_reopening),
        on(DeferralAsked, hear),
        on(DeferralRefused, hear),
        on(ExtensionApproved, hear),
        on(SuspensionApproved, hear),
        on(SuspensionEnded, hear),
        on(SummonsUnitCalled, keep_call),
        on(SummonsUnitAcknowledged, hear_answer),
        on(SummonsUnitOnTheWay, hear_answer),
        on(SummonsUnitSubstituteSent, hear_answer),
        on(SummonsUnitCannotCome, hear_answer),
        on(SummonsUnitArrived, hear),
        on(SummonsUnitNotArrived, hear),
        on(SummonsEnded, hear_end),
    ]
)
