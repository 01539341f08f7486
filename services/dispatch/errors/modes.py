"""Refusals about normal and surge mode (平战转换)."""

from shared.errors import Refused


class ModeChangedMeanwhile(Refused):
    code = "mode_changed_meanwhile"
    rule = "of two commanders at once one switches, and the other is told"


class AtThisLevelAlready(Refused):
    code = "at_this_level_already"
    rule = "a switch leads to another mode; a surge at the same level is prolonged"


class NotInSurge(Refused):
    code = "not_in_surge"
    rule = "only a surge is prolonged or ended"


class LevelNotInPack(Refused):
    code = "surge_level_not_in_pack"
    rule = "a surge changes what the centre's pack says of its level"


class UnknownMeasure(Refused):
    code = "unknown_measure"
    rule = "measures are the ones of the centre's pack"


class EndIsPast(Refused):
    code = "expected_end_is_past"
    rule = "a surge has an expected end to come"


class SurgeTooLong(Refused):
    code = "surge_too_long"
    rule = "the expected end lies within the time the centre pack allows from now; it may be prolonged again"


class NotLater(Refused):
    code = "expected_end_not_later"
    rule = "prolonged is to a later time; a surge that is over sooner is ended"
