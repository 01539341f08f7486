"""The words of intake: how a case enters, how it is handled, how it ends."""

from enum import StrEnum
from typing import Literal

ERASED = "[已到期删除]"
"""Read in place of words that were erased with the requester's data."""


class Source(StrEnum):
    """The four ways a case enters (DOMAIN: first receipt, 1)."""

    WINDOW = "window"
    SUPERIOR_ORDER = "superior_order"
    PLATFORM_PUSH = "platform_push"
    GRID_PATROL = "grid_patrol"


class HandlingMode(StrEnum):
    SELF = "self"
    FORWARD = "forward"


class DeclineReason(StrEnum):
    """Why a case is not accepted; each has its legal channel (DOMAIN: first receipt, 2)."""

    EMERGENCY = "emergency"
    COURT = "court"
    ARBITRATION = "arbitration"
    UNDER_WAY_ELSEWHERE = "under_way_elsewhere"
    STATE_SECRET = "state_secret"  # noqa: S105 - a reason, not a password
    NOT_PUBLIC = "not_public"


class Satisfaction(StrEnum):
    SATISFIED = "satisfied"
    BASICALLY = "basically"
    DISSATISFIED = "dissatisfied"


class DissatisfactionCause(StrEnum):
    UNIT = "unit"
    LAWFUL_RESULT = "lawful_result"
    OTHER = "other"


class FollowUpMiss(StrEnum):
    """Why an attempt reached nobody."""

    NO_ANSWER = "no_answer"
    REFUSED = "refused"
    WRONG_NUMBER = "wrong_number"


LeadsTo = Literal["followed_up", "reopened", "to_explain"]
"""What a follow-up that reached the requester leads to; `to_explain`: a written explanation is owed first."""


class FollowUpKind(StrEnum):
    TELEPHONE = "telephone"
    VISIT = "visit"
    MESSAGE = "message"
