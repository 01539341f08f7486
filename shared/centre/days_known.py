"""Which days are published is a fact, not a rule: a case keeps its rules, and counts by the days known now.

Pure. `mark` tells two states of knowledge apart, whether a notice came with a pack or with a newer calendar library.
"""

import hashlib
import json
from functools import lru_cache

from shared.calendar.published import edition
from shared.centre.office_days import HolidayYear
from shared.centre.pack import CentrePack


def with_days_known(pack: CentrePack, newest: CentrePack) -> CentrePack:
    """The pack with the holiday notices of the newest one beside its own; of two for one year the newer is right."""
    if pack.version == newest.version:
        return pack
    notices = {each.year: each for each in (*pack.holiday_years, *newest.holiday_years)}
    known = tuple(notices[year] for year in sorted(notices))
    return pack if known == pack.holiday_years else pack.model_copy(update={"holiday_years": known})


def mark(newest: CentrePack) -> str:
    """Twelve hex digits of all that is published, as far as it is known here."""
    return _mark(newest.holiday_years, edition())


@lru_cache(maxsize=64)
def _mark(notices: tuple[HolidayYear, ...], table: str) -> str:
    told = json.dumps([each.model_dump(mode="json") for each in notices], sort_keys=True)
    return hashlib.sha256(f"{table}:{told}".encode()).hexdigest()[:12]
