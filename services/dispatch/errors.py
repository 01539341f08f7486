"""The refusals of dispatch."""

from shared.errors import NotAllowed, Refused


class CaseUnknown(Refused):
    code = "case_unknown"
    rule = "only a case that was accepted and handed on is with dispatch"


class CaseIsClosed(Refused):
    code = "case_closed"
    rule = "a closed case is with nobody"


class CaseNotInTriage(Refused):
    code = "case_not_in_triage"
    rule = "a case has exactly one lead unit: it is sent on only when it is with the triage desk"


class UnknownUnit(Refused):
    code = "unknown_unit"
    rule = "the unit must be one of the centre pack"


class DeskOnlySorts(Refused):
    code = "desk_only_sorts"
    rule = "the triage desk sends cases on, it does not handle them"


class UnitReturnedIt(Refused):
    code = "unit_returned_it"
    rule = "who returned a case gets it again only from the duty director"


class NotOwnUnit(NotAllowed):
    code = "not_own_unit"
    rule = "a unit acts on its own work orders and summonses only"


class NotPossibleNow(Refused):
    code = "not_possible_now"
    rule = "each step follows the one before it"


class NotSignedOff(NotPossibleNow):
    code = "not_signed_off"
    rule = "a unit signs off (签收) before it reports back"


class RequesterNotRepliedTo(Refused):
    code = "requester_not_replied_to"
    rule = "the unit reports to the centre and replies to the requester"


class ReopenedNotReturnable(NotPossibleNow):
    code = "reopened_not_returnable"
    rule = "who reported a result keeps the case when it is reopened (重办)"


class ReturnTooLate(Refused):
    code = "return_too_late"
    rule = "a work order is returned (退单) within its limit only, counted from dispatch"


class SuggestsItself(Refused):
    code = "suggests_itself"
    rule = "who returns a case may suggest another unit for it"


class OwnDutyPushedDown(Refused):
    code = "own_duty_pushed_down"
    rule = "a unit may not push its own duty down to a township or village"


class UnitNamedTwice(Refused):
    code = "unit_named_twice"
    rule = "a summons names each unit once"


class UnitSummonedAlready(Refused):
    code = "unit_summoned_already"
    rule = "a unit is called once at a time for a case"


class AskerMayNotApprove(NotAllowed):
    code = "asker_may_not_approve"
    rule = "whoever asked for a summons cannot approve it"


class SummonsDecided(Refused):
    code = "summons_decided"
    rule = "a summons is approved or refused once"


class SummonsOver(Refused):
    code = "summons_over"
    rule = "a summons that ended stays as it ended"


class SummonsNotApproved(Refused):
    code = "summons_not_approved"
    rule = "units are called when the commander or a deputy has approved"


class UnitNotSummoned(Refused):
    code = "unit_not_summoned"
    rule = "only a summoned unit answers a summons"


class UnitArrivedAlready(Refused):
    code = "unit_arrived_already"
    rule = "an arrival is the last word of a unit on a summons"


class AcknowledgedAlready(Refused):
    code = "acknowledged_already"
    rule = "a unit acknowledges a summons once"


class UnitGivenUp(Refused):
    code = "unit_given_up"
    rule = "a unit recorded as not arrived stays recorded so"


class CentrePackFaulty(Refused):
    code = "pack_faulty"
    rule = "a centre pack is complete and free of contradictions, or it is not taken"


class CentrePackTooLarge(Refused):
    code = "pack_too_large"
    rule = "a centre pack fits into one message"
