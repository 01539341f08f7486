"""Refusals about summonses."""

from shared.errors import NotAllowed, Refused

# -- asked and decided -------------------------------------------------------------------------------------------------


class NobodyNamed(Refused):
    code = "nobody_named"
    rule = "a summons names units, or asks for those of the response plans, or both"


class NoPlan(Refused):
    code = "no_plan"
    rule = "units are called by plan where the pack has a response plan for the matter and level"


class UnitNamedTwice(Refused):
    code = "unit_named_twice"
    rule = "a summons names each unit once"


class UnitSummonedAlready(Refused):
    code = "unit_summoned_already"
    rule = "a unit is called once at a time for a case"


class UnitBusyForDrill(Refused):
    code = "unit_busy_for_drill"
    rule = "no unit is drilled while a summons or another drill names it"


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


# -- a unit's answers --------------------------------------------------------------------------------------------------


class UnitNotSummoned(Refused):
    code = "unit_not_summoned"
    rule = "only a summoned unit answers a summons"


class UnitArrivedAlready(Refused):
    code = "unit_arrived_already"
    rule = "an arrival is the last word of a unit on a summons"


class AcknowledgedAlready(Refused):
    code = "acknowledged_already"
    rule = "a unit acknowledges a summons once"


class CannotComeAlready(Refused):
    code = "cannot_come_already"
    rule = "a unit says once that it cannot come; its first reason stays on record"


class UnitGivenUp(Refused):
    code = "unit_given_up"
    rule = "a unit recorded as not arrived stays recorded so"


class SubstituteOfAnotherUnit(Refused):
    code = "substitute_of_another_unit"
    rule = "a unit sends a post of its own in its liaison's place"


# -- links -------------------------------------------------------------------------------------------------------------


class LinkUsed(Refused):
    code = "link_used"
    rule = "a link answers once"


class LinkForNothing(Refused):
    code = "link_for_nothing"
    rule = "a link answers the summons and for the unit it was made for"


class EstimateMissing(Refused):
    code = "estimate_missing"
    rule = "who is on the way says in how many minutes they arrive"


class ReasonMissing(Refused):
    code = "reason_missing"
    rule = "who cannot come says why"


# -- the command room --------------------------------------------------------------------------------------------------


class WrongRoomCode(Refused):
    code = "wrong_room_code"
    rule = "who checks in by code reads it off the command room's wall"


class RoomCodeBlocked(NotAllowed):
    code = "room_code_blocked"
    rule = "after five wrong codes a unit is checked in by the command room or the duty director only"


class NoRoomCode(Refused):
    code = "no_room_code"
    rule = "the command room has a code from a summons' approval to its end"


class NotADrill(Refused):
    code = "not_a_drill"
    rule = "only a drill is measured as one"
