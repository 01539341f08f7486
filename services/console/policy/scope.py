"""For whom a role acts: the account of a role that acts for a unit, a window or a grid names it."""

from services.console.errors import ScopeMissing
from shared.contracts.actors import UNIT_ROLES, Role

SIGNS_IN = tuple(role for role in Role if role is not Role.SYSTEM)


def check_scope(role: Role, *, unit: str | None, window: str | None, grid: str | None) -> None:
    """Raises ScopeMissing. A duty director may belong to a unit, but acts for the whole centre."""
    if role is Role.SYSTEM:
        raise ScopeMissing("nobody signs in as the system", field="role")
    if role in UNIT_ROLES and unit is None:
        raise ScopeMissing(f"a {role} acts for a unit", field="unit")
    if role is Role.INTAKE_CLERK and window is None:
        raise ScopeMissing(f"a {role} sits at a window", field="window")
    if role is Role.GRID_WORKER and grid is None:
        raise ScopeMissing(f"a {role} acts in a grid", field="grid")
