"""Refusals about appeals (超时申诉)."""

from shared.errors import NotAllowed, Refused


class NotYourClock(NotAllowed):
    code = "not_your_clock"
    rule = "a unit appeals against a clock of its own"


class ClockDidNotFire(Refused):
    code = "clock_did_not_fire"
    rule = "only a clock that was overdue, and counts, is appealed against"


class AppealTooLate(Refused):
    code = "appeal_too_late"
    rule = "an appeal is made within so many working days after the clock fired as the centre pack says"


class AppealedAlready(Refused):
    code = "appealed_already"
    rule = "a clock is appealed against once"


class AppealStepDone(Refused):
    code = "appeal_step_done"
    rule = "an appeal is proposed on once, and decided once"


class AppealNotProposed(Refused):
    code = "appeal_not_proposed"
    rule = "the duty director proposes before a commander or deputy decides"


class OwnAppeal(NotAllowed):
    code = "own_appeal"
    rule = "neither the appellant nor anybody of its unit has a say on the appeal"


class ProposerMayNotDecide(NotAllowed):
    code = "proposer_may_not_decide"
    rule = "whoever proposed on an appeal does not decide it"
