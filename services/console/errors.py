"""The refusals of the console."""

from shared.errors import Refused


class StaffNameTaken(Refused):
    code = "staff_name_taken"
    rule = "one account for each post"


class ScopeMissing(Refused):
    code = "scope_missing"
    rule = "a role that acts for a unit, a window or a grid names it"


class NoSuchStaff(Refused):
    code = "no_such_staff"
    rule = "what is named must exist"


class PasswordTooWeak(Refused):
    code = "password_too_weak"
    rule = "twelve characters or more, not the account's name, not one that everybody takes"


class SignInFailed(Refused):
    """Never says which of the two was wrong, nor whether the account exists."""

    code = "sign_in_failed"
    rule = "account and password belong together"


class SignInDelayed(Refused):
    code = "sign_in_delayed"
    rule = "after several failures the next try has to wait, longer each time"


class SecondFactorNeeded(Refused):
    code = "second_factor_needed"
    rule = "this account also asks for a code from its own device"


class CaseChangedMeanwhile(Refused):
    code = "case_changed_meanwhile"
    rule = "nobody overwrites what they have not seen"


class EndingIncomplete(Refused):
    code = "ending_incomplete"
    rule = "what ends at the window says how: what was answered, or why it is not accepted"


class ReceiptUnknown(Refused):
    """Never says which of the two was wrong, nor whether the case exists."""

    code = "receipt_unknown"
    rule = "case code and check phrase belong together"


class TooManyLooks(Refused):
    code = "too_many_looks"
    rule = "a receipt's progress is asked for a few times an hour, not tried out"


class PortTaken(Exception):
    """Somebody else listens where the console was to, or nobody may there."""


class SummonsEnded(Refused):
    code = "summons_ended"
    rule = "a link shows its summons while that is under way"


class WhyMissing(Refused):
    code = "why_missing"
    rule = "whoever refuses says why"
