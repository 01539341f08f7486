"""What does not fit the pack's schema, said with file, line and what to write instead."""

from collections.abc import Iterator, Set
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError

from shared.centre import closed_loop, nouns, office_days
from shared.centre.errors import Fault
from shared.centre.locations import Locations

_MODELS: tuple[type[BaseModel], ...] = (
    office_days.Session,
    office_days.WeekdayHours,
    office_days.SeasonHours,
    office_days.OfficeHours,
    office_days.LocalDays,
    office_days.DaysOff,
    office_days.HolidayYear,
    nouns.Post,
    nouns.Unit,
    nouns.Township,
    nouns.Grid,
    nouns.Window,
    nouns.Category,
    nouns.Flag,
    nouns.Rule,
    nouns.ResponsePlan,
    nouns.Handing,
    nouns.DeferralTerms,
    nouns.DuplicateTerms,
    closed_loop.ClosedLoop,
    closed_loop.FollowUpRule,
    nouns.Fallback,
    nouns.Triage,
    nouns.Limit,
    nouns.LadderStep,
    nouns.Ladder,
)
_SHOWN_MAX = 60
# As they are written in the files: the ladder's `from_` is `from` there.
_FIELDS = sorted({name.rstrip("_") for model in _MODELS for name in model.model_fields})


def schema_faults(error: ValidationError, locations: Locations, unread: Set[str]) -> Iterator[Fault]:
    """One fault for each misfit. Sections of files that could not be read are not also called missing."""
    for misfit in error.errors(include_url=False):
        path = misfit["loc"]
        if misfit["type"] == "missing" and len(path) == 1 and path[0] in unread:
            continue
        what, advice = _explain(misfit["type"], str(path[-1]) if path else "", misfit["msg"], misfit.get("input"))
        yield locations.fault(*path, what=f"{_spoken(path)}: {what}", advice=advice)


def _explain(kind: str, field: str, message: str, given: Any) -> tuple[str, str]:
    shown = repr(given)[:_SHOWN_MAX]
    match kind:
        case "extra_forbidden":
            near = get_close_matches(field, _FIELDS, n=1)
            return f"the field '{field}' is not known", f"Write '{near[0]}'" if near else "Delete it"
        case "missing":
            return f"the field '{field}' is missing", "Add it"
        case "string_type":
            return f"{shown} is not a text", "Put it in quotes" if isinstance(given, int | float) else "Write a text"
        case "string_pattern_mismatch":
            return f"{shown} is not a code", "Use small letters, digits and single . - _ between them"
        case "too_short":
            return "it is empty", "Write at least one"
        case "string_too_short":
            return f"{shown} is too short", "Write the words in full"
        case _:
            return f"{shown} does not fit ({message.removeprefix('Value error, ')})", "Correct the value"


def _spoken(path: tuple[str | int, ...]) -> str:
    """units[3].lead.contact, counted from 1 as people count."""
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")
