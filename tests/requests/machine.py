"""Any sequence of requests by anybody, through the doors the services have; every event is judged as it is recorded.

A database cannot be wound back as a model can, so a sequence is drawn from one seed instead of by a library that runs
it again: the number of the sequence brings it again, and the story tells what was asked.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from datetime import timedelta
from random import Random
from typing import Any, TypeVar

from shared.contracts.actors import UNIT_ROLES, Actor, Role
from shared.contracts.base import Envelope
from shared.contracts.catalogue import REQUESTS
from shared.contracts.rights import RIGHTS
from tests.requests.filling import ENTRUSTED, Known, fill
from tests.requests.ledger import Ledger
from tests.requests.nouns import Broken, Case, check
from tests.requests.proper import next_of, on_step
from tests.requests.staff import Staff, hats_on
from tests.support.direct import DirectCentre
from tests.support.times import MONDAY_MORNING

T = TypeVar("T")
SERVED = ("intake", "dispatch", "escalation")
NOT_HERE = frozenset(
    {
        "apply_centre_pack",  # a pack of its own: the pack loader's fuzz has it
        "rotate_vault",  # ends every session of the vault: tests/integration/intake
        "read_health",  # looks at the broker, which is not there
    }
)
COUNTED_THOUGH_REFUSED = frozenset({"check_in_by_code"})
"""A wrong code stays counted, so that nobody tries them all."""

NAMES = sorted(name for name, one in REQUESTS.items() if one.SERVICE in SERVED and name not in NOT_HERE)
READS = frozenset(
    name for name in NAMES if name.startswith(("list_", "read_", "explain_route", "who_", "check_rosters"))
)
ACTS = tuple(name for name in NAMES if name not in READS)


class World:
    """The running centre, its staff, and a loop of its own to run it in: hypothesis knows no coroutines."""

    def __init__(self, centre: DirectCentre, loop: asyncio.AbstractEventLoop) -> None:
        self.centre, self.loop = centre, loop
        self.staff = Staff(centre.pack)
        self.ledger = Ledger()
        self.known = Known()
        self.tally: Counter[str] = Counter()
        self.without_field: Counter[str] = Counter()
        self.story: list[str] = []
        centre.hearing = self.hear
        self.run(centre.remember())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    def begin(self) -> None:
        """A new sequence, in an empty centre."""
        self.run(self.centre.go_back())
        self.centre.clock.move_to(MONDAY_MORNING)
        self.ledger = Ledger(self.staff.window_of, secrets=ENTRUSTED)
        self.known = Known()
        self.story = []

    def hear(self, envelope: Envelope) -> None:
        self.ledger.hear(envelope)
        data = envelope.data
        if str(data.get("case_id")) in self.ledger.cases:
            for field in ("case_code", "work_order_id", "summons_id", "verification_id", "deferral_id"):
                self._note(field, data)
            for field in ("proposal_id", "appeal_id", "referral_id", "order_id"):
                self._note(field, data)
            if envelope.type == "escalation.clock.overdue":
                self.known.note("clock", data["clock"])
        self._note("handover_id", data)

    def _note(self, field: str, data: Any) -> None:
        value = data.get(field)
        if value and value not in self.known.get(field, ()):
            self.known.note(field, value)
            if field == "case_code":
                self.known.note("leader", value)

    # -- one request ---------------------------------------------------------------------------------------------------

    def ask(self, name: str, actor: Actor, lots: Random, **fixed: Any) -> bool:
        """True where it was done. Refused, it must say why in words and have changed nothing."""
        request = REQUESTS[name]
        body = fill(request, lots, self.known, self.centre.pack, self.centre.clock.now(), **fixed)
        body["actor"] = actor.model_dump(mode="json")
        before = self._commits()
        sent = json.dumps(body, ensure_ascii=False).encode()
        reply = json.loads(self.run(self.centre.door(request.SERVICE, name, sent)))
        code = "done" if reply["ok"] else reply.get("refusal", {}).get("code", "no refusal")
        self.story.append(f"{actor.name} {name} {code}")
        if reply["ok"]:
            check(actor.role in RIGHTS[name], f"a {actor.role} was allowed {name}")
            self._acts_for_its_own(name, actor, body)
            self.tally[name] += 1
        else:
            self._is_refusal(name, actor, reply)
            kept = self._commits() != before and name not in COUNTED_THOUGH_REFUSED
            check(not kept, f"{name} was refused and something was kept")
        if self._commits() != before:
            self.run(self.centre.settle())
            self.ledger.balance()
        return bool(reply["ok"])

    def _acts_for_its_own(self, name: str, actor: Actor, body: dict[str, Any]) -> None:
        """A unit's staff act on its own work orders only."""
        for case in self.ledger.cases.values():
            order = case.orders.get(str(body.get("work_order_id")))
            if order is not None and actor.role in UNIT_ROLES:
                check(actor.unit == order.unit, f"{actor.unit} was allowed {name} on a work order of {order.unit}")

    def _is_refusal(self, name: str, actor: Actor, reply: dict[str, Any]) -> None:
        check("refusal" in reply, f"{name} was not refused in words: {reply}")
        refusal = reply["refusal"]
        check(bool(refusal["code"] and refusal["rule"] and refusal["message"]), f"{name}: {refusal}")
        check("Traceback" not in refusal["message"], f"{name} answered with a trace")
        if actor.role not in RIGHTS[name]:
            check(refusal["code"] in ("not_allowed", "invalid_input"), f"a {actor.role} got far with {name}: {refusal}")
        if refusal["field"] is None:
            self.without_field[f"{name}: {refusal['code']}"] += 1
        self.tally["refused"] += 1
        self.tally[f"refused {refusal['code']}"] += 1

    def _commits(self) -> int:
        return sum(one.number for one in self.centre.commits.values())

    def pass_time(self, span: timedelta) -> None:
        self.story.append(f"{span} pass")
        self.centre.clock.move(span)
        self.run(self.centre.settle())
        self.ledger.balance()


