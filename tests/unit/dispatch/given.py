"""A case, its work orders and the people who act on them, without any database."""

from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import UUID, uuid4

from deploy.packs import default_pack
from services.dispatch.model import CaseFile, Changes, Moment, RoutedCase, WorkOrder, unit_acts
from services.dispatch.model.table_routing import accept
from services.dispatch.policy.cases import WorkOrderState, route_case
from shared.centre.pack import CentrePack, Rule, Unit
from shared.codes import case_code
from shared.contracts.actors import Actor, Role
from shared.contracts.base import Level
from shared.contracts.dispatch import (
    AddSupporter,
    AskSummons,
    ContactKind,
    ContactRequester,
    DecideProposal,
    DesignateUnit,
    InsistOnSupporter,
    RedispatchCase,
    ReleaseSupporter,
    ReopenCause,
    ReplaceSupporter,
    ReportBack,
    ReportOutcome,
    ReturnReason,
    ReturnWorkOrder,
    SummonsGround,
    WithdrawnCause,
    WorkOrderReturned,
)
from shared.contracts.intake import CaseAccepted, CaseCorrected, HandlingMode, Source

# Monday 23 November 2026, 09:00 in Quanzhou; with a limit of two working days, returns end on Wednesday at 17:30.
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
RETURNS_END = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
WAGES, FAMILY, TOWN, TOWNSHIP_UNIT = "labour.wages.arrears", "legal.mediation.family", "350521104", "luoyang"
LEAD, OTHER, DESK = "labour-rights", "police", "command-centre"
THIRD, FOURTH = "market", "fire-rescue"

DISPATCHER = Actor(staff="dispatcher.1", role=Role.DISPATCHER)
DIRECTOR = Actor(staff="director.1", role=Role.DUTY_DIRECTOR)
COMMANDER = Actor(staff="commander.1", role=Role.COMMANDER)
ROOM = Actor(staff="room.1", role=Role.COMMAND_ROOM)


@cache
def quanzhou() -> CentrePack:
    return default_pack()


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
    flags: tuple[str, ...] = (),
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
        flags=flags,
        owner="clerk.1",
        pack_version=pack_version or quanzhou().version,
        registered_at=MONDAY,
        accepted_at=MONDAY,
    )


def pack_with(*rules: Rule, **changed: object) -> CentrePack:
    """The default pack with these rules before all others."""
    return quanzhou().model_copy(update={"rules": (*rules, *quanzhou().rules), **changed})


def joint_pack() -> CentrePack:
    """Wage arrears are handled jointly: the lead unit with the police and the market authority."""
    return pack_with(Rule(id="joint", categories=(WAGES,), unit=LEAD, supporters=(OTHER, THIRD), source="样例"))


def moment(now: datetime = MONDAY, *, pack: CentrePack | None = None, in_hall: frozenset[str] = frozenset()) -> Moment:
    return Moment(pack or quanzhou(), now, uuid4, in_hall)


def file_of(event: CaseAccepted | None = None, when: Moment | None = None) -> tuple[CaseFile, Changes]:
    """A case as the table places it."""
    event, when = event or accepted(), when or moment()
    decision = route_case(
        when.pack,
        category=event.category,
        place=event.place,
        source=event.source.value,
        level=event.level,
        flags=event.flags,
        at=event.accepted_at,
    )
    return accept(event, decision, when)


def joint_file(*, now: datetime = MONDAY) -> tuple[CaseFile, WorkOrder, WorkOrder, WorkOrder]:
    """With its lead work order and its two supporting ones."""
    file, _ = file_of(when=moment(now, pack=joint_pack()))
    lead, police, market = file.orders
    return file, lead, police, market


def file_in_triage(category: str | None = None, place: str | None = TOWN) -> CaseFile:
    return file_of(accepted(category, place))[0]


def dispatched(category: str | None = WAGES, place: str | None = TOWN) -> tuple[RoutedCase, WorkOrder, Changes]:
    file, changes = file_of(accepted(category, place))
    return file.case, file.orders[0], changes


def order_that_is(state: WorkOrderState) -> tuple[CaseFile, WorkOrder]:
    """A lead work order brought into the state by its own verbs."""
    file, _ = file_of()
    return file, brought_to(state, file, file.orders[0])


def support_that_is(state: WorkOrderState) -> tuple[CaseFile, WorkOrder]:
    file, _, support, _ = joint_file()
    return file, brought_to(state, file, support)


