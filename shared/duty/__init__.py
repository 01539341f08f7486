"""Duty as a pure function: who answers at an instant, past or future, from stored facts alone."""

from shared.duty.nouns import Code, Gap, Member, OnDuty, Overload, Override, Roster, RosterKind, Rotation, Shift

__all__ = [
    "Code",
    "Gap",
    "Member",
    "OnDuty",
    "Overload",
    "Override",
    "Roster",
    "RosterKind",
    "Rotation",
    "Shift",
]
