"""What the State Council's yearly notice says of a day, as the chinese_calendar package carries it."""

import hashlib
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, cast

from chinese_calendar import constants

_package = cast(Any, constants)  # the package has no type hints
_HOLIDAYS = cast(Mapping[date, str], _package.holidays)
_MAKEUP_WORKDAYS = cast(Mapping[date, str], _package.workdays)
_CHINESE_NAMES = {str(holiday.value): str(holiday.chinese) for holiday in _package.Holiday}
_YEARS = frozenset(day.year for day in _HOLIDAYS)

# The notice for a year may also move the last days of the December before it: Saturday 29 December 2018 became a
# workday, and 31 December 2018 a day off, by the notice for 2019.
NEXT_NOTICE_FROM = (12, 25)


def published_years(more: frozenset[int] = frozenset()) -> frozenset[int]:
    """Years whose notice the package has, and `more` that an administrator entered in full."""
    return _YEARS | more


@cache
def edition() -> str:
    """Marks the package's table: another one where it knows more, or a day otherwise."""
    days = [sorted(f"{day}:{name}" for day, name in table.items()) for table in (_HOLIDAYS, _MAKEUP_WORKDAYS)]
    return hashlib.sha256(repr(days).encode()).hexdigest()[:12]


def settled(day: date, years: frozenset[int]) -> bool:
    """Whether no notice still to come can change this day, when the notices of `years` are known."""
    if (day.month, day.day) >= NEXT_NOTICE_FROM and day.year + 1 not in years:
        return False
    return day.year in years


def holiday_name(day: date) -> str | None:
    """The festival this day is off for, in words; None where no published holiday falls on it."""
    return _named(_HOLIDAYS.get(day))


def makeup_name(day: date) -> str | None:
    """The festival this weekend day is worked for (调休); None where it is not."""
    return _named(_MAKEUP_WORKDAYS.get(day))


def _named(english: str | None) -> str | None:
    return None if english is None else f"{english} {_CHINESE_NAMES[english]}"
