"""Events in: each row is decode, one operation."""

from services.dispatch.operations.arrivals import give_up_arrival
from services.dispatch.operations.cases import close_case, reopen_for_requester, reopen_unverified, route_accepted_case
from services.dispatch.operations.erasing import erase_words
from services.dispatch.operations.joining import route_split_case, take_back_joined_case
from services.dispatch.operations.notices import mark_notified
from services.dispatch.operations.proposals import route_corrected_case
from shared.contracts.escalation import ArrivalGivenUp, VerificationRecorded
from shared.contracts.intake import (
    CaseAccepted,
    CaseClosed,
    CaseCorrected,
    CaseJoined,
    CaseReopened,
    CaseSplit,
    RequesterErased,
)
from shared.contracts.notification import NoticeHandedOver
from shared.infra.inbox import on

HANDLERS = dict(
    [
        on(CaseAccepted, route_accepted_case),
        on(CaseCorrected, route_corrected_case),
        on(CaseJoined, take_back_joined_case),
        on(CaseSplit, route_split_case),
        on(CaseReopened, reopen_for_requester),
        on(CaseClosed, close_case),
        on(RequesterErased, erase_words),
        on(VerificationRecorded, reopen_unverified),
        on(ArrivalGivenUp, give_up_arrival),
        on(NoticeHandedOver, mark_notified),
    ]
)
