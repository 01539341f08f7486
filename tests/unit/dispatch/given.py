"""A case, its work order, a summons and the people who act on them, without any database."""

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import uuid4

from services.dispatch.model import CalledUnit, RoutedCase, Summons, WorkOrder
from services.dispatch.policy.cases import WorkOrderState, return_due, route_case
from shared.centre.load import load_pack
from shared.centre.pack import CentrePack, Unit
from shared.codes import case_code
from shared.contracts.actors import Actor, Role
from shared.contracts.base import Level
from shared.contracts.dispatch import (
    AskSummons,
    CaseRouted,
    RedispatchCase,
    ReopenCause,
    ReportBack,
    ReportOutcome,
    ReturnReason,
    ReturnWorkOrder,
    SummonsGround,
    WorkOrderDispatched,
    WorkOrderReturned,
)
from shared.contracts.intake import CaseAccepted, HandlingMode, Source

# Monday 23 November 2026, 09:00 in Quanzhou; with a limit of two working days, returns end on Wednesday at 17:30.
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
RETURNS_END = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
WAGES, FAMILY, TOWN, TOWNSHIP_UNIT = "labour.wages.arrears", "legal.mediation.family", "350521104", "luoyang"
LEAD, OTHER, DESK = "labour-rights", "police", "command-centre"

DISPATCHER = Actor(staff="dispatcher.1", role=Role.DISPATCHER)
DIRECTOR = Actor(staff="director.1", role=Role.DUTY_DIRECTOR)
COMMANDER = Actor(staff="commander.1", role=Role.COMMANDER)
ROOM = Actor(staff="room.1", role=Role.COMMAND_ROOM)


@cache
def quanzhou() -> CentrePack:
    return load_pack(Path(__file__).parents[3] / "deploy" / "centres" / "quanzhou-tic")


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def unit(code: str) -> Unit:
    found = quanzhou().unit(code)
    assert found is not None, f"{code} is not in the pack: the test would test nothing"
    return found


def staff_of(code: str | None) -> Actor:
    return Actor(staff=f"handler.{code}", role=Role.HANDLER, unit=code)


_numbers = iter(range(1, 9_000_000))


def accepted(
    category: str | None = WAGES,
    place: str | None = TOWN,
    *,
    mode: HandlingMode = HandlingMode.FORWARD,
    level: Level = "IV",
    pack_version: str | None = None,
) -> CaseAccepted:
    return CaseAccepted(
        case_id=uuid4(),
        case_code=case_code(2026, next(_numbers)),
        source=Source.WINDOW,
        handling_mode=mode,
        category=category,
        place=place,
        level=level,
        owner="clerk.1",
        pack_version=pack_version or quanzhou().version,
        registered_at=MONDAY,
        accepted_at=MONDAY,
    )


def case_in_triage(category: str | None = None, place: str | None = TOWN) -> tuple[RoutedCase, CaseRouted]:
    event = accepted(category, place)
    decision = route_case(quanzhou(), category=category, place=place, source="window", level="IV")
    return RoutedCase.accepted(event, decision, desk=DESK, now=MONDAY)


def dispatched(
    to: str = LEAD, category: str | None = WAGES, place: str | None = TOWN
) -> tuple[RoutedCase, WorkOrder, WorkOrderDispatched]:
    case, _ = case_in_triage(category, place)
    order, told = case.send(unit(to), uuid4(), now=MONDAY)
    return case, order, told


def order_that_is(state: WorkOrderState) -> tuple[RoutedCase, WorkOrder]:
    """A work order brought into the state by its own verbs."""
    case, order, _ = dispatched()
    if state is WorkOrderState.RETURNED:
        take_back(case, order)
    elif state is WorkOrderState.CLOSED:
        order.close(now=MONDAY)
    elif state is not WorkOrderState.DISPATCHED:
        order.sign_off(by=staff_of(LEAD), now=MONDAY)
        if state is not WorkOrderState.SIGNED_OFF:
            order.report_back(report(order), case.graded(), now=MONDAY)
        if state is WorkOrderState.HANDLING:
            order.reopen(ReopenCause.NOT_VERIFIED, case.graded(), now=MONDAY)
    assert order.state == state
    return case, order


def report(order: WorkOrder, *, replied: bool = True, by: Actor | None = None) -> ReportBack:
    return ReportBack(
        actor=by or staff_of(order.unit),
        idempotency_key=uuid4().hex,
        work_order_id=order.work_order_id,
        outcome=ReportOutcome.SOLVED,
        result="工资已结清",
        replied_to_requester=replied,
    )


def returning(
    order: WorkOrder,
    *,
    reason: ReturnReason = ReturnReason.NOT_OUR_DUTY,
    suggested: str | None = None,
    by: Actor | None = None,
) -> ReturnWorkOrder:
    return ReturnWorkOrder(
        actor=by or staff_of(order.unit),
        idempotency_key=uuid4().hex,
        work_order_id=order.work_order_id,
        reason=reason,
        ground="三定方案未列此项职责",
        suggested_unit=suggested,
    )


def take_back(
    case: RoutedCase,
    order: WorkOrder,
    *,
    suggested: str | None = None,
    by: Actor | None = None,
    now: datetime = MONDAY,
) -> WorkOrderReturned:
    until = return_due(quanzhou(), case.category, "IV", order.dispatched_at).at
    return case.take_back(order, returning(order, suggested=suggested, by=by), quanzhou(), until=until, now=now)


def redispatch(case: RoutedCase, to: str, *, by: Actor = DISPATCHER) -> RedispatchCase:
    return RedispatchCase(
        actor=by, idempotency_key=uuid4().hex, case_code=case.case_code, unit=to, reason="按职责改派给承办单位"
    )


def asking(code: str, *units: str, by: Actor = DIRECTOR) -> AskSummons:
    return AskSummons(
        actor=by,
        idempotency_key=uuid4().hex,
        case_code=code,
        ground=SummonsGround.URGENT,
        units=units,
        reason="现场人数较多，需联动处置",
    )


def summons_asked(*units: str, by: Actor = DIRECTOR) -> tuple[RoutedCase, Summons, list[CalledUnit]]:
    case, _, _ = dispatched()
    ask = asking(case.case_code, *units, by=by)
    summons, called, _ = Summons.ask(ask, case.case_id, case.case_code, summons_id=uuid4(), now=MONDAY)
    return case, summons, called


def summons_running(*units: str) -> tuple[Summons, list[CalledUnit]]:
    case, summons, called = summons_asked(*units)
    summons.approve(called, case.graded(), by=COMMANDER, pack_version="v1", now=MONDAY)
    return summons, called