def brought_to(state: WorkOrderState, file: CaseFile, order: WorkOrder) -> WorkOrder:
    if state is WorkOrderState.RETURNED:
        take_back(file, order)
    elif state is WorkOrderState.CLOSED:
        order.close(now=MONDAY)
    elif state is WorkOrderState.WITHDRAWN:
        order.withdraw(WithdrawnCause.RELEASED, by=DISPATCHER, reason="不再需要", now=MONDAY)
    elif state is not WorkOrderState.DISPATCHED:
        order.sign_off(by=staff_of(order.unit), now=MONDAY)
        if state is not WorkOrderState.SIGNED_OFF:
            order.report_back(report(order), file.case.graded(), owing=(), now=MONDAY)
        if state is WorkOrderState.HANDLING:
            order.reopen(ReopenCause.NOT_VERIFIED, file.case.graded(), now=MONDAY)
    assert order.state == state
    return order


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
    disputed: bool = False,
    by: Actor | None = None,
) -> ReturnWorkOrder:
    return ReturnWorkOrder(
        actor=by or staff_of(order.unit),
        idempotency_key=uuid4().hex,
        work_order_id=order.work_order_id,
        reason=reason,
        ground="三定方案未列此项职责",
        suggested_unit=suggested,
        disputed=disputed,
    )


def contact(order: WorkOrder, *, by: Actor | None = None) -> ContactRequester:
    return ContactRequester(
        actor=by or staff_of(order.unit),
        idempotency_key="k",
        work_order_id=order.work_order_id,
        kind=ContactKind.TELEPHONE,
    )


def take_back(
    file: CaseFile,
    order: WorkOrder,
    *,
    suggested: str | None = None,
    disputed: bool = False,
    by: Actor | None = None,
    now: datetime = MONDAY,
    pack: CentrePack | None = None,
) -> WorkOrderReturned:
    ask = returning(order, suggested=suggested, disputed=disputed, by=by)
    return unit_acts.take_back(file, order, ask, moment(now, pack=pack))


def redispatch(code: str, to: str, *supporters: str, by: Actor = DISPATCHER) -> RedispatchCase:
    return RedispatchCase(
        actor=by,
        idempotency_key=uuid4().hex,
        case_code=code,
        unit=to,
        supporters=supporters,
        reason="按职责改派给承办单位",
    )


def designation(code: str, to: str, *supporters: str) -> DesignateUnit:
    return DesignateUnit(
        actor=DIRECTOR,
        idempotency_key=uuid4().hex,
        case_code=code,
        unit=to,
        supporters=supporters,
        ground="区委编办职责清单第三条",
    )


def adding(code: str, unit: str, *, by: Actor = DISPATCHER) -> AddSupporter:
    return AddSupporter(actor=by, idempotency_key=uuid4().hex, case_code=code, unit=unit, reason="协助核查用工台账")


def releasing(order: WorkOrder, *, by: Actor = DISPATCHER) -> ReleaseSupporter:
    return ReleaseSupporter(
        actor=by, idempotency_key=uuid4().hex, work_order_id=order.work_order_id, reason="现场已不需要协助"
    )


def replacing(order: WorkOrder, unit: str, *, by: Actor = DISPATCHER) -> ReplaceSupporter:
    return ReplaceSupporter(
        actor=by, idempotency_key=uuid4().hex, work_order_id=order.work_order_id, unit=unit, reason="改由熟悉情况者协助"
    )


def insisting(order: WorkOrder) -> InsistOnSupporter:
    return InsistOnSupporter(
        actor=DIRECTOR, idempotency_key=uuid4().hex, work_order_id=order.work_order_id, ground="属其法定协助义务"
    )


def corrected(
    event: CaseAccepted,
    category: str | None = WAGES,
    place: str | None = TOWN,
    *,
    level: Level = "IV",
    flags: tuple[str, ...] = (),
) -> CaseCorrected:
    return CaseCorrected(
        case_id=event.case_id,
        case_code=event.case_code,
        category=category,
        place=place,
        level=level,
        flags=flags,
        pack_version=event.pack_version,
        corrected_at=MONDAY,
    )


def deciding(proposal_id: UUID, *, confirm: bool = True, by: Actor = DISPATCHER) -> DecideProposal:
    return DecideProposal(
        actor=by, idempotency_key=uuid4().hex, proposal_id=proposal_id, confirm=confirm, reason="已核对地点与事项"
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
