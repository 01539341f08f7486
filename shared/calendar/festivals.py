"""Days off by the regulation alone, for years without a notice: fixed dates, and festivals of the lunar calendar.

The regulation (全国年节及纪念日放假办法, as amended 2024) gives thirteen days; one that falls on a weekend is made
up for on a working day (its Article 6). How days are joined to longer rests is only known from the yearly notice.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, cast

# How the package marks a day that a notice joined to a festival, and one that makes up for a festival on a weekend.
_JOINED, _MADE_UP_FOR = "休息日（由", "（补假）"


def festival_name(day: date) -> str | None:
    """The festival this day is off for by the regulation; None where it is none."""
    return _of_year(day.year).get(day)


def statutory_days(year: int) -> Mapping[date, str]:
    """The festival days themselves, weekends included. Any notice gives these off, however it joins them."""
    return {day: name for day, name in _of_year(year).items() if _MADE_UP_FOR not in name}


@lru_cache(maxsize=64)
def _of_year(year: int) -> Mapping[date, str]:
    # Imported where a year without a notice is first met: the package takes a fifth of a second.
    import holidays

    known = cast(Mapping[date, str], dict(cast(Any, holidays.country_holidays("CN", years=year, language="zh_CN"))))
    # The package may learn a notice before the table of notices does; half a notice is worse than none.
    return {day: name for day, name in known.items() if _JOINED not in name}
