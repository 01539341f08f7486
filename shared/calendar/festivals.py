"""Days off by the regulation alone, for years without a notice: fixed dates, and festivals of the lunar calendar.

The regulation (全国年节及纪念日放假办法, as amended 2024) gives thirteen days; one that falls on a weekend is made
up for on a working day (its Article 6). How days are joined to longer rests is only known from the yearly notice.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, cast


def festival_name(day: date) -> str | None:
    """The festival this day is off for by the regulation; None where it is none."""
    return _of_year(day.year).get(day)


@lru_cache(maxsize=64)
def _of_year(year: int) -> Mapping[date, str]:
    # Imported where a year without a notice is first met: the package takes a fifth of a second.
    import holidays

    return cast(Mapping[date, str], dict(cast(Any, holidays.country_holidays("CN", years=year, language="zh_CN"))))
