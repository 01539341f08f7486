"""Duty as a pure function: who answers at an instant, past or future, from stored facts alone."""

from shared.duty.answers import SHIFTS, on_duty_between, shifts, who
from shared.duty.findings import gaps, overloads
from shared.duty.in_mode import answering
from shared.duty.nouns import Code, Gap, Member, OnDuty, Overload, Override, Roster, RosterKind, Rotation, Shift
from shared.duty.on_record import Version, shifts_on_record, who_on_record
from shared.duty.overriding import Contradiction, contradiction, contradicts

__all__ = [
    "SHIFTS",
    "Code",
    "Contradiction",
    "Gap",
    "Member",
    "OnDuty",
    "Overload",
    "Override",
    "Roster",
    "RosterKind",
    "Rotation",
    "Shift",
    "Version",
    "answering",
    "contradiction",
    "contradicts",
    "gaps",
    "on_duty_between",
    "overloads",
    "shifts",
    "shifts_on_record",
    "who",
    "who_on_record",
]
