"""One rule for each kind of event, as the rulebook has it: what must have gone before, and by whose hands."""

from collections.abc import Callable, Mapping
from typing import Protocol

from tests.requests.nouns import OPEN, Call, Case, Clock, Facts, Order, Step, check


class Book(Protocol):
    """What a rule asks of the ledger that keeps it."""

    cases: dict[str, Case]
    mode: str
    switches: int
    handover: tuple[str, str] | None

    def sits_with(self, case: Case, staff: str) -> bool: ...


Rule = Callable[[Book, Case, Facts, str], None]


def accepted(_: Book, case: Case, data: Facts, who: str) -> None:
    check(case.state == "registered", f"{case.code} was accepted when it was {case.state}")
    case.state, case.mode = "handling", data["handling_mode"]
    case.category, case.place = data["category"], data["place"]


def corrected(_: Book, case: Case, data: Facts, who: str) -> None:
    case.category, case.place = data["category"], data["place"]


def declined(_: Book, case: Case, data: Facts, who: str) -> None:
    check(case.state == "registered", f"{case.code} was declined when it was {case.state}")
    case.state, case.over = "not_accepted", True


def dispatched(_: Book, case: Case, data: Facts, who: str) -> None:
    check(not case.over, f"{case.code} is over and was sent to {data['unit']}")
    check(data["work_order_id"] not in case.orders, f"{case.code}: a work order was sent twice")
    if data["role"] == "lead":
        held = case.lead
        check(held is None, f"{case.code}: a second lead {data['unit']} beside {held and held.unit}")
    busy = [one.unit for one in case.orders.values() if one.open]
    check(data["unit"] not in busy, f"{case.code}: {data['unit']} has two open work orders")
    case.orders[data["work_order_id"]] = Order(data["work_order_id"], data["unit"], data["role"], data["designated"])


def moves(to: str, *, after: frozenset[str]) -> Rule:
    def move(ledger: Book, case: Case, data: Facts, who: str) -> None:
        order = case.orders[data["work_order_id"]]
        check(order.state in after, f"{case.code}: {order.unit} was {order.state} and went to {to}")
        order.state, order.suspended = to, False

    return move


def signed_off(_: Book, case: Case, data: Facts, who: str) -> None:
    case.orders[data["work_order_id"]].signers.add(who)
    case.workers.add(who)


def contacted(_: Book, case: Case, data: Facts, who: str) -> None:
    order = case.orders[data["work_order_id"]]
    check(order.role == "lead", f"{case.code}: a supporter spoke with the requester")
    order.contacted = True


def returned(_: Book, case: Case, data: Facts, who: str) -> None:
    check(not case.orders[data["work_order_id"]].designated, f"{case.code}: a designated unit returned")


def reported(_: Book, case: Case, data: Facts, who: str) -> None:
    order = case.orders[data["work_order_id"]]
    case.workers.add(who)
    if order.role == "lead":
        owing = [one.unit for one in case.supporters]
        check(not owing, f"{case.code}: the lead finished while {owing} owe(s)")


def asked_to_verify(_: Book, case: Case, data: Facts, who: str) -> None:
    case.verifying[data["verification_id"]] = "open"


def verified(_: Book, case: Case, data: Facts, who: str) -> None:
    check(case.verifying.get(data["verification_id"]) == "open", f"{case.code}: verified twice")
    check(who not in case.workers, f"{case.code}: {who} handled it and verified it")
    case.verifying[data["verification_id"]] = data["goes_to"]
    case.verifiers.add(who)
    if data["outcome"] == "solved" and case.state == "handling":
        case.state, case.done, case.asked, case.misses = "to_follow_up", True, False, 0


def handled_here(_: Book, case: Case, data: Facts, who: str) -> None:
    check(case.mode == "self", f"{case.code} was forwarded and finished at the window")
    case.state, case.done, case.asked, case.misses = "to_follow_up", True, False, 0


def leader_solved(_: Book, case: Case, data: Facts, who: str) -> None:
    case.state, case.done, case.asked, case.misses = "to_follow_up", True, False, 0


