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
    rule = "a requester who was reached is asked whether it is solved and how satisfied they are"
