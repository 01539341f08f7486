"""Refusals about referrals to the oversight office (问责移送)."""

from shared.errors import NotAllowed, Refused


class ReferralStepDone(Refused):
    code = "referral_step_done"
    rule = "a referral is decided once, answered once and closed once"


class ReferralNotReady(Refused):
    code = "referral_not_ready"
    rule = "the oversight office answers what was referred, and the centre closes what was answered"


class AppealPending(Refused):
    code = "appeal_pending"
    rule = "while an appeal against its clock is under way, a referral is not decided"


class OwnUnitReferred(NotAllowed):
    code = "own_unit_referred"
    rule = "nobody decides on a referral of their own unit"


class AnswersOwnReferral(NotAllowed):
    code = "answers_own_referral"
    rule = "whoever referred a matter to the oversight office does not answer for the office"
