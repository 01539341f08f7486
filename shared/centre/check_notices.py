"""Checks of holiday notices entered by hand: a slip in one would move every deadline of the year."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from shared.calendar.festivals import statutory_days
from shared.calendar.published import NEXT_NOTICE_FROM, holiday_name, makeup_name, published_years
from shared.centre.check_days import broken_span, usable
from shared.centre.errors import Fault
from shared.centre.locations import Locations, PackPath
from shared.centre.office_days import HolidayYear
from shared.centre.pack import CentrePack

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SATURDAY = 5
Listed = Mapping[date, PackPath]


def broken_notices(pack: CentrePack, where: Locations) -> Iterator[Fault]:
    """A notice is given once, in full, free of contradictions, and says what the published table says of its year."""
    first: dict[int, int] = {}
    for index, notice in enumerate(pack.holiday_years):
        earlier = first.setdefault(notice.year, index)
        if earlier != index:
            what = f"the year {notice.year} is given twice, also in {where.of('holiday_years', earlier)[0]}"
            yield where.fault("holiday_years", index, "year", what=what, advice="Delete one of the two files")
        for nth, rest in enumerate(notice.days_off):
            yield from broken_span(rest, where, "holiday_years", index, "days_off", nth)
        yield from _broken_notice(notice, index, where)


def _broken_notice(notice: HolidayYear, index: int, where: Locations) -> Iterator[Fault]:
    off: dict[date, PackPath] = {}
    worked: dict[date, PackPath] = {}
    for day, path in _listed(notice, index):
        lists = off if "days_off" in path else worked
        if day in lists and lists[day] != path:
            what = f"{day} is listed twice among the {'days off' if lists is off else 'make-up workdays'}"
            yield where.fault(*path, what=what, advice="Let the days not overlap")
        elif not _of_year(day, notice.year):
            what = f"{day} is a day of another year than {notice.year}"
            yield where.fault(*path, what=what, advice="Correct it, or enter it in the file of its own year")
        lists.setdefault(day, path)
    yield from _broken_workdays(off, worked, where)
    yield from _against_what_is_known(notice, index, off, worked, where)


def _listed(notice: HolidayYear, index: int) -> Iterator[tuple[date, PackPath]]:
    for nth, rest in enumerate(notice.days_off):
        yield from ((day, ("holiday_years", index, "days_off", nth)) for day in (rest.days if usable(rest) else ()))
    for nth, day in enumerate(notice.workdays):
        yield day, ("holiday_years", index, "workdays", nth)


def _of_year(day: date, year: int) -> bool:
    """The notice for 2019 moved days of the last week of December 2018: such days belong to both years."""
    return day.year == year or (day.year == year - 1 and (day.month, day.day) >= NEXT_NOTICE_FROM)


def _broken_workdays(off: Listed, worked: Listed, where: Locations) -> Iterator[Fault]:
    for day, path in worked.items():
        if day in off:
            what = f"{day} is both a day off and a make-up workday"
            yield where.fault(*path, what=what, advice="Leave it in one of the two lists")
        elif day.weekday() < _SATURDAY:
            what = f"the make-up workday {day} is a {_WEEKDAYS[day.weekday()]}, which is worked in any case"
            yield where.fault(*path, what=what, advice="Write the Saturday or Sunday the notice names")


def _against_what_is_known(
    notice: HolidayYear, index: int, off: Listed, worked: Listed, where: Locations
) -> Iterator[Fault]:
    """Against the published table where it has the year, else against the days the regulation gives off itself."""
    listed = {**off, **worked}
    if notice.year in published_years():
        for day in _days_told(notice.year, listed):
            if _works(day, off, worked) != _published_works(day):
                what = (
                    f"{day} is {_word(not _published_works(day))} here, but {_word(_published_works(day))} as published"
                )
                path = listed.get(day, ("holiday_years", index, "days_off"))
                yield where.fault(*path, what=what, advice="Compare the file with the notice it names")
        return
    for day, name in sorted(statutory_days(notice.year).items()):
        if day not in off:
            what = f"{day} ({name}) is no day off here, though the regulation makes it one"
            advice = "Enter the notice in full: its year is taken as settled"
            yield where.fault("holiday_years", index, "days_off", what=what, advice=advice)


def _days_told(year: int, listed: Listed) -> Iterator[date]:
    """The days the notice decides: its year, but of the weeks two notices share only what is listed."""
    day = date(year - 1, *NEXT_NOTICE_FROM)
    while day.year <= year:
        shared = (day.month, day.day) >= NEXT_NOTICE_FROM
        if not shared or day in listed:
            yield day
        day += timedelta(days=1)


def _works(day: date, off: Listed, worked: Listed) -> bool:
    return day in worked or (day not in off and day.weekday() < _SATURDAY)


def _published_works(day: date) -> bool:
    return makeup_name(day) is not None or (holiday_name(day) is None and day.weekday() < _SATURDAY)


def _word(works: bool) -> str:
    return "worked" if works else "off"
