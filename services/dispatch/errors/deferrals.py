"""Refusals about more time: extensions and suspensions."""

from services.dispatch.errors.cases import NotPossibleNow
from shared.errors import NotAllowed, Refused


class NotAtWork(NotPossibleNow):
    code = "not_at_work"
    rule = "more time is asked for a work order that is signed off (签收) and not finished"


class AskedAlready(Refused):
    code = "deferral_asked_already"
    rule = "one request for more time is decided before the next is asked"


class SuspendedNow(Refused):
    code = "work_order_suspended"
    rule = "while a work order is suspended (挂账) its time stands still"


class NotSuspended(Refused):
    code = "work_order_not_suspended"
    rule = "only a suspended (挂账) work order is resumed"


class DueHasPassed(Refused):
    code = "due_has_passed"
    rule = "more time is asked for before the time is up"


class AskedTooLate(Refused):
    code = "deferral_asked_too_late"
    rule = "an extension (延期) is asked for so many working days before the time is up as the centre pack wants"


class TooMuchTime(Refused):
    code = "deferral_too_long"
    rule = "an extension (延期) or suspension (挂账) is no longer than the centre pack allows"


class TooOften(Refused):
    code = "deferred_too_often"
    rule = "a work order is extended (延期) or suspended (挂账) no more often than the centre pack allows"


class UntilHasPassed(Refused):
    code = "until_has_passed"
    rule = "a suspension (挂账) lasts until a promised time to come"


class AskerMayNotDecide(NotAllowed):
    code = "asker_may_not_decide"
    rule = "whoever asked for more time cannot decide on it"


class DeferralDecided(Refused):
    code = "deferral_decided"
    rule = "a request for more time is decided once"


class DeferralLapsed(Refused):
    code = "deferral_lapsed"
    rule = "a request nobody decided on lapses when the time is up, or when the unit's work ends"
