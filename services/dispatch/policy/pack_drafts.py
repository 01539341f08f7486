"""Pure decisions about drafts of the centre pack: which way each goes, and when it may take effect."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from services.dispatch.errors.packs import EffectiveIsPast, EffectiveTooFar
from shared.centre.changes import pack_changes
from shared.centre.sections import Content
from shared.contracts.dispatch import PackChange


class DraftState(StrEnum):
    DRAFTED = "drafted"
    APPROVED = "approved"
    IN_FORCE = "in_force"
    WITHDRAWN = "withdrawn"
    OVERTAKEN = "overtaken"


DraftVerb = Literal["approve", "withdraw", "take", "overtake"]
OPEN = frozenset({DraftState.DRAFTED, DraftState.APPROVED})

DRAFT_MOVES: Mapping[tuple[DraftState, DraftVerb], DraftState] = {
    (DraftState.DRAFTED, "approve"): DraftState.APPROVED,
    (DraftState.DRAFTED, "withdraw"): DraftState.WITHDRAWN,
    (DraftState.APPROVED, "withdraw"): DraftState.WITHDRAWN,
    (DraftState.APPROVED, "take"): DraftState.IN_FORCE,
    (DraftState.APPROVED, "overtake"): DraftState.OVERTAKEN,
}

EFFECTIVE_DAYS_MAX = 400
DRAFTS_OPEN_MAX = 20


def require_effective_to_come(effective_at: datetime | None, *, now: datetime) -> None:
    if effective_at is None:
        return
    if effective_at <= now:
        raise EffectiveIsPast(
            "the instant from which it holds is past; leave it out for as soon as it is approved", field="effective_at"
        )
    if effective_at > now + timedelta(days=EFFECTIVE_DAYS_MAX):
        raise EffectiveTooFar(f"a draft takes effect within {EFFECTIVE_DAYS_MAX} days", field="effective_at")


def counted(before: Content, after: Content) -> tuple[PackChange, ...]:
    """What changed in short: by part, how many entries. Another order of a table counts as one change."""
    counts: dict[str, Counter[str]] = {}
    for change in pack_changes(before, after):
        counts.setdefault(change.section, Counter())["changed" if change.kind == "order" else change.kind] += 1
    return tuple(PackChange(section=section, **count) for section, count in counts.items())
