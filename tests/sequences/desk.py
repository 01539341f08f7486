"""One case on everybody's desk at once: what a unit, a director, a commander and a grid worker may do to it.

Carries a verb out as the operations do, without any database; what is refused has to leave everything as it was.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from services.dispatch.model import (
    CaseFile,
    Changes,
    Moment,
    RollCall,
    Summons,
    WorkOrder,
    joint,
    table_routing,
    unit_acts,
)
from services.dispatch.model.base import Base
from services.dispatch.policy.cases import WorkOrderState
from services.dispatch.policy.picking import Pick
from services.escalation.model import Verification
from services.escalation.policy.obligations import AskVerification, Grounds
from shared.centre.pack import CentrePack, Rule
from shared.contracts.actors import Actor, Role
from shared.contracts.base import CaseEvent, Level
from shared.contracts.dispatch import ReopenCause, WorkOrderReportedBack
from shared.contracts.escalation import VerificationOutcome
from shared.contracts.intake import CaseClosed
from shared.errors import Refused
from tests.sequences.clock_book import ClockBook
from tests.unit.dispatch import given as a

UNITS = (a.LEAD, a.OTHER, a.THIRD, a.FOURTH, a.TOWNSHIP_UNIT)
MATTERS = (a.WAGES, a.FAMILY, "environment.noise.social")


@dataclass
class Desk:
    """`events`: everything told so far; `kept`: every new row. `rulings`: how often the director designated a lead.

    `heard` is what intake told: one stream, while `events` is another.
    """

    file: CaseFile
    first_receiver: str | None
    pack: CentrePack
    heard: list[CaseEvent]
    clocks: ClockBook
    kept: list[Base] = field(default_factory=list)
    now: datetime = a.MONDAY
    rolls: list[RollCall] = field(default_factory=list)
    tasks: list[Verification] = field(default_factory=list)
    events: list[CaseEvent] = field(default_factory=list)
    rulings: int = 0
    refused: int = 0

    @staticmethod
    def with_a_new_case(*, jointly: bool) -> "Desk":
        pack = pack_of_the_case(jointly=jointly)
        event = a.accepted(pack_version=pack.version)
        file, changes = a.file_of(event, a.moment(pack=pack))
        desk = Desk(file, event.owner, pack, [event], ClockBook([event]))
        desk.tell(changes)
        return desk

    @property
    def moment(self) -> Moment:
        return a.moment(self.now, pack=self.pack)

    # -- acts ----------------------------------------------------------------------------------------------------------

    def sign_off(self, order: WorkOrder, by: Actor) -> None:
        self.do(lambda: order.sign_off(by=by, now=self.now))

    def contact(self, order: WorkOrder) -> None:
        self.do(lambda: order.contact_requester(a.contact(order), now=self.now))

    def give_back(self, order: WorkOrder, by: Actor, suggested: str | None, *, disputed: bool) -> None:
        ask = a.returning(order, suggested=suggested, disputed=disputed, by=by)
        self.do(lambda: unit_acts.take_back(self.file, order, ask, self.moment))

    def report(self, order: WorkOrder, by: Actor, *, replied: bool) -> None:
        before = len(self.events)
        ask = a.report(order, replied=replied, by=by)
        self.do(lambda: unit_acts.report(self.file, order, ask, self.moment))
        for told in self.events[before:]:
            if isinstance(told, WorkOrderReportedBack) and told.role == "lead":
                self.tasks.append(self._task(told))

    def send_on(self, unit: str, supporters: tuple[str, ...], by: Actor) -> None:
        ask = a.redispatch(self.file.case.case_code, unit, *supporters, by=by)
        if self.do(lambda: self.file.send_on(ask, self.moment)):
            self._are_at_work(supporters)

    def designate(self, unit: str, supporters: tuple[str, ...]) -> None:
        ask = a.designation(self.file.case.case_code, unit, *supporters)
        if self.do(lambda: self.file.designate(ask, self.moment)):
            self.rulings += 1
            self._are_at_work(supporters)

    def add_supporter(self, unit: str, by: Actor) -> None:
        ask = a.adding(self.file.case.case_code, unit, by=by)
        self.do(lambda: joint.add_supporter(self.file, ask, self.moment))

    def release(self, order: WorkOrder, by: Actor) -> None:
        self.do(lambda: joint.release_supporter(order, a.releasing(order, by=by), now=self.now))

    def replace(self, order: WorkOrder, unit: str, by: Actor) -> None:
        ask = a.replacing(order, unit, by=by)
        self.do(lambda: joint.replace_supporter(self.file, order, ask, self.moment))

    def insist(self, order: WorkOrder) -> None:
        self.do(lambda: joint.insist_on_supporter(self.file, order, a.insisting(order), self.moment))

    def correct(self, category: str, level: Level) -> None:
        event = a.accepted(category)
        told = a.corrected(event, category, level=level).model_copy(update=self.file.case.ids())
        self.do(lambda: table_routing.correct(self.file, told, self.moment))

    def decide_proposal(self, by: Actor, *, confirm: bool) -> None:
        proposal = self.file.proposal
        if proposal is not None:
            ask = a.deciding(proposal.proposal_id, confirm=confirm, by=by)
            self.do(lambda: table_routing.decide_proposal(self.file, ask, self.moment))

    def reopen(self) -> None:
        lead = self.file.lead
        if lead is not None and lead.state == WorkOrderState.REPORTED_BACK and self.file.case.closed_at is None:
            self.do(lambda: lead.reopen(ReopenCause.DISSATISFIED, self.file.case.graded(), now=self.now))

    def close(self) -> None:
        if self.file.case.closed_at is None:
            self.do(lambda: unit_acts.close(self.file, at=self.now))
            closed = CaseClosed(**self.file.case.ids(), outcome="solved", round=1, closed_at=self.now)
            self.heard.append(closed)
            self.clocks.hear(closed)
            for roll in self.rolls:
                if roll.summons.open:
                    self.answer(roll, "stand_down", roll.units[0].unit)

    def verify(self, task: Verification, by: Actor, outcome: VerificationOutcome) -> None:
        self.do(lambda: task.record(outcome, None, by=by, pack=a.quanzhou(), now=self.now))

    def ask_summons(self, units: tuple[str, ...], by: Actor) -> None:
        case = self.file.case
        ask = a.asking(case.case_code, *units, by=by)
        picks = [Pick(unit) for unit in units]
        summons, called, told = Summons.ask(ask, case.case_id, case.case_code, picks, summons_id=uuid4(), now=self.now)
        self.rolls.append(RollCall(summons, called))
        self.tell(told)

    def approve(self, roll: RollCall, by: Actor) -> None:
        version, graded = a.quanzhou().version, self.file.case.graded()
        self.do(
            lambda: roll.summons.approve(
                roll.units, graded, by=by, pack_version=version, room_code="123456", now=self.now
            )
        )

    def answer(self, roll: RollCall, verb: str, unit: str) -> None:
        by = Actor(staff=f"{unit}.liaison", role=Role.LIAISON_OFFICER, unit=unit)
        acts: dict[str, Callable[[], Any]] = {
            "acknowledge": lambda: roll.acknowledge(by=by, now=self.now),
            "on_the_way": lambda: roll.tell_on_the_way(10, by=by, now=self.now),
            "cannot_come": lambda: roll.tell_cannot_come("另有险情", by=by, now=self.now),
            "arrive": lambda: roll.check_in(unit, by=a.ROOM, now=self.now),
            "give_up": lambda: roll.give_up(unit, at=self.now),
            "refuse": lambda: (roll.summons.refuse("暂不需要", by=a.COMMANDER, now=self.now),),
            "stand_down": lambda: (roll.summons.stand_down(roll.units, by="d", reason="已缓解", now=self.now),),
        }
        self.do(acts[verb])

    def pass_time(self, span: timedelta) -> None:
        self.now += span

    # -- carried out ---------------------------------------------------------------------------------------------------

    def do(self, verb: Callable[[], Any]) -> bool:
        """True where it was done. Refused, it must have changed nothing."""
        before = self.rows()
        try:
            told = verb()
        except Refused:
            assert self.rows() == before, "a refused verb changed something"
            self.refused += 1
            return False
        self.tell(told)
        return True

    def tell(self, told: Any) -> None:
        events = told.events if isinstance(told, Changes) else told if isinstance(told, tuple) else (told,)
        self.kept += told.rows if isinstance(told, Changes) else ()
        self.events += events
        for event in events:
            self.clocks.hear(event)

    def rows(self) -> list[dict[str, Any]]:
        """Every column of every row."""
        proposal = [] if self.file.proposal is None else [self.file.proposal]
        called = [unit for roll in self.rolls for unit in roll.units]
        summonses = [roll.summons for roll in self.rolls]
        return [
            {key: getattr(row, key) for key in _columns(type(row))}
            for row in (self.file.case, *self.file.orders, *proposal, *summonses, *called, *self.tasks)
        ]

    def _are_at_work(self, named: tuple[str, ...]) -> None:
        at_work = {one.unit for one in self.file.orders if one.part == "support" and one.open}
        assert at_work.issuperset(named), "a supporter that was named has no work order"

    def _task(self, told: WorkOrderReportedBack) -> Verification:
        grounds = Grounds(told.pack_version, told.category, told.level)
        ask = AskVerification(
            told.work_order_id, told.unit, told.place, told.round, told.reported_by, grounds, told.reported_back_at
        )
        return Verification.of(uuid4(), told.case_id, told.case_code, ask)


@cache
def pack_of_the_case(*, jointly: bool) -> CentrePack:
    """Wage arrears of level I are always handled jointly; of the other levels, where `jointly`."""
    grave = Rule(
        id="grave", categories=(a.WAGES,), levels=("I",), unit=a.LEAD, supporters=(a.OTHER, a.FOURTH), source="样例"
    )
    pack = a.joint_pack() if jointly else a.quanzhou()
    return pack.model_copy(update={"rules": (grave, *pack.rules)})


@cache
def _columns(model: type[Any]) -> tuple[str, ...]:
    return tuple(column.key for column in sa.inspect(model).column_attrs)
