"""Pure decisions about rosters: whose post a code is, what a roster may hold, who may ask for whom."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.dispatch.errors.duty import (
    InstantOutOfReach,
    NotOnDutyThen,
    NotYourDuty,
    OverridesContradict,
    StretchIsPast,
    StretchTooLong,
    UnitMisfit,
    UnknownPost,
)
from shared.calendar import WorkingCalendar
from shared.centre.pack import CentrePack
from shared.contracts.actors import Actor, Role
from shared.duty import Member, Override, Roster, RosterKind, Rotation, contradicts, on_duty_between

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

# -- whose post a code is ----------------------------------------------------------------------------------------------

# The centre's own posts belong to no unit: the word of the duty alone, or with a number or letter behind it.
CENTRE_POST = re.compile(
    r"(commander|deputy|deputy-commander|leader|director|duty-director|dispatcher|command-room|room|desk|clerk)"
    r"([._-]([0-9]+|[a-z]))?"
)


def unit_of_post(pack: CentrePack, code: str, *, field: str = "staff", row: str = "") -> str | None:
    """The unit a post belongs to; None for the centre's own. Refused where it is no post that the pack knows.

    A unit's posts are its liaison, its lead, and whatever is called by the unit's code with a dot: `police.director`
    or `director.police`.
    """
    named = _named_posts(pack).get(code)
    if named is not None:
        return named
    for unit in (code.partition(".")[0], code.partition(".")[2], code.rpartition(".")[0]):
        if unit != code and pack.unit(unit) is not None:
            return unit
    if CENTRE_POST.fullmatch(code):
        return None
    where = f"{row}: " if row else ""
    raise UnknownPost(
        f"{where}{code!r} is no post of this centre: write a unit's code, a dot and the post, e.g. police.director",
        field=field,
        post=code,
        row=row or None,
    )


def _named_posts(pack: CentrePack) -> dict[str, str]:
    return {post.code: unit.code for unit in pack.units for post in (unit.liaison, unit.lead)}


# -- what a roster may hold --------------------------------------------------------------------------------------------


def checked_roster(pack: CentrePack, roster: Roster) -> Roster:
    """The roster with the unit of each member filled in; refused with the row at fault."""
    if roster.unit is not None and pack.unit(roster.unit) is None:
        raise UnitMisfit(f"{roster.unit!r} is not a unit of this centre", field="roster.unit", unit=roster.unit)
    rotations = tuple(_checked_rotation(pack, roster, rotation) for rotation in roster.rotations)
    return roster.model_copy(update={"rotations": rotations})


def _checked_rotation(pack: CentrePack, roster: Roster, rotation: Rotation) -> Rotation:
    members = tuple(
        _checked_member(pack, roster, member, row=f"roster {roster.code}, rotation {rotation.id}, row {number}")
        for number, member in enumerate(rotation.members, start=1)
    )
    return rotation.model_copy(update={"members": members})


def _checked_member(pack: CentrePack, roster: Roster, member: Member, *, row: str) -> Member:
    unit = unit_of_post(pack, member.staff, field="roster.rotations", row=row)
    if member.unit is not None and member.unit != unit:
        whose = "the centre's own post" if unit is None else f"a post of {unit}"
        raise UnitMisfit(
            f"{row}: {member.staff} is {whose}, not of {member.unit}", field="roster.rotations", post=member.staff
        )
    _require_fits(roster, member.staff, unit, row=f"{row}: ", field="roster.rotations")
    return member.model_copy(update={"unit": unit})


def checked_override(pack: CentrePack, roster: Roster, override: Override) -> Override:
    """The override with its post's unit filled in."""
    unit = unit_of_post(pack, override.staff, field="override.staff")
    if override.instead_of is not None:
        unit_of_post(pack, override.instead_of, field="override.instead_of")
    if override.action != "remove":
        _require_fits(roster, override.staff, unit, row="", field="override.staff")
    return override.model_copy(update={"unit": unit})


def _require_fits(roster: Roster, staff: str, unit: str | None, *, row: str, field: str) -> None:
    if roster.unit is not None and unit != roster.unit:
        raise UnitMisfit(f"{row}{staff} is no post of {roster.unit}, whose roster this is", field=field, post=staff)
    if roster.kind in ("presence", "liaison") and unit is None:
        raise UnitMisfit(f"{row}{staff} belongs to no unit; only a unit's post can be there", field=field, post=staff)


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


def override_words(override: Override, timezone: str) -> str:
    whom = f" instead of {override.instead_of}" if override.instead_of else ""
    known = "" if override.override_id is None else f" (override {override.override_id})"
    starts_at, ends_at = (at.astimezone(ZoneInfo(timezone)) for at in (override.starts_at, override.ends_at))
    return f"{override.action} {override.staff}{whom}, {starts_at:%Y-%m-%d %H:%M} to {ends_at:%Y-%m-%d %H:%M}{known}"


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