def asked(ledger: Book, case: Case, data: Facts, who: str) -> None:
    check(ledger.sits_with(case, who), f"{case.code}: {who} followed up for {case.owner}")
    check(case.done, f"{case.code}: the requester was asked before anybody had verified it")
    if case.mode != "self":
        check(who not in case.workers | case.verifiers, f"{case.code}: {who} handled it and asked about it")
    if not data["contacted"]:
        case.misses += 1
    elif data["leads_to"] == "followed_up":
        case.asked, case.state = True, "followed_up"
    elif data["leads_to"] == "to_explain":
        case.state = "to_explain"


def explained(ledger: Book, case: Case, data: Facts, who: str) -> None:
    check(ledger.sits_with(case, who), f"{case.code}: {who} explained for {case.owner}")
    case.asked, case.state = True, "followed_up"


def reopened(_: Book, case: Case, data: Facts, who: str) -> None:
    case.done = case.asked = False
    case.round, case.state = data["round"], "handling"


def leader_reopened(_: Book, case: Case, data: Facts, who: str) -> None:
    case.done = case.asked = False
    case.state = "handling"


def closed(ledger: Book, case: Case, data: Facts, who: str) -> None:
    check(ledger.sits_with(case, who), f"{case.code}: {who} closed for {case.owner}")
    check(case.done, f"{case.code} was closed before anybody had verified it")
    met = case.asked or (data["outcome"] == "unreachable" and case.misses > 0)
    check(met, f"{case.code} was closed before its requester was asked")
    case.state, case.over = "closed", True
    for order in case.orders.values():
        if order.owes:
            order.state = "closed"


def joined(ledger: Book, case: Case, data: Facts, who: str) -> None:
    check(data["leader_id"] != case.case_id, f"{case.code} follows itself")
    leader = ledger.cases.get(data["leader_id"])
    check(leader is None or leader.joined_to is None, f"{case.code} follows one that follows")
    case.joined_to, case.mode, case.state = data["leader_id"], "forward", "handling"


def split(_: Book, case: Case, data: Facts, who: str) -> None:
    case.joined_to, case.state = None, "handling"
    case.done = case.asked = False


def proposed_route(_: Book, case: Case, data: Facts, who: str) -> None:
    case.proposals.add(data["proposal_id"])


def decided_route(_: Book, case: Case, data: Facts, who: str) -> None:
    case.proposals.discard(data["proposal_id"])


# -- the whistle -------------------------------------------------------------------------------------------------------


def summons_asked(_: Book, case: Case, data: Facts, who: str) -> None:
    case.calls[data["summons_id"]] = Call(data["summons_id"], who, dict.fromkeys(data["units"], "named"))


def summons_decided(state: str) -> Rule:
    def decide(_: Book, case: Case, data: Facts, who: str) -> None:
        call = case.calls[data["summons_id"]]
        check(call.state == "asked", f"{case.code}: a summons that was {call.state} was {state}")
        check(who != call.asked_by or state == "refused", f"{case.code}: {who} asked for a summons and approved it")
        call.state = state

    return decide


def unit_called(_: Book, case: Case, data: Facts, who: str) -> None:
    call = case.calls[data["summons_id"]]
    check(call.state == "approved", f"{case.code}: {data['unit']} was called before the summons was approved")
    call.units[data["unit"]] = "called"


def unit_said(word: str) -> Rule:
    def say(_: Book, case: Case, data: Facts, who: str) -> None:
        call = case.calls[data["summons_id"]]
        before = call.units[data["unit"]]
        check(
            before not in ("arrived", "not_arrived", "named"), f"{case.code}: {data['unit']} was {before}, then {word}"
        )
        call.units[data["unit"]] = word

    return say


def summons_ended(_: Book, case: Case, data: Facts, who: str) -> None:
    call = case.calls[data["summons_id"]]
    check(call.state in ("approved", "asked"), f"{case.code}: a summons that was {call.state} ended")
    call.state = "ended"


# -- from hand to hand -------------------------------------------------------------------------------------------------


