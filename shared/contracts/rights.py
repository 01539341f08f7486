"""One table of role x request: who may ask for what. Scope (which unit, which window) is decided by the service."""

from collections.abc import Mapping

from shared.contracts.actors import CENTRE_ROLES, UNIT_ROLES, Actor, Role
from shared.errors import NotAllowed

ANY_STAFF = frozenset(Role)
COMMANDERS = frozenset({Role.COMMANDER, Role.DEPUTY_COMMANDER})
DESK = frozenset({Role.INTAKE_CLERK, Role.SYSTEM})
STEERING = frozenset({Role.DISPATCHER, Role.DUTY_DIRECTOR})
ADMIN = frozenset({Role.ADMINISTRATOR, Role.SYSTEM})

RIGHTS: Mapping[str, frozenset[Role]] = {
    # intake
    "register_case": DESK | STEERING | {Role.GRID_WORKER},
    "accept_case": DESK | STEERING,
    "decline_case": DESK | STEERING,
    "finish_own_case": DESK,
    "follow_up_case": DESK,
    "close_case": DESK,
    "read_case": ANY_STAFF,
    "reveal_requester": CENTRE_ROLES | UNIT_ROLES,
    "rotate_vault": ADMIN,
    "list_open_cases": CENTRE_ROLES | {Role.SYSTEM},
    # dispatch
    "apply_centre_pack": ADMIN,
    "read_centre_pack": ANY_STAFF,
    "sign_off_work_order": UNIT_ROLES,
    "return_work_order": UNIT_ROLES,
    "report_back": UNIT_ROLES,
    "redispatch_case": STEERING,
    "ask_summons": frozenset({Role.DUTY_DIRECTOR}),
    "approve_summons": COMMANDERS,
    "refuse_summons": COMMANDERS,
    "acknowledge_summons": frozenset({Role.LIAISON_OFFICER, Role.UNIT_LEAD}),
    "check_in_arrival": frozenset({Role.COMMAND_ROOM, Role.DUTY_DIRECTOR}),
    "stand_down_summons": frozenset({Role.DUTY_DIRECTOR}) | COMMANDERS,
    "list_work_orders": ANY_STAFF,
    "list_triage": ANY_STAFF,
    "list_summonses": ANY_STAFF,
    # escalation
    "record_verification": frozenset({Role.GRID_WORKER}),
    "list_verifications": ANY_STAFF,
    "list_clocks": ANY_STAFF,
    # every service
    "read_timeline": ANY_STAFF,
    "read_health": ANY_STAFF,
    "list_dead_letters": ADMIN,
    "retry_dead_letters": ADMIN,
    "republish_events": ADMIN,
}


def require_right(actor: Actor, request: str) -> None:
    """Raises NotAllowed unless the actor's role may ask this. A request missing from the table is nobody's right."""
    if actor.role not in RIGHTS.get(request, frozenset()):
        raise NotAllowed(f"a {actor.role} may not ask for {request}", field="actor.role", role=actor.role.value)
