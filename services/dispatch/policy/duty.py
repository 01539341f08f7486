"""Pure decisions about rosters: whose post a code is, what a roster may hold, who may ask for whom."""

from datetime import datetime, timedelta

from services.dispatch.errors.duty import (
    InstantOutOfReach,
    NotOnDutyThen,
    NotYourDuty,
    OverridesContradict,
    StretchIsPast,
    StretchTooLong,
)
from shared.calendar import WorkingCalendar
from shared.contracts.actors import Actor, Role
from shared.duty import Override, Roster, RosterKind, contradicts, on_duty_between
from shared.rosters.posts import checked_override, checked_roster, override_words, unit_of_post

__all__ = ["checked_override", "checked_roster", "override_words", "unit_of_post"]

OVERRIDE_DAYS_MAX = 366
OVERRIDES_AHEAD_MAX = 500
TOLD_FOR_DAYS = 30
REACH_YEARS = 20
GAP_WARNING_DAYS = 7
WATCHED_KINDS: frozenset[RosterKind] = frozenset({"duty_director", "leader", "liaison"})
KIND_WORDS: dict[RosterKind, str] = {
    "duty_director": "轮值主任",
    "presence": "轮驻在厅",
    "liaison": "联络员",
    "leader": "值班领导",
}
FIXED_WORDS = {"person": "人工调整", "swap": "换班", "substitution": "副班顶岗", "import": "导入"}

# -- stretches of time -------------------------------------------------------------------------------------------------


def stretch_to_come(starts_at: datetime, ends_at: datetime, *, now: datetime, field: str = "ends_at") -> datetime:
    """Where the stretch really begins: not before now. Refused where nothing of it is to come, or too much."""
    if ends_at <= now:
        raise StretchIsPast("this stretch is over; what was stays on record", field=field)
    begins = max(starts_at, now)
    if ends_at <= begins:
        raise StretchIsPast("the stretch ends before it starts", field=field)
    if ends_at - begins > timedelta(days=OVERRIDE_DAYS_MAX) or starts_at > now + timedelta(days=365 * REACH_YEARS):
        raise StretchTooLong(f"a stretch has at most {OVERRIDE_DAYS_MAX} days; set a rotation instead", field=field)
    return begins


def require_in_reach(at: datetime, *, now: datetime) -> None:
    if abs(at - now) > timedelta(days=366 * REACH_YEARS):
        raise InstantOutOfReach(f"ask for an instant within {REACH_YEARS} years", field="at")


def require_on_duty(
    roster: Roster, staff: str, starts_at: datetime, ends_at: datetime, calendar: WorkingCalendar, *, field: str
) -> None:
    there = on_duty_between(roster, starts_at, ends_at, calendar)
    if all(each.staff != staff for each in there):
        raise NotOnDutyThen(
            f"{staff} is not on duty by the roster {roster.code} in that stretch", field=field, post=staff
        )


def require_no_contradiction(roster: Roster, override: Override, *, field: str) -> None:
    found = contradicts(override, roster.overrides)
    if found is not None:
        words = " and ".join(override_words(each, roster.timezone) for each in (found.one, found.other))
        raise OverridesContradict(
            f"{found.why}: {words}; cancel the one or shorten the other",
            field=field,
            kept=str(found.one.override_id),
        )


# -- who may ask for whom ----------------------------------------------------------------------------------------------

RUNS_ROSTERS = frozenset({Role.ADMINISTRATOR, Role.SYSTEM})


def require_may_ask_swap(actor: Actor, gives: str, unit: str | None) -> None:
    """The post itself, its unit, the duty director, the administrator."""
    if actor.role not in RUNS_ROSTERS | {Role.DUTY_DIRECTOR}:
        _require_own(actor, gives, unit, field="gives")


def require_may_answer_swap(actor: Actor, takes: str, unit: str | None) -> None:
    """The post that is asked, its unit, the administrator: nobody else gives another duty."""
    if actor.role not in RUNS_ROSTERS:
        _require_own(actor, takes, unit, field="actor.staff")


def _require_own(actor: Actor, post: str, unit: str | None, *, field: str) -> None:
    if actor.staff != post and (unit is None or actor.unit != unit):
        raise NotYourDuty(f"{actor.staff} does not answer for {post}", field=field, post=post)


# -- what is told to whom ----------------------------------------------------------------------------------------------


def without_words(roster: Roster) -> Roster:
    """With a fixed word in the place of each reason that somebody wrote."""
    plain = (each.model_copy(update={"reason": FIXED_WORDS[each.origin]}) for each in roster.overrides)
    return roster.model_copy(update={"overrides": tuple(plain)})
