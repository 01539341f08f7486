"""Who works at this centre: posts of every role, and how often one and the same person wears two hats."""

from random import Random

from shared.centre.pack import CentrePack
from shared.contracts.actors import UNIT_ROLES, Actor, Role
from shared.contracts.rights import RIGHTS
from tests.requests.nouns import Case

TWO_HATS = 0.2
WRONG_ROLE = 0.06
MOSTLY = 0.85
POSTS_OF_UNITS = {Role.LIAISON_OFFICER: "liaison", Role.UNIT_LEAD: "lead", Role.HANDLER: "handler"}


class Staff:
    """`windows`: which window each clerk sits at, two of them at one."""

    def __init__(self, pack: CentrePack) -> None:
        self._pack = pack
        first, second = (window.code for window in pack.windows[:2])
        self.windows = {"clerk.1": first, "clerk.2": first, "clerk.3": second}

    def of(
        self,
        role: Role,
        lots: Random,
        *,
        unit: str | None = None,
        hats: frozenset[str] = frozenset(),
        case: Case | None = None,
    ) -> Actor:
        """`hats`: people who had to do with the matter already, and may come back in another role."""
        unit = unit or lots.choice(self._pack.units).code
        own = unit if role in UNIT_ROLES else None
        staff = self._post(role, unit, lots)
        if role is Role.INTAKE_CLERK and case is not None and lots.random() < MOSTLY:
            staff = lots.choice([name for name, window in self.windows.items() if window == case.window] or [staff])
        if hats and lots.random() < TWO_HATS:
            staff = lots.choice(sorted(hats))
        window = self.window_of(staff) if role is Role.INTAKE_CLERK else None
        return Actor(staff=staff, role=role, unit=own, window=window)

    def for_request(self, name: str, lots: Random, case: Case | None, unit: str | None) -> Actor:
        """Somebody whose right it is, as a rule."""
        rights = sorted(RIGHTS[name]) if lots.random() > WRONG_ROLE else sorted(Role)
        return self.of(Role(lots.choice(rights)), lots, unit=unit, hats=hats_on(case), case=case)

    def window_of(self, staff: str) -> str:
        """Whoever is no clerk otherwise stands in at the first one's."""
        return self.windows.get(staff, self.windows["clerk.1"])

    def _post(self, role: Role, unit: str, lots: Random) -> str:
        if role in UNIT_ROLES:
            return f"{unit}.{POSTS_OF_UNITS[role]}"
        if role is Role.INTAKE_CLERK:
            return lots.choice(sorted(self.windows))
        name = {Role.DUTY_DIRECTOR: "director", Role.GRID_WORKER: "grid"}.get(role, role.value)
        return f"{name}.{lots.choice((1, 2))}"


def hats_on(case: Case | None) -> frozenset[str]:
    if case is None:
        return frozenset()
    calls = {call.asked_by for call in case.calls.values()}
    steps = {who for step in case.steps.values() for who in step.hands.values()}
    named = case.workers | case.verifiers | calls | steps | {case.owner}
    return frozenset(who for who in named if who and ":" not in who and who != "escalation")
