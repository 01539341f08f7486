"""Refusals about the centre pack."""

from shared.errors import NotAllowed, Refused


class CentrePackFaulty(Refused):
    code = "pack_faulty"
    rule = "a centre pack is complete and free of contradictions, or it is not taken"


class CentrePackTooLarge(Refused):
    code = "pack_too_large"
    rule = "a centre pack fits into one message"


class CentrePackUnchanged(Refused):
    code = "pack_unchanged"
    rule = "a draft changes something of the pack in force"


class CentrePackChangedMeanwhile(Refused):
    code = "pack_changed_meanwhile"
    rule = "a draft is made from the version in force: nobody undoes unseen what another brought into force"


class PackDraftedAlready(Refused):
    code = "pack_drafted_already"
    rule = "the same pack is drafted once"


class TooManyPackDrafts(Refused):
    code = "too_many_pack_drafts"
    rule = "drafts are decided on or withdrawn before more are made"


class EffectiveIsPast(Refused):
    code = "effective_is_past"
    rule = "a pack holds from an instant to come; what was decided by the one before stays"


class EffectiveTooFar(Refused):
    code = "effective_too_far"
    rule = "who approves sees what the pack is made for"


class DrafterMayNotApprove(NotAllowed):
    code = "drafter_may_not_approve"
    rule = "a draft is approved by another person than its drafter"


class PackDraftDecided(Refused):
    code = "pack_draft_decided"
    rule = "a draft is approved once, and withdrawn only before it is in force"


class AnotherDraftWaits(Refused):
    code = "another_draft_waits"
    rule = "one approved draft waits for its instant at a time: the next is made from what it brings"
