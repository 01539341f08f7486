"""The whistle: the director asks, the commander approves, each unit answers for itself, the room checks them in."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from deploy.demo.actors import Fresh
from deploy.demo.agenda import Act
from deploy.demo.conduct import CalledUnitConduct, SummonsPlan
from deploy.demo.dice import dice_for
from deploy.demo.floor import Floor
from deploy.demo.plan import CasePlan
from deploy.demo.staff import COMMAND_ROOM, COMMANDER, DISPATCHER
from shared.contracts.base import Done
from shared.contracts.dispatch import (
    AcknowledgeSummons,
    ApproveSummons,
    AskSummons,
    CheckInArrival,
    ListSummonses,
    SendSubstitute,
    SummonedUnit,
    Summonses,
    SummonsStarted,
    SummonsView,
    TellOnTheWay,
    UnitSummonsState,
)

ASKED = "asked"
SUMMONSES_MAX = 200
APPROVED_SOON = timedelta(minutes=2)
ANSWERING = (
    UnitSummonsState.CALLED,
    UnitSummonsState.ACKNOWLEDGED,
    UnitSummonsState.ON_THE_WAY,
    UnitSummonsState.SUBSTITUTE_SENT,
)
SETS_OUT, SENDS_SUBSTITUTE = 0.5, 0.65  # of ten units five say when they come, one or two send somebody else


class Summoning:
    """`under_way`: summonses asked for or running at the last look; nobody leaps over one."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._fresh_asked = Fresh[SummonsView]()
        self._fresh_called = Fresh[tuple[SummonsView, SummonedUnit]]()
        self._count = 0
        self.under_way = 0

    def plan(self, code: str, summons: SummonsPlan, *, accepted_after: timedelta) -> None:
        """To be asked for, some time after the case is accepted."""
        self._floor.later(accepted_after + summons.asked_after, partial(self._ask, code, summons))

    async def look(self) -> int | None:
        listed = await self._floor.look(ListSummonses(actor=DISPATCHER, limit=SUMMONSES_MAX), Summonses)
        if listed is None:
            return None
        self.under_way = len(listed.summonses)
        asked = self._fresh_asked.of({one.summons_id: one for one in listed.summonses if one.state == ASKED})
        called = self._fresh_called.of(
            {
                (one.summons_id, unit.unit): (one, unit)
                for one in listed.summonses
                for unit in one.units
                if unit.called_at
            }
        )
        for summons in asked:
            plan = self._plan_of(summons.case_code)
            wait = plan.approved_after if plan else APPROVED_SOON
            self._at(self._floor.clock.now() + wait, partial(self._approve, summons.summons_id))
        for summons, unit in called:
            self._expect(summons, unit)
        return len(asked) + len(called)

    def _plan_of(self, code: str) -> SummonsPlan | None:
        case: CasePlan | None = self._floor.cases.get(code)
        return case.summons if case else None

    def _expect(self, summons: SummonsView, unit: SummonedUnit) -> None:
        """By the minutes from its call, whatever the office hours. A unit nobody planned for comes in time."""
        if unit.called_at is None or unit.state not in ANSWERING:
            return
        plan = self._plan_of(summons.case_code)
        in_time = CalledUnitConduct(unit.unit, timedelta(minutes=1), timedelta(minutes=9))
        conduct = next((one for one in plan.units if one.unit == unit.unit), in_time) if plan else in_time
        if conduct.acknowledges_after is None or conduct.arrives_after is None:
            return
        arrives_at = unit.called_at + conduct.arrives_after
        if unit.state is UnitSummonsState.CALLED:
            act = partial(self._acknowledge, summons.summons_id, unit.unit, arrives_at)
            self._at(unit.called_at + conduct.acknowledges_after, act)
        else:
            self._at(arrives_at, partial(self._check_in, summons.summons_id, unit.unit))

    def _at(self, instant: datetime, act: Act) -> None:
        """Whatever the office hours, and before anything else that is due."""
        self._floor.agenda.at(instant, act, urgent=True)

    # -- acts ----------------------------------------------------------------------------------------------------------

    async def _ask(self, code: str, summons: SummonsPlan) -> None:
        floor = self._floor
        self._count += 1
        command = AskSummons(
            actor=floor.staff.director(self._count),
            idempotency_key=floor.key("summons", code),
            case_code=code,
            ground=summons.ground,
            units=tuple(unit.unit for unit in summons.units),
            reason="情况需要几家单位到中心当面会商",
        )
        if await floor.ask(command, SummonsStarted):
            await self.look()  # a summons waits for no round: its minutes are the shortest of all

    async def _approve(self, summons: UUID) -> None:
        command = ApproveSummons(
            actor=COMMANDER, idempotency_key=self._floor.key("approve", summons), summons_id=summons
        )
        if await self._floor.ask(command, SummonsStarted):
            await self.look()

    async def _acknowledge(self, summons: UUID, unit: str, arrives_at: datetime) -> None:
        floor = self._floor
        command = AcknowledgeSummons(
            actor=floor.staff.liaison(unit), idempotency_key=floor.key("acknowledge", summons, unit), summons_id=summons
        )
        await floor.ask(command, Done)
        await self._tell_more(summons, unit, arrives_at)
        self._at(arrives_at, partial(self._check_in, summons, unit))

    async def _tell_more(self, summons: UUID, unit: str, arrives_at: datetime) -> None:
        """Some also say when they come, or that somebody else does."""
        floor, lot = self._floor, dice_for("answer", summons, unit).random()
        left = max(0, round((arrives_at - floor.clock.now()) / timedelta(minutes=1)))
        told = {"actor": floor.staff.liaison(unit), "summons_id": summons, "arrives_in_minutes": min(left, 240)}
        if lot < SETS_OUT:
            key = floor.key("set-out", summons, unit)
            await floor.ask(TellOnTheWay.model_validate({**told, "idempotency_key": key}), Done)
        elif lot < SENDS_SUBSTITUTE:
            key, post = floor.key("substitute", summons, unit), f"{unit}.lead"
            await floor.ask(SendSubstitute.model_validate({**told, "idempotency_key": key, "substitute": post}), Done)

    async def _check_in(self, summons: UUID, unit: str) -> None:
        key = self._floor.key("check-in", summons, unit)
        command = CheckInArrival(actor=COMMAND_ROOM, idempotency_key=key, summons_id=summons, unit=unit)
        await self._floor.ask(command, Done)
