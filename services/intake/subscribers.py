"""Events in: each row is decode, one operation."""

from services.intake.operations.news import (
    forget_handling_unit,
    note_handling_unit,
    note_report,
    note_sign_off,
    note_verification,
)
from shared.contracts.dispatch import (
    CentrePackApplied,
    WorkOrderDispatched,
    WorkOrderReportedBack,
    WorkOrderReturned,
    WorkOrderSignedOff,
)
from shared.contracts.escalation import VerificationRecorded
from shared.infra.inbox import on
from shared.infra.pack_arrivals import keep_arrived_pack

HANDLERS = dict(
    [
        on(CentrePackApplied, keep_arrived_pack),
        on(WorkOrderDispatched, note_handling_unit),
        on(WorkOrderSignedOff, note_sign_off),
        on(WorkOrderReturned, forget_handling_unit),
        on(WorkOrderReportedBack, note_report),
        on(VerificationRecorded, note_verification),
    ]
)
