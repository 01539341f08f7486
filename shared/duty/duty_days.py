"""Which local days have duty at all, and how many of them lie between two dates."""

from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate

from shared.calendar import WorkingCalendar
from shared.calendar.working import day_book
from shared.duty.nouns import Rotation

_ONE_DAY = timedelta(days=1)
_WHOLE_WEEK = frozenset(range(7))


class DutyDays:
    """The days of one weekday mask and one choice of workdays or days off, make-up workdays (调休) respected.

    A recurrence rule cannot know a holiday list, and would be walked from its beginning; here whole years are added
    up once, so that any day years later is found by a few additions.
    """

    def __init__(self, calendar: WorkingCalendar, days: str, weekdays: frozenset[int]) -> None:
        self.every_day = days == "all" and weekdays >= _WHOLE_WEEK
        self._book = day_book(calendar)
        self._days = days
        self._weekdays = weekdays
        self._years: dict[int, tuple[int, ...]] = {}

    def has(self, day: date) -> bool:
        if day.weekday() not in self._weekdays:
            return False
        return self._days == "all" or self._book.day(day).works == (self._days == "workdays")

    def count(self, first: date, end: date) -> int:
        """Days with duty from `first` up to and without `end`."""
        if self.every_day:
            return (end - first).days
        whole_years = sum(self._year(year)[-1] for year in range(first.year, end.year))
        return whole_years + self._before(end) - self._before(first)

    def _before(self, day: date) -> int:
        """Days with duty in the same year before `day`."""
        return self._year(day.year)[day.timetuple().tm_yday - 1]

    def _year(self, year: int) -> tuple[int, ...]:
        if year not in self._years:
            first, length = date(year, 1, 1), (date(year + 1, 1, 1) - date(year, 1, 1)).days
            self._years[year] = tuple(accumulate((self.has(first + _ONE_DAY * n) for n in range(length)), initial=0))
        return self._years[year]


class DutyCalendar:
    """The duty days of every kind on one working calendar, each kind worked out once."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        self._calendar = calendar
        self._kinds: dict[tuple[str, tuple[int, ...]], DutyDays] = {}

    def days_of(self, rotation: Rotation) -> DutyDays:
        kind = rotation.days, rotation.weekdays
        if kind not in self._kinds:
            self._kinds[kind] = DutyDays(self._calendar, rotation.days, frozenset(rotation.weekdays) or _WHOLE_WEEK)
        return self._kinds[kind]


@lru_cache(maxsize=64)
def duty_calendar(calendar: WorkingCalendar) -> DutyCalendar:
    """Looked up once for each question: a calendar is a large key."""
    return DutyCalendar(calendar)
