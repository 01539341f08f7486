"""Events in: each row is decode, one operation."""

from services.escalation.operations.keep_clocks import keeping
from services.escalation.policy import effects
from shared.contracts.dispatch import (
    CentrePackApplied,
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
)
from shared.infra.inbox import on
from shared.infra.pack_arrivals import keep_arrived_pack

HANDLERS = dict(
    [
        on(CentrePackApplied, keep_arrived_pack),
        on(CaseRegistered, keeping(effects.on_case_registered)),
        on(CaseAccepted, keeping(effects.on_case_accepted)),
        on(CaseNotAccepted, keeping(effects.on_case_not_accepted)),
        on(CaseHandled, keeping(effects.on_case_handled)),
        on(CaseFollowedUp, keeping(effects.on_case_followed_up)),
        on(CaseReopened, keeping(effects.on_case_reopened)),
        on(CaseClosed, keeping(effects.on_case_closed)),
        on(WorkOrderDispatched, keeping(effects.on_work_order_dispatched)),
        on(WorkOrderSignedOff, keeping(effects.on_work_order_signed_off)),
        on(WorkOrderReturned, keeping(effects.on_work_order_returned)),
        on(WorkOrderReportedBack, keeping(effects.on_work_order_reported_back)),
        on(WorkOrderReopened, keeping(effects.on_work_order_reopened)),
        on(SummonsUnitCalled, keeping(effects.on_summons_unit_called)),
        on(SummonsUnitAcknowledged, keeping(effects.on_summons_unit_acknowledged)),
        on(SummonsUnitArrived, keeping(effects.on_summons_unit_arrived)),
        on(SummonsUnitNotArrived, keeping(effects.on_summons_unit_not_arrived)),
        on(SummonsEnded, keeping(effects.on_summons_ended)),
    ]
)
