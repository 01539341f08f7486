"""Requests in: each row is decode, one operation, answer."""

from collections.abc import Sequence

from services.intake.operations.cases import Intake
from services.intake.operations.entrusted import Entrusted
from services.intake.operations.joining import Joining
from services.intake.operations.registering import prepare_registering
from services.intake.operations.similar import FindingSimilar
from services.intake.operations.suggesting import Suggesting
from services.intake.queries import MaskedReads, list_open_cases, list_promises
from shared.contracts.intake import (
    AcceptCase,
    CloseCase,
    CorrectCase,
    DeclineCase,
    ExplainCase,
    ExplainDelay,
    FindSimilarCases,
    FinishOwnCase,
    FollowUpCase,
    JoinCase,
    ListOpenCases,
    ListPromises,
    ReadCase,
    RegisterCase,
    RevealRequester,
    RotateVault,
    SplitCase,
    SuggestCategories,
)
from shared.infra.requests import Endpoint, serve


def endpoints(
    intake: Intake,
    entrusted: Entrusted,
    suggesting: Suggesting,
    reads: MaskedReads,
    *,
    similar: FindingSimilar,
    joining: Joining,
) -> Sequence[Endpoint]:
    return [
        serve(RegisterCase, intake.register_case, prepare_registering),
        serve(AcceptCase, intake.accept_case),
        serve(DeclineCase, intake.decline_case),
        serve(CorrectCase, intake.correct_case),
        serve(FinishOwnCase, intake.finish_own_case),
        serve(FollowUpCase, intake.follow_up_case),
        serve(ExplainCase, intake.explain_case),
        serve(ExplainDelay, intake.explain_delay),
        serve(CloseCase, intake.close_case),
        serve(FindSimilarCases, similar.find_similar_cases),
        serve(JoinCase, joining.join_case),
        serve(SplitCase, joining.split_case),
        serve(RevealRequester, entrusted.reveal_requester),
        serve(RotateVault, entrusted.rotate_vault),
        serve(SuggestCategories, suggesting.suggest_categories),
        serve(ReadCase, reads.read_case),
        serve(ListOpenCases, list_open_cases),
        serve(ListPromises, list_promises),
    ]
