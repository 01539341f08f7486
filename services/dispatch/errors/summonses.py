"""Refusals about summonses."""

from shared.errors import NotAllowed, Refused


class UnitNamedTwice(Refused):
    code = "unit_named_twice"
    rule = "a summons names each unit once"


class UnitSummonedAlready(Refused):
    code = "unit_summoned_already"
    rule = "a unit is called once at a time for a case"


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


class UnitNotSummoned(Refused):
    code = "unit_not_summoned"
    rule = "only a summoned unit answers a summons"


class UnitArrivedAlready(Refused):
    code = "unit_arrived_already"
    rule = "an arrival is the last word of a unit on a summons"


class AcknowledgedAlready(Refused):
    code = "acknowledged_already"
    rule = "a unit acknowledges a summons once"


class UnitGivenUp(Refused):
    code = "unit_given_up"
    rule = "a unit recorded as not arrived stays recorded so"
