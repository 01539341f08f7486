"""The shifts of one post as an iCalendar file (RFC 5545), written by the icalendar library."""
# pyright: reportUnknownMemberType=false
# (the library takes any value)

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from shared.duty import SHIFTS, OnDuty, Roster

OPEN_ENDED = timedelta(days=1)


def as_calendar(post: str, shifts: Iterable[tuple[Roster, OnDuty]], *, end: datetime, now: datetime) -> str:
    """One event for each shift. The same shift has the same UID each time, so a phone keeps it as one.

    A shift without a planned end is shown up to `end`.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Muster//Duty//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"值班 {post}")
    for roster, shift in shifts:
        calendar.add_component(_event(roster, shift, end=end, now=now))
    return calendar.to_ical().decode()


def _event(roster: Roster, shift: OnDuty, *, end: datetime, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{_mark(shift)}@muster")
    event.add("dtstamp", now)
    event.add("dtstart", shift.since)
    event.add("dtend", shift.until or max(end, shift.since + OPEN_ENDED))
    event.add("summary", f"{roster.title}（{SHIFTS[shift.shift]}）")
    event.add("description", shift.why)
    return event


def _mark(shift: OnDuty) -> str:
    named = "|".join((shift.roster, shift.shift, shift.staff, shift.since.isoformat()))
    return hashlib.sha256(named.encode()).hexdigest()[:32]
