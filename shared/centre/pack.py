"""The centre pack: one frozen value that holds a whole centre, and what can be looked up in it."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from itertools import product
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, StringConstraints

from shared.calendar import WorkingCalendar
from shared.calendar.working import DayBook, day_book
from shared.centre import indexes
from shared.centre.calendars import PackDays, calendar_of_township, working_calendar
from shared.centre.closed_loop import ClosedLoop, FollowUpRule
from shared.centre.modes import Measure, ModeTerms, SurgeLevel, SurgeRoster
from shared.centre.nouns import (
    EVERY,
    LEVELS,
    MODES,
    STAGES,
    TERRITORY,
    Accountability,
    Category,
    DeferralTerms,
    DuplicateTerms,
    Fallback,
    Flag,
    Grid,
    Handing,
    Ladder,
    LadderStep,
    Level,
    Limit,
    Mode,
    Place,
    Post,
    ResponsePlan,
    Role,
    Rule,
    Stage,
    TimeUnit,
    Township,
    Triage,
    Unit,
    Window,
)
from shared.centre.office_days import HolidayYear, LocalDays, OfficeHours, Session
from shared.centre.parts import Code, Frozen, Words

__all__ = [
    "EVERY",
    "LEVELS",
    "MODES",
    "STAGES",
    "TERRITORY",
    "Accountability",
    "Category",
    "CentrePack",
    "DeferralTerms",
    "DuplicateTerms",
    "Fallback",
    "Flag",
    "Grid",
    "Handing",
    "HolidayYear",
    "Ladder",
    "LadderStep",
    "Level",
    "Limit",
    "LocalDays",
    "Measure",
    "Mode",
    "ModeTerms",
    "OfficeHours",
    "Place",
    "Post",
    "ResponsePlan",
    "Role",
    "Rule",
    "Session",
    "Stage",
    "SurgeLevel",
    "SurgeRoster",
    "TimeUnit",
    "Township",
    "Triage",
    "Unit",
    "Window",
]

AT_LEAST_ONE = Field(min_length=1)
LimitKey = indexes.LimitKey


def _known_timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"no time zone is called '{name}'") from error
    return name


class CentrePack(Frozen):
    """A centre as data. A pack from `load_pack` is complete and free of contradictions."""

    name: Code
    centre: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+$", max_length=20)]
    title: Words
    timezone: Annotated[str, AfterValidator(_known_timezone)]
    office_hours: OfficeHours
    holidays: tuple[date, ...] = ()
    extra_workdays: tuple[date, ...] = ()
    closures: tuple[LocalDays, ...] = ()
    openings: tuple[LocalDays, ...] = ()
    holiday_years: tuple[HolidayYear, ...] = ()
    directors: Annotated[tuple[Code, ...], AT_LEAST_ONE]
    townships: Annotated[tuple[Township, ...], AT_LEAST_ONE]
    grids: tuple[Grid, ...] = ()
    units: Annotated[tuple[Unit, ...], AT_LEAST_ONE]
    windows: Annotated[tuple[Window, ...], AT_LEAST_ONE]
    categories: Annotated[tuple[Category, ...], AT_LEAST_ONE]
    rules: Annotated[tuple[Rule, ...], AT_LEAST_ONE]
    fallbacks: tuple[Fallback, ...] = ()
    triage: Triage
    flags: tuple[Flag, ...] = ()
    response_plans: tuple[ResponsePlan, ...] = ()
    handing: Handing = Handing()
    deferrals: DeferralTerms = DeferralTerms()
    duplicates: DuplicateTerms = DuplicateTerms()
    accountability: Accountability = Accountability()
    closed_loop: ClosedLoop = ClosedLoop()
    modes: ModeTerms = ModeTerms()
    limits: tuple[Limit, ...]
    ladders: tuple[Ladder, ...]

    @cached_property
    def version(self) -> str:
        """Twelve hex digits of the content's SHA-256. Comments, order of keys and line numbers do not change it.

        Values left at their default are not hashed: a field the schema gains later keeps old packs' versions.
        """
        content = self.model_dump(mode="json", exclude={"rules": {"__all__": {"line"}}}, exclude_defaults=True)
        canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()[:12]

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        copied = super().model_copy(update=update, deep=deep)
        # The copy would bring along this pack's version and indexes, which its own content may belie.
        for cached in vars(copied).keys() - type(self).model_fields.keys():
            vars(copied).pop(cached)
        return copied

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """The centre's own. Equal packs have the very same one, so that its days are worked out once."""
        return working_calendar(self._pack_days)

    def calendar_at(self, place: str | None) -> WorkingCalendar:
        """The calendar of a place: its township's where that has days of its own, else the centre's.

        So too for no place, and for a code the pack does not know: what has no place has no days of its own.
        """
        found = None if place is None else self.place(place)
        return self.calendar if found is None else self._calendars_at.get(found.chain[-1], self.calendar)

    @cached_property
    def _calendars_at(self) -> dict[str, WorkingCalendar]:
        named = dict.fromkeys(code for span in (*self.closures, *self.openings) for code in span.townships)
        return {code: calendar_of_township(self._pack_days, code) for code in named}

    @cached_property
    def _pack_days(self) -> PackDays:
        return PackDays(
            timezone=self.timezone,
            office_hours=self.office_hours,
            holidays=self.holidays,
            extra_workdays=self.extra_workdays,
            closures=self.closures,
            openings=self.openings,
            holiday_years=self.holiday_years,
        )

    @cached_property
    def days(self) -> DayBook:
        return day_book(self.calendar)  # looked up once: it hashes the whole calendar

    # ------------------------------------------------------------------ places

    def place(self, code: str) -> Place | None:
        return self._places.get(code)

    def find_place(self, text: str) -> Place | None:
        """The place with the longest name or alias in `text`; of equally long ones the first in the text."""
        return indexes.longest_name_in(text, self._place_names)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        return (*self.townships, *self.grids)

    @cached_property
    def _places(self) -> dict[str, Place]:
        return {place.code: place for place in reversed(self.places)}

    @cached_property
    def _place_names(self) -> indexes.NamedPlaces:
        return indexes.place_names(self.places)

    # -------------------------------------------------------------- categories

    def category(self, code: str) -> Category | None:
        return self._categories.get(code)

    def category_chain(self, code: str) -> tuple[str, ...]:
        """The codes from the category up to its root; empty for an unknown one."""
        return self._category_chains.get(code, ())

    def find_category(self, name_or_code: str) -> Category | None:
        """By code, else by exact name, else by alias; capitals and outer spaces do not matter."""
        return self._category_names.get(name_or_code.strip().casefold())

    def follow_up_for(self, category: str | None, level: Level) -> FollowUpRule:
        """分类回访: how the requester of such a matter is asked."""
        return self.closed_loop.follow_up_for(() if category is None else self.category_chain(category), level)

    @cached_property
    def leaf_categories(self) -> tuple[Category, ...]:
        parents = {category.parent for category in self.categories}
        return tuple(category for category in self.categories if category.code not in parents)

    @cached_property
    def _categories(self) -> dict[str, Category]:
        return indexes.by_code(self.categories)

    @cached_property
    def _category_chains(self) -> dict[str, tuple[str, ...]]:
        return indexes.category_chains(self._categories)

    @cached_property
    def _category_names(self) -> dict[str, Category]:
        return indexes.category_names(self.categories)

    # ----------------------------------------------------------- units, windows

    def unit(self, code: str) -> Unit | None:
        return self._units.get(code)

    def window(self, code: str) -> Window | None:
        return self._windows.get(code)

    def unit_at(self, unit: str, place_chain: tuple[str, ...]) -> str | None:
        """The unit code a rule or fallback means at a place: itself, or the township unit for `territory`."""
        return unit if unit != TERRITORY else self._territories.get(place_chain[-1])

    @cached_property
    def _units(self) -> dict[str, Unit]:
        return indexes.by_code(self.units)

    @cached_property
    def _windows(self) -> dict[str, Window]:
        return indexes.by_code(self.windows)

    @cached_property
    def _territories(self) -> dict[str, str]:
        return {unit.territory: unit.code for unit in reversed(self.units) if unit.territory is not None}

    # ----------------------------------------------------------- rules, limits

    @cached_property
    def rules_by_category(self) -> Mapping[str, indexes.RulesOfCategory]:
        """For each category the rules that name it or a parent of it."""
        return indexes.rules_by_category(self.rules, self._category_chains)

    def limit_for(self, stage: Stage, category: str | None, level: Level, mode: Mode = "normal") -> Limit:
        """The limit that holds: category and level, else level alone, else category alone, else the general one.

        A nearer category beats its parent. Level beats category: an emergency is not slowed by its category's preset.
        The mode decides last, between limits of the same category and level: a surge's general limit neither slows an
        emergency nor cuts short what a statute gives. What a statute gives beats all of them.
        """
        statutory = self.statutory_limit_for(stage, category, level, mode)
        return self.service_limit_for(stage, category, level, mode) if statutory is None else statutory

    def service_limit_for(self, stage: Stage, category: str | None, level: Level, mode: Mode = "normal") -> Limit:
        """What the centre promises, whatever a statute gives."""
        limit = self._nearest(self._service_limits, stage, category, level, mode)
        if limit is None:
            raise LookupError(f"the pack has no general limit for the stage '{stage}'")
        return limit

    def statutory_limit_for(
        self, stage: Stage, category: str | None, level: Level, mode: Mode = "normal"
    ) -> Limit | None:
        """法定时限. A unit's report back concludes its handling, so it has the time a statute gives for that."""
        own = self._nearest(self._statutory_limits, stage, category, level, mode)
        if own is None and stage == "report_back":
            return self._nearest(self._statutory_limits, "handle", category, level, mode)
        return own

    def _nearest(
        self, limits: Mapping[LimitKey, Limit], stage: Stage, category: str | None, level: Level, mode: Mode
    ) -> Limit | None:
        if not limits:
            return None
        chain: tuple[str | None, ...] = () if category is None else self.category_chain(category)
        sought = product((level, None), (*chain, None), indexes.mode_chain(mode))
        found = (limits.get((stage, each, its_level, its_mode)) for its_level, each, its_mode in sought)
        return next((each for each in found if each is not None), None)

    def ladder_for(self, stage: Stage, mode: Mode = "normal") -> Ladder:
        """The ladder to climb while an obligation of this stage is not met: one for the mode, else one for all."""
        own = tuple(ladder for ladder in self.ladders if stage in ladder.stages)
        wanted = ((each, ladder) for each in indexes.mode_chain(mode) for ladder in own)
        found = next((ladder for each, ladder in wanted if each in indexes.modes_named(ladder.modes)), None)
        if found is None:
            raise LookupError(f"the pack has no ladder for the stage '{stage}'")
        return found

    @cached_property
    def _service_limits(self) -> dict[LimitKey, Limit]:
        return indexes.limits_by_cell(limit for limit in self.limits if not limit.statutory)

    @cached_property
    def _statutory_limits(self) -> dict[LimitKey, Limit]:
        return indexes.limits_by_cell(limit for limit in self.limits if limit.statutory)
