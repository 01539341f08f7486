"""Every obligation is known to the checker by its key; it sees a clock that is not there, and one that is there twice.

The checker asks no rule of the product. Here the two are held against each other: where they part, one is wrong.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any, get_args, get_type_hints
from uuid import UUID

import pytest

from services.escalation.policy import effects, joining_effects, obligations, summons_effects
from services.escalation.policy.obligations import Arm, CaseFacts, Effects, Grounds
from shared.contracts.base import CaseEvent
from shared.contracts.catalogue import EVENTS
from shared.contracts.dispatch import ModeSwitched
from tests.support.chaos.books import Books, Recorded
from tests.support.chaos.check_clocks import (
    clocks_began_and_ended_once,
    clocks_have_obligations,
    obligations_have_clocks,
)
from tests.support.chaos.owed_clocks import OWED, is_to_be_followed_up, owed_clocks
from tests.unit.chaos.sound import clock, sound_books, told

GOLDEN = Path(__file__).parents[2] / "contract" / "golden"
FACTS = CaseFacts(owner="clerk.1", grounds=Grounds("a pack", None, "IV"))


@dataclass(frozen=True)
class Owed:
    """What one event leads to: `key` with its facts filled in, beside whatever else it leads to."""

    type: str
    key: str
    told: Mapping[str, Any]

    @property
    def data(self) -> dict[str, Any]:
        envelope = json.loads((GOLDEN / f"{self.type}.json").read_text(encoding="utf-8"))
        return {**envelope["data"], **self.told}


def owed(type_: str, key: str, **told: Any) -> Owed:
    return Owed(type_, key, told)


SENT = "dispatch.work_order.dispatched"
OBLIGATIONS: Mapping[str, Owed] = {
    "accept": owed("intake.case.registered", "accept:{case_id}"),
    "handle": owed("intake.case.accepted", "handle:{case_id}", handling_mode="self"),
    "handle again": owed("intake.case.reopened", "handle:{case_id}:{round}", handling_mode="self", round=2),
    "dispatch": owed("intake.case.accepted", "dispatch:{case_id}:0", handling_mode="forward"),
    "dispatch, known by its end": owed(SENT, "dispatch:{case_id}:0", role="lead", returns=0, splits=0),
    "dispatch after a return": owed("dispatch.work_order.returned", "dispatch:{case_id}:{returns}", role="lead"),
    "dispatch after a split": owed("intake.case.split", "dispatch:{case_id}:split:{splits}"),
    "dispatch after a split, known by its end": owed(SENT, "dispatch:{case_id}:split:{splits}", role="lead", splits=2),
    "a supporter's return": owed("dispatch.work_order.returned", "dispatch:{work_order_id}:support", role="support"),
    "a new route": owed("dispatch.route.proposed", "dispatch:{proposal_id}:proposal"),
    "a case that came back too often": owed("intake.case.raised", "raised:{case_id}:{round}:{led_to}"),
    "sign off": owed(SENT, "sign_off:{work_order_id}", role="support"),
    "return": owed(SENT, "return:{work_order_id}", designated=False),
    "report back": owed(SENT, "report_back:{work_order_id}:{round}", role="support"),
    "report back again": owed("dispatch.work_order.reopened", "report_back:{work_order_id}:{round}"),
    "report back later": owed("dispatch.deferral.extended", "report_back:{work_order_id}:{round}:x{number}"),
    "report back after a stay": owed("dispatch.deferral.resumed", "report_back:{work_order_id}:{round}:x{number}"),
    "contact": owed(SENT, "contact:{work_order_id}", role="lead"),
    "deferral": owed("dispatch.deferral.asked", "deferral:{deferral_id}"),
    "a word on a delay": owed("dispatch.work_order.delayed", "explain_delay:{work_order_id}:{number}"),
    "a promise": owed("intake.case.delay_explained", "promise:{case_id}:{number}"),
    "arrival": owed("dispatch.summons.unit_called", "arrival:{summons_id}:{unit}"),
    "verify": owed("escalation.verification.assigned", "verify:{verification_id}"),
    "place": owed("escalation.verification.recorded", "place:{verification_id}", goes_to="dispatcher"),
    "follow up what the grid saw": owed(
        "escalation.verification.recorded", "follow_up:{case_id}:1", goes_to="first_receiver"
    ),
    "follow up what the window did": owed("intake.case.handled", "follow_up:{case_id}:1"),
    "follow up with the leading case": owed("intake.case.leader_solved", "follow_up:{case_id}:1"),
    "explain": owed(
        "intake.case.followed_up", "explain:{case_id}:{round}", contacted=True, leads_to="to_explain", round=2
    ),
    "supervision": owed("escalation.supervision.issued", "supervision:{order_id}:1"),
    "supervision again": owed("escalation.supervision.sent_back", "supervision:{order_id}:{round}"),
}
NOTHING: Mapping[str, Owed] = {
    "a requester nobody reached": owed("intake.case.followed_up", "", contacted=False, leads_to=None),
    "a requester who is content": owed("intake.case.followed_up", "", contacted=True, leads_to="followed_up"),
    "a case that goes back to its unit": owed("intake.case.reopened", "", handling_mode="forward"),
    "what the grid saw is not solved": owed("escalation.verification.recorded", "", goes_to="unit"),
    "a case that follows another": owed("intake.case.joined", ""),
    "a stay": owed("dispatch.deferral.suspended", ""),
}
PARTS: Mapping[str, Owed] = {
    "sent again after a return": owed(SENT, "", role="lead", returns=1, splits=0, designated=True),
    "sent to a supporter that may not return": owed(SENT, "", role="support", designated=True),
}


def keys_of(one: Owed) -> set[str]:
    """By the checker."""
    return {key for _, key in owed_clocks([recorded(one.type, one.data)])}


def recorded(type_: str, data: Mapping[str, Any]) -> Recorded:
    return Recorded(type_.split(".")[0], "e", "c", 1, type_, b"", {"data": data})


def with_clocks(books: Books, keys: set[str]) -> Books:
    """With a clock under each key, and its beginning on record."""
    for key in sorted(keys):
        books = told(books, "escalation.clock.armed", clock=key, stage=key.split(":")[0])
    return replace(books, clocks=(*books.clocks, *(clock(key, "armed", 500) for key in sorted(keys))))


# -- planted -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", OBLIGATIONS)
def test_a_clock_that_was_never_armed_is_missed(what: str) -> None:
    one = OBLIGATIONS[what]
    key = one.key.format(**one.data)
    books = told(sound_books(), one.type, **one.data)
    every = with_clocks(books, keys_of(one))
    assert list(obligations_have_clocks(every)) == []
    assert list(clocks_have_obligations(every)) == []
    [fault] = obligations_have_clocks(with_clocks(books, keys_of(one) - {key}))
    assert fault.endswith(f"{one.type} and no clock {key}")


@pytest.mark.parametrize("what", OBLIGATIONS)
def test_a_clock_that_was_armed_twice_is_seen(what: str) -> None:
    one = OBLIGATIONS[what]
    key = one.key.format(**one.data)
    books = with_clocks(told(sound_books(), one.type, **one.data), keys_of(one))
    again = told(books, "escalation.clock.armed", clock=key, stage=key.split(":")[0])
    assert list(clocks_began_and_ended_once(again)) == [f"clock {key} was armed 2 times"]


def test_each_follow_up_of_a_case_has_a_clock_of_its_own_and_none_has_two() -> None:
    data = OBLIGATIONS["follow up what the grid saw"].data
    twice = told(sound_books(), "escalation.verification.recorded", **data)
    twice = told(twice, "intake.case.leader_solved", case_id=data["case_id"])
    first, second, third = (f"follow_up:{data['case_id']}:{number}" for number in (1, 2, 3))
    assert [fault[-len(second) :] for fault in obligations_have_clocks(with_clocks(twice, {first}))] == [second]
    assert list(clocks_have_obligations(with_clocks(twice, {first, second}))) == []
    [fault] = clocks_have_obligations(with_clocks(twice, {first, second, third}))
    assert third in fault


def test_the_same_promise_under_another_mode_is_no_second_one() -> None:
    """But for a mode that was never switched to."""
    one = OBLIGATIONS["contact"]
    keys = keys_of(one)
    switched = told(told(sound_books(), one.type, **one.data), ModeSwitched.TYPE, number=12)
    assert list(clocks_have_obligations(with_clocks(switched, {*keys, *(f"{key}:m12" for key in keys)}))) == []
    found = list(clocks_have_obligations(with_clocks(switched, {*keys, *(f"{key}:m13" for key in keys)})))
    assert len(found) == len(keys)


def test_a_task_for_the_grid_on_a_case_that_is_over_is_cancelled_and_not_told() -> None:
    over = clock("verify:of-a-closed-case", "cancelled", 99)
    books = sound_books()
    assert list(clocks_have_obligations(replace(books, clocks=(*books.clocks, over)))) == []
    running = replace(over, state="armed")
    assert len(list(clocks_have_obligations(replace(books, clocks=(*books.clocks, running))))) == 1


@pytest.mark.parametrize("what", NOTHING)
def test_nothing_is_owed_for(what: str) -> None:
    assert keys_of(NOTHING[what]) == set()


# -- held against the product ------------------------------------------------------------------------------------------

OWN_ACTS: Mapping[str, Callable[[Mapping[str, Any]], str | None]] = {
    "escalation.verification.assigned": lambda told: obligations.verify_key(UUID(told["verification_id"])),
    "escalation.verification.recorded": lambda told: {
        "first_receiver": obligations.follow_up_key(UUID(told["case_id"]), 1),
        "dispatcher": obligations.place_key(UUID(told["verification_id"])),
    }.get(told["goes_to"]),
    "escalation.supervision.issued": lambda told: obligations.supervision_key(UUID(told["order_id"]), 1),
    "escalation.supervision.sent_back": lambda told: obligations.supervision_key(UUID(told["order_id"]), told["round"]),
}
"""What escalation arms in the very act that it tells of; all else it arms by its table of clocks."""


def table(*modules: ModuleType) -> Iterator[tuple[str, Callable[[CaseEvent, CaseFacts], Effects]]]:
    """The product's table of clocks, by the type of event."""
    for module in modules:
        for name, effects_of in vars(module).items():
            if name.startswith("on_"):
                event = get_type_hints(effects_of)["event"]
                yield from ((one.TYPE, effects_of) for one in get_args(event) or (event,))


