"""Requests in: each row is decode, one operation, answer."""

from collections.abc import Sequence

from services.intake.operations import Intake, accept_case
from services.intake.queries import MaskedReads, list_open_cases
from shared.contracts.intake import (
    AcceptCase,
    CloseCase,
    DeclineCase,
    FinishOwnCase,
    FollowUpCase,
    ListOpenCases,
    ReadCase,
    RegisterCase,
    RevealRequester,
    RotateVault,
)
from shared.infra.requests import Endpoint, serve


def endpoints(intake: Intake, reads: MaskedReads) -> Sequence[Endpoint]:
    return [
        serve(RegisterCase, intake.register_case),
        serve(AcceptCase, accept_case),
        serve(DeclineCase, intake.decline_case),
        serve(FinishOwnCase, intake.finish_own_case),
        serve(FollowUpCase, intake.follow_up_case),
        serve(CloseCase, intake.close_case),
        serve(RevealRequester, intake.reveal_requester),
        serve(RotateVault, intake.rotate_vault),
        serve(ReadCase, reads.read_case),
        serve(ListOpenCases, list_open_cases),
    ]