def begins(kind: str, key: str) -> Rule:
    def begin(_: Book, case: Case, data: Facts, who: str) -> None:
        check(data[key] not in case.steps, f"{case.code}: the same {kind} began twice")
        case.steps[data[key]] = Step(kind, data["unit"], "asked", {"asked": who})

    return begin


def goes_on(key: str, to: str, *, after: tuple[str, ...], not_by: tuple[str, ...] = ()) -> Rule:
    """`not_by`: whose hands it has been in and may not be again."""

    def go(_: Book, case: Case, data: Facts, who: str) -> None:
        step = case.steps[data[key]]
        check(step.state in after, f"{case.code}: {step.kind} was {step.state} and then {to}")
        for verb in not_by:
            check(step.hands.get(verb) != who, f"{case.code}: {who} {verb} a {step.kind} and then {to} it")
        step.state = to
        step.hands[to] = who

    return go


def suspended(now: bool) -> Rule:
    def suspend(_: Book, case: Case, data: Facts, who: str) -> None:
        case.orders[data["work_order_id"]].suspended = now

    return suspend


# -- clocks ------------------------------------------------------------------------------------------------------------


def clock_armed(_: Book, case: Case, data: Facts, who: str) -> None:
    check(data["clock"] not in case.clocks, f"clock {data['clock']} was armed twice")
    case.clocks[data["clock"]] = Clock(data["stage"], data["owes"], data["due_at"])


def clock_fired(_: Book, case: Case, data: Facts, who: str) -> None:
    clock = case.clocks[data["clock"]]
    check(not clock.fired, f"clock {data['clock']} fired twice")
    check(clock.ended is None, f"clock {data['clock']} fired after it had ended")
    check(data["fired_at"] >= data["due_at"], f"clock {data['clock']} fired before it was due")
    clock.fired = True


def clock_ended(how: str) -> Rule:
    def end(_: Book, case: Case, data: Facts, who: str) -> None:
        clock = case.clocks[data["clock"]]
        check(clock.ended is None, f"clock {data['clock']} ended twice")
        clock.ended = how

    return end


# -- the centre --------------------------------------------------------------------------------------------------------


def switched(ledger: Book, data: Facts) -> None:
    check(data["before"] == ledger.mode, f"the mode was {ledger.mode} and is said to have been {data['before']}")
    check(data["mode"] != data["before"], "a switch led nowhere")
    ledger.mode, ledger.switches = data["mode"], data["number"]


def offered_watch(ledger: Book, data: Facts) -> None:
    check(data["outgoing"] != data["incoming"], "a watch was offered to whoever has it")
    ledger.handover = (data["handover_id"], data["incoming"])


def took_watch(ledger: Book, data: Facts) -> None:
    if ledger.handover is not None and ledger.handover[0] == data["handover_id"]:
        check(ledger.handover[1] == data["incoming"], "another took the watch than it was offered to")
        ledger.handover = None


