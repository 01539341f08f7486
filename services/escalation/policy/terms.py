"""By when an obligation is owed and what its clock will do, from the centre pack the case began with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from services.escalation.policy.accountability import referral_step
from services.escalation.policy.agenda import Step, Told, agenda
from services.escalation.policy.obligations import RIGHTS, CaseFacts, Obligation
from shared.calendar import warn_at
from shared.centre.pack import CentrePack, LadderStep, Mode, Role
from shared.centre.standing import Standing, Switch, standing
from shared.centre.working_time import calendar_of

SHORTENED = "重办减半: half of it, as the case was reopened"
ANSWERED_AGAIN = "重新回复减半: half of it, as the answer was not accepted"
BY_MODE = "平战转换: by the limit of the surge, since the switch"
RESTORED = "平战转换: as it was before the surge"
KEEPS_ITS_TERMS = frozenset({"arrival", "return", "deferral", "supervision"})
ABOVE_THE_UNITS: frozenset[Role] = frozenset({"duty_director", "commander"})


@dataclass(frozen=True, slots=True)
class Terms:
    """The clock's terms, frozen when it is armed. Instants are UTC."""

    due_at: datetime
    provisional: bool
    limit: str
    limit_id: str
    limit_source: str
    steps: tuple[Step, ...]
    service_due_at: datetime | None = None
    service_limit: str | None = None


def standing_of(pack: CentrePack, obligation: Obligation, switches: Sequence[Switch]) -> Standing:
    """What the pack promises, through every switch of mode since (平战转换).

    What an approved fact moved stands by that, and a summons that runs keeps its ladder: both go by the mode they began
    in. LookupError where the pack has no general limit for the stage; a checked pack has them all.
    """
    start, grounds = obligation.started_at, obligation.grounds
    if not follows_mode(obligation):
        switches = tuple(each for each in switches if each.at <= start)
    return standing(
        pack, obligation.stage, grounds.category, grounds.level, start, switches, reopened=obligation.shortened
    )


def follows_mode(obligation: Obligation) -> bool:
    """Whether a switch may give it other terms while it is open."""
    return obligation.moved is None and obligation.stage not in KEEPS_ITS_TERMS


def terms_of(pack: CentrePack, obligation: Obligation, case: CaseFacts, stands: Standing | None = None) -> Terms:
    """LookupError where the pack has no general limit or ladder for the stage; a checked pack has them all."""
    stands = stands or standing_of(pack, obligation, ())
    start, moved = obligation.started_at, obligation.moved
    stands_on = stands.promise
    due_at = stands_on.due.at if moved is None else moved.due_at
    a_right = obligation.stage in RIGHTS
    lapses_at = due_at if a_right else obligation.lapses_at
    if lapses_at is not None:
        due_at = min(due_at, lapses_at)  # a decision is owed while it can still be made
    unit = stands_on.duration.unit
    warnings = [
        (percent, warn_at(start, due_at, percent, calendar=calendar_of(pack), unit=unit))
        for percent in stands_on.limit.warn_percent
    ]
    rungs = ladder(pack, obligation, case, stands.mode)
    service = stands_on.service
    return Terms(
        due_at=due_at,
        provisional=stands_on.due.provisional if moved is None else moved.provisional,
        limit=str(stands_on.duration),
        limit_id=stands_on.limit.id,
        limit_source=_source(stands, obligation),
        steps=agenda(
            start,
            due_at,
            warnings,
            rungs,
            beside=() if a_right else referral_step(pack, obligation, due_at),
            lapses_at=lapses_at,
            fires=not a_right,
        ),
        service_due_at=None if service is None else service.due.at,
        service_limit=None if service is None else str(service.duration),
    )


def _source(stands: Standing, obligation: Obligation) -> str:
    """The rule the limit stands on, and what made it another than the rule's."""
    why_shorter = ANSWERED_AGAIN if obligation.stage == "supervision" else SHORTENED
    shorter = (why_shorter,) if obligation.shortened else ()
    moved = () if obligation.moved is None else (obligation.moved.why,)
    switched = () if stands.switched is None else (RESTORED if stands.restored else BY_MODE,)
    return "; ".join((stands.promise.limit.source, *shorter, *moved, *switched))


def ladder(
    pack: CentrePack, obligation: Obligation, case: CaseFacts, mode: Mode = "normal"
) -> tuple[tuple[LadderStep, tuple[Told, ...]], ...]:
    """The rungs with the posts each tells. In a drill those above the units, who would hear who fails, hear nothing.

    Where no unit owes it, there is none to order to anything: those rungs only tell.
    """
    above: frozenset[Role] = ABOVE_THE_UNITS if obligation.drill else frozenset()
    rungs: list[tuple[LadderStep, tuple[Told, ...]]] = []
    for rung in pack.ladder_for(obligation.stage, mode).steps:
        roles: tuple[Role, ...] = tuple(role for role in rung.notify if role not in above)
        orders = obligation.unit is not None and not obligation.drill
        kept = rung if orders or rung.action != "supervise" else rung.model_copy(update={"action": None, "level": None})
        rungs.append((kept, posts(pack, obligation, case, roles)))
    return tuple(rungs)


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
