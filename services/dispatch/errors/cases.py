"""Refusals about cases and work orders."""

from shared.errors import NotAllowed, Refused


class CaseUnknown(Refused):
    code = "case_unknown"
    rule = "only a case that was accepted and handed on is with dispatch"


class CaseIsClosed(Refused):
    code = "case_closed"
    rule = "a closed case is with nobody"


class CaseIsJoined(Refused):
    code = "case_joined"
    rule = "a joined case follows its leading one, where the work is done (并案)"


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
