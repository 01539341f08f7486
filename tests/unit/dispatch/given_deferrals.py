"""A signed-off work order whose unit may need more time, and those who ask and decide."""

from datetime import datetime
from uuid import uuid4

from services.dispatch.model import Deferral, MoreTime, WorkOrder
from services.dispatch.policy.cases import WorkOrderState
from services.dispatch.policy.deferrals import Sent
from shared.centre.pack import CentrePack, DeferralTerms
from shared.contracts.actors import Actor
from shared.contracts.base import Level
from shared.contracts.dispatch import AskExtension, AskSuspension, DecideDeferral, ResumeWorkOrder
from tests.unit.dispatch.given import DIRECTOR, LEAD, MONDAY, minutes, order_that_is, quanzhou, staff_of

DAY = 24 * 60.0
INSURANCE = "labour.welfare.insurance"  # no statute gives another time for it
# Five working days from Monday 23 November 2026 09:00 end at close of business of the Monday after: 17:30 there.
DUE = datetime.fromisoformat("2026-11-30T17:30:00+08:00")


def local(text: str) -> datetime:
    """`11-24 10:00` in 2026, by the centre's clock."""
    return datetime.fromisoformat(f"2026-{text.replace(' ', 'T')}:00+08:00")


def after(days: float) -> datetime:
    return MONDAY + minutes(days * DAY)


def terms(**given: int) -> CentrePack:
    return quanzhou().model_copy(update={"deferrals": DeferralTerms(**given)})


def order_at_work(state: WorkOrderState = WorkOrderState.SIGNED_OFF) -> WorkOrder:
    return order_that_is(state)[1]


def time_of(
    order: WorkOrder | None = None,
    deferrals: tuple[Deferral, ...] = (),
    *,
    pack: CentrePack | None = None,
    level: Level = "IV",
    reopened: bool = False,
) -> MoreTime:
    pack = pack or quanzhou()
    sent = Sent(INSURANCE, level, pack.version, MONDAY, reopened=reopened)
    return MoreTime(order or order_at_work(), sent, pack, deferrals, first_receiver="clerk.1")


def extension(order: WorkOrder, days: int = 3, *, by: Actor | None = None) -> AskExtension:
    return AskExtension(
        actor=by or staff_of(LEAD),
        idempotency_key=uuid4().hex,
        work_order_id=order.work_order_id,
        days=days,
        reason="需等待鉴定结论",
    )


def suspension(order: WorkOrder, until: datetime, *, by: Actor | None = None) -> AskSuspension:
    return AskSuspension(
        actor=by or staff_of(LEAD),
        idempotency_key=uuid4().hex,
        work_order_id=order.work_order_id,
        until=until,
        reason="待法院判决生效",
    )


def decision(deferral_id: object, *, approve: bool = True, by: Actor = DIRECTOR) -> DecideDeferral:
    return DecideDeferral.model_validate(
        {
            "actor": by,
            "idempotency_key": uuid4().hex,
            "deferral_id": deferral_id,
            "approve": approve,
            "reason": None if approve else "理由不足",
        }
    )


def resuming(order: WorkOrder, *, by: Actor | None = None) -> ResumeWorkOrder:
    return ResumeWorkOrder(
        actor=by or staff_of(LEAD),
        idempotency_key=uuid4().hex,
        work_order_id=order.work_order_id,
        reason="判决已生效",
    )


def extension_asked(days: int = 3, *, now: datetime = MONDAY) -> tuple[MoreTime, Deferral]:
    time = time_of()
    deferral, _ = time.ask_extension(extension(time.order, days), uuid4(), now=now)
    return time, deferral


def suspension_asked(until: datetime, *, now: datetime = MONDAY) -> tuple[MoreTime, Deferral]:
    time = time_of()
    deferral, _ = time.ask_suspension(suspension(time.order, until), uuid4(), now=now)
    return time, deferral


def suspended(until: datetime, *, now: datetime = MONDAY) -> tuple[MoreTime, Deferral]:
    time, deferral = suspension_asked(until, now=now)
    time.approve(deferral, by=DIRECTOR, reason=None, now=now)
    return time, deferral
