"""Any sequence of verbs on one case, drawn by hypothesis; after each of them every invariant is looked at."""

import sys
from datetime import timedelta

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.dispatch.model import WorkOrder
from shared.contracts.actors import Actor, Role
from shared.contracts.base import Level
from shared.contracts.escalation import VerificationOutcome
from tests.sequences.desk import MATTERS, UNITS, Desk
from tests.sequences.invariants import (
    INVARIANTS,
    clocks_do_not_ask_which_stream_came_first,
    what_the_facts_say_is_owed_is_what_the_clocks_time,
)
from tests.unit.dispatch import given as a

LEVELS: tuple[Level, ...] = ("I", "IV")
units = st.sampled_from(UNITS)
some_units = st.lists(units, unique=True, max_size=2).map(tuple)
steering = st.sampled_from((a.DISPATCHER, a.DIRECTOR))
matters = st.sampled_from(MATTERS)
levels = st.sampled_from(LEVELS)
which = st.integers(0, 7)
mostly = st.sampled_from((True, True, True, False))
COMMANDERS = (a.COMMANDER, Actor(staff=a.DIRECTOR.staff, role=Role.DEPUTY_COMMANDER))


class AnySequence(RuleBasedStateMachine):
    @initialize(jointly=st.booleans())
    def begin(self, jointly: bool) -> None:
        self.desk = Desk.with_a_new_case(jointly=jointly)

    @invariant()
    def holds(self) -> None:
        if hasattr(self, "desk"):
            for check in INVARIANTS:
                check(self.desk)

    def teardown(self) -> None:
        """Hypothesis comes here after a broken invariant, too: what would be found now must not hide it."""
        if hasattr(self, "desk") and sys.exception() is None:
            clocks_do_not_ask_which_stream_came_first(self.desk)
            what_the_facts_say_is_owed_is_what_the_clocks_time(self.desk)

    # -- units ---------------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.desk.file.orders)
    @rule(number=which, own=mostly)
    def sign_off(self, number: int, own: bool) -> None:
        order = self._order(number)
        self.desk.sign_off(order, a.staff_of(order.unit if own else "court"))

    @precondition(lambda self: self.desk.file.orders)
    @rule(number=which, own=mostly, suggested=st.none() | units, disputed=st.booleans())
    def give_back(self, number: int, own: bool, suggested: str | None, disputed: bool) -> None:
        order = self._order(number)
        self.desk.give_back(order, a.staff_of(order.unit if own else "court"), suggested, disputed=disputed)

    @precondition(lambda self: self.desk.file.orders)
    @rule(number=which, own=mostly, replied=mostly)
    def report(self, number: int, own: bool, replied: bool) -> None:
        order = self._order(number)
        self.desk.report(order, a.staff_of(order.unit if own else "court"), replied=replied)

    @precondition(lambda self: self.desk.file.orders)
    @rule(number=which)
    def work_through(self, number: int) -> None:
        """Signed off and reported on by the unit itself, as most work orders are."""
        order = self._order(number)
        self.desk.sign_off(order, a.staff_of(order.unit))
        self.desk.contact(order)
        self.desk.report(order, a.staff_of(order.unit), replied=True)

    @precondition(lambda self: self.desk.file.lead is not None)
    @rule()
    def everybody_finishes(self) -> None:
        """The supporters first, then the lead."""
        lead = self.desk.file.lead
        for order in (*self.desk.file.supporters, *([lead] if lead is not None else [])):
            self.desk.sign_off(order, a.staff_of(order.unit))
        self.desk.report(order, a.staff_of(order.unit), replied=True)

    # -- the centre ----------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.desk.file.lead is None)
    @rule(unit=units, supporters=some_units, by=steering)
    def send_on(self, unit: str, supporters: tuple[str, ...], by: Actor) -> None:
        self.desk.send_on(unit, supporters, by)

    @precondition(lambda self: self.desk.file.lead is None)
    @rule(first=units, second=units)
    def hand_around(self, first: str, second: str) -> None:
        """Sent on and given back at once, twice: what two departments do that both say it is not theirs."""
        for unit in (first, second):
            self.desk.send_on(unit, (), a.DIRECTOR)
            lead = self.desk.file.lead
            if lead is not None:
                self.desk.give_back(lead, a.staff_of(lead.unit), None, disputed=False)

    @rule(unit=units, supporters=some_units)
    def designate(self, unit: str, supporters: tuple[str, ...]) -> None:
        self.desk.designate(unit, supporters)

    @rule(unit=units, by=steering)
    def add_supporter(self, unit: str, by: Actor) -> None:
        self.desk.add_supporter(unit, by)

    @precondition(lambda self: self.desk.file.supporters)
    @rule(number=which, owing=mostly, unit=units, by=steering, act=st.sampled_from(("release", "replace", "insist")))
    def decide_on_supporter(self, number: int, owing: bool, unit: str, by: Actor, act: str) -> None:
        supporters = self.desk.file.supporters
        order = supporters[number % len(supporters)] if owing else self._order(number)
        if act == "release":
            self.desk.release(order, by)
        elif act == "replace":
            self.desk.replace(order, unit, by)
        else:
            self.desk.insist(order)

    @rule(category=matters, level=levels)
    def correct(self, category: str, level: Level) -> None:
        self.desk.correct(category, level)

    @rule(unit=units, category=matters, level=levels, by=steering)
    def rule_and_put_right(self, unit: str, category: str, level: Level, by: Actor) -> None:
        """A ruling, a correction that is confirmed after it, and a unit that will not have it."""
        self.desk.designate(unit, ())
        self.desk.correct(category, level)
        self.desk.decide_proposal(by, confirm=True)
        lead = self.desk.file.lead
        if lead is not None:
            self.desk.give_back(lead, a.staff_of(lead.unit), None, disputed=False)

    @precondition(lambda self: self.desk.file.supporters and self.desk.file.lead is not None)
    @rule(number=which, unit=units, to=st.sampled_from(("others", "lead again", "support again")), by=steering)
    def nobody_wants_it(self, number: int, unit: str, to: str, by: Actor) -> None:
        """A supporter returns (every other time it disputes), then the lead, and somebody sends the case on."""
        lead, owing = self.desk.file.lead, self.desk.file.supporters
        assert lead is not None
        support = owing[number % len(owing)]
        self.desk.give_back(support, a.staff_of(support.unit), None, disputed=number % 2 == 1)
        self.desk.give_back(lead, a.staff_of(lead.unit), None, disputed=False)
        supporters = {"others": (a.THIRD,), "lead again": (), "support again": (support.unit,)}
        self.desk.send_on(lead.unit if to == "lead again" else unit, supporters[to], by)

    @precondition(lambda self: self.desk.file.proposal is not None)
    @rule(by=steering, confirm=st.booleans())
    def decide_proposal(self, by: Actor, confirm: bool) -> None:
        self.desk.decide_proposal(by, confirm=confirm)

    @rule(hours=st.sampled_from((1, 8, 30)))
    def pass_time(self, hours: int) -> None:
        self.desk.pass_time(timedelta(hours=hours))

    # -- the closed loop -----------------------------------------------------------------------------------------------

    @precondition(lambda self: self.desk.tasks)
    @rule(number=which, handler=st.booleans(), outcome=st.sampled_from(VerificationOutcome))
    def verify(self, number: int, handler: bool, outcome: VerificationOutcome) -> None:
        task = self.desk.tasks[number % len(self.desk.tasks)]
        grid = Actor(staff="grid.1", role=Role.GRID_WORKER)
        self.desk.verify(task, a.staff_of(task.unit) if handler else grid, outcome)

    @precondition(lambda self: self.desk.file.lead is not None)
    @rule(then=st.sampled_from(("nothing", "report", "close", "designate")), unit=units)
    def reopen(self, then: str, unit: str) -> None:
        """What everybody has finished comes back, and goes on in one way or another."""
        self.everybody_finishes()
        self.desk.reopen()
        lead = self.desk.file.lead
        if then == "report" and lead is not None:
            self.desk.contact(lead)
            self.desk.report(lead, a.staff_of(lead.unit), replied=True)
        elif then == "designate":
            self.desk.designate(unit, ())
        elif then == "close":
            self.desk.close()

    @rule(sure=st.integers(0, 5), returns=st.booleans())
    def close(self, sure: int, returns: bool) -> None:
        if sure != 0:
            return
        for order in self.desk.file.supporters[:1] if returns else ():
            self.desk.give_back(order, a.staff_of(order.unit), None, disputed=False)
        self.desk.close()

    # -- the whistle ---------------------------------------------------------------------------------------------------

    @rule(called=st.lists(units, unique=True, min_size=1, max_size=3).map(tuple))
    def ask_summons(self, called: tuple[str, ...]) -> None:
        if self.desk.file.case.closed_at is None:
            self.desk.ask_summons(called, a.DIRECTOR)

    @precondition(lambda self: self.desk.rolls)
    @rule(number=which, by=st.sampled_from(COMMANDERS))
    def approve(self, number: int, by: Actor) -> None:
        self.desk.approve(self.desk.rolls[number % len(self.desk.rolls)], by)

    @precondition(lambda self: self.desk.rolls)
    @rule(
        number=which,
        unit=which,
        verb=st.sampled_from(
            ("acknowledge", "on_the_way", "cannot_come", "arrive", "arrive", "give_up", "refuse", "stand_down")
        ),
    )
    def answer(self, number: int, unit: int, verb: str) -> None:
        roll = self.desk.rolls[number % len(self.desk.rolls)]
        self.desk.answer(roll, verb, roll.units[unit % len(roll.units)].unit)

    def _order(self, number: int) -> WorkOrder:
        """The newest are the likeliest to be open."""
        orders = self.desk.file.orders
        return orders[-1 - number % len(orders)]


def searching(sequences: int, *, steps: int = 30) -> settings:
    """The same sequences every time; the first failure is enough, made no smaller."""
    return settings(
        max_examples=sequences,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.generate,),
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
