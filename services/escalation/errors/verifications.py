"""What may be wrong with a verification beside who records it: its time, its place, its readers."""

from shared.errors import Refused


class FoundAtWrong(Refused):
    code = "found_at_wrong"
    rule = "a place is looked at after the task was given, and before what was found is recorded"


class NotWaitingForPlace(Refused):
    code = "not_waiting_for_place"
    rule = "a verification is sent again where the place was not found, once, while its case is open"


class UnknownPlace(Refused):
    code = "unknown_place"
    rule = "the place must be a township or grid of the centre pack"


class FindingsNotForYou(Refused):
    code = "findings_not_for_you"
    rule = "what the grid found is for its grid, the units that handled the case and the centre's staff"
