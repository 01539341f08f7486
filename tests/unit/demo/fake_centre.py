"""A centre in memory that answers the requests the demo asks, and keeps what was asked: a stand-in for the services."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from pydantic import BaseModel

from shared.centre.pack import CentrePack
from shared.clock import Clock
from shared.codes import case_code
from shared.contracts import dispatch, escalation, intake
from shared.contracts.base import Command, Done, Request
from shared.contracts.dispatch import UnitSummonsState
from shared.errors import NotAllowed, Refused

A = TypeVar("A", bound=BaseModel)
GIVEN_UP_AFTER = timedelta(hours=4)  # a blink at the speed of these tests


@dataclass
class FakeCase:
    code: str
    owner: str
    at: datetime
    category: str | None
    place: str | None
    state: str = "registered"
    mode: str | None = None
    attempts: int = 0
    order: "FakeOrder | None" = None
    returns: int = 0
    disputed: bool = False
    rounds: int = 1


@dataclass
class FakeOrder:
    id: UUID
    case: FakeCase
    unit: str
    at: datetime
    state: str = "dispatched"
    designated: bool = False
    round: int = 1


@dataclass
class FakeSummons:
    id: UUID
    case: FakeCase
    units: dict[str, UnitSummonsState]
    by: str
    state: str = "asked"
    called_at: datetime | None = None


@dataclass
class FakeCentre:
    """`trouble` may raise before an answer is given."""

    pack: CentrePack
    clock: Clock
    trouble: Callable[[Request[Any]], None] = lambda _: None
    cases: dict[str, FakeCase] = field(default_factory=dict)
    orders: dict[UUID, FakeOrder] = field(default_factory=dict)
    tasks: dict[UUID, tuple[FakeOrder, datetime]] = field(default_factory=dict)
    summonses: dict[UUID, FakeSummons] = field(default_factory=dict)
    ended: list[FakeSummons] = field(default_factory=list)
    asked: list[Request[Any]] = field(default_factory=list)
    keys: Counter[tuple[str, str]] = field(default_factory=Counter)

    async def ask_patiently(
        self, request: Request[Any], answer_type: type[A], *, service: str | None = None, patience_s: float = 30.0
    ) -> A:
        self.asked.append(request)
        self.trouble(request)
        if isinstance(request, Command):
            self.keys[request.NAME, request.idempotency_key] += 1
        answer = getattr(self, f"_{request.NAME}")(request)
        assert isinstance(answer, answer_type)
        return answer

    def names(self) -> Counter[str]:
        return Counter(request.NAME for request in self.asked)

    # -- intake --------------------------------------------------------------------------------------------------------

    def _register_case(self, ask: intake.RegisterCase) -> intake.CaseReceipt:
        now = self.clock.now()
        code = case_code(now.year, len(self.cases) + 1)
        case = FakeCase(code, ask.actor.staff, now, ask.category, ask.place)
        self.cases[code] = case
        if ask.accept_as is not None:
            self._accepted(case, ask.accept_as)
        return intake.CaseReceipt(
            case_id=uuid4(), case_code=code, state=case.state, owner=case.owner, registered_at=now
        )

    def _accept_case(self, ask: intake.AcceptCase) -> Done:
        self._require(self.cases[ask.case_code].state == "registered")
        self._accepted(self.cases[ask.case_code], ask.handling_mode)
        return self._done()

    def _accepted(self, case: FakeCase, mode: intake.HandlingMode) -> None:
        case.state, case.mode = "handling", mode.value
        if mode is intake.HandlingMode.FORWARD and case.category and case.place:
            self._send(case, self.pack.units[1].code)

    def _decline_case(self, ask: intake.DeclineCase) -> Done:
        self.cases[ask.case_code].state = "not_accepted"
        return self._done()

    def _finish_own_case(self, ask: intake.FinishOwnCase) -> Done:
        case = self.cases[ask.case_code]
        self._require(case.state == "handling" and case.mode == "self")
        case.state = "to_follow_up"
        return self._done()

    def _follow_up_case(self, ask: intake.FollowUpCase) -> Done:
        case = self.cases[ask.case_code]
        self._require(case.state == "to_follow_up")
        case.attempts += 1
        if ask.contacted:
            assert ask.solved is not None
            assert ask.satisfaction is not None
            assert ask.responded is not None
            dissatisfied = ask.satisfaction is intake.Satisfaction.DISSATISFIED
            case.state = "to_explain" if dissatisfied else "followed_up"
        else:
            assert ask.missed is not None
        if ask.cause is intake.DissatisfactionCause.UNIT:
            case.state, case.attempts, case.rounds = "handling", 0, case.rounds + 1
            if case.order is not None:
                case.order.state, case.order.round = "handling", case.order.round + 1
        return self._done()

    def _explain_case(self, ask: intake.ExplainCase) -> Done:
        self._require(self.cases[ask.case_code].state == "to_explain")
        self.cases[ask.case_code].state = "followed_up"
        return self._done()

    def _close_case(self, ask: intake.CloseCase) -> Done:
        case = self.cases[ask.case_code]
        self._require(case.state == "followed_up" or (case.state == "to_follow_up" and case.attempts >= 3))
        case.state = "closed"
        return self._done()

    def _list_open_cases(self, ask: intake.ListOpenCases) -> intake.OpenCases:
        over = ("closed", "not_accepted")
        found = [c for c in self.cases.values() if c.state not in over and ask.state in (None, c.state)]
        shown = [
            intake.OpenCase(
                case_code=c.code,
                state=c.state,
                category=c.category,
                place=c.place,
                level="IV",
                owner=c.owner,
                registered_at=c.at,
            )
            for c in found
        ]
        return intake.OpenCases(cases=tuple(shown[: ask.limit]), total=len(shown))

    # -- dispatch ------------------------------------------------------------------------------------------------------

    def _send(self, case: FakeCase, unit: str) -> FakeOrder:
        case.order = FakeOrder(uuid4(), case, unit, self.clock.now())
        self.orders[case.order.id] = case.order
        return case.order

    def _own(self, ask: Any) -> FakeOrder:
        order = self.orders[ask.work_order_id]
        if ask.actor.unit != order.unit:
            raise NotAllowed("not your work order")
        return order

    def _sign_off_work_order(self, ask: dispatch.SignOffWorkOrder) -> Done:
        order = self._own(ask)
        self._require(order.state == "dispatched")
        order.state = "signed_off"
        return self._done()

    def _contact_requester(self, ask: dispatch.ContactRequester) -> Done:
        self._require(self._own(ask).state in ("signed_off", "handling"))
        return self._done()

    def _return_work_order(self, ask: dispatch.ReturnWorkOrder) -> Done:
        order = self._own(ask)
        self._require(order.state in ("dispatched", "signed_off") and ask.suggested_unit != order.unit)
        order.state, order.case.order = "returned", None
        order.case.disputed = ask.disputed
        order.case.returns += 1
        return self._done()

    def _report_back(self, ask: dispatch.ReportBack) -> Done:
        order = self._own(ask)
        self._require(order.state in ("signed_off", "handling"))
        order.state = "reported_back"
        self.tasks[uuid4()] = (order, self.clock.now())
        return self._done()

    def _redispatch_case(self, ask: dispatch.RedispatchCase) -> dispatch.WorkOrderSent:
        case = self.cases[ask.case_code]
        self._require(case.order is None and not case.disputed and self.pack.unit(ask.unit) is not None)
        order = self._send(case, ask.unit)
        return dispatch.WorkOrderSent(work_order_id=order.id, unit=order.unit, dispatched_at=order.at)

    def _read_results(self, ask: dispatch.ReadResults) -> dispatch.CaseResults:
        return dispatch.CaseResults(results=(), owing=())

    def _designate_unit(self, ask: dispatch.DesignateUnit) -> dispatch.Designated:
        case = self.cases[ask.case_code]
        self._require(case.disputed and case.order is None)
        case.disputed = False
        order = self._send(case, ask.unit)
        order.designated = True
        return dispatch.Designated(
            ruling_id=uuid4(), work_order_id=order.id, unit=order.unit, designated_at=self.clock.now()
        )

    def _list_work_orders(self, ask: dispatch.ListWorkOrders) -> dispatch.WorkOrders:
        shown = [
            dispatch.WorkOrderView(
                work_order_id=o.id,
                case_code=o.case.code,
                unit=o.unit,
                designated=o.designated,
                state=o.state,
                category=None,
                place=None,
                level="IV",
                round=o.round,
                dispatched_at=o.at,
                signed_off_at=None if o.state == "dispatched" else o.at,
            )
            for o in self.orders.values()
            if o.state == ask.state
        ]
        return dispatch.WorkOrders(work_orders=tuple(shown))

    def _list_triage(self, ask: dispatch.ListTriage) -> dispatch.TriageCases:
        waiting = [c for c in self.cases.values() if c.state == "handling" and c.mode == "forward" and c.order is None]
        shown = [
            dispatch.TriageCase(
                case_code=c.code,
                category=None,
                place=None,
                level="IV",
                reason="",
                returns=c.returns,
                since=c.at,
                desk="duty_director" if c.disputed else "dispatcher",
            )
            for c in waiting
        ]
        return dispatch.TriageCases(cases=tuple(shown), total=len(shown))

    def _ask_summons(self, ask: dispatch.AskSummons) -> dispatch.SummonsStarted:
        summons = FakeSummons(
            uuid4(), self.cases[ask.case_code], dict.fromkeys(ask.units, UnitSummonsState.NAMED), ask.actor.staff
        )
        self.summonses[summons.id] = summons
        return dispatch.SummonsStarted(summons_id=summons.id, state=summons.state)

    def _approve_summons(self, ask: dispatch.ApproveSummons) -> dispatch.SummonsStarted:
        summons = self._summons(ask.summons_id)
        self._require(summons.state == "asked" and ask.actor.staff != summons.by)
        summons.state, summons.called_at = "running", self.clock.now()
        summons.units = dict.fromkeys(summons.units, UnitSummonsState.CALLED)
        return dispatch.SummonsStarted(summons_id=summons.id, state=summons.state)

    def _acknowledge_summons(self, ask: dispatch.AcknowledgeSummons) -> Done:
        summons = self._summons(ask.summons_id)
        assert ask.actor.unit is not None
        self._require(summons.units[ask.actor.unit] is UnitSummonsState.CALLED)
        summons.units[ask.actor.unit] = UnitSummonsState.ACKNOWLEDGED
        return self._done()

    def _tell_on_the_way(self, ask: dispatch.TellOnTheWay) -> Done:
        assert ask.actor.unit is not None
        return self._answered(ask.summons_id, ask.actor.unit, UnitSummonsState.ON_THE_WAY)

    def _send_substitute(self, ask: dispatch.SendSubstitute) -> Done:
        assert ask.actor.unit is not None
        return self._answered(ask.summons_id, ask.actor.unit, UnitSummonsState.SUBSTITUTE_SENT)

    def _answered(self, summons_id: UUID, unit: str, state: UnitSummonsState) -> Done:
        summons = self._summons(summons_id)
        self._require(summons.units[unit] is UnitSummonsState.ACKNOWLEDGED)
        summons.units[unit] = state
        return self._done()

    def _check_in_arrival(self, ask: dispatch.CheckInArrival) -> Done:
        summons = self._summons(ask.summons_id)
        self._require(summons.units[ask.unit] not in (UnitSummonsState.CALLED, UnitSummonsState.ARRIVED))
        summons.units[ask.unit] = UnitSummonsState.ARRIVED
        return self._done()

    def _list_summonses(self, ask: dispatch.ListSummonses) -> dispatch.Summonses:
        for summons in list(self.summonses.values()):
            if self._is_over(summons):
                self.ended.append(self.summonses.pop(summons.id))
        shown = [
            dispatch.SummonsView(
                summons_id=s.id,
                case_code=s.case.code,
                state=s.state,
                ground=dispatch.SummonsGround.URGENT,
                asked_by=s.by,
                approved_by=None,
                units=tuple(
                    dispatch.SummonedUnit(
                        unit=unit, state=state, called_at=s.called_at, acknowledged_at=None, arrived_at=None
                    )
                    for unit, state in s.units.items()
                ),
            )
            for s in self.summonses.values()
        ]
        return dispatch.Summonses(summonses=tuple(shown))

    def _is_over(self, summons: FakeSummons) -> bool:
        """Everybody came, or whoever did not come is given up on."""
        came = set(summons.units.values()) == {UnitSummonsState.ARRIVED}
        return came or (summons.called_at is not None and self.clock.now() > summons.called_at + GIVEN_UP_AFTER)

    def _summons(self, id_: UUID) -> FakeSummons:
        self._require(id_ in self.summonses)
        return self.summonses[id_]

    # -- escalation ----------------------------------------------------------------------------------------------------

    def _list_verifications(self, ask: escalation.ListVerifications) -> escalation.VerificationTasks:
        shown = [
            escalation.VerificationTask(
                verification_id=id_,
                case_code=order.case.code,
                work_order_id=order.id,
                unit=order.unit,
                place=order.case.place,
                round=order.round,
                assigned_at=at,
                due_at=None,
            )
            for id_, (order, at) in self.tasks.items()
        ]
        return escalation.VerificationTasks(tasks=tuple(shown))

    def _record_verification(self, ask: escalation.RecordVerification) -> Done:
        order, _ = self.tasks.pop(ask.verification_id)
        if ask.outcome is escalation.VerificationOutcome.SOLVED:
            order.case.state = "to_follow_up"
        else:
            order.state, order.round = "handling", order.round + 1
        return self._done()

    def _list_clocks(self, ask: escalation.ListClocks) -> escalation.Clocks:
        now = self.clock.now()
        due = escalation.ClockView(
            clock="report_back:1",
            case_code=ask.case_code or "",
            stage="report_back",
            owes="",
            state="armed",
            started_at=now,
            due_at=now + timedelta(days=2),
            limit="",
            limit_source="",
            fired_at=None,
            ended_at=None,
        )
        return escalation.Clocks(clocks=(due,), total=1, now=now)

    def _done(self) -> Done:
        return Done(at=self.clock.now())

    @staticmethod
    def _require(holds: bool) -> None:
        if not holds:
            raise Refused("not possible now")
