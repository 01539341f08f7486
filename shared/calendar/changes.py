"""Provisional due times once more is published: what they become. Settled ones never move by this."""

from datetime import datetime

from shared.calendar.due import Due, due_at
from shared.calendar.duration import Duration
from shared.calendar.working import WorkingCalendar


def recomputed(before: WorkingCalendar, after: WorkingCalendar, start: datetime, limit: Duration) -> Due | None:
    """The due time by `after`, where the one by `before` was provisional and is another now; else None.

    Where the instant stays and only the mark falls (`provisional` was true and is no more), that is told too: compare
    `at` before calling it a change of time. For two calendars that differ, as where a centre enters a year's notice.
    """
    return changed_since(due_at(before, start, limit), after, start, limit)


def changed_since(told: Due, now: WorkingCalendar, start: datetime, limit: Duration) -> Due | None:
    """The same for a due time told earlier and kept.

    To be used where the year came with a newer table of notices: then the old calendar counts the new way as well, and
    only what was kept still knows the old answer.
    """
    if not told.provisional:
        return None
    again = due_at(now, start, limit)
    return None if (again.at, again.provisional) == (told.at, told.provisional) else again