ABOUT_THE_CENTRE: Mapping[str, Callable[[Book, Facts], None]] = {
    "dispatch.mode.switched": switched,
    "dispatch.handover.offered": offered_watch,
    "dispatch.handover.accepted": took_watch,
}
_NEW, _TAKEN = frozenset({"dispatched"}), frozenset({"signed_off", "handling"})
RULES: Mapping[str, tuple[Rule, ...]] = {
    "intake.case.accepted": (accepted,),
    "intake.case.corrected": (corrected,),
    "intake.case.not_accepted": (declined,),
    "intake.case.handled": (handled_here,),
    "intake.case.leader_solved": (leader_solved,),
    "intake.case.leader_reopened": (leader_reopened,),
    "intake.case.followed_up": (asked,),
    "intake.case.explained": (explained,),
    "intake.case.reopened": (reopened,),
    "intake.case.closed": (closed,),
    "intake.case.joined": (joined,),
    "intake.case.split": (split,),
    "dispatch.work_order.dispatched": (dispatched,),
    "dispatch.work_order.signed_off": (moves("signed_off", after=_NEW), signed_off),
    "dispatch.work_order.requester_contacted": (contacted,),
    "dispatch.work_order.returned": (returned, moves("returned", after=_NEW | {"signed_off"})),
    "dispatch.work_order.reported_back": (reported, moves("reported_back", after=_TAKEN)),
    "dispatch.work_order.reopened": (moves("handling", after=frozenset({"reported_back"})),),
    "dispatch.work_order.withdrawn": (moves("withdrawn", after=OPEN | {"returned", "reported_back"}),),
    "dispatch.route.proposed": (proposed_route,),
    "dispatch.route.decided": (decided_route,),
    "dispatch.summons.asked": (summons_asked,),
    "dispatch.summons.approved": (summons_decided("approved"),),
    "dispatch.summons.refused": (summons_decided("refused"),),
    "dispatch.summons.unit_called": (unit_called,),
    "dispatch.summons.unit_acknowledged": (unit_said("acknowledged"),),
    "dispatch.summons.unit_on_the_way": (unit_said("on_the_way"),),
    "dispatch.summons.unit_cannot_come": (unit_said("cannot_come"),),
    "dispatch.summons.unit_substitute_sent": (unit_said("substitute_sent"),),
    "dispatch.summons.unit_arrived": (unit_said("arrived"),),
    "dispatch.summons.unit_not_arrived": (unit_said("not_arrived"),),
    "dispatch.summons.ended": (summons_ended,),
    "dispatch.deferral.asked": (begins("deferral", "deferral_id"),),
    "dispatch.deferral.extended": (goes_on("deferral_id", "extended", after=("asked",), not_by=("asked",)),),
    "dispatch.deferral.suspended": (
        goes_on("deferral_id", "suspended", after=("asked",), not_by=("asked",)),
        suspended(True),
    ),
    "dispatch.deferral.refused": (goes_on("deferral_id", "refused", after=("asked",), not_by=("asked",)),),
    "dispatch.deferral.resumed": (goes_on("deferral_id", "resumed", after=("suspended",)), suspended(False)),
    "escalation.verification.assigned": (asked_to_verify,),
    "escalation.verification.recorded": (verified,),
    "escalation.appeal.made": (begins("appeal", "appeal_id"),),
    "escalation.appeal.proposed": (goes_on("appeal_id", "proposed", after=("asked",), not_by=("asked",)),),
    "escalation.appeal.granted": (goes_on("appeal_id", "granted", after=("proposed",), not_by=("asked", "proposed")),),
    "escalation.appeal.refused": (goes_on("appeal_id", "refused", after=("proposed",), not_by=("asked", "proposed")),),
    "escalation.referral.proposed": (begins("referral", "referral_id"),),
    "escalation.referral.decided": (goes_on("referral_id", "decided", after=("asked",)),),
    "escalation.referral.answered": (goes_on("referral_id", "answered", after=("decided",), not_by=("decided",)),),
    "escalation.referral.closed": (goes_on("referral_id", "closed", after=("answered",)),),
    "escalation.referral.dropped": (goes_on("referral_id", "dropped", after=("asked",)),),
    "escalation.supervision.issued": (begins("supervision", "order_id"),),
    "escalation.supervision.answered": (goes_on("order_id", "answered", after=("asked", "sent_back")),),
    "escalation.supervision.sent_back": (goes_on("order_id", "sent_back", after=("answered",), not_by=("answered",)),),
    "escalation.supervision.closed": (goes_on("order_id", "closed", after=("answered",), not_by=("answered",)),),
    "escalation.supervision.raised": (goes_on("order_id", "closed", after=("asked", "sent_back", "answered")),),
    "escalation.supervision.withdrawn": (goes_on("order_id", "withdrawn", after=("asked", "sent_back", "answered")),),
    "escalation.supervision.ended": (goes_on("order_id", "ended", after=("asked", "sent_back", "answered")),),
    "escalation.clock.armed": (clock_armed,),
    "escalation.clock.overdue": (clock_fired,),
    "escalation.clock.met": (clock_ended("met"),),
    "escalation.clock.cancelled": (clock_ended("cancelled"),),
}
