"""Working time: when a limit ends on the Chinese working calendar, and why, in words that can be checked by hand."""

from shared.calendar.changes import changed_since, recomputed
from shared.calendar.due import Due, due_at, warn_at
from shared.calendar.duration import Duration, Style, Unit
from shared.calendar.office_hours import OfficeHours, Season, Week, Window
from shared.calendar.span import working_time_between
from shared.calendar.working import WorkingCalendar

__all__ = [
    "Due",
    "Duration",
    "OfficeHours",
    "Season",
    "Style",
    "Unit",
    "Week",
    "Window",
    "WorkingCalendar",
    "changed_since",
    "due_at",
    "recomputed",
    "warn_at",
    "working_time_between",
]
