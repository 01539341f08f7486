"""Pure decisions about more time: what follows what, how much there may be, and until when it may be asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from services.dispatch.errors.deferrals import AskedTooLate, DueHasPassed, TooMuchTime, TooOften, UntilHasPassed
from shared.centre.pack import CentrePack
from shared.centre.promised import Promise, asked_early
from shared.centre.standing import Switch, standing
from shared.contracts.base import Level
from shared.contracts.dispatch import DeferralKind


class DeferralState(StrEnum):
    """`resumed`: a suspension that is over. An extension stays `approved`."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    LAPSED = "lapsed"
    RESUMED = "resumed"


DeferralVerb = Literal["approve", "refuse", "lapse", "resume"]

DEFERRAL_MOVES: Mapping[tuple[DeferralState, DeferralVerb], DeferralState] = {
    (DeferralState.ASKED, "approve"): DeferralState.APPROVED,
    (DeferralState.ASKED, "refuse"): DeferralState.REFUSED,
    (DeferralState.ASKED, "lapse"): DeferralState.LAPSED,
    (DeferralState.APPROVED, "resume"): DeferralState.RESUMED,
}
GRANTED = frozenset({DeferralState.APPROVED, DeferralState.RESUMED})


@dataclass(frozen=True, slots=True)
class Sent:
    """The terms a work order's present round began with, as they were told then: a later correction moves no time."""

    category: str | None
    level: Level
    pack_version: str
    started_at: datetime
    reopened: bool

    def promise(self, pack: CentrePack, switches: Sequence[Switch] = ()) -> Promise:
        """As it stands after the switches of mode since (平战转换)."""
        stands = standing(
            pack, "report_back", self.category, self.level, self.started_at, switches, reopened=self.reopened
        )
        return stands.promise


def lapses_at(due_at: datetime, until: datetime | None) -> datetime:
    """From here on an undecided request is void: the time is up, or the end it asked for is behind."""
    return due_at if until is None else min(due_at, until)


def require_extension(pack: CentrePack, due_at: datetime, days: int, *, granted: int, now: datetime) -> None:
    """延期 within the pack's terms (DOMAIN: dispatch, 6). `granted`: how many this work order had."""
    terms = pack.deferrals
    _require_in_time(due_at, now=now)
    if days > terms.extension_days_max:
        most = terms.extension_days_max
        raise TooMuchTime(f"{days} working days are too many; {most} are the most", field="days", most=most)
    _require_not_too_often(DeferralKind.EXTENSION, granted, terms.extensions_max)
    if not asked_early(pack, due_at, terms.asked_before_days, now=now):
        raise AskedTooLate(
            f"an extension is asked for {terms.asked_before_days} whole working days before the time is up, "
            f"which is at {due_at.isoformat()}",
            field="work_order_id",
            due_at=due_at.isoformat(),
        )


def require_suspension(pack: CentrePack, due_at: datetime, until: datetime, *, granted: int, now: datetime) -> None:
    """挂账 within the pack's terms: so many calendar days at most, from now on."""
    terms = pack.deferrals
    _require_in_time(due_at, now=now)
    if until <= now:
        raise UntilHasPassed("name a time to come until which the work order is to wait", field="until")
    if until > now + timedelta(days=terms.suspension_days_max):
        most = terms.suspension_days_max
        raise TooMuchTime(f"a suspension lasts {most} calendar days at most", field="until", most=most)
    _require_not_too_often(DeferralKind.SUSPENSION, granted, terms.suspensions_max)


def _require_in_time(due_at: datetime, *, now: datetime) -> None:
    if now >= due_at:
        raise DueHasPassed(
            f"the time was up at {due_at.isoformat()}; it is on record as overdue",
            field="work_order_id",
            due_at=due_at.isoformat(),
        )


def _require_not_too_often(kind: DeferralKind, granted: int, most: int) -> None:
    if granted >= most:
        raise TooOften(f"this work order had its {kind} ({granted} of {most})", field="work_order_id", most=most)
