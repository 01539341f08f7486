"""Refusals about who gets a case: handed on, ruled on, put right later."""

from shared.errors import NotAllowed, Refused


class DirectorDecides(NotAllowed):
    code = "director_decides"
    rule = "a second return, a dispute of duty and what a ruling settled are the duty director's to decide"


class HopsExhausted(Refused):
    code = "hops_exhausted"
    rule = "a case goes from unit to unit so often and no oftener; then the duty director designates (指定)"


class DesignatedNotReturnable(Refused):
    code = "designated_not_returnable"
    rule = "a unit that was designated (指定) may not return the work order"


class AlreadyWithUnit(Refused):
    code = "already_with_unit"
    rule = "a designation names another unit than the one that has the case"


class CaseIsReported(Refused):
    code = "case_reported"
    rule = "a case whose lead unit has reported goes to no other unit"


class ProposalIsOver(Refused):
    code = "proposal_over"
    rule = "a proposed route is decided once, and only while it still stands"
