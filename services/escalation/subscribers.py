"""Events in: each row is decode, one operation."""

from services.escalation.operations.climb_unreached import climb_unreached
from services.escalation.operations.erase_words import erase_words
from services.escalation.operations.grid_photos import erase_findings
from services.escalation.operations.in_one import followed_by
from services.escalation.operations.keep_clocks import keeping
from services.escalation.operations.ladder_calls import answer_ladder_call
from services.escalation.operations.propose_referral import refer_absence, refer_reopening
from services.escalation.operations.supervision import end_supervision
from services.escalation.operations.switch_modes import keep_switch
from services.escalation.policy import effects, joining_effects, summons_effects
from shared.contracts.dispatch import (
    CentrePackApplied,
    DeferralAsked,
    DeferralRefused,
    ExtensionApproved,
    ModeSwitched,
    ProposalDecided,
    RequesterContacted,
    RouteProposed,
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
    WorkOrderDelayed,
    WorkOrderDispatched,
    WorkOrderReopened,
    WorkOrderReportedBack,
    WorkOrderReturned,
    WorkOrderSignedOff,
    WorkOrderWithdrawn,
)
from shared.contracts.escalation import LadderCalled
from shared.contracts.intake import (
    CaseAccepted,
    CaseClosed,
    CaseCorrected,
    CaseDelayExplained,
    CaseExplained,
    CaseFollowedUp,
    CaseHandled,
    CaseJoined,
    CaseNotAccepted,
    CaseRaised,
    CaseRegistered,
    CaseReopened,
    CaseSplit,
    LeaderReopened,
    LeaderSolved,
    RequesterErased,
)
from shared.contracts.notification import NoticeUnreached
from shared.infra.inbox import on
from shared.infra.pack_arrivals import keep_arrived_pack

HANDLERS = dict(
    [
        on(CentrePackApplied, keep_arrived_pack),
        on(ModeSwitched, keep_switch),
        on(CaseRegistered, keeping(effects.on_case_registered)),
        on(CaseAccepted, keeping(effects.on_case_accepted)),
        on(CaseCorrected, keeping(effects.on_case_corrected)),
        on(CaseNotAccepted, followed_by(keeping(effects.on_case_not_accepted), end_supervision)),
        on(CaseHandled, keeping(effects.on_case_handled)),
        on(CaseJoined, followed_by(keeping(joining_effects.on_case_joined), end_supervision)),
        on(CaseSplit, keeping(joining_effects.on_case_split)),
        on(LeaderSolved, keeping(joining_effects.on_leader_solved)),
        on(LeaderReopened, keeping(joining_effects.on_leader_reopened)),
        on(CaseFollowedUp, keeping(effects.on_case_followed_up)),
        on(CaseReopened, keeping(effects.on_case_reopened)),
        on(CaseExplained, keeping(effects.on_case_explained)),
        on(CaseDelayExplained, keeping(effects.on_case_delay_explained)),
        on(CaseRaised, keeping(effects.on_case_raised)),
        on(RequesterErased, followed_by(erase_findings, erase_words)),
        on(CaseClosed, followed_by(keeping(effects.on_case_closed), end_supervision)),
        on(WorkOrderDispatched, keeping(effects.on_work_order_dispatched)),
        on(WorkOrderSignedOff, keeping(effects.on_work_order_signed_off)),
        on(RequesterContacted, keeping(effects.on_requester_contacted)),
        on(WorkOrderDelayed, keeping(effects.on_work_order_delayed)),
        on(WorkOrderReturned, keeping(effects.on_work_order_returned)),
        on(WorkOrderWithdrawn, keeping(effects.on_work_order_withdrawn)),
        on(WorkOrderReportedBack, keeping(effects.on_work_order_reported_back)),
        on(RouteProposed, keeping(effects.on_route_proposed)),
        on(ProposalDecided, keeping(effects.on_proposal_decided)),
        on(WorkOrderReopened, followed_by(keeping(effects.on_work_order_reopened), refer_reopening)),
        on(DeferralAsked, keeping(effects.on_deferral_asked)),
        on(DeferralRefused, keeping(effects.on_deferral_refused)),
        on(ExtensionApproved, keeping(effects.on_extension_approved)),
        on(SuspensionApproved, keeping(effects.on_suspension_approved)),
        on(SuspensionEnded, keeping(effects.on_suspension_ended)),
        on(SummonsUnitCalled, keeping(summons_effects.on_summons_unit_called)),
        on(SummonsUnitAcknowledged, keeping(summons_effects.on_summons_unit_acknowledged)),
        on(SummonsUnitOnTheWay, keeping(summons_effects.on_summons_unit_coming)),
        on(SummonsUnitSubstituteSent, keeping(summons_effects.on_summons_unit_coming)),
        on(SummonsUnitCannotCome, keeping(summons_effects.on_summons_unit_cannot_come)),
        on(SummonsUnitArrived, keeping(summons_effects.on_summons_unit_arrived)),
        on(SummonsUnitNotArrived, followed_by(keeping(summons_effects.on_summons_unit_not_arrived), refer_absence)),
        on(SummonsEnded, keeping(summons_effects.on_summons_ended)),
        on(NoticeUnreached, climb_unreached),
        on(LadderCalled, answer_ladder_call),
    ]
)
