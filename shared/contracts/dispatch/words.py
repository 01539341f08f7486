"""The words dispatch decides with."""

from enum import StrEnum


class ReturnReason(StrEnum):
    """Why a unit says a work order is not its own; free words stay with the work order, not in the event."""

    NOT_OUR_DUTY = "not_our_duty"
    NOT_OUR_PLACE = "not_our_place"
    FACTS_WRONG = "facts_wrong"
    IN_COURT = "in_court"


class ReportOutcome(StrEnum):
    SOLVED = "solved"
    PARTLY = "partly"
    EXPLAINED = "explained"


class ReopenCause(StrEnum):
    NOT_VERIFIED = "not_verified"
    DISSATISFIED = "dissatisfied"


class SummonsGround(StrEnum):
    """重大、紧急、疑难、争议 (84号 §4)."""

    MAJOR = "major"
    URGENT = "urgent"
    DIFFICULT = "difficult"
    DISPUTED = "disputed"


class UnitSummonsState(StrEnum):
    """`named`: asked for, not called (yet). `stood_down`: no longer needed, and so not missing either."""

    NAMED = "named"
    CALLED = "called"
    ACKNOWLEDGED = "acknowledged"
    ARRIVED = "arrived"
    NOT_ARRIVED = "not_arrived"
    STOOD_DOWN = "stood_down"
