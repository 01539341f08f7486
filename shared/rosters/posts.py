"""Whose post a code is, and what a roster may hold, by the centre's pack. Pure."""

import re
from zoneinfo import ZoneInfo

from shared.centre.pack import CentrePack
from shared.duty import Member, Override, Roster, Rotation
from shared.rosters.errors import UnitMisfit, UnknownPost

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


def override_words(override: Override, timezone: str) -> str:
    whom = f" instead of {override.instead_of}" if override.instead_of else ""
    known = "" if override.override_id is None else f" (override {override.override_id})"
    starts_at, ends_at = (at.astimezone(ZoneInfo(timezone)) for at in (override.starts_at, override.ends_at))
    return f"{override.action} {override.staff}{whom}, {starts_at:%Y-%m-%d %H:%M} to {ends_at:%Y-%m-%d %H:%M}{known}"
