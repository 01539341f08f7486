"""Dispatch over a real database: requests as its endpoints get them, events as the broker would hand them over."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from services.dispatch.model import CalledUnit, RoutedCase, Summons, WorkOrder
from services.dispatch.operations.cases import redispatch_case
from services.dispatch.operations.joint import add_supporter
from services.dispatch.operations.reports import Reporting
from services.dispatch.operations.rulings import designate_unit
from services.dispatch.operations.summonses import approve_summons, ask_summons
from services.dispatch.operations.work_orders import return_work_order, sign_off_work_order
from services.dispatch.subscribers import HANDLERS
from shared.clock import MovedClock
from shared.contracts.actors import Actor
from shared.contracts.base import CaseEvent, Envelope, Event
from shared.contracts.dispatch import (
    ApproveSummons,
    Designated,
    SignOffWorkOrder,
    WorkOrderSent,
)
from shared.contracts.escalation import VerificationOutcome, VerificationRecorded
from shared.contracts.intake import CaseAccepted
from shared.infra.inbox import Inbox
from shared.infra.unit_of_work import UnitOfWork
from shared.vault import KeyRing
from tests.unit.dispatch.given import (
    COMMANDER,
    DIRECTOR,
    DISPATCHER,
    MONDAY,
    accepted,
    adding,
    asking,
    designation,
    redispatch,
    report,
    returning,
    staff_of,
)

KEYS = KeyRing.from_text(KeyRing.generate())


class Delivered:
    """A message as the inbox sees it."""

    def __init__(self, envelope: Envelope) -> None:
        self.data = envelope.model_dump_json().encode()
        self.subject = envelope.type
        self.acknowledged = False

    async def ack(self) -> None:
        self.acknowledged = True

    async def nak(self, delay: float | None = None) -> None:
        self.acknowledged = False

    async def term(self) -> None:
        raise AssertionError("dispatch gives up no event")


class Bench:
    """One copy of the service without a broker, on a clock that stands until it is moved."""

    def __init__(self, work: UnitOfWork, clock: MovedClock) -> None:
        self.work = work
        self.clock = clock
        self.inboxes = {
            source: Inbox(f"dispatch-from-{source}", work, HANDLERS)
            for source in ("intake", "escalation", "notification")
        }
        self._sequences: Counter[tuple[str, str]] = Counter()

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def passes(self, **span: float) -> datetime:
        return self.clock.move(timedelta(**span))

    # -- events --------------------------------------------------------------------------------------------------------

    def envelope(self, event: Event) -> Envelope:
        source = event.TYPE.split(".")[0]
        self._sequences[source, event.chain] += 1
        return Envelope(
            id=uuid4(),
            source=f"muster/qz/{source}",
            type=event.TYPE,
            time=MONDAY,
            subject=event.case_code if isinstance(event, CaseEvent) else event.chain,
            centre="qz",
            chain=event.chain,
            sequence=self._sequences[source, event.chain],
            trace="t",
            data=event.model_dump(mode="json"),
        )

    async def hears(self, *events: Event) -> list[Envelope]:
        """The events of one stream, as one batch; all of them have to go through."""
        envelopes = [self.envelope(event) for event in events]
        await self.delivers(envelopes)
        return envelopes

    async def delivers(self, envelopes: Sequence[Envelope]) -> None:
        source = envelopes[0].type.split(".")[0]
        messages = [Delivered(envelope) for envelope in envelopes]
        await self.inboxes[source].receive(messages)
        assert all(message.acknowledged for message in messages)
        assert await self.count("dead_letter") == 0

    # -- what people do ------------------------------------------------------------------------------------------------

    async def case_arrives(self, event: CaseAccepted | None = None) -> RoutedCase:
        event = event or accepted()
        await self.hears(event)
        return await self.case(event.case_id)

    async def signs_off(self, order: WorkOrder) -> None:
        command = SignOffWorkOrder(
            actor=staff_of(order.unit), idempotency_key=uuid4().hex, work_order_id=order.work_order_id
        )
        await sign_off_work_order(self.work, command, now=self.now)

    async def returns(self, order: WorkOrder, *, disputed: bool = False) -> None:
        await return_work_order(self.work, returning(order, disputed=disputed), now=self.now)

    async def reports(self, order: WorkOrder) -> None:
        await Reporting(KEYS).report_back(self.work, report(order), now=self.now)

    async def sends_on(self, code: str, to: str, *supporters: str, by: Actor = DISPATCHER) -> WorkOrderSent:
        return await redispatch_case(self.work, redispatch(code, to, *supporters, by=by), now=self.now)

    async def designates(self, code: str, to: str, *supporters: str) -> Designated:
        return await designate_unit(self.work, designation(code, to, *supporters), now=self.now)

    async def adds_supporter(self, code: str, unit: str, *, by: Actor = DISPATCHER) -> WorkOrderSent:
        return await add_supporter(self.work, adding(code, unit, by=by), now=self.now)

    async def summons_is_asked(self, code: str, *units: str) -> UUID:
        return (await ask_summons(self.work, asking(code, *units, by=DIRECTOR), now=self.now)).summons_id

    async def summons_is_approved(self, summons_id: UUID, *, by: Actor = COMMANDER) -> str:
        command = ApproveSummons(actor=by, idempotency_key=uuid4().hex, summons_id=summons_id)
        return (await approve_summons(self.work, command, now=self.now)).state

    # -- what is on record ---------------------------------------------------------------------------------------------

    async def case(self, case_id: UUID) -> RoutedCase:
        async with self.work.read() as session:
            return (await session.scalars(sa.select(RoutedCase).where(RoutedCase.case_id == case_id))).one()

    async def orders(self, case_id: UUID) -> list[WorkOrder]:
        query = sa.select(WorkOrder).where(WorkOrder.case_id == case_id).order_by(WorkOrder.work_order_id)  # as sent
        async with self.work.read() as session:
            return list(await session.scalars(query))

    async def lead(self, case_id: UUID) -> WorkOrder:
        case = await self.case(case_id)
        return next(order for order in await self.orders(case_id) if order.work_order_id == case.current_work_order_id)

    async def order(self, code: str, unit: str) -> WorkOrder:
        """The last work order of the unit on the case."""
        query = sa.select(WorkOrder).where(WorkOrder.case_code == code, WorkOrder.unit == unit)
        async with self.work.read() as session:
            found = await session.scalars(query.order_by(WorkOrder.work_order_id.desc()).limit(1))
            return found.one()

    async def summons(self, summons_id: UUID) -> tuple[Summons, dict[str, str]]:
        async with self.work.read() as session:
            summons = (await session.scalars(sa.select(Summons).where(Summons.summons_id == summons_id))).one()
            units = await session.scalars(sa.select(CalledUnit).where(CalledUnit.summons_id == summons_id))
            return summons, {unit.unit: unit.state for unit in units}

    async def events(self, code: str) -> list[str]:
        """Types of the case's events, without the service's name, once their chain is known to be whole."""
        async with self.work.read() as session:
            entries, intact = await self.work.event_record.timeline(await session.connection(), code)
        assert intact
        return [entry.type.removeprefix("dispatch.") for entry in entries]

    async def event_data(self, code: str, kind: type[Event]) -> list[dict[str, Any]]:
        async with self.work.read() as session:
            entries, _ = await self.work.event_record.timeline(await session.connection(), code)
        return [entry.data for entry in entries if entry.type == kind.TYPE]

    async def count(self, table: str) -> int:
        async with self.work.read() as session:
            return await session.scalar(sa.text(f"select count(*) from dispatch.{table}")) or 0


def verified(
    order: WorkOrder, bench: Bench, outcome: VerificationOutcome = VerificationOutcome.NOT_SOLVED, *, round_: int = 1
) -> VerificationRecorded:
    return VerificationRecorded(
        case_id=order.case_id,
        case_code=order.case_code,
        verification_id=uuid4(),
        work_order_id=order.work_order_id,
        unit=order.unit,
        round=round_,
        outcome=outcome,
        verified_by="grid.1",
        recorded_at=bench.now,
    )
