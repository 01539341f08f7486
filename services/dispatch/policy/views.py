"""Who may read what of a case (DOMAIN: the line the product keeps; first receipt, 5)."""

from shared.contracts.actors import CENTRE_ROLES, UNIT_ROLES, Actor


def reads_words(actor: Actor) -> bool:
    """Free words - grounds, reasons of persons - are for the centre's own staff."""
    return actor.role in CENTRE_ROLES


def may_read_results(actor: Actor, units_of_case: frozenset[str]) -> bool:
    """What units reported on a case is for its units and the centre's own staff."""
    return actor.unit in units_of_case if own_unit_only(actor) else reads_words(actor)


def own_unit_only(actor: Actor) -> bool:
    """A unit's staff see their unit's work and the cases they share; everybody else sees the whole list."""
    return actor.role in UNIT_ROLES
