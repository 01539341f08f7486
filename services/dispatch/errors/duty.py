"""Refusals about rosters, swaps and the director's watch."""

from shared.errors import NotAllowed, Refused


class OverridesApart(Refused):
    code = "overrides_apart"
    rule = "a roster is set without overrides; each override is made for itself"


class RosterKeepsKind(Refused):
    code = "roster_keeps_kind"
    rule = "a roster keeps its kind and its unit; another duty gets a roster of its own"


class TooManyOverrides(Refused):
    code = "too_many_overrides"
    rule = "a roster that is overridden all the time is another roster"


class StretchIsPast(Refused):
    code = "stretch_is_past"
    rule = "what was stays on record: rosters are changed for the time to come"


class StretchTooLong(Refused):
    code = "stretch_too_long"
    rule = "an override is for a stretch of time; what is to last is a rotation"


class InstantOutOfReach(Refused):
    code = "instant_out_of_reach"
    rule = "rosters speak of the years around now"


class NotOnDutyThen(Refused):
    code = "not_on_duty_then"
    rule = "only who is on duty can be replaced, taken out or asked to swap"


class OverridesContradict(Refused):
    code = "overrides_contradict"
    rule = "two overrides of one stretch either combine or one of them is not made"


class OverrideIsOver(Refused):
    code = "override_is_over"
    rule = "only what is still to come of an override can be cancelled"


class NoBackupOfUnit(Refused):
    code = "no_backup_of_unit"
    rule = "an absent primary (主班) is replaced by the backup (副班) of the same unit"


class SwapWithItself(Refused):
    code = "swap_with_itself"
    rule = "a swap is between two posts"


class SwapHalfReturned(Refused):
    code = "swap_half_returned"
    rule = "what is taken in return has a beginning and an end"


class SwapDecided(Refused):
    code = "swap_decided"
    rule = "a swap is answered once"


class SwapLapsed(Refused):
    code = "swap_lapsed"
    rule = "a swap that nobody accepted before it begins lapses"


class NotYourDuty(NotAllowed):
    code = "not_your_duty"
    rule = "a post asks and answers for itself or its unit; the duty director and the administrator ask for anybody"


class NotOnWatch(NotAllowed):
    code = "not_on_watch"
    rule = "the watch is handed over by the director who has it"


class NotTheIncoming(NotAllowed):
    code = "not_the_incoming"
    rule = "a handover is accepted by the director it was offered to"


class HandoverToItself(Refused):
    code = "handover_to_itself"
    rule = "a watch is handed over to another post"


class HandoverDecided(Refused):
    code = "handover_decided"
    rule = "a handover is accepted once, and a withdrawn one not at all"


class WatchIsTaken(Refused):
    code = "watch_is_taken"
    rule = "only the first watch begins without a handover"


class NoWatchYet(Refused):
    code = "no_watch_yet"
    rule = "a watch has to be taken before it can be handed over"
