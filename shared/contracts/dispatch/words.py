"""The words dispatch decides with."""

from enum import StrEnum
from typing import Literal


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


class ContactKind(StrEnum):
    """How a unit spoke with the requester; what was said stays between them."""

    TELEPHONE = "telephone"
    VISIT = "visit"
    MESSAGE = "message"


class ReopenCause(StrEnum):
    NOT_VERIFIED = "not_verified"
    DISSATISFIED = "dissatisfied"


class WithdrawnCause(StrEnum):
    """Why a work order was taken from a unit without a report."""

    RELEASED = "released"
    REPLACED = "replaced"
    REROUTED = "rerouted"
    DESIGNATED_ELSEWHERE = "designated_elsewhere"
    JOINED = "joined"


class DeferralKind(StrEnum):
    """延期: a later due time. 挂账: the clock stands still for a while."""

    EXTENSION = "extension"
    SUSPENSION = "suspension"


class SummonsGround(StrEnum):
    """重大、紧急、疑难、争议 (84号 §4)."""

    MAJOR = "major"
    URGENT = "urgent"
    DIFFICULT = "difficult"
    DISPUTED = "disputed"


class UnitSummonsState(StrEnum):
    """`named`: asked for, not called (yet). `stood_down`: no longer needed, so not missing either.

    That a notice reached it (`notified`) is a fact beside the state: a unit may answer before any receipt comes.
    """

    NAMED = "named"
    CALLED = "called"
    ACKNOWLEDGED = "acknowledged"
    ON_THE_WAY = "on_the_way"
    SUBSTITUTE_SENT = "substitute_sent"
    CANNOT_COME = "cannot_come"
    ARRIVED = "arrived"
    NOT_ARRIVED = "not_arrived"
    STOOD_DOWN = "stood_down"


RoutedBy = Literal["rule", "fallback", "triage", "person", "designation"]
OrderRole = Literal["lead", "support"]
WorkOrderStateName = Literal["dispatched", "signed_off", "handling", "reported_back", "returned", "withdrawn", "closed"]
Desk = Literal["dispatcher", "duty_director"]
