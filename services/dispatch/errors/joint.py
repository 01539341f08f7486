"""Refusals about joint handling (联办): one lead unit, several supporting ones."""

from shared.errors import NotAllowed, Refused


class SupportersOwe(Refused):
    code = "supporters_owe"
    rule = "the lead unit (主办) reports finished when no supporting unit (协办) owes anything more"


class LeadNotAtWork(Refused):
    code = "lead_not_at_work"
    rule = "a supporting unit joins while the lead unit is at work on the case"


class LeadCannotSupport(Refused):
    code = "lead_cannot_support"
    rule = "the lead unit does not support itself"


class LeadSpeaksWithRequester(Refused):
    code = "lead_speaks_with_requester"
    rule = "the lead unit (主办) speaks with the requester, so that they hear from one of several units"


class SupporterNamedTwice(Refused):
    code = "supporter_named_twice"
    rule = "each supporting unit is named once"


class UnitHasWorkOrder(Refused):
    code = "unit_has_work_order"
    rule = "a unit has at most one open work order on a case"


class NotASupporter(Refused):
    code = "not_a_supporter"
    rule = "only a supporting work order is released, replaced or insisted on"


class NotOfThisCase(NotAllowed):
    code = "not_of_this_case"
    rule = "what units reported is read by the units of the case and the centre's staff"
