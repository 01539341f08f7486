"""The office hours of one pack, as the demo's actors keep them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from shared.calendar import WorkingCalendar, working_time_between
from shared.calendar.span import advance
from shared.calendar.working import DayBook, day_book
from shared.centre.pack import CentrePack
from shared.centre.working_time import calendar_of

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Office:
    """When people work. Instants are aware; spans given to `after` are office time."""

    pack: CentrePack

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.pack.timezone)

    @cached_property
    def _calendar(self) -> WorkingCalendar:
        return calendar_of(self.pack)

    @cached_property
    def _book(self) -> DayBook:
        return day_book(self._calendar)

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    def first_workday(self, day: date) -> date:
        """This day if it is worked, else the first worked one after it."""
        return self._book.next_workday(day)

    def sessions(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """Opening and closing instants (UTC) of a day; none where it is not worked."""
        return self._book.day(day).spans

    def morning(self, day: date) -> datetime:
        """The first opening on or after a day (UTC)."""
        return self.sessions(self.first_workday(day))[0][0]

    def next_morning(self, at: datetime) -> datetime:
        """The first opening on a later day than `at`."""
        return self.morning(self._book.local_date(at) + ONE_DAY)

    def after(self, start: datetime, span: timedelta) -> datetime:
        """The instant (UTC) by which `span` of office time has gone since `start`; the office is open then."""
        return advance(self._book, start.astimezone(UTC), max(span, timedelta(seconds=1))).at

    def worked_between(self, start: datetime, end: datetime) -> timedelta:
        """Office time from one instant to another; nothing when the second is not later."""
        return working_time_between(self._calendar, start, end)
