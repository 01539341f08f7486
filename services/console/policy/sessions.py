"""How long somebody stays signed in: until idle for a while by role, and never longer than an end set at sign-in."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from shared.contracts.actors import Role

SHIFT = timedelta(hours=13)
TOUCH_EVERY = timedelta(minutes=1)

IDLE: Mapping[Role, timedelta] = {
    Role.INTAKE_CLERK: timedelta(hours=1),
    Role.DISPATCHER: timedelta(hours=4),
    Role.DUTY_DIRECTOR: timedelta(hours=4),
    Role.COMMANDER: timedelta(hours=4),
    Role.DEPUTY_COMMANDER: timedelta(hours=4),
    Role.LIAISON_OFFICER: timedelta(hours=4),
    Role.UNIT_LEAD: timedelta(hours=4),
    Role.HANDLER: timedelta(hours=2),
    Role.GRID_WORKER: timedelta(hours=8),
    Role.COMMAND_ROOM: SHIFT,
    Role.OVERSIGHT_OFFICE: timedelta(hours=2),
    Role.ADMINISTRATOR: timedelta(minutes=30),
}
"""An open board reads its stream, but only a person's own act counts as being there."""


def ends_at(now: datetime) -> datetime:
    return now + SHIFT


def is_over(role: Role, *, seen_at: datetime, ends_at: datetime, now: datetime) -> bool:
    return now >= ends_at or now - seen_at > IDLE.get(role, timedelta(0))
