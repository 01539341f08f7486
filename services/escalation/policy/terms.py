"""By when an obligation is owed and what its clock will do, from the centre pack the case began with."""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from services.escalation.policy.agenda import Step, Told, agenda
from services.escalation.policy.obligations import CaseFacts, Obligation
from shared.calendar import Duration, due_at, warn_at
from shared.centre.pack import CentrePack, Role
from shared.centre.working_time import calendar_of, duration_of

SHORTENED = "重办减半: half of it, as the case was reopened"


@dataclass(frozen=True, slots=True)
class Terms:
    """The clock's terms, frozen when it is armed. Instants are UTC."""

    due_at: datetime
    provisional: bool
    limit: str
    limit_id: str
    limit_source: str
    steps: tuple[Step, ...]


def terms_of(pack: CentrePack, obligation: Obligation, case: CaseFacts) -> Terms:
    """LookupError where the pack has no general limit or ladder for the stage; a checked pack has them all."""
    grounds, start = obligation.grounds, obligation.started_at
    limit = pack.limit_for(obligation.stage, grounds.category, grounds.level)
    duration = shortened(duration_of(limit)) if obligation.shortened else duration_of(limit)
    calendar = calendar_of(pack)
    due = due_at(calendar, start, duration)
    warnings = [
        (percent, warn_at(start, due.at, percent, calendar=calendar, unit=duration.unit))
        for percent in limit.warn_percent
    ]
    ladder = [(rung, posts(pack, obligation, case, rung.notify)) for rung in pack.ladder_for(obligation.stage).steps]
    return Terms(
        due_at=due.at,
        provisional=due.provisional,
        limit=str(duration),
        limit_id=limit.id,
        limit_source=f"{limit.source}; {SHORTENED}" if obligation.shortened else limit.source,
        steps=agenda(start, due.at, warnings, ladder),
    )


def shortened(duration: Duration) -> Duration:
    """Half of the limit, rounded up, at least 1: who handled a matter once needs less time to put it right.

    DOMAIN: closed loop, 4 (重办: a shorter clock). The unit of time stays, so a limit of one working day stays one.
    """
    return Duration(max(1, (duration.amount + 1) // 2), duration.unit)


def posts(pack: CentrePack, obligation: Obligation, case: CaseFacts, roles: tuple[Role, ...]) -> tuple[Told, ...]:
    """The posts that roles mean for this obligation. Nothing is ever told to nobody: see `_unit`."""
    return tuple(dict.fromkeys(_post(pack, obligation, case, role) for role in roles))


def _post(pack: CentrePack, obligation: Obligation, case: CaseFacts, role: Role) -> Told:
    match role:
        case "liaison_officer" | "unit_lead":
            return Told(post=role, unit=_unit(pack, obligation, case))
        case "first_receiver":
            return Told(post=case.first_receiver)
        case "duty_director" | "commander" | "dispatcher":
            return Told(post=role)
        case _:
            assert_never(role)


def _unit(pack: CentrePack, obligation: Obligation, case: CaseFacts) -> str:
    """The unit whose liaison and lead are told: the one that owes, else the window's, else the centre's own desk."""
    if obligation.unit is not None:
        return obligation.unit
    window = None if case.window is None else pack.window(case.window)
    return pack.triage.unit if window is None else window.unit
