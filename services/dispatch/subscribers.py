"""Events in: each row is decode, one operation."""

from services.dispatch.operations.cases import close_case, reopen_for_requester, reopen_unverified, route_accepted_case
from services.dispatch.operations.summonses import give_up_arrival
from shared.contracts.escalation import ArrivalGivenUp, VerificationRecorded
from shared.contracts.intake import CaseAccepted, CaseClosed, CaseReopened
from shared.infra.inbox import on

HANDLERS = dict(
    [
        on(CaseAccepted, route_accepted_case),
        on(CaseReopened, reopen_for_requester),
        on(CaseClosed, close_case),
        on(VerificationRecorded, reopen_unverified),
        on(ArrivalGivenUp, give_up_arrival),
    ]
)
