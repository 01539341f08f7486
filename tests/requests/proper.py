"""What would be done next about a case, and by whom, so that sequences get deep; among several a lot decides."""

from collections.abc import Iterator
from random import Random
from typing import Any

from shared.contracts.actors import Role
from tests.requests.nouns import Case, Order

Next = tuple[str, Role, str | None, dict[str, Any]]
"""Request, role, unit, the fields that matter."""


def next_of(case: Case, lots: Random) -> Next | None:
    possible = list(_possible(case, lots))
    return lots.choice(possible) if possible else None


def _possible(case: Case, lots: Random) -> Iterator[Next]:
    code = {"case_code": case.code}
    for call in case.calls.values():
        yield from _on_summons(call.summons_id, call.state, call.units, lots)
    for step_id, step in case.steps.items():
        yield from on_step(step.kind, step.state, step_id, step.unit, lots)
    if case.over or (case.joined_to is not None and case.state == "handling"):
        return
    if case.state == "registered" and lots.random() < 0.15:
        yield "decline_case", Role.INTAKE_CLERK, None, code
    elif case.state == "registered":
        mode = "self" if lots.random() < 0.15 else "forward"
        yield "accept_case", Role.INTAKE_CLERK, None, {**code, "handling_mode": mode}
    elif case.mode == "self" and case.state == "handling":
        yield "finish_own_case", Role.INTAKE_CLERK, None, code
    elif case.state == "to_follow_up":
        yield "follow_up_case", Role.INTAKE_CLERK, None, {**code, **_asked(lots)}
    elif case.state == "to_explain":
        yield "explain_case", Role.INTAKE_CLERK, None, {**code, "given_by": "telephone"}
    elif case.state == "followed_up":
        yield "close_case", Role.INTAKE_CLERK, None, code
    else:
        yield from _at_work(case, lots)


def _at_work(case: Case, lots: Random) -> Iterator[Next]:
    for task, state in case.verifying.items():
        if state == "open" and (case.lead is None or case.lead.state == "reported_back"):
            outcome = lots.choice(("solved", "solved", "solved", "not_solved", "not_found"))
            found = {"verification_id": task, "outcome": outcome, "found_at": None}
            yield "record_verification", Role.GRID_WORKER, None, found
    for proposal in case.proposals:
        yield "decide_proposal", Role.DISPATCHER, None, {"proposal_id": proposal}
    for order in (*case.supporters, *([case.lead] if case.lead is not None else [])):
        yield from _of_unit(order, lots)
    if case.lead is None and case.mode == "forward" and case.joined_to is None:
        sends = {"case_code": case.code, "supporters": []}
        yield lots.choice((("redispatch_case", Role.DUTY_DIRECTOR, None, sends), _designated(sends)))


def _designated(sends: dict[str, Any]) -> Next:
    return "designate_unit", Role.DUTY_DIRECTOR, None, sends


def _of_unit(order: Order, lots: Random) -> Iterator[Next]:
    on = {"work_order_id": order.order_id}
    if order.state == "dispatched":
        yield "sign_off_work_order", Role.LIAISON_OFFICER, order.unit, on
    elif order.open and order.role == "lead" and not order.contacted:
        yield "contact_requester", Role.HANDLER, order.unit, on
    elif order.suspended:
        yield "resume_work_order", Role.HANDLER, order.unit, on
    elif order.open and lots.random() < 0.1:
        yield "report_delay", Role.HANDLER, order.unit, on
    elif order.open:
        yield "report_back", Role.HANDLER, order.unit, {**on, "replied_to_requester": True}
    elif order.state == "returned":
        decision = lots.choice(("release_supporter", "replace_supporter", "insist_on_supporter"))
        yield decision, Role.DUTY_DIRECTOR, None, on


def _on_summons(summons_id: str, state: str, units: dict[str, str], lots: Random) -> Iterator[Next]:
    on = {"summons_id": summons_id}
    if state == "asked" and lots.random() < 0.1:
        yield "refuse_summons", Role.COMMANDER, None, on
    elif state == "asked":
        yield "approve_summons", lots.choice((Role.COMMANDER, Role.DEPUTY_COMMANDER)), None, on
    if state == "approved":
        for unit, said in units.items():
            if said in ("called", "acknowledged", "on_the_way", "cannot_come"):
                yield "check_in_arrival", Role.COMMAND_ROOM, None, {**on, "unit": unit}
            if said == "called":
                word = lots.choice(("acknowledge_summons", "tell_on_the_way", "tell_cannot_come", "send_substitute"))
                yield word, Role.LIAISON_OFFICER, unit, on
        if lots.random() < 0.1:
            yield "read_room_code", Role.COMMAND_ROOM, None, on


def on_step(kind: str, state: str, step_id: str, unit: str, lots: Random) -> Iterator[Next]:
    match kind, state:
        case "deferral", "asked" if lots.random() < 0.3:  # it may have lapsed long ago, which no event tells
            role = lots.choice((Role.DUTY_DIRECTOR, Role.COMMANDER))
            yield "decide_deferral", role, None, {"deferral_id": step_id, "approve": True}
        case "appeal", "asked":
            yield "propose_on_appeal", Role.DUTY_DIRECTOR, None, {"appeal_id": step_id}
        case "appeal", "proposed":
            yield "decide_appeal", Role.COMMANDER, None, {"appeal_id": step_id}
        case "referral", "asked":
            yield "decide_referral", Role.COMMANDER, None, {"referral_id": step_id, "refer": True}
        case "referral", "decided":
            yield "answer_referral", Role.OVERSIGHT_OFFICE, None, {"referral_id": step_id}
        case "referral", "answered":
            yield "close_referral", Role.COMMANDER, None, {"referral_id": step_id}
        case "supervision", "asked" | "sent_back":
            if lots.random() < 0.15:
                yield (
                    lots.choice(("withdraw_supervision", "raise_supervision")),
                    Role.COMMANDER,
                    None,
                    {"order_id": step_id},
                )
            yield "answer_supervision", Role.UNIT_LEAD, unit, {"order_id": step_id}
        case "supervision", "answered":
            outcome = lots.choice(("accepted", "not_accepted"))
            yield "judge_supervision", Role.COMMANDER, None, {"order_id": step_id, "outcome": outcome}
        case _:
            return


def _asked(lots: Random) -> dict[str, Any]:
    kind = lots.choice(("telephone", "visit"))
    reached = {"kind": kind, "contacted": True, "solved": True, "responded": True, "missed": None}
    if lots.random() < 0.15:
        return {"kind": kind, "contacted": False, "missed": "no_answer"}
    if lots.random() < 0.3:
        return {**reached, "solved": False, "satisfaction": "dissatisfied", "cause": "unit"}
    return {**reached, "satisfaction": "satisfied", "cause": None}
