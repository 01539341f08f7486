"""The refusals of intake."""

from shared.errors import Refused


class CaseUnknown(Refused):
    code = "case_unknown"
    rule = "the case must have been registered here"


class UnknownCategory(Refused):
    code = "unknown_category"
    rule = "the category must be one of the centre pack"


class UnknownPlace(Refused):
    code = "unknown_place"
    rule = "the place must be a township or grid of the centre pack"


class UnknownFlag(Refused):
    code = "unknown_flag"
    rule = "a flag must be one of the centre pack"


class UnknownSuggestion(Refused):
    code = "unknown_suggestion"
    rule = "a suggestion must have been made here"


class SuggestionUsed(Refused):
    code = "suggestion_used"
    rule = "a suggestion is made for one matter and used for one case"


class NothingToCorrect(Refused):
    code = "nothing_to_correct"
    rule = "a correction changes the category, the place, the level or the flags"


class UnknownWindow(Refused):
    code = "unknown_window"
    rule = "a case enters by a window of the centre pack"


class ReceivedInFuture(Refused):
    code = "received_in_future"
    rule = "a case cannot have been received after now"


class NotPossibleNow(Refused):
    code = "not_possible_now"
    rule = "each step follows the one before it"


class NotFirstReceiver(Refused):
    code = "not_first_receiver"
    rule = "whoever received first follows up and closes (首接责任制)"


class NotYourCase(Refused):
    code = "not_your_case"
    rule = "a requester's words are for those who handle the case"


class FollowUpIncomplete(Refused):
    code = "follow_up_incomplete"
    rule = "who was reached is asked everything; where nobody was reached, it is said why"


class CannotJoinItself(Refused):
    code = "cannot_join_itself"
    rule = "a case follows another one, never itself"


class AlreadyJoined(Refused):
    code = "already_joined"
    rule = "a case follows one leading case"


class LeadsOthers(Refused):
    code = "leads_others"
    rule = "whom others follow follows nobody"


class LeaderIsClosed(Refused):
    code = "leader_closed"
    rule = "a case joins an open one (并案)"


class UnitIsAtWork(Refused):
    code = "unit_is_at_work"
    rule = "a case is joined before a unit has signed its work order off"


class JoinNeedsReason(Refused):
    code = "join_needs_reason"
    rule = "a case of another category or township is joined with a reason only"


class NotJoined(Refused):
    code = "not_joined"
    rule = "only a joined case is split (拆案)"


class OthersFollow(Refused):
    code = "others_follow"
    rule = "a case that others wait for is not declined: they are split from it first"


class ContactAtWindowOnly(Refused):
    code = "contact_at_window_only"
    rule = "only whoever stands at a window with the person asks by contact"


class NoTelephoneNumber(Refused):
    code = "no_telephone_number"
    rule = "a contact is a whole telephone number"


class TooManyContactQuestions(Refused):
    code = "too_many_contact_questions"
    rule = "asking by contact is for the person at the window, not for searching"


class KindDoesNotCount(Refused):
    code = "kind_does_not_count"
    rule = "requesters are asked in the way the centre pack names for the matter (分类回访)"


class HandlerMayNotFollowUp(Refused):
    code = "handler_may_not_follow_up"
    rule = "whoever handled or verified a case does not ask the requester about it (回访)"


class PromiseOutOfBounds(Refused):
    code = "promise_out_of_bounds"
    rule = "a promise to the requester lies ahead, within the days and as often as the centre pack allows (暂不能办结)"
