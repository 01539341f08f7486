"""What people do about cases in dispatch: joint handling, rulings, more time, the whistle in full, duty."""

from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

from pydantic import BaseModel

from shared.contracts.actors import OPERATOR, Actor, Role
from shared.contracts.base import Done, Request
from shared.contracts.dispatch import (
    AddSupporter,
    AskDrill,
    AskExtension,
    AskSuspension,
    CaseResults,
    DecideDeferral,
    DecideProposal,
    Deferral,
    Designated,
    DesignateUnit,
    ExplainRoute,
    ListProposals,
    ListWorkOrders,
    Proposals,
    ReadResults,
    ReportBack,
    ReportOutcome,
    ReturnReason,
    ReturnWorkOrder,
    RouteExplained,
    SendSubstitute,
    SetRoster,
    StandDownSummons,
    SummonsStarted,
    TellCannotCome,
    TellOnTheWay,
    WorkOrders,
    WorkOrderSent,
    WorkOrderView,
)
from shared.contracts.intake import CorrectCase
from shared.contracts.notification import (
    ListMessages,
    ListNotices,
    Messages,
    MessageView,
    Notices,
    NoticeView,
    SetContact,
)
from shared.duty import Roster

A = TypeVar("A", bound=BaseModel)


def key() -> str:
    return uuid4().hex


