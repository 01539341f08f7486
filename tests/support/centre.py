"""A centre under test, with actors who speak the words of the trade and use public requests only."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

import asyncpg
from pydantic import BaseModel

from deploy.connection import AskerConnection
from deploy.embedded.running import ServerAddresses
from deploy.packs import apply_pack, default_pack
from deploy.stack import Stack
from shared.centre.pack import CentrePack
from shared.clock import Clock, MovedClock
from shared.contracts.actors import Actor, Role
from shared.contracts.base import Done, Request, TimelineEntry
from shared.contracts.common import ReadTimeline, Timeline
from shared.contracts.dispatch import (
    AcknowledgeSummons,
    ApproveSummons,
    AskSummons,
    CheckInArrival,
    ContactKind,
    ContactRequester,
    ListSummonses,
    ListTriage,
    ListWorkOrders,
    RedispatchCase,
    ReportBack,
    ReportOutcome,
    ReturnReason,
    ReturnWorkOrder,
    SignOffWorkOrder,
    Summonses,
    SummonsGround,
    SummonsStarted,
    SummonsView,
    TriageCases,
    WorkOrders,
    WorkOrderSent,
    WorkOrderView,
)
from shared.contracts.escalation import (
    Clocks,
    ClockView,
    ListClocks,
    ListVerifications,
    RecordVerification,
    VerificationOutcome,
    VerificationTasks,
)
from shared.contracts.intake import (
    CaseReceipt,
    CloseCase,
    DissatisfactionCause,
    FollowUpCase,
    FollowUpKind,
    FollowUpMiss,
    HandlingMode,
    MaskedCase,
    ReadCase,
    RegisterCase,
    Requester,
    Satisfaction,
    Source,
)
from shared.contracts.subjects import EVERY_SERVICE, SERVICES
from shared.infra.asking import Asker
from shared.vault import KeyRing
from tests.support.dispatching import Dispatching
from tests.support.times import MONDAY_MORNING

A = TypeVar("A", bound=BaseModel)
WAGES, TOWN = "labour.wages.arrears", "350521104"


def key() -> str:
    return uuid4().hex


class CentreUnderTest(Dispatching):
    """The whole stack over real servers; `time_passes` moves its clock and waits until everything has been done."""

    def __init__(
        self, addresses: ServerAddresses, name: str, keys: Path, clock: Clock | None = None, *, console: bool = False
    ) -> None:
        """With its console (on any free port) only where asked for: most tests need no screens."""
        self.addresses = addresses
        self.name = name
        self.clock = clock or MovedClock(MONDAY_MORNING)
        self._keys = keys
        self._console = console
        self.stack: Stack
        self.asker: Asker
        self.pack: CentrePack = default_pack()
        self._connection = AskerConnection(addresses, name)
        self.clerk = Actor(staff="clerk.1", role=Role.INTAKE_CLERK, window=self.pack.windows[0].code)
        self.director = Actor(staff="director.1", role=Role.DUTY_DIRECTOR)
        self.dispatcher = Actor(staff="dispatcher.1", role=Role.DISPATCHER)
        self.commander = Actor(staff="commander.1", role=Role.COMMANDER)
        self.room = Actor(staff="room.1", role=Role.COMMAND_ROOM)
        self.console = Actor(staff="console", role=Role.SYSTEM)
        self.grid_worker = Actor(staff="grid.1", role=Role.GRID_WORKER)

    async def open(self) -> None:
        if not self._keys.exists():
            self._keys.write_text(KeyRing.generate())
        self.asker = await self._connection.__aenter__()
        await self.start()
        await apply_pack(self.asker, self.pack)
        await self.settle()

    async def start(self) -> None:
        self.stack = Stack(
            self.addresses,
            self.clock,
            centre=self.name,
            vault_key_file=self._keys,
            names=EVERY_SERVICE if self._console else SERVICES,
            console_port=0 if self._console else None,
        )
        await self.stack.start()

    async def close(self) -> None:
        await self.stack.stop()
        await self._connection.__aexit__()

    async def restarts(self) -> None:
        await self.stack.stop()
        await self.start()
        await self.settle()

    async def settle(self) -> None:
        await self.stack.settle()

    async def time_passes(self, **span: float) -> datetime:
        assert isinstance(self.clock, MovedClock)
        now = self.clock.move(timedelta(**span))
        self.stack.nudge()
        await self.settle()
        return now

    async def ask(self, request: Request[Any], answer: type[A]) -> A:
        return await self.asker.ask(request, answer)

    async def fetch(self, query: str, *arguments: object) -> list[asyncpg.Record]:
        """Looks into the database: for checking, never for acting."""
        connection = await asyncpg.connect(self.stack.database_url)
        try:
            return await connection.fetch(query, *arguments)
        finally:
            await connection.close()

    # -- the window ----------------------------------------------------------------------------------------------------

    async def window_receives(
        self,
        matter: str = "工地停工两个月，班组工资没有结清",
        *,
        category: str | None = WAGES,
        place: str | None = TOWN,
        level: str = "IV",
        accept_as: HandlingMode | None = HandlingMode.FORWARD,
    ) -> CaseReceipt:
        command = RegisterCase.model_validate(
            {
                "actor": self.clerk,
                "idempotency_key": key(),
                "source": Source.WINDOW,
                "matter": matter,
                "category": category,
                "place": place,
                "level": level,
                "requester": Requester(name="测试甲", phone="13800001234"),
                "accept_as": accept_as,
            }
        )
        receipt = await self.ask(command, CaseReceipt)
        await self.settle()
        return receipt

    async def window_follows_up(
        self,
        code: str,
        *,
        satisfaction: Satisfaction = Satisfaction.SATISFIED,
        solved: bool = True,
        cause: DissatisfactionCause | None = None,
        contacted: bool = True,
        kind: FollowUpKind = FollowUpKind.TELEPHONE,
    ) -> None:
        command = FollowUpCase(
            actor=self.clerk,
            idempotency_key=key(),
            case_code=code,
            kind=kind,
            contacted=contacted,
            solved=solved if contacted else None,
            satisfaction=satisfaction if contacted else None,
            cause=cause,
            missed=None if contacted else FollowUpMiss.NO_ANSWER,
            responded=True if contacted else None,
        )
        await self.ask(command, Done)
        await self.settle()

    async def window_closes(self, code: str) -> None:
        await self.ask(CloseCase(actor=self.clerk, idempotency_key=key(), case_code=code), Done)
        await self.settle()

    async def case(self, code: str) -> MaskedCase:
        return await self.ask(ReadCase(actor=self.clerk, case_code=code), MaskedCase)

    # -- units ---------------------------------------------------------------------------------------------------------

    async def open_order(self, code: str) -> WorkOrderView:
        orders = await self.ask(ListWorkOrders(actor=self.dispatcher, limit=1000), WorkOrders)
        return next(one for one in orders.work_orders if one.case_code == code)

    async def unit_signs_off(self, order: WorkOrderView) -> None:
        command = SignOffWorkOrder(
            actor=self.liaison(order.unit), idempotency_key=key(), work_order_id=order.work_order_id
        )
        await self.ask(command, Done)
        await self.settle()

    async def unit_contacts_requester(self, order: WorkOrderView) -> None:
        command = ContactRequester(
            actor=self.liaison(order.unit),
            idempotency_key=key(),
            work_order_id=order.work_order_id,
            kind=ContactKind.TELEPHONE,
        )
        await self.ask(command, Done)
        await self.settle()

    async def unit_returns(self, order: WorkOrderView) -> None:
        command = ReturnWorkOrder(
            actor=self.liaison(order.unit),
            idempotency_key=key(),
            work_order_id=order.work_order_id,
            reason=ReturnReason.NOT_OUR_DUTY,
            ground="三定方案未列此项职责",
        )
        await self.ask(command, Done)
        await self.settle()

    async def unit_reports_back(self, order: WorkOrderView, outcome: ReportOutcome = ReportOutcome.SOLVED) -> None:
        command = ReportBack(
            actor=self.liaison(order.unit),
            idempotency_key=key(),
            work_order_id=order.work_order_id,
            outcome=outcome,
            result="已督促用人单位支付",
            replied_to_requester=True,
        )
        await self.ask(command, Done)
        await self.settle()

    # -- dispatcher, director, commander -------------------------------------------------------------------------------

    async def triage(self) -> TriageCases:
        return await self.ask(ListTriage(actor=self.dispatcher), TriageCases)

    async def dispatcher_sends(self, code: str, unit: str) -> WorkOrderSent:
        command = RedispatchCase(
            actor=self.dispatcher, idempotency_key=key(), case_code=code, unit=unit, reason="按职责改派"
        )
        sent = await self.ask(command, WorkOrderSent)
        await self.settle()
        return sent

    async def director_summons(self, code: str, *units: str) -> UUID:
        command = AskSummons(
            actor=self.director,
            idempotency_key=key(),
            case_code=code,
            ground=SummonsGround.URGENT,
            units=units,
            reason="现场人数较多，需联动处置",
        )
        asked = await self.ask(command, SummonsStarted)
        await self.settle()
        return asked.summons_id

    async def commander_approves(self, summons: UUID) -> None:
        await self.ask(ApproveSummons(actor=self.commander, idempotency_key=key(), summons_id=summons), SummonsStarted)
        await self.settle()

    async def unit_acknowledges(self, summons: UUID, unit: str) -> None:
        command = AcknowledgeSummons(actor=self.liaison(unit), idempotency_key=key(), summons_id=summons)
        await self.ask(command, Done)
        await self.settle()

    async def unit_arrives(self, summons: UUID, unit: str) -> None:
        command = CheckInArrival(actor=self.room, idempotency_key=key(), summons_id=summons, unit=unit)
        await self.ask(command, Done)
        await self.settle()

    async def summons(self, summons: UUID) -> SummonsView:
        listed = await self.ask(ListSummonses(actor=self.director, only_running=False), Summonses)
        return next(one for one in listed.summonses if one.summons_id == summons)

    # -- the grid ------------------------------------------------------------------------------------------------------

    async def grid_verifies(self, code: str, outcome: VerificationOutcome = VerificationOutcome.SOLVED) -> None:
        tasks = await self.ask(ListVerifications(actor=self.grid_worker, limit=1000), VerificationTasks)
        task = next(one for one in tasks.tasks if one.case_code == code)
        command = RecordVerification(
            actor=self.grid_worker,
            idempotency_key=key(),
            verification_id=task.verification_id,
            outcome=outcome,
        )
        await self.ask(command, Done)
        await self.settle()

    # -- what is on record ---------------------------------------------------------------------------------------------

    async def clocks(self, code: str) -> dict[str, ClockView]:
        """By stage; where a stage had several clocks, the last armed."""
        listed = await self.ask(ListClocks(actor=self.director, case_code=code, limit=1000), Clocks)
        return {one.stage: one for one in sorted(listed.clocks, key=lambda one: one.started_at)}

    async def every_clock(self, code: str) -> tuple[ClockView, ...]:
        return (await self.ask(ListClocks(actor=self.director, case_code=code, limit=1000), Clocks)).clocks

    async def story(self, code: str) -> list[TimelineEntry]:
        entries: list[TimelineEntry] = []
        for service in SERVICES:
            request = ReadTimeline(actor=self.director, case_code=code)
            told = await self.asker.ask(request, Timeline, service=service)
            assert told.chain_intact
            entries += told.entries
        return entries

    async def events(self, code: str) -> list[str]:
        return [entry.type for entry in await self.story(code)]
