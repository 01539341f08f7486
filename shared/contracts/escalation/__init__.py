"""What escalation tells and what may be asked of it."""

from shared.contracts.escalation.clocks import (
    ArrivalGivenUp,
    ClockArmed,
    ClockCancelled,
    ClockEvent,
    ClockMet,
    ClockOverdue,
    Clocks,
    ClockView,
    ClockWarned,
    ListClocks,
    NoticeIssued,
)
from shared.contracts.escalation.verifications import (
    ListVerifications,
    RecordVerification,
    VerificationAssigned,
    VerificationRecorded,
    VerificationTask,
    VerificationTasks,
)
from shared.contracts.escalation.words import (
    Stage,
    VerificationOutcome,
    WhyNotice,
)

__all__ = [
    "ArrivalGivenUp",
    "ClockArmed",
    "ClockCancelled",
    "ClockEvent",
    "ClockMet",
    "ClockOverdue",
    "ClockView",
    "ClockWarned",
    "Clocks",
    "ListClocks",
    "ListVerifications",
    "NoticeIssued",
    "RecordVerification",
    "Stage",
    "VerificationAssigned",
    "VerificationOutcome",
    "VerificationRecorded",
    "VerificationTask",
    "VerificationTasks",
    "WhyNotice",
]
