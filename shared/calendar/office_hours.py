"""When an office is open: windows for each weekday, with seasons that replace them."""

from collections.abc import Iterator
from datetime import date
from itertools import combinations, pairwise
from typing import Any, Self, cast

from pydantic import BaseModel, Field, model_validator

MINUTES_PER_DAY = 1440
_LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Window(BaseModel, frozen=True, extra="forbid"):
    """One stretch of opening, in minutes since local midnight; written `08:00-12:00`, the end may be `24:00`."""

    opens_minute: int = Field(ge=0, lt=MINUTES_PER_DAY)
    closes_minute: int = Field(gt=0, le=MINUTES_PER_DAY)

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        opens, dash, closes = value.partition("-")
        if not dash:
            raise ValueError(f"office hours are written 08:00-12:00, not {value!r}")
        return {"opens_minute": _minute_of_day(opens), "closes_minute": _minute_of_day(closes)}

    @model_validator(mode="after")
    def _closes_after_opening(self) -> Self:
        if self.closes_minute <= self.opens_minute:
            raise ValueError(f"office hours {self} close before they open; a night is two windows, one on each day")
        return self

    def __str__(self) -> str:
        return f"{clock_text(self.opens_minute)}-{clock_text(self.closes_minute)}"


class Week(BaseModel, frozen=True, extra="forbid"):
    """The windows of each weekday. A plain list of windows means Monday to Friday alike and nothing at weekends."""

    monday: tuple[Window, ...]
    tuesday: tuple[Window, ...]
    wednesday: tuple[Window, ...]
    thursday: tuple[Window, ...]
    friday: tuple[Window, ...]
    saturday: tuple[Window, ...] = ()
    sunday: tuple[Window, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _same_on_five_days(cls, value: Any) -> Any:
        if not isinstance(value, list | tuple):
            return value
        windows = cast(Any, value)
        return {"monday": windows, "tuesday": windows, "wednesday": windows, "thursday": windows, "friday": windows}

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for name in type(self).model_fields:
            _check_day(name, getattr(self, name))
        return self

    def on(self, weekday: int) -> tuple[Window, ...]:
        """Windows of a weekday, 0 is Monday."""
        days = (self.monday, self.tuesday, self.wednesday, self.thursday, self.friday, self.saturday, self.sunday)
        return days[weekday]


class Season(BaseModel, frozen=True, extra="forbid"):
    """From `starts` to `ends`, both included and written `06-01`, every year, `week` holds; may run over New Year."""

    starts: str = Field(pattern=r"^\d\d-\d\d$")
    ends: str = Field(pattern=r"^\d\d-\d\d$")
    week: Week

    @model_validator(mode="after")
    def _real_days(self) -> Self:
        for text in (self.starts, self.ends):
            month, day = int(text[:2]), int(text[3:])
            if not (1 <= month <= 12 and 1 <= day <= _LONGEST_MONTHS[month - 1]):
                raise ValueError(f"a season starts or ends on {text}, which no year has; write month-day, e.g. 06-01")
        return self

    def covers(self, month_day: str) -> bool:
        if self.starts <= self.ends:
            return self.starts <= month_day <= self.ends
        return month_day >= self.starts or month_day <= self.ends


class OfficeHours(BaseModel, frozen=True, extra="forbid"):
    week: Week
    seasons: tuple[Season, ...] = ()

    @model_validator(mode="after")
    def _seasons_apart(self) -> Self:
        for one, other in combinations(self.seasons, 2):
            shared_days = [day for day in _days_of_a_leap_year() if one.covers(day) and other.covers(day)]
            if shared_days:
                raise ValueError(f"two seasons of the office hours both hold on {shared_days[0]}")
        return self

    def windows_on(self, day: date) -> tuple[Window, ...]:
        """Windows of a day that is worked; a make-up Saturday without hours of its own is worked like a Monday."""
        month_day = f"{day.month:02}-{day.day:02}"
        week = next((season.week for season in self.seasons if season.covers(month_day)), self.week)
        return week.on(day.weekday()) or week.monday


def clock_text(minute_of_day: int) -> str:
    return f"{minute_of_day // 60:02}:{minute_of_day % 60:02}"


def _minute_of_day(text: str) -> int:
    hour, colon, minute = text.strip().partition(":")
    if not (colon and len(minute) == 2 and all(part.isascii() and part.isdigit() for part in (hour, minute))):
        raise ValueError(f"a time of day is written 08:30, not {text!r}")
    if int(minute) > 59 or int(hour) * 60 + int(minute) > MINUTES_PER_DAY:
        raise ValueError(f"{text.strip()} is no time of day")
    return int(hour) * 60 + int(minute)


def _check_day(name: str, windows: tuple[Window, ...]) -> None:
    if not windows and name not in ("saturday", "sunday"):
        # A working day on which nobody is there would have no close of business for a deadline to end at.
        raise ValueError(f"{name} has no office hours; a day the office stays shut belongs in the list of holidays")
    for earlier, later in pairwise(windows):
        if later.opens_minute < earlier.closes_minute:
            raise ValueError(f"the office hours of {name} overlap or are out of order: {earlier} and {later}")


def _days_of_a_leap_year() -> Iterator[str]:
    for month, days in enumerate(_LONGEST_MONTHS, start=1):
        yield from (f"{month:02}-{day:02}" for day in range(1, days + 1))