class Sequence:
    """One sequence of so many steps, drawn by lot from its seed."""

    def __init__(
        self, world: World, seed: object, *, acts: "Mapping[Act, int] | None" = None, names: tuple[str, ...] = ()
    ) -> None:
        """`acts` and `names` of requests: what is drawn more often than usual."""
        self._world, self._lots, self._names = world, Random(str(seed)), names
        weights = {**ACTS_OF, **(acts or {})}
        self._acts, self._weights = list(weights), list(weights.values())

    def run(self, steps: int) -> None:
        """Raises Broken, with what was asked until then."""
        self._world.begin()
        try:
            self.register()
            for _ in range(steps):
                self._lots.choices(self._acts, self._weights)[0](self)
        except AssertionError as broken:
            raise Broken("\n  ".join([str(broken), "after:", *self._world.story[-60:]])) from broken
        self._world.tally["sequences"] += 1

    @property
    def _cases(self) -> list[Case]:
        """The newest are the likeliest to be under way."""
        return list(self._world.ledger.cases.values())[-4:]

    def _case(self) -> Case | None:
        return self._lots.choice(self._cases) if self._cases else None

    def _somebody(self, role: Role, *, unit: str | None = None, case: Case | None = None) -> Actor:
        return self._world.staff.of(role, self._lots, unit=unit, hats=hats_on(case), case=case)

    def _ask(self, name: str, actor: Actor, **fixed: Any) -> bool:
        return self._world.ask(name, actor, self._lots, **fixed)

    # -- steps ---------------------------------------------------------------------------------------------------------

    def register(self) -> None:
        level = self._lots.choice(("I", "II", "IV", "IV", "IV"))
        fixed: dict[str, Any] = {"joins": None, "join_reason": None, "suggestion_id": None, "source": "window"}
        mode = self._lots.choice((None, "forward", "forward", "self"))
        self._ask("register_case", self._somebody(Role.INTAKE_CLERK), level=level, accept_as=mode, **fixed)

    def a_case_goes_on(self) -> None:
        """As it should, but for who does it: now and then somebody who had another hat on before."""
        for _ in range(self._lots.choice((1, 2, 4, 8))):
            case = self._case()
            found = None if case is None else next_of(case, self._lots)
            if found is not None:
                name, role, unit, fixed = found
                self._ask(name, self._somebody(role, unit=unit, case=case), **fixed)

    def somebody_acts(self) -> None:
        names = self._names if self._names and self._lots.random() < 0.7 else ACTS
        name, case = self._lots.choice(names), self._case()
        fields, fixed, unit = REQUESTS[name].model_fields, dict[str, Any](), None
        if case is not None and self._lots.random() < 0.9:
            if "case_code" in fields:
                fixed["case_code"] = case.code
            orders = [one for one in case.orders.values() if one.owes] or list(case.orders.values())
            if orders:
                order = self._lots.choice(orders)
                unit = order.unit if self._lots.random() < 0.85 else None
                if "work_order_id" in fields:
                    fixed["work_order_id"] = order.order_id
        self._ask(name, self._world.staff.for_request(name, self._lots, case, unit), **fixed)

    def somebody_looks(self) -> None:
        name = self._lots.choice(sorted(READS))
        self._ask(name, self._world.staff.for_request(name, self._lots, None, None))

    def the_whistle(self) -> None:
        case = self._case()
        if case is not None and not case.over:
            units = [unit.code for unit in self._lots.sample(self._world.centre.pack.units, 2)]
            director = self._somebody(Role.DUTY_DIRECTOR)
            self._ask("ask_summons", director, case_code=case.code, units=units, by_plan=False)

    def more_is_asked(self) -> None:
        """Asked well, so that there is something to decide on."""
        case = next((case for case in reversed(self._cases) if case.lead is not None), None)
        if case is None or case.lead is None:
            return
        order = {"work_order_id": case.lead.order_id}
        until = (self._world.centre.clock.now() + timedelta(days=4)).isoformat()
        own, unit = self._somebody(Role.LIAISON_OFFICER, unit=case.lead.unit), {"unit": case.lead.unit}
        name, actor, fields = self._lots.choice(
            (
                ("ask_extension", own, {**order, "days": 2}),
                ("ask_suspension", own, {**order, "until": until}),
                ("return_work_order", own, {**order, "suggested_unit": None, "disputed": False}),
                ("add_supporter", self._somebody(Role.DUTY_DIRECTOR), {"case_code": case.code}),
                ("issue_supervision", self._somebody(Role.COMMANDER), {"case_code": case.code, **unit}),
            )
        )
        done = self._ask(name, actor, **fields)
        if name == "issue_supervision":
            self._goes_through("supervision")
        if done and name.startswith("ask_") and self._lots.random() < 0.6:
            director = self._somebody(Role.DUTY_DIRECTOR, case=case)
            deferral = self._world.known["deferral_id"][-1]
            self._ask("decide_deferral", director, deferral_id=deferral, approve=True)

    def the_mode(self) -> None:
        """Switching it changes nobody's case: each event that names an owner is judged by that."""
        act = self._lots.choice(("switch_mode", "prolong_surge", "end_surge"))
        ends = self._world.centre.clock.now() + timedelta(days=self._lots.choice((1, 3, 8)))
        fixed = {} if act == "end_surge" else {"expected_end": ends.isoformat()}
        self._ask(act, self._somebody(Role.COMMANDER), seen=None, **fixed)

    def a_unit_appeals(self) -> None:
        units = {unit.code for unit in self._world.centre.pack.units}
        fired = [
            (key, one.owes)
            for case in self._cases
            for key, one in case.clocks.items()
            if one.fired and one.owes in units
        ]
        if fired:
            key, unit = self._lots.choice(fired)
            self._ask("make_appeal", self._somebody(Role.UNIT_LEAD, unit=unit), clock=key)
            self._goes_through("appeal")

    def _goes_through(self, kind: str) -> None:
        """Mostly at once, as it should be but for who does it."""
        for case in self._cases:
            for step_id, step in list(case.steps.items()):
                while step.kind == kind and self._lots.random() < 0.7:
                    found = next(on_step(step.kind, step.state, step_id, step.unit, self._lots), None)
                    if found is None:
                        break
                    name, role, unit, fixed = found
                    self._ask(name, self._somebody(role, unit=unit, case=case), **fixed)

    def two_become_one(self) -> None:
        """The same matter brought twice (并案), and now and then two again (拆案)."""
        cases = [case for case in self._cases if not case.over]
        if len(cases) < 2:
            return
        first, second = self._lots.sample(cases, 2)
        clerk, name = self._somebody(Role.INTAKE_CLERK), "split_case" if second.joined_to else "join_case"
        fixed = {} if second.joined_to else {"leader": first.code, "reason": "同一事项"}
        self._ask(name, clerk, case_code=second.code, **fixed)

    def the_watch(self) -> None:
        name = self._lots.choice(("offer_handover", "accept_handover"))
        self._ask(name, self._somebody(Role.DUTY_DIRECTOR))

    def time_passes(self) -> None:
        self._world.pass_time(timedelta(hours=self._lots.choice((0.1, 1, 5, 20, 50, 120))))


Act = Callable[[Sequence], None]
ACTS_OF: Mapping[Act, int] = {
    Sequence.a_case_goes_on: 10,
    Sequence.somebody_acts: 9,
    Sequence.somebody_looks: 3,
    Sequence.register: 2,
    Sequence.the_whistle: 2,
    Sequence.more_is_asked: 4,
    Sequence.the_mode: 1,
    Sequence.a_unit_appeals: 2,
    Sequence.two_become_one: 2,
    Sequence.the_watch: 1,
    Sequence.time_passes: 3,
}
"""What is drawn how often."""
