"""Requests in: each row is decode, one operation, answer."""

from collections.abc import Sequence

from services.escalation.operations.appeals import decide_appeal, make_appeal, propose_on_appeal
from services.escalation.operations.grid_photos import GridPhotos
from services.escalation.operations.record_verification import Verifying
from services.escalation.operations.referrals import answer_referral, close_referral, decide_referral
from services.escalation.operations.supervision import (
    answer_supervision,
    issue_supervision,
    judge_supervision,
    raise_supervision,
    withdraw_supervision,
)
from services.escalation.operations.take_up_raised import take_up_raised
from services.escalation.queries import list_clocks
from services.escalation.queries.appeals import list_appeals
from services.escalation.queries.referrals import list_referrals
from services.escalation.queries.supervision import list_supervision
from services.escalation.queries.verifications import VerificationReads
from shared.contracts.escalation import (
    AnswerReferral,
    AnswerSupervision,
    CloseReferral,
    DecideAppeal,
    DecideReferral,
    IssueSupervision,
    JudgeSupervision,
    ListAppeals,
    ListClocks,
    ListReferrals,
    ListSupervision,
    ListVerifications,
    MakeAppeal,
    ProposeOnAppeal,
    RaiseSupervision,
    ReadVerificationPhoto,
    ReadVerifications,
    RecordVerification,
    ResealVerificationPhotos,
    SendVerificationAgain,
    TakeUpRaised,
    WithdrawSupervision,
)
from shared.infra.requests import Endpoint, serve
from shared.vault import KeyRing


def endpoints(keys: KeyRing) -> Sequence[Endpoint]:
    verifying, photos, reads = Verifying(keys), GridPhotos(keys), VerificationReads(keys)
    return [
        serve(RecordVerification, verifying.record_verification),
        serve(SendVerificationAgain, verifying.send_verification_again),
        serve(ReadVerificationPhoto, photos.read_verification_photo),
        serve(ResealVerificationPhotos, photos.reseal_verification_photos),
        serve(ListVerifications, reads.list_verifications),
        serve(ReadVerifications, reads.read_verifications),
        serve(TakeUpRaised, take_up_raised),
        serve(ListClocks, list_clocks),
        serve(IssueSupervision, issue_supervision),
        serve(AnswerSupervision, answer_supervision),
        serve(JudgeSupervision, judge_supervision),
        serve(RaiseSupervision, raise_supervision),
        serve(WithdrawSupervision, withdraw_supervision),
        serve(ListSupervision, list_supervision),
        serve(MakeAppeal, make_appeal),
        serve(ProposeOnAppeal, propose_on_appeal),
        serve(DecideAppeal, decide_appeal),
        serve(ListAppeals, list_appeals),
        serve(DecideReferral, decide_referral),
        serve(AnswerReferral, answer_referral),
        serve(CloseReferral, close_referral),
        serve(ListReferrals, list_referrals),
    ]
