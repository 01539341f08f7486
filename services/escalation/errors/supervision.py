"""Refusals about supervision orders."""

from shared.errors import NotAllowed, Refused


class SupervisionNotPossibleNow(Refused):
    code = "supervision_not_possible_now"
    rule = "an order is answered once it is open, judged once it is answered, and stays as it ended"


class NotYourOrder(NotAllowed):
    code = "not_your_order"
    rule = "a supervision order (督办单) is answered by the unit it is for"


class JudgesOwnAnswer(NotAllowed):
    code = "judges_own_answer"
    rule = "whoever answers a supervision order, person or unit, never judges the answer"


class NotOfIssuersRank(NotAllowed):
    code = "not_of_issuers_rank"
    rule = (
        "a supervision order is judged and withdrawn by its issuer or another of that rank, raised by nobody below it"
    )


class NoHigherLevel(Refused):
    code = "no_higher_level"
    rule = "listed supervision (挂牌督办) is the highest level"


class HigherOrderStands(Refused):
    code = "higher_order_stands"
    rule = "of the orders for one lateness each level has one; who answered a lower one is judged, the higher is raised"


class SupervisedAlready(Refused):
    code = "supervised_already"
    rule = "a unit has one order by hand on a case at a time; that one is raised"


class CaseIsOver(Refused):
    code = "case_is_over"
    rule = "a case that is over, or follows another, is not supervised"


class CaseUnknown(Refused):
    code = "case_unknown"
    rule = "a case must exist and be known here"


class UnitHasNoPart(Refused):
    code = "unit_has_no_part"
    rule = "an order goes to a unit that has had something to do on the case"
