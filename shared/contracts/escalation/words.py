"""The words of escalation: what is owed on a case, and how a notice and a verification end."""

from enum import StrEnum
from typing import Literal

Stage = Literal[
    "accept",
    "dispatch",
    "contact",
    "sign_off",
    "return",
    "handle",
    "report_back",
    "verify",
    "follow_up",
    "arrival",
    "deferral",
    "supervision",
]
"""`contact`: the unit speaks with the requester; `deferral`: an extension or suspension is decided on; `supervision`: a
supervision order (督办单) is answered."""

WhyNotice = Literal["ladder", "rung_again", "nobody_reached", "cannot_come"]


GoesTo = Literal["first_receiver", "unit", "dispatcher"]
"""Who has the case after a verification: solved, the window asks the requester; not solved, the unit goes on; not
found, the dispatcher says where it is, and in the end the unit does."""


class VerificationOutcome(StrEnum):
    SOLVED = "solved"
    PARTLY = "partly"
    NOT_SOLVED = "not_solved"
    NOT_FOUND = "not_found"
