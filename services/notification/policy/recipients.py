"""Whom a post means at an instant: somebody of a roster, the pack's own post, or whoever has the role."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from shared.centre.pack import CentrePack, Mode
from shared.centre.working_time import calendar_of
from shared.contracts.actors import Role
from shared.contracts.notification import Unreached
from shared.duty import Roster, RosterKind, answering, who

# A post of the centre and the register that says who it is; without a roster of that kind, whoever has the role.
_CENTRE_ROTAS: Mapping[str, RosterKind] = {"duty_director": "duty_director", "commander": "leader"}
_ROLES = frozenset(role.value for role in Role)


@dataclass(frozen=True, slots=True)
class Recipient:
    """`role` is set where the message is for everybody with that role (of that unit), in a common inbox."""

    staff: str
    role: str | None = None


Recipients: TypeAlias = tuple[Recipient, ...] | Unreached


def recipients(
    post: str,
    unit: str | None,
    *,
    rosters: Sequence[Roster],
    pack: CentrePack,
    at: datetime,
    mode: Mode = "normal",
) -> Recipients:
    """At least one, or why there is nobody. Primaries before backups: a backup is told where there is no primary.

    A unit's liaison is the one of its liaison roster, else the pack's post. Its lead is always the pack's post: a
    ladder that goes on to the lead must not find the same liaison again. In a surge the rosters answer that the pack
    names for it.
    """
    instead, reserved = pack.modes.stand_ins(mode), pack.modes.surge_rosters
    rosters = answering(rosters, lambda one: one.code, instead=instead, reserved=reserved)
    if post == Role.LIAISON_OFFICER and unit is not None:
        own = tuple(one for one in rosters if one.kind == "liaison" and one.unit == unit)
        return _on_duty(own, at, pack) if own else _of_pack(post, unit, pack)
    if post == Role.UNIT_LEAD and unit is not None:
        return _of_pack(post, unit, pack)
    if post in _CENTRE_ROTAS:
        rota = tuple(one for one in rosters if one.kind == _CENTRE_ROTAS[post])
        return _on_duty(rota, at, pack) if rota else (Recipient(post, role=post),)
    return (Recipient(post, role=post if post in _ROLES else None),)


def _on_duty(rosters: Sequence[Roster], at: datetime, pack: CentrePack) -> Recipients:
    found = who(rosters, at, calendar_of(pack))
    first = [one for one in found if one.shift == "primary"] or found
    staff = tuple(dict.fromkeys(one.staff for one in first))
    return tuple(Recipient(one) for one in staff) or Unreached.NOBODY_ON_DUTY


def _of_pack(post: str, unit: str, pack: CentrePack) -> Recipients:
    """A post may be held by another one (`contact: post:<code>`): then that one is told."""
    known = pack.unit(unit)
    if known is None:
        return Unreached.NO_CONTACT
    named = known.liaison if post == Role.LIAISON_OFFICER else known.lead
    held_by = named.contact.removeprefix("post:") if named.contact.startswith("post:") else named.code
    return (Recipient(held_by, role=post),)
