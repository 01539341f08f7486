"""How long a blow is felt: from it until a case that came in after it has gone all the way to a running clock."""

import asyncio
from typing import Any, TypeVar

from nats.aio.client import Client
from pydantic import BaseModel

from deploy.demo.staff import DISPATCHER, Staff
from deploy.packs import general_window
from shared.centre.pack import CentrePack
from shared.contracts.base import Request
from shared.contracts.escalation import Clocks, ListClocks
from shared.contracts.intake import CaseReceipt, HandlingMode, RegisterCase, Requester, Source
from shared.errors import Unavailable
from shared.infra.asking import Asker
from tests.support.chaos.fault_plan import Fault
from tests.support.chaos.history import History
from tests.support.chaos.kill_plan import Kill
from tests.support.chaos.witness import Witness

A = TypeVar("A", bound=BaseModel)
Blow = Kill | Fault
ANSWER_S = 1.0
AGAIN_S = 0.1
WAIT_MAX_S = 90.0


class Probe:
    """Each case of it is a case like any other: it is in the books, and the actors handle it to its end."""

    def __init__(
        self,
        client: Client,
        centre: str,
        pack: CentrePack,
        witness: Witness,
        history: History,
        *,
        category: str,
        place: str,
        patience_s: float = WAIT_MAX_S,
    ) -> None:
        self._patience_s = patience_s
        self._asker = Asker(client, centre, timeout_s=ANSWER_S)
        self._clerk = Staff(pack).clerk(general_window(pack))
        self._witness = witness
        self._history = history
        self._category, self._place = category, place
        self.felt_s: list[tuple[Blow, float]] = []
        self.before_s: list[float] = []
        self.never: list[Blow] = []
        self.never_before: list[Blow] = []
        self.entered = 0

    async def enter(self, key: str) -> None:
        """One more case, answered for. Raises TimeoutError."""
        command = self._command(key)
        async with asyncio.timeout(self._patience_s):
            self._note(command, await self._until_answered(command, CaseReceipt))

    def _command(self, key: str) -> RegisterCase:
        return RegisterCase(
            actor=self._clerk,
            idempotency_key=f"probe/{key}",
            source=Source.WINDOW,
            matter="反映工资拖欠，请有关部门核实处理",
            category=self._category,
            place=self._place,
            requester=Requester(),
            accept_as=HandlingMode.FORWARD,
        )

    def _note(self, command: RegisterCase, receipt: CaseReceipt) -> None:
        self.entered += 1
        self._witness.remember(command, receipt)

    async def measure(self, blow: Blow, *, began_s: float) -> None:
        """How long this blow is felt, from `began_s` of the loop's time on."""
        felt_s = await self._goes_through(str(blow.number), began_s)
        if felt_s is None:
            self.never.append(blow)
        else:
            self.felt_s.append((blow, felt_s))

    async def measure_before(self, blow: Blow) -> None:
        """What a case takes anyhow, at the hour at which a blow is about to come."""
        took_s = await self._goes_through(f"before/{blow.number}", asyncio.get_running_loop().time())
        if took_s is None:
            self.never_before.append(blow)
        else:
            self.before_s.append(took_s)

    async def _goes_through(self, key: str, began_s: float) -> float | None:
        loop = asyncio.get_running_loop()
        command = self._command(key)
        try:
            async with asyncio.timeout(self._patience_s):
                receipt = await self._until_answered(command, CaseReceipt)
                self._note(command, receipt)
                entered_s = loop.time() - began_s
                request = ListClocks(actor=DISPATCHER, case_code=receipt.case_code, stage="sign_off")
                while not (await self._until_answered(request, Clocks)).clocks:
                    await asyncio.sleep(AGAIN_S)
        except TimeoutError:
            self._history.note("no case goes through", key=key)
            return None
        felt_s = loop.time() - began_s
        self._history.note("case went through", key=key, entered_s=round(entered_s, 2), felt_s=round(felt_s, 2))
        return felt_s

    async def _until_answered(self, request: Request[Any], answer_type: type[A]) -> A:
        while True:
            try:
                return await self._asker.ask(request, answer_type)
            except Unavailable:
                await asyncio.sleep(AGAIN_S)
