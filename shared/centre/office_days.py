"""The nouns of working time in a centre pack: office hours with seasons, local days, holiday notices."""

from datetime import date, timedelta
from typing import Annotated

from pydantic import AfterValidator, AliasChoices, Field

from shared.centre.parts import Code, Frozen, LocalTime, Words


class Session(Frozen):
    """One stretch of office hours, local time of the centre."""

    opens: LocalTime
    closes: LocalTime


Sessions = Annotated[tuple[Session, ...], Field(min_length=1)]


class WeekdayHours(Frozen):
    """Sessions of single weekdays where they differ. A Saturday's or Sunday's hold on make-up workdays (调休) only."""

    monday: Sessions | None = None
    tuesday: Sessions | None = None
    wednesday: Sessions | None = None
    thursday: Sessions | None = None
    friday: Sessions | None = None
    saturday: Sessions | None = None
    sunday: Sessions | None = None


class HoursOfWeek(Frozen):
    """The sessions of a working day, and of those weekdays that have their own."""

    sessions: Sessions
    weekdays: WeekdayHours = WeekdayHours()


def _month_and_day(text: str) -> str:
    month, dash, day = text.partition("-")
    try:
        # A leap year: 29 February is a day some year has.
        real = date(2024, int(month), int(day)) if dash and len(month) == len(day) == 2 else None
    except ValueError:
        real = None
    if real is None or text != real.strftime("%m-%d"):
        raise ValueError("a season begins and ends on a month and day that a year has, e.g. 06-01")
    return text


MonthDay = Annotated[str, AfterValidator(_month_and_day)]


class SeasonHours(HoursOfWeek):
    """夏令时/冬令时作息: from this day to that one, both included, every year; may run over New Year."""

    from_: MonthDay = Field(validation_alias=AliasChoices("from", "from_"))
    to: MonthDay

    def covers(self, month_day: str) -> bool:
        if self.from_ <= self.to:
            return self.from_ <= month_day <= self.to
        return month_day >= self.from_ or month_day <= self.to


class OfficeHours(HoursOfWeek):
    """When working minutes and hours run: on working days, within the sessions; in a season within the season's."""

    seasons: tuple[SeasonHours, ...] = ()


class DaySpan(Frozen):
    """From one day to another, both included; without `to` that one day."""

    from_: date = Field(validation_alias=AliasChoices("from", "from_"))
    to: date | None = None

    @property
    def last(self) -> date:
        return self.to or self.from_

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.from_ + timedelta(days=passed) for passed in range((self.last - self.from_).days + 1))


class LocalDays(DaySpan):
    """Days the centre itself closes or works, and why; with `townships` only those. They beat any holiday notice."""

    reason: Words
    townships: tuple[Code, ...] = ()


class DaysOff(DaySpan):
    """One rest of a holiday notice, by the name of its festival."""

    name: Words


class HolidayYear(Frozen):
    """节假日安排: a year's notice entered by hand and in full, so that nothing of the year is provisional any more.

    `workdays` are its make-up workdays (调休). A notice may move the last week of the December before, too.
    """

    year: Annotated[int, Field(ge=2000, le=2100)]
    notice: Words
    days_off: Annotated[tuple[DaysOff, ...], Field(min_length=1)]
    workdays: tuple[date, ...] = ()
