"""Who may act: staff posts with a role and the unit, window or grid they act for. Requesters are never actors."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Role(StrEnum):
    INTAKE_CLERK = "intake_clerk"
    DISPATCHER = "dispatcher"
    DUTY_DIRECTOR = "duty_director"
    COMMANDER = "commander"
    DEPUTY_COMMANDER = "deputy_commander"
    LIAISON_OFFICER = "liaison_officer"
    UNIT_LEAD = "unit_lead"
    HANDLER = "handler"
    GRID_WORKER = "grid_worker"
    COMMAND_ROOM = "command_room"
    OVERSIGHT_OFFICE = "oversight_office"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


STAFF_FORM = r"^[A-Za-z0-9_.:@-]+$"
"""How a post is named: a code, never words about whoever holds it."""

UNIT_ROLES = frozenset({Role.LIAISON_OFFICER, Role.UNIT_LEAD, Role.HANDLER})
CENTRE_ROLES = frozenset(
    {Role.INTAKE_CLERK, Role.DISPATCHER, Role.DUTY_DIRECTOR, Role.COMMANDER, Role.DEPUTY_COMMANDER, Role.ADMINISTRATOR}
)


class Actor(BaseModel):
    """The acting staff member: `staff` names an account or post, never a requester."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    staff: str = Field(min_length=1, max_length=80, pattern=STAFF_FORM)
    role: Role
    unit: str | None = Field(default=None, max_length=80)
    window: str | None = Field(default=None, max_length=80)
    grid: str | None = Field(default=None, max_length=80)

    @property
    def name(self) -> str:
        return f"{self.role}:{self.staff}"


def system(service: str) -> Actor:
    return Actor(staff=service, role=Role.SYSTEM)


OPERATOR = Actor(staff="operator", role=Role.ADMINISTRATOR)
"""Whoever may run the `muster` command on the machine."""
