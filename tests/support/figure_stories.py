"""Invented cases as the services tell them, to be counted: by the console, and straightforwardly beside it."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from shared.contracts.base import Envelope
from shared.contracts.catalogue import EVENTS
from shared.contracts.dispatch import ReopenCause
from tests.support.times import MONDAY_MORNING

SPACE = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")
CATEGORIES = ("labour.wages.arrears", "environment.noise", None)
PLACES = ("350521104", "350521105", None)
UNITS = ("police", "market", "court")
WINDOWS = ("letters-visits", "legal-aid")


@dataclass
class Story:
    """One case: its chains in order, each of (type, data)."""

    number: int
    dice: random.Random
    at: datetime
    chains: dict[str, list[tuple[str, dict[str, Any]]]] = field(
        default_factory=lambda: {"intake": [], "dispatch": [], "clocks": [], "appeals": []}
    )

    @property
    def case_id(self) -> str:
        return str(uuid5(SPACE, f"case/{self.number}"))

    @property
    def code(self) -> str:
        return f"26-{self.number:07d}-0"

    def tell(self, chain: str, name: str, **fields: Any) -> None:
        event = EVENTS[name].model_validate({"case_id": self.case_id, "case_code": self.code, **fields})
        self.chains[chain].append((name, event.model_dump(mode="json")))

    def passes(self, **span: float) -> datetime:
        self.at += timedelta(**span)
        return self.at

    def clock(self, key: str, stage: str, owes: str, *, hours: float, takes: float | None, reason: str = "") -> None:
        """Armed now; met after so many hours, cancelled for a reason, or left open."""
        begun, due = self.at, self.at + timedelta(hours=hours)
        common = {"clock": f"{key}:{self.number}", "stage": stage, "owes": owes}
        limit = {"limit": "x", "limit_id": "x", "limit_source": "x", "pack_version": "v", "provisional": False}
        self.tell("clocks", "escalation.clock.armed", **common, **limit, started_at=begun, due_at=due, armed_at=begun)
        if takes is None or takes > hours:
            self.tell("clocks", "escalation.clock.overdue", **common, due_at=due, fired_at=due)
            if stage in {"report_back", "sign_off"} and self.dice.random() < 0.4:
                appeal = {"appeal_id": str(uuid5(SPACE, f"{key}/{self.number}")), "unit": owes}
                known = {"clock": common["clock"], "stage": stage, "decided_by": "commander.1"}
                granted = due + timedelta(hours=1)
                self.tell("appeals", "escalation.appeal.granted", **appeal, **known, exempted_at=granted)
        if takes is not None:
            ended = begun + timedelta(hours=takes)
            if reason:
                self.tell("clocks", "escalation.clock.cancelled", **common, reason=reason, cancelled_at=ended)
            else:
                late = takes > hours
                self.tell("clocks", "escalation.clock.met", **common, due_at=due, met_at=ended, late=late)


def story(number: int, dice: random.Random) -> Story:
    """From registration to as far as the dice let it come, with returns, appeals, reopenings, summonses."""
    one = Story(number, dice, MONDAY_MORNING + timedelta(hours=dice.randrange(24 * 20)))
    matter = {"category": dice.choice(CATEGORIES), "place": dice.choice(PLACES), "level": dice.choice(["II", "IV"])}
    graded = {**matter, "pack_version": "v"}
    began = one.at
    one.tell(
        "intake",
        "intake.case.registered",
        **{**graded, "source": "window", "window": dice.choice(WINDOWS), "owner": "clerk.1"},
        received_at=began,
        registered_at=began,
    )
    one.clock("return", "return", "police", hours=1, takes=2, reason="lapsed")
    if dice.random() < 0.1:
        one.tell("intake", "intake.case.not_accepted", reason="court", decided_at=one.passes(minutes=5))
        return one
    own = dice.random() < 0.15
    accepted = {"handling_mode": "self" if own else "forward", "owner": "clerk.1", "source": "window"}
    at = one.passes(minutes=10)
    one.tell("intake", "intake.case.accepted", **graded, **accepted, registered_at=began, accepted_at=at)
    if own:
        _asked(one, 1)
        return one
    for turn in range(dice.choice([1, 1, 2])):
        _sent(one, turn, graded, returned=turn == 0 and dice.random() < 0.3)
    if dice.random() < 0.3:
        one.tell(
            "intake",
            "intake.case.corrected",
            **{**graded, "category": dice.choice(CATEGORIES), "level": "IV", "flags": ()},
            corrected_at=one.passes(minutes=3),
        )
    _summoned(one)
    if dice.random() < 0.8:
        _asked(one, 1)
    return one


def _sent(one: Story, turn: int, graded: dict[str, Any], *, returned: bool) -> None:
    unit, order = one.dice.choice(UNITS), str(uuid5(SPACE, f"order/{one.number}/{turn}"))
    common = {"work_order_id": order, "unit": unit, "round": 1}
    at = one.passes(hours=1)
    sent = {"role": "lead", "reached_by": "desk", "returns": turn, "accepted_at": at, "dispatched_at": at}
    one.tell("dispatch", "dispatch.work_order.dispatched", **common, **graded, **sent)
    signs, reports = one.dice.choice([1.0, 3.0, 9.0, None]), one.dice.choice([10.0, 60.0, None])
    reason = "returned" if returned else ""
    one.clock(f"sign_off:{order}", "sign_off", unit, hours=5, takes=2 if returned else signs, reason=reason)
    one.clock(f"report_back:{order}", "report_back", unit, hours=48, takes=2 if returned else reports, reason=reason)
    if returned:
        back = {"reason": "not_our_duty", "suggested_unit": None, "returns": 1, "goes_to": "dispatcher"}
        at = one.passes(hours=2)
        one.tell("dispatch", "dispatch.work_order.returned", **common, **back, returned_at=at, dispatcher_owes_since=at)
    elif one.dice.random() < 0.3:
        again = {"cause": one.dice.choice([each.value for each in ReopenCause])}
        at = one.passes(hours=5)
        one.tell("dispatch", "dispatch.work_order.reopened", **common, **graded, **again, reopened_at=at)


def _summoned(one: Story) -> None:
    if one.dice.random() < 0.5:
        return
    for unit in UNITS[:2]:
        takes = one.dice.choice([0.2, 0.5, None])
        gone = one.dice.choice(["", "", "stood_down", "not_arrived"])
        one.clock(f"arrival:{unit}", "arrival", unit, hours=1 / 3, takes=takes, reason=gone if takes else "")


def _asked(one: Story, round_: int) -> None:
    one.clock("follow_up", "follow_up", "clerk.1", hours=24, takes=one.dice.choice([5.0, 30.0]))
    missed = {"contacted": False, "solved": None, "satisfaction": None, "cause": None, "missed": "no_answer"}
    told = {"kind": "telephone", "round": round_}
    at = one.passes(hours=3)
    if one.dice.random() < 0.3:
        one.tell("intake", "intake.case.followed_up", attempt=1, **told, **missed, followed_up_at=at)
    said = one.dice.choice(["satisfied", "basically", "dissatisfied"])
    reached = {"contacted": True, "solved": one.dice.random() < 0.7, "satisfaction": said, "cause": None}
    at = one.passes(hours=1)
    responded = one.dice.choice([True, False, None])
    one.tell("intake", "intake.case.followed_up", attempt=2, **told, **reached, responded=responded, followed_up_at=at)
    if one.dice.random() < 0.7:
        one.tell("intake", "intake.case.closed", outcome="solved", round=round_, closed_at=one.passes(hours=1))


def stories(many: int, seed: int) -> list[Story]:
    dice = random.Random(seed)
    return [story(number, dice) for number in range(1, many + 1)]


def interleaved(told: list[Story], dice: random.Random) -> list[Envelope]:
    """All chains in some order between them, each in its own."""
    left = [[(one, chain, *event) for event in events] for one in told for chain, events in one.chains.items()]
    mixed: list[Envelope] = []
    sequence: dict[tuple[int, str], int] = {}
    while left := [chain for chain in left if chain]:
        one, chain, name, data = dice.choice(left).pop(0)
        sequence[one.number, chain] = number = sequence.get((one.number, chain), 0) + 1
        mixed.append(
            Envelope(
                id=uuid5(SPACE, f"{one.number}/{chain}/{number}"),
                source="test",
                type=name,
                time=MONDAY_MORNING,
                subject=one.code,
                centre="qz",
                chain=f"{one.case_id}:{chain}",
                sequence=number,
                trace="t",
                data=data,
            )
        )
    return mixed
