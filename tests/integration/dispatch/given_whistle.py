"""The whistle over a real database, in the words of the trade."""

from uuid import UUID, uuid4

import sqlalchemy as sa

from services.dispatch.model import CalledUnit
from services.dispatch.operations.answers import (
    acknowledge_summons,
    send_substitute,
    tell_cannot_come,
    tell_on_the_way,
)
from services.dispatch.operations.arrivals import check_in_arrival, check_in_by_code
from services.dispatch.operations.drills import ask_drill
from services.dispatch.operations.links import LinkAnswers
from services.dispatch.operations.summonses import ask_summons, stand_down_summons
from services.dispatch.queries.drills import read_drill
from services.dispatch.queries.summonses import list_summonses, read_room_code
from shared.contracts.actors import Actor, system
from shared.contracts.base import Level
from shared.contracts.dispatch import (
    AcknowledgeSummons,
    AnswerByLink,
    AskSummons,
    CheckInArrival,
    CheckInByCode,
    DrillResult,
    LinkAnswered,
    ListSummonses,
    ReadDrill,
    ReadRoomCode,
    SendSubstitute,
    StandDownSummons,
    SummonsGround,
    SummonsView,
    TellCannotCome,
    TellOnTheWay,
)
from shared.contracts.escalation import ArrivalGivenUp
from shared.contracts.notification import NoticeHandedOver
from shared.links import AnswerLink
from tests.integration.dispatch.given import Bench
from tests.unit.dispatch.given import DIRECTOR, ROOM, accepted, staff_of
from tests.unit.dispatch.given_summonses import SIGNER, drill, liaison

CONSTRUCTION = "labour.wages.construction"
LINKS = LinkAnswers(SIGNER)


def key() -> str:
    return uuid4().hex


class Whistle:
    """One summons or drill, and everybody around it."""

    def __init__(self, bench: Bench, summons_id: UUID, case_id: UUID, case_code: str) -> None:
        self.bench = bench
        self.id = summons_id
        self.case_id = case_id
        self.case_code = case_code

    async def approved(self) -> "Whistle":
        await self.bench.summons_is_approved(self.id)
        return self

    # -- the units -----------------------------------------------------------------------------------------------------

    async def acknowledges(self, unit: str) -> None:
        command = AcknowledgeSummons(actor=liaison(unit), idempotency_key=key(), summons_id=self.id)
        await acknowledge_summons(self.bench.work, command, now=self.bench.now)

    async def sets_out(self, unit: str, arrives_in_minutes: int = 10) -> None:
        command = TellOnTheWay(
            actor=liaison(unit), idempotency_key=key(), summons_id=self.id, arrives_in_minutes=arrives_in_minutes
        )
        await tell_on_the_way(self.bench.work, command, now=self.bench.now)

    async def sends(self, unit: str, substitute: str) -> None:
        command = SendSubstitute(
            actor=liaison(unit),
            idempotency_key=key(),
            summons_id=self.id,
            substitute=substitute,
            arrives_in_minutes=15,
        )
        await send_substitute(self.bench.work, command, now=self.bench.now)

    async def cannot_come(self, unit: str, reason: str = "另有险情") -> None:
        command = TellCannotCome(actor=liaison(unit), idempotency_key=key(), summons_id=self.id, reason=reason)
        await tell_cannot_come(self.bench.work, command, now=self.bench.now)

    async def gives_code(self, unit: str, code: str) -> None:
        command = CheckInByCode(actor=staff_of(unit), idempotency_key=key(), summons_id=self.id, room_code=code)
        await check_in_by_code(self.bench.work, command, now=self.bench.now)

    async def opens(self, link: AnswerLink, **answer: object) -> LinkAnswered:
        return await self.opens_token(SIGNER.sign(link), **answer)

    async def opens_token(self, token: str, **answer: object) -> LinkAnswered:
        command = AnswerByLink.model_validate(
            {"actor": system("console"), "idempotency_key": key(), "token": token, **answer}
        )
        return await LINKS.answer_by_link(self.bench.work, command, now=self.bench.now)

    # -- the room, the director, other services ------------------------------------------------------------------------

    async def code_on_the_wall(self) -> str:
        request = ReadRoomCode(actor=ROOM, summons_id=self.id)
        return (await read_room_code(self.bench.work, request, now=self.bench.now)).room_code

    async def arrives(self, unit: str) -> None:
        command = CheckInArrival(actor=ROOM, idempotency_key=key(), summons_id=self.id, unit=unit)
        await check_in_arrival(self.bench.work, command, now=self.bench.now)

    async def is_stood_down(self) -> None:
        command = StandDownSummons(actor=DIRECTOR, idempotency_key=key(), summons_id=self.id, reason="险情已解除")
        await stand_down_summons(self.bench.work, command, now=self.bench.now)

    async def is_given_up(self, unit: str) -> None:
        event = ArrivalGivenUp(
            case_id=self.case_id,
            case_code=self.case_code,
            clock=f"arrival:{self.id}:{unit}",
            stage="arrival",
            owes=unit,
            summons_id=self.id,
            unit=unit,
            given_up_at=self.bench.now,
        )
        await self.bench.hears(event)

    async def notice_leaves(self, unit: str, channel: str = "sms", *, post: str = "liaison_officer") -> None:
        event = NoticeHandedOver(
            notice_id=uuid4(),
            case_id=self.case_id,
            case_code=self.case_code,
            post=post,
            unit=unit,
            summons_id=self.id,
            channel=channel,
            handed_over_at=self.bench.now,
        )
        await self.bench.hears(event)

    # -- what is on record ---------------------------------------------------------------------------------------------

    async def view(self, actor: Actor = DIRECTOR) -> SummonsView:
        request = ListSummonses(actor=actor, only_running=False, summons_id=self.id)
        (shown,) = (await list_summonses(self.bench.work, request, now=self.bench.now)).summonses
        return shown

    async def measured(self) -> DrillResult:
        return await read_drill(self.bench.work, ReadDrill(actor=DIRECTOR, summons_id=self.id), now=self.bench.now)

    async def states(self) -> dict[str, str]:
        return (await self.bench.summons(self.id))[1]

    async def row(self, unit: str) -> CalledUnit:
        query = sa.select(CalledUnit).where(CalledUnit.summons_id == self.id, CalledUnit.unit == unit)
        async with self.bench.work.read() as session:
            return (await session.scalars(query)).one()


async def whistle_blown(bench: Bench, *units: str) -> Whistle:
    case = await bench.case_arrives()
    summons_id = await bench.summons_is_asked(case.case_code, *units)
    return await Whistle(bench, summons_id, case.case_id, case.case_code).approved()


async def drill_asked(bench: Bench, *units: str) -> Whistle:
    started = await ask_drill(bench.work, drill(*units), now=bench.now)
    return Whistle(bench, started.summons_id, started.summons_id, "drill")


async def construction_case(bench: Bench, level: Level) -> str:
    return (await bench.case_arrives(accepted(CONSTRUCTION, level=level))).case_code


async def asked_by_plan(bench: Bench, code: str, *named: str) -> UUID:
    command = AskSummons(
        actor=DIRECTOR,
        idempotency_key=key(),
        case_code=code,
        ground=SummonsGround.URGENT,
        units=named,
        by_plan=True,
        reason="按预案召集",
    )
    return (await ask_summons(bench.work, command, now=bench.now)).summons_id
