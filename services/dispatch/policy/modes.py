"""Pure decisions about normal and surge mode: what may be ordered, and when the next word about it is due."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from services.dispatch.errors.modes import EndIsPast, LevelNotInPack, NotLater, SurgeTooLong, UnknownMeasure
from shared.centre.modes import ModeTerms, SurgeLevel
from shared.centre.pack import CentrePack
from shared.centre.pack import Mode as CentreMode
from shared.contracts.base import Level
from shared.contracts.dispatch import Mode
from shared.duty import Roster, Version, answering

HEIGHT: tuple[Mode, ...] = ("normal", "surge.IV", "surge.III", "surge.II", "surge.I")
SURGE_AT: dict[Level, Mode] = {"I": "surge.I", "II": "surge.II", "III": "surge.III", "IV": "surge.IV"}


def higher(one: Mode, other: Mode) -> Mode:
    return one if HEIGHT.index(one) >= HEIGHT.index(other) else other


def known_level(terms: ModeTerms, level: Level) -> SurgeLevel:
    found = terms.level(level)
    if found is None:
        raise LevelNotInPack(
            f"the centre pack says nothing of a surge at level {level}: add it to modes.yaml and apply the pack",
            field="level",
            level=level,
        )
    return found


def require_measures(terms: ModeTerms, measures: tuple[str, ...]) -> tuple[str, ...]:
    """Each once, in the order they were named."""
    for code in measures:
        if terms.measure(code) is None:
            known = ", ".join(each.code for each in terms.measures) or "none"
            raise UnknownMeasure(f"{code!r} is no measure of the centre pack ({known})", field="measures", measure=code)
    return tuple(dict.fromkeys(measures))


def require_end(terms: ModeTerms, expected_end: datetime, *, now: datetime) -> None:
    if expected_end <= now:
        raise EndIsPast("name a time to come at which the surge is expected to end", field="expected_end")
    if expected_end > now + timedelta(days=terms.surge_days_max):
        raise SurgeTooLong(
            f"a surge is expected to end within {terms.surge_days_max} days; it may be prolonged then",
            field="expected_end",
            most=terms.surge_days_max,
        )


def require_later(expected_end: datetime, before: datetime) -> None:
    if expected_end <= before:
        raise NotLater(
            f"the surge is expected to end at {before.isoformat()} already; name a later time",
            field="expected_end",
            expected_end=before.isoformat(),
        )


def in_mode(pack: CentrePack, mode: CentreMode, rosters: Iterable[Roster]) -> list[Roster]:
    """Those that answer in this mode (平战)."""
    instead, reserved = pack.modes.stand_ins(mode), pack.modes.surge_rosters
    return answering(rosters, lambda each: each.code, instead=instead, reserved=reserved)


def versions_in_mode(pack: CentrePack, mode: Mode, versions: Iterable[Version]) -> list[Version]:
    instead, reserved = pack.modes.stand_ins(mode), pack.modes.surge_rosters
    return answering(versions, lambda each: each.roster.code, instead=instead, reserved=reserved)


def next_reminder(terms: ModeTerms, expected_end: datetime, *, after: datetime) -> datetime:
    """Before the expected end, at it, and then again and again: a surge never ends by itself."""
    ahead = expected_end - timedelta(minutes=terms.remind_minutes)
    if after < ahead:
        return ahead
    if after < expected_end:
        return expected_end
    again = timedelta(minutes=terms.remind_again_minutes)
    return expected_end + ((after - expected_end) // again + 1) * again


def next_report(level: SurgeLevel | None, since: datetime, *, after: datetime) -> datetime | None:
    """情况专报: counted from the switch to this level; None where the pack wants none."""
    if level is None or level.report_hours is None:
        return None
    rhythm = timedelta(hours=level.report_hours)
    return since + max((after - since) // rhythm + 1, 1) * rhythm


def last_report(level: SurgeLevel | None, since: datetime, *, now: datetime) -> tuple[int, datetime] | None:
    """The number and instant of the report due last: after an outage one is told, not every one that was missed."""
    if level is None or level.report_hours is None:
        return None
    rhythm = timedelta(hours=level.report_hours)
    number = (now - since) // rhythm
    return None if number < 1 else (number, since + number * rhythm)
