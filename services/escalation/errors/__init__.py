"""The refusals of escalation."""

from shared.errors import Refused


class VerificationNotOpen(Refused):
    code = "verification_not_open"
    rule = "a verification is recorded once, while its case is open"


class HandlerMayNotVerify(Refused):
    code = "handler_may_not_verify"
    rule = "whoever handled a case may not verify it (核查)"


class NotYourGrid(Refused):
    code = "not_your_grid"
    rule = "a grid worker verifies in the grid of the case"


class GridNotAtWork(Refused):
    code = "grid_not_at_work"
    rule = "a kind of grid that the centre pack keeps for the surge verifies at those levels only (平战转换)"
