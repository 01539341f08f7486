"""Checks of office hours and of the centre's own days off and workdays."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from shared.centre.check_references import Register
from shared.centre.errors import Fault
from shared.centre.locations import Locations, PackPath
from shared.centre.office_days import DaySpan, HoursOfWeek, LocalDays, SeasonHours, Session
from shared.centre.pack import CentrePack

SPAN_MAX_DAYS = 366
_SECTIONS = ("closures", "openings")
_LEAP_YEAR = [f"{date(2024, 1, 1) + timedelta(days=passed):%m-%d}" for passed in range(366)]


def broken_hours(pack: CentrePack, where: Locations) -> Iterator[Fault]:
    """Sessions open before they close and do not overlap, on any weekday and in any season; seasons lie apart."""
    hours = pack.office_hours
    yield from _broken_week(hours, where, ("office_hours",))
    for index, season in enumerate(hours.seasons):
        yield from _broken_week(season, where, ("office_hours", "seasons", index))
    yield from _rival_seasons(hours.seasons, where)


def broken_local_days(pack: CentrePack, where: Locations) -> Iterator[Fault]:
    """Closures and openings run forwards, name known townships, and say one thing of a day at one place."""
    townships = Register("township", {township.code for township in pack.townships}, "places.yaml")
    listed = [(("holidays", index), day) for index, day in enumerate(pack.holidays)]
    listed += [(("extra_workdays", index), day) for index, day in enumerate(pack.extra_workdays)]
    taken: dict[tuple[str | None, date], PackPath] = {(None, day): path for path, day in listed}
    for section, index, span in _local_days(pack):
        for nth, code in enumerate(span.townships):
            yield from townships.missing(code, where, section, index, "townships", nth)
        yield from broken_span(span, where, section, index)
        yield from _listed_before(span, (section, index), taken, where)


def broken_span(span: DaySpan, where: Locations, *path: str | int) -> Iterator[Fault]:
    """A span of days runs forwards, and no further than a year."""
    if span.last < span.from_:
        what = f"the days run from {span.from_} back to {span.last}"
        yield where.fault(*path, "to", what=what, advice="Write the first day under from and the last under to")
    elif not usable(span):
        what = f"the days from {span.from_} to {span.last} are more than a year"
        yield where.fault(*path, "to", what=what, advice="Correct the year")


def usable(span: DaySpan) -> bool:
    """Whether its days may be walked: a slip in a year must not make millions of them."""
    return 0 <= (span.last - span.from_).days < SPAN_MAX_DAYS


def _local_days(pack: CentrePack) -> Iterator[tuple[str, int, LocalDays]]:
    for section, spans in zip(_SECTIONS, (pack.closures, pack.openings), strict=True):
        yield from ((section, index, span) for index, span in enumerate(spans))


def _listed_before(
    span: LocalDays, path: PackPath, taken: dict[tuple[str | None, date], PackPath], where: Locations
) -> Iterator[Fault]:
    """A township's day may differ from the centre's; but each is said once."""
    for township in span.townships or (None,):
        earlier: PackPath | None = None
        for day in span.days if usable(span) else ():
            before = taken.setdefault((township, day), path)
            if before != path and earlier is None:
                earlier = before
                place = "" if township is None else f" for the township '{township}'"
                what = f"{day} is listed twice{place}: under {_named(before)} and here"
                yield where.fault(*path, what=what, advice="Say of each day once whether it is closed or worked")


def _broken_week(hours: HoursOfWeek, where: Locations, path: PackPath) -> Iterator[Fault]:
    advice = "Write the sessions in the order of the day, each opening before it closes"
    if _backwards(hours.sessions):
        yield where.fault(*path, what="the office hours run backwards or overlap", advice=advice)
    for weekday, sessions in hours.weekdays:
        if sessions is not None and _backwards(sessions):
            what = f"the office hours of {weekday} run backwards or overlap"
            yield where.fault(*path, "weekdays", weekday, what=what, advice=advice)


def _backwards(sessions: tuple[Session, ...]) -> bool:
    # By the minute, as the calendar counts: a session of seconds is none.
    edges = [(edge.hour, edge.minute) for session in sessions for edge in (session.opens, session.closes)]
    return any(earlier >= later for earlier, later in pairwise(edges))


def _rival_seasons(seasons: tuple[SeasonHours, ...], where: Locations) -> Iterator[Fault]:
    for index, season in enumerate(seasons):
        for other in seasons[:index]:
            both = [day for day in _LEAP_YEAR if season.covers(day) and other.covers(day)]
            if both:
                what = f"two seasons of the office hours both hold on {both[0]}"
                yield where.fault("office_hours", "seasons", index, what=what, advice="Let one end before the other")


def _named(path: PackPath) -> str:
    section, index = path
    return f"{section}[{int(index) + 1}]"
