"""The filters of figures as they stand in an address: read from one, written into one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import get_args
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from services.console.errors import FilterUnknown, PeriodWrong
from services.console.policy.figures.lens import Lens, Step, lens_of, only
from shared.centre.nouns import LEVELS
from shared.centre.pack import CentrePack

STEPS: Mapping[str, Step] = {one: one for one in get_args(Step)}
DATE_CHARACTERS_MAX = 10


@dataclass(frozen=True, slots=True)
class Filters:
    since: date
    until: date
    unit: str | None = None
    township: str | None = None
    category: str | None = None
    level: str | None = None
    step: Step | None = None

    def fields(self) -> dict[str, str]:
        told = {
            "from": self.since.isoformat(),
            "to": self.until.isoformat(),
            "unit": self.unit,
            "township": self.township,
            "category": self.category,
            "level": self.level,
            "by": self.step,
        }
        return {name: value for name, value in told.items() if value is not None}

    def address(self, path: str, **more: str | None) -> str:
        """With the same filters; `more` adds to them or replaces one (None leaves it out)."""
        fields = {**self.fields(), **more}
        return f"{path}?{urlencode({name: value for name, value in fields.items() if value is not None})}"

    def lens(self, pack: CentrePack, now: datetime, *, unit: str | None, window: str | None) -> Lens:
        """`unit`, `window`: whom the reader acts for. Raises PeriodWrong."""
        try:
            lens = lens_of(self.since, self.until, now=now, zone=pack.timezone, step=self.step)
        except ValueError as wrong:
            raise PeriodWrong(str(wrong), field="to") from None
        narrowed = replace(
            lens,
            unit=self.unit,
            level=self.level,
            places=_within(self.township, {one.code: one.chain for one in pack.places}),
            categories=_within(self.category, {one.code: pack.category_chain(one.code) for one in pack.categories}),
        )
        return only(narrowed, unit=unit, window=window)


def _within(code: str | None, chains: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """The code with all below it; none where nothing was chosen."""
    return frozenset(one for one, chain in chains.items() if code in chain) if code is not None else frozenset()


def filters_of(fields: Mapping[str, str], pack: CentrePack, now: datetime) -> Filters:
    """This month where nothing is said. Raises PeriodWrong and FilterUnknown, never guesses."""
    today = now.astimezone(ZoneInfo(pack.timezone)).date()
    since, until = _date(fields, "from"), _date(fields, "to")
    until = until or max(today, since or today)
    given = {name: fields.get(name, "").strip() or None for name in ("unit", "township", "category", "level", "by")}
    known = {
        "unit": {one.code for one in pack.units},
        "township": {one.code for one in pack.places},
        "category": {one.code for one in pack.categories},
        "level": set(LEVELS),
        "by": set(STEPS),
    }
    for name, value in given.items():
        if value is not None and value not in known[name]:
            raise FilterUnknown(f"this centre knows no such {name}", field=name)
    step = STEPS.get(given["by"] or "")
    return Filters(
        since=since or min(until, today).replace(day=1),
        until=until,
        unit=given["unit"],
        township=given["township"],
        category=given["category"],
        level=given["level"],
        step=step,
    )


def _date(fields: Mapping[str, str], name: str) -> date | None:
    text = fields.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text[: DATE_CHARACTERS_MAX + 1])
    except ValueError:
        raise PeriodWrong("a date is written 2026-11-01", field=name) from None


def periods(today: date) -> dict[str, tuple[date, date]]:
    """The periods one press away."""
    month = today.replace(day=1)
    last = month - timedelta(days=1)
    return {
        "today": (today, today),
        "week": (today - timedelta(days=today.weekday()), today),
        "month": (month, today),
        "last_month": (last.replace(day=1), last),
        "quarter": (today - timedelta(days=89), today),
        "year": (today - timedelta(days=364), today),
    }
