"""The conditions that narrow a rule of the duty table, and whether a case meets them. Pure; knows no pack."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from typing import Literal, NamedTuple, get_args

from shared.centre.nouns import LEVELS, CaseSource, Mode, Rule

# Why a rule does not hold for a case; None: it does.
Unmet = Literal["level", "source", "flags", "mode", "no_time", "not_yet", "no_more", "days", "hours"]
SOURCES: tuple[CaseSource, ...] = get_args(CaseSource)
EVERY_MODE: tuple[Mode, ...] = ("normal", "surge.I", "surge.II", "surge.III", "surge.IV")  # what a centre can be in
MIDNIGHT = time(0, 0)


class Moment(NamedTuple):
    """An instant as a rule sees it: the local day and time, and whether that day and the one before it are worked."""

    day: date
    at: time
    works: bool
    worked_before: bool


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a rule may ask of a case beside matter and place. `moment` is asked only by rules with a time condition."""

    level: str
    source: str
    flags: frozenset[str]
    moment: Callable[[], Moment | None]
    mode: Mode = "normal"


def narrows(rule: Rule) -> bool:
    """Whether the rule does not hold for every case of its matters and places."""
    some_levels = bool(rule.levels) and not set(rule.levels).issuperset(LEVELS)
    some_sources = bool(rule.sources) and not set(rule.sources).issuperset(SOURCES)
    return some_levels or some_sources or bool(rule.flags) or _some_modes(rule) or asks_for_time(rule)


def asks_for_time(rule: Rule) -> bool:
    hours = rule.opens is not None or rule.closes is not None
    return hours or rule.days != "all" or rule.valid_from is not None or rule.valid_until is not None


def unmet(rule: Rule, case: Circumstances) -> Unmet | None:
    """The first condition the case does not meet. Where its instant is unknown, no time condition is met."""
    if rule.levels and case.level not in rule.levels:
        return "level"
    if rule.sources and case.source not in rule.sources:
        return "source"
    if not case.flags.issuperset(rule.flags):
        return "flags"
    if rule.modes and not holds_in(rule.modes, case.mode):
        return "mode"
    return _unmet_time(rule, case.moment()) if asks_for_time(rule) else None


def holds_in(modes: tuple[Mode, ...], mode: Mode) -> bool:
    """`surge` names every level of it."""
    return mode in modes or (mode.startswith("surge.") and "surge" in modes)


def passes_midnight(rule: Rule) -> bool:
    return rule.opens is not None and rule.closes is not None and rule.opens > rule.closes > MIDNIGHT


def _some_modes(rule: Rule) -> bool:
    return bool(rule.modes) and not all(holds_in(rule.modes, mode) for mode in EVERY_MODE)


def _unmet_time(rule: Rule, moment: Moment | None) -> Unmet | None:
    if moment is None:
        return "no_time"
    if rule.valid_from is not None and moment.day < rule.valid_from:
        return "not_yet"
    if rule.valid_until is not None and moment.day > rule.valid_until:
        return "no_more"
    if not _within_hours(rule, moment.at):
        return "hours"
    return None if rule.days == "all" or _worked(rule, moment) == (rule.days == "workdays") else "days"


def _within_hours(rule: Rule, at: time) -> bool:
    """From `opens` (else midnight) until just before `closes` (else midnight)."""
    opens = rule.opens or MIDNIGHT
    closes = rule.closes or MIDNIGHT
    if closes == MIDNIGHT:
        return at >= opens
    return at >= opens or at < closes if opens > closes else opens <= at < closes


def _worked(rule: Rule, moment: Moment) -> bool:
    # A night stretch belongs to the day it began on: two in the morning of a Saturday is still Friday's night.
    began_before = passes_midnight(rule) and rule.closes is not None and moment.at < rule.closes
    return moment.worked_before if began_before else moment.works