class Dispatching:
    """Mixed into the centre under test, which knows whom to ask and how to wait."""

    clerk: Actor
    dispatcher: Actor
    director: Actor
    commander: Actor

    async def ask(self, request: Request[Any], answer: type[A]) -> A:
        raise NotImplementedError

    async def settle(self) -> None:
        raise NotImplementedError

    def liaison(self, unit: str) -> Actor:
        return Actor(staff=f"{unit}.liaison", role=Role.LIAISON_OFFICER, unit=unit)

    async def do(self, request: Request[Any], answer: type[A] = Done) -> A:  # type: ignore[assignment]
        """Asked and done, with all that follows from it."""
        answered = await self.ask(request, answer)
        await self.settle()
        return answered

    # -- joint handling ------------------------------------------------------------------------------------------------

    async def orders(self, code: str) -> dict[str, WorkOrderView]:
        """The open work orders of a case, by unit."""
        listed = await self.ask(ListWorkOrders(actor=self.dispatcher, case_code=code, limit=1000), WorkOrders)
        return {one.unit: one for one in listed.work_orders}

    async def supporter_joins(self, code: str, unit: str) -> WorkOrderSent:
        command = AddSupporter(
            actor=self.dispatcher, idempotency_key=key(), case_code=code, unit=unit, reason="请提供现场处置配合"
        )
        return await self.do(command, WorkOrderSent)

    async def unit_disputes(self, order: WorkOrderView) -> None:
        await self.do(
            ReturnWorkOrder(
                actor=self.liaison(order.unit),
                idempotency_key=key(),
                work_order_id=order.work_order_id,
                reason=ReturnReason.NOT_OUR_DUTY,
                ground="与其他单位对职责有争议",
                disputed=True,
            )
        )

    async def unit_reports(self, order: WorkOrderView, *, replied: bool = True) -> None:
        await self.do(
            ReportBack(
                actor=self.liaison(order.unit),
                idempotency_key=key(),
                work_order_id=order.work_order_id,
                outcome=ReportOutcome.SOLVED,
                result="已处置",
                replied_to_requester=replied,
            )
        )

    async def results(self, code: str, *, by: Actor | None = None) -> CaseResults:
        return await self.ask(ReadResults(actor=by or self.dispatcher, case_code=code), CaseResults)

    # -- not ours ------------------------------------------------------------------------------------------------------

    async def director_designates(self, code: str, unit: str) -> Designated:
        command = DesignateUnit(
            actor=self.director, idempotency_key=key(), case_code=code, unit=unit, ground="三定方案第四条"
        )
        return await self.do(command, Designated)

    async def why(self, code: str) -> RouteExplained:
        return await self.ask(ExplainRoute(actor=self.director, case_code=code), RouteExplained)

    async def window_corrects(self, code: str, **values: Any) -> None:
        await self.do(CorrectCase(actor=self.clerk, idempotency_key=key(), case_code=code, reason="更正", **values))

    async def proposals(self) -> Proposals:
        return await self.ask(ListProposals(actor=self.dispatcher), Proposals)

    async def dispatcher_decides(self, proposal: UUID, *, confirm: bool) -> None:
        command = DecideProposal(
            actor=self.dispatcher, idempotency_key=key(), proposal_id=proposal, confirm=confirm, reason="核对无误"
        )
        await self.do(command)

    # -- more time -----------------------------------------------------------------------------------------------------

    async def unit_asks_extension(self, order: WorkOrderView, days: int = 3) -> Deferral:
        command = AskExtension(
            actor=self.liaison(order.unit),
            idempotency_key=key(),
            work_order_id=order.work_order_id,
            days=days,
            reason="需外地取证",
        )
        return await self.do(command, Deferral)

    async def unit_asks_suspension(self, order: WorkOrderView, until: datetime) -> Deferral:
        command = AskSuspension(
            actor=self.liaison(order.unit),
            idempotency_key=key(),
            work_order_id=order.work_order_id,
            until=until,
            reason="等待鉴定结论",
        )
        return await self.do(command, Deferral)

    async def director_decides(self, deferral: UUID, *, approve: bool = True) -> Deferral:
        command = DecideDeferral(
            actor=self.director,
            idempotency_key=key(),
            deferral_id=deferral,
            approve=approve,
            reason=None if approve else "理由不足",
        )
        return await self.do(command, Deferral)

    # -- the whistle ---------------------------------------------------------------------------------------------------

    async def unit_sets_out(self, summons: UUID, unit: str, minutes: int = 10) -> None:
        await self.do(
            TellOnTheWay(
                actor=self.liaison(unit), idempotency_key=key(), summons_id=summons, arrives_in_minutes=minutes
            )
        )

    async def unit_sends_substitute(self, summons: UUID, unit: str, minutes: int = 10) -> None:
        await self.do(
            SendSubstitute(
                actor=self.liaison(unit),
                idempotency_key=key(),
                summons_id=summons,
                substitute=f"{unit}.lead",
                arrives_in_minutes=minutes,
            )
        )

    async def unit_cannot_come(self, summons: UUID, unit: str) -> None:
        await self.do(
            TellCannotCome(actor=self.liaison(unit), idempotency_key=key(), summons_id=summons, reason="另有险情")
        )

    async def director_stands_down(self, summons: UUID) -> None:
        await self.do(
            StandDownSummons(actor=self.director, idempotency_key=key(), summons_id=summons, reason="情况已缓解")
        )

    async def director_drills(self, *units: str) -> UUID:
        command = AskDrill(actor=self.director, idempotency_key=key(), units=units, reason="季度演练")
        return (await self.do(command, SummonsStarted)).summons_id

    # -- duty and notices ----------------------------------------------------------------------------------------------

    async def roster_is(self, roster: Roster) -> None:
        await self.do(SetRoster(actor=OPERATOR, idempotency_key=key(), roster=roster))

    async def contact_is(self, staff: str, channel: str, address: str, position: int = 1) -> None:
        command = SetContact(
            actor=OPERATOR, idempotency_key=key(), staff=staff, channel=channel, address=address, position=position
        )
        await self.do(command)

    async def messages(self, **filters: Any) -> tuple[MessageView, ...]:
        return (await self.ask(ListMessages(actor=OPERATOR, limit=1000, **filters), Messages)).messages

    async def notices(self, **filters: Any) -> tuple[NoticeView, ...]:
        return (await self.ask(ListNotices(actor=OPERATOR, limit=1000, **filters), Notices)).notices
