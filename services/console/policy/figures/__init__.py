"""What is counted: facts made from events, rates made from facts. No person and no free word has room in them."""

from services.console.policy.figures.acts import ACTS, Act, act_of
from services.console.policy.figures.cases import CASES, case_change
from services.console.policy.figures.promises import PROMISES, UNIT_STAGES, Verdict, promise_change, verdict_of

COUNTED = frozenset({*ACTS, *CASES, *PROMISES})
"""The types of event that change a figure."""

__all__ = [
    "ACTS",
    "CASES",
    "COUNTED",
    "PROMISES",
    "UNIT_STAGES",
    "Act",
    "Verdict",
    "act_of",
    "case_change",
    "promise_change",
    "verdict_of",
]
