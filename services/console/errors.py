"""The refusals of the console."""

from typing import Any

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


class AlreadyRegistered(Refused):
    code = "already_registered"
    rule = "one filling of the form registers one case; what was changed since is another one"


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


class TimeUnread(Refused):
    code = "time_unread"
    rule = "a time is typed as people say it, and its meaning is shown before it is kept"


class TooLarge(Refused):
    code = "too_large"
    rule = "one sending has at most 24 MB with photos, else 1 MB"


class PhotoUnfit(Refused):
    """`why` is told in words of its own: a code for each, e.g. `photo_not_a_photo`."""

    code = "photo_unfit"
    rule = "photos are JPEG, PNG or WebP, as many as the centre pack allows; what a file is, its content says"

    def __init__(self, message: str, *, why: str, number: int) -> None:
        super().__init__(message, field=f"photos.{number}", why=why, number=number + 1)
        self.why = why

    def as_dict(self) -> dict[str, Any]:
        return {**super().as_dict(), "code": f"photo_{self.why}"}


class EntryKeyTaken(Refused):
    code = "entry_key_taken"
    rule = "each entry of a pack has a code of its own"


class SheetChangedMeanwhile(Refused):
    code = "sheet_changed_meanwhile"
    rule = "nobody overwrites what they have not seen, not even from another tab of their own"


class SheetUnreadable(Refused):
    code = "sheet_unreadable"
    rule = "a file is taken as a whole, or not at all"


class PeriodWrong(Refused):
    code = "period_wrong"
    rule = "figures are of whole days, from the first to the last, three years at most"


class FilterUnknown(Refused):
    code = "filter_unknown"
    rule = "figures are narrowed by what the centre pack knows"


class WallNameTaken(Refused):
    code = "wall_name_taken"
    rule = "each screen has an address of its own; one of that name is in use"


class WallUnknown(Refused):
    """Never says whether there was one."""

    code = "wall_unknown"
    rule = "a wall is shown by the address an administrator made for it, until it is revoked"
