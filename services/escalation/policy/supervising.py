"""Supervision orders (督办单): which level follows which, who judges, and what may happen when."""

from typing import Literal

from shared.contracts.actors import CENTRE_ROLES, UNIT_ROLES, Actor, Role
from shared.contracts.escalation import SupervisionLevel

LEVELS: tuple[SupervisionLevel, ...] = tuple(SupervisionLevel)
COMMAND = frozenset({Role.COMMANDER, Role.DEPUTY_COMMANDER})
Verb = Literal["answer", "judge", "raise", "withdraw"]

ALLOWED: dict[Verb, frozenset[str]] = {
    "answer": frozenset({"open"}),
    "judge": frozenset({"answered"}),
    "raise": frozenset({"open", "answered"}),
    "withdraw": frozenset({"open", "answered"}),
}
UNDER_WAY = frozenset({"open", "answered"})


def next_level(level: SupervisionLevel) -> SupervisionLevel | None:
    place = LEVELS.index(level) + 1
    return LEVELS[place] if place < len(LEVELS) else None


def weighs_less(level: SupervisionLevel, than: SupervisionLevel) -> bool:
    return LEVELS.index(level) < LEVELS.index(than)


def rank(role: str) -> int:
    """A commander and a deputy are of one rank, above the duty director. What a ladder issued is the director's."""
    return 2 if role in COMMAND else 1


def may_judge(actor: Actor, issuer_role: str) -> bool:
    """The issuer or another of that rank; what a ladder issued, any of them."""
    return issuer_role == Role.SYSTEM or rank(actor.role) == rank(issuer_role)


def judged_by(issuer_role: str) -> Literal["duty_director", "commander"]:
    """The post that is told that an answer waits."""
    return "commander" if rank(issuer_role) == 2 else "duty_director"


def reads_words(actor: Actor, unit: str) -> bool:
    """Free words are for the centre's own staff, and for the unit they are written to or come from."""
    return actor.role in CENTRE_ROLES or actor.unit == unit


def reads_referral_words(actor: Actor, unit: str) -> bool:
    """The oversight office too."""
    return actor.role == Role.OVERSIGHT_OFFICE or reads_words(actor, unit)


def sees_own_only(actor: Actor) -> bool:
    return actor.role in UNIT_ROLES
