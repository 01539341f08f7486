"""One table of role x request: who may ask for what. Scope (which unit, which window) is decided by the service."""

from collections.abc import Mapping

from shared.contracts.actors import CENTRE_ROLES, UNIT_ROLES, Actor, Role
from shared.errors import NotAllowed

ANY_STAFF = frozenset(Role)
COMMANDERS = frozenset({Role.COMMANDER, Role.DEPUTY_COMMANDER})
DESK = frozenset({Role.INTAKE_CLERK, Role.SYSTEM})
STEERING = frozenset({Role.DISPATCHER, Role.DUTY_DIRECTOR})
DIRECTOR = frozenset({Role.DUTY_DIRECTOR})
ANSWERING = frozenset({Role.LIAISON_OFFICER, Role.UNIT_LEAD})
OVERSIGHT = frozenset({Role.OVERSIGHT_OFFICE})
ADMIN = frozenset({Role.ADMINISTRATOR, Role.SYSTEM})
# Rules are a person's to change: the system drafts none and approves none.
DRAFTING = frozenset({Role.ADMINISTRATOR})
APPROVING = DRAFTING | DIRECTOR | COMMANDERS

RIGHTS: Mapping[str, frozenset[Role]] = {
    # intake
    "register_case": DESK | STEERING | {Role.GRID_WORKER},
    "accept_case": DESK | STEERING,
    "decline_case": DESK | STEERING,
    "finish_own_case": DESK,
    "follow_up_case": DESK,
    "explain_case": DESK,
    "explain_delay": DESK,
    "list_promises": CENTRE_ROLES | {Role.SYSTEM},
    "close_case": DESK,
    "read_case": ANY_STAFF,
    "reveal_requester": CENTRE_ROLES | UNIT_ROLES,
    "correct_case": DESK | STEERING,
    "suggest_categories": DESK | STEERING | {Role.GRID_WORKER},
    "rotate_vault": ADMIN,
    "find_similar_cases": DESK | STEERING | {Role.GRID_WORKER},
    "join_case": DESK | STEERING,
    "split_case": DIRECTOR | {Role.INTAKE_CLERK},
    "list_open_cases": CENTRE_ROLES | {Role.SYSTEM},
    # dispatch
    "apply_centre_pack": ADMIN,
    "read_centre_pack": ANY_STAFF,
    "draft_centre_pack": DRAFTING,
    "approve_pack_draft": APPROVING,
    "withdraw_pack_draft": DRAFTING | APPROVING,
    "list_pack_versions": CENTRE_ROLES | {Role.SYSTEM},
    "read_pack_version": CENTRE_ROLES | {Role.SYSTEM},
    "sign_off_work_order": UNIT_ROLES,
    "contact_requester": UNIT_ROLES,
    "return_work_order": UNIT_ROLES,
    "report_back": UNIT_ROLES,
    "report_delay": UNIT_ROLES,
    "read_report_photo": CENTRE_ROLES | UNIT_ROLES,
    "reseal_report_photos": ADMIN,
    "read_results": ANY_STAFF,
    "add_supporter": STEERING,
    "release_supporter": STEERING,
    "replace_supporter": STEERING,
    "insist_on_supporter": DIRECTOR,
    "redispatch_case": STEERING,
    "designate_unit": DIRECTOR,
    "decide_proposal": STEERING,
    "list_proposals": ANY_STAFF,
    "list_rulings": ANY_STAFF,
    "explain_route": ANY_STAFF,
    "list_routed_inputs": ADMIN | APPROVING,
    "ask_extension": UNIT_ROLES,
    "ask_suspension": UNIT_ROLES,
    "decide_deferral": DIRECTOR | COMMANDERS,
    "resume_work_order": UNIT_ROLES | DIRECTOR,
    "list_deferrals": ANY_STAFF,
    "ask_summons": DIRECTOR,
    "ask_drill": DIRECTOR,
    "plan_summons": CENTRE_ROLES,
    "approve_summons": COMMANDERS,
    "refuse_summons": COMMANDERS,
    "acknowledge_summons": ANSWERING,
    "tell_on_the_way": ANSWERING,
    "send_substitute": ANSWERING,
    "tell_cannot_come": ANSWERING,
    "answer_by_link": frozenset({Role.SYSTEM}),
    "check_in_arrival": DIRECTOR | {Role.COMMAND_ROOM},
    "check_in_by_code": UNIT_ROLES,
    "read_room_code": DIRECTOR | COMMANDERS | {Role.COMMAND_ROOM},
    "read_drill": CENTRE_ROLES,
    "stand_down_summons": DIRECTOR | COMMANDERS,
    "set_roster": ADMIN | DIRECTOR,
    "make_override": ADMIN | DIRECTOR,
    "cancel_override": ADMIN | DIRECTOR,
    "substitute_absent": ADMIN | DIRECTOR,
    "ask_swap": ANY_STAFF,
    "answer_swap": ANY_STAFF,
    "list_rosters": ANY_STAFF,
    "who_is_responsible": ANY_STAFF,
    "check_rosters": ANY_STAFF,
    "read_duty_feed": ANY_STAFF,
    "offer_handover": DIRECTOR,
    "accept_handover": DIRECTOR,
    "read_watch": ANY_STAFF,
    "switch_mode": COMMANDERS,
    "prolong_surge": COMMANDERS,
    "end_surge": COMMANDERS,
    "read_mode": ANY_STAFF,
    "list_mode_periods": ANY_STAFF,
    "list_work_orders": ANY_STAFF,
    "list_triage": ANY_STAFF,
    "list_summonses": ANY_STAFF,
    # escalation
    "record_verification": frozenset({Role.GRID_WORKER}),
    "send_verification_again": STEERING,
    "list_verifications": ANY_STAFF,
    "read_verifications": CENTRE_ROLES | UNIT_ROLES | {Role.GRID_WORKER},
    "read_verification_photo": CENTRE_ROLES | UNIT_ROLES | {Role.GRID_WORKER},
    "reseal_verification_photos": ADMIN,
    "take_up_raised": DIRECTOR | COMMANDERS,
    "list_clocks": ANY_STAFF,
    "issue_supervision": DIRECTOR | COMMANDERS,
    "answer_supervision": UNIT_ROLES,
    "judge_supervision": DIRECTOR | COMMANDERS,
    "raise_supervision": DIRECTOR | COMMANDERS,
    "withdraw_supervision": DIRECTOR | COMMANDERS,
    "list_supervision": ANY_STAFF,
    "make_appeal": UNIT_ROLES,
    "propose_on_appeal": DIRECTOR,
    "decide_appeal": COMMANDERS,
    "list_appeals": ANY_STAFF,
    "decide_referral": COMMANDERS,
    "answer_referral": OVERSIGHT,
    "close_referral": COMMANDERS,
    "list_referrals": OVERSIGHT | CENTRE_ROLES | UNIT_ROLES,
    # notification
    "set_contact": ANY_STAFF,
    "remove_contact": ANY_STAFF,
    "list_contacts": ANY_STAFF,
    "read_telephone": STEERING | COMMANDERS | {Role.COMMAND_ROOM},
    "check_contacts": ADMIN | STEERING,
    "list_messages": ADMIN | STEERING | COMMANDERS,
    "list_notices": ADMIN | STEERING | COMMANDERS,
    "read_inbox": ANY_STAFF,
    "mark_read": ANY_STAFF,
    "record_receipt": ADMIN,
    # console
    "add_staff": ADMIN,
    "list_staff": ADMIN,
    "disable_staff": ADMIN,
    "reset_password": ADMIN,
    "clear_board": ADMIN,
    "make_wall_token": ADMIN,
    "list_wall_tokens": ADMIN,
    "revoke_wall_token": ADMIN,
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