TABLE = dict(table(effects, joining_effects, summons_effects))


def armed_by_the_product(one: Owed) -> set[str]:
    if one.type in OWN_ACTS:
        return {key for key in (OWN_ACTS[one.type](one.data),) if key is not None}
    if one.type not in TABLE:
        return set()
    found = TABLE[one.type](EVENTS[one.type].model_validate(one.data), FACTS)  # pyright: ignore[reportArgumentType]
    return {effect.obligation.key for effect in found if isinstance(effect, Arm)}


@pytest.mark.parametrize("one", [*OBLIGATIONS.values(), *NOTHING.values(), *PARTS.values()], ids=lambda one: one.type)
def test_the_checker_and_the_product_say_the_same_of(one: Owed) -> None:
    assert keys_of(one) == armed_by_the_product(one)


@pytest.mark.parametrize("type_", sorted(EVENTS))
def test_no_event_leads_to_a_clock_the_checker_does_not_know(type_: str) -> None:
    one = owed(type_, "")
    assert keys_of(one) == armed_by_the_product(one)


def test_every_event_that_leads_to_a_clock_has_its_row_here() -> None:
    leads = {type_ for type_ in EVENTS if is_to_be_followed_up(recorded(type_, {"goes_to": "first_receiver"}))}
    assert {*OWED, *leads} == {one.type for one in OBLIGATIONS.values()}
