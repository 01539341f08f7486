"""Which days are worked and when: the published calendar, the office's hours, and the centre's own lists."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, model_validator

from shared.calendar.festivals import festival_name
from shared.calendar.office_hours import OfficeHours, Window
from shared.calendar.published import holiday_name, makeup_name, published_years, settled

_NO_REASONS: Mapping[date, str] = MappingProxyType({})


class WorkingCalendar(BaseModel, frozen=True, extra="forbid"):
    """The days and hours of one office, as data; equal calendars give equal due times.

    `extra_holidays` and `extra_workdays` are the centre's own lists (local closures, a township's days, a notice
    entered by hand) and beat the published calendar. `published_years` names years whose notice an administrator has
    entered in full, so that their other days stop being provisional. `reasons` says of listed days why, in words;
    a day has one at most.
    """

    timezone: ZoneInfo
    office_hours: OfficeHours
    extra_holidays: frozenset[date] = frozenset()
    extra_workdays: frozenset[date] = frozenset()
    published_years: frozenset[int] = frozenset()
    reasons: frozenset[tuple[date, str]] = frozenset()

    @model_validator(mode="after")
    def _lists_apart(self) -> Self:
        both = sorted(self.extra_holidays & self.extra_workdays)
        if both:
            raise ValueError(f"{both[0]} is listed both as a holiday and as a workday")
        return self

    @model_validator(mode="after")
    def _one_reason_each(self) -> Self:
        days = Counter(day for day, _ in self.reasons)
        twice = sorted(day for day, times in days.items() if times > 1)
        unlisted = sorted(days.keys() - self.extra_holidays - self.extra_workdays)
        if twice or unlisted:
            what = f"{twice[0]} has two reasons" if twice else f"{unlisted[0]} has a reason but is on neither list"
            raise ValueError(what)
        return self

    def with_days(
        self,
        *,
        holidays: Iterable[date] = (),
        workdays: Iterable[date] = (),
        reasons: Mapping[date, str] = _NO_REASONS,
    ) -> "WorkingCalendar":
        """The same calendar for a narrower place: its own days beat the centre's, and have their own reasons."""
        off, on = frozenset(holidays), frozenset(workdays)
        kept = frozenset((day, why) for day, why in self.reasons if day not in off | on)
        return WorkingCalendar(
            timezone=self.timezone,
            office_hours=self.office_hours,
            extra_holidays=(self.extra_holidays - on) | off,
            extra_workdays=(self.extra_workdays - off) | on,
            published_years=self.published_years,
            reasons=kept | frozenset(reasons.items()),
        )


@dataclass(frozen=True, slots=True)
class Day:
    """One local day. `spans` are its office hours as UTC instants, `closes_at` (UTC) its close of business."""

    date: date
    works: bool
    why: str
    provisional: bool
    windows: tuple[Window, ...]
    spans: tuple[tuple[datetime, datetime], ...]

    @property
    def closes_at(self) -> datetime:
        return self.spans[-1][1]


class DayBook:
    """Looks up the days of one calendar, each worked out once."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        self.timezone = calendar.timezone
        self._calendar = calendar
        self._reasons = dict(calendar.reasons)
        self._years = published_years(calendar.published_years)
        self.day = lru_cache(maxsize=16_384)(self._classify)

    def local_date(self, at: datetime) -> date:
        return at.astimezone(self.timezone).date()

    def next_workday(self, day: date) -> date:
        """This day if it is worked, else the first worked one after it."""
        while not self.day(day).works:
            day += timedelta(days=1)
        return day

    def _classify(self, day: date) -> Day:
        works, why, listed = self._verdict(day)
        windows = self._calendar.office_hours.windows_on(day) if works else ()
        return Day(
            date=day,
            works=works,
            why=why,
            provisional=not listed and not settled(day, self._years),
            windows=windows,
            spans=tuple((self._instant(day, w.opens_minute), self._instant(day, w.closes_minute)) for w in windows),
        )

    def _verdict(self, day: date) -> tuple[bool, str, bool]:
        """Worked or not, why, and whether the centre's own list says so."""
        if day in self._calendar.extra_holidays:
            return False, self._reasons.get(day, "closed by the centre's own list"), True
        if day in self._calendar.extra_workdays:
            return True, self._reasons.get(day, "working day by the centre's own list"), True
        if holiday := holiday_name(day):
            return False, f"public holiday ({holiday})", False
        if makeup := makeup_name(day):
            return True, f"make-up workday (调休, {makeup})", False
        if day.year not in self._years and (festival := festival_name(day)):
            return False, f"day off by the regulation ({festival})", False
        return (False, "weekend", False) if day.weekday() >= 5 else (True, "working day", False)

    def _instant(self, day: date, minute: int) -> datetime:
        days, minute_of_day = divmod(minute, 1440)
        wall = datetime.combine(day + timedelta(days=days), time(minute_of_day // 60, minute_of_day % 60))
        return wall.replace(tzinfo=self.timezone).astimezone(UTC)


@lru_cache(maxsize=512)
def day_book(calendar: WorkingCalendar) -> DayBook:
    return DayBook(calendar)
