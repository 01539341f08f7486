"""Notification over a real database: events as the broker would hand them over, and channels that follow a script."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from deploy.packs import default_pack
from services.notification.api import endpoints
from services.notification.channels.base import Channel, ChannelRefused, ChannelUnavailable, HandedOver, Outgoing
from services.notification.model import Attempt, Message, Notice
from services.notification.operations.courier import Courier
from services.notification.operations.means import Means
from services.notification.subscribers import HANDLERS
from services.notification.texts import Tongue
from shared.centre.pack import CentrePack
from shared.clock import MovedClock
from shared.contracts.actors import Actor, Role
from shared.contracts.base import CaseEvent, Envelope, Event, Request
from shared.contracts.dispatch import RosterChanged, SummonsUnitCalled, SummonsUnitCannotCome, WorkOrderDispatched
from shared.contracts.escalation import NoticeIssued
from shared.contracts.notification import SetContact
from shared.contracts.rights import require_right
from shared.duty import Member, Roster, Rotation
from shared.infra.inbox import Inbox
from shared.infra.requests import by_name
from shared.infra.unit_of_work import UnitOfWork
from shared.links import LinkSigner

# Monday 23 November 2026, 09:00 in Quanzhou.
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
UNIT, OTHER_UNIT = "labour-rights", "legal-aid"
LIAISON, LEAD = f"{UNIT}.liaison", f"{UNIT}.lead"
CATEGORY, TOWN = "labour.wages.arrears", "350521104"
SECRET = "x" * 32
ADMINISTRATOR = Actor(staff="operator", role=Role.ADMINISTRATOR)
PUBLIC_URL = "https://muster.example"

Answer = HandedOver | Exception | float
"""What a scripted channel does: takes it, raises, or hangs for so many real seconds."""


@cache
def quanzhou() -> CentrePack:
    return default_pack()


def down() -> ChannelUnavailable:
    return ChannelUnavailable("HTTP 500")


def refusal() -> ChannelRefused:
    return ChannelRefused("no such mailbox")


@dataclass
class Scripted:
    """Follows `script` one answer per call, then `always`. `taken` are those it took, in order."""

    name: str = "email"
    per_minute: int | None = None
    timeout_s: float = 5.0
    outside: bool = True
    script: list[Answer] = field(default_factory=list)
    always: Callable[[], Answer] = HandedOver
    calls: int = 0
    taken: list[Outgoing] = field(default_factory=list)

    async def send(self, message: Outgoing) -> HandedOver:
        self.calls += 1
        await asyncio.sleep(0)
        answer = self.script.pop(0) if self.script else self.always()
        if isinstance(answer, float):
            await asyncio.sleep(answer)
            answer = HandedOver()
        if isinstance(answer, Exception):
            raise answer
        self.taken.append(message)
        return answer

    async def close(self) -> None:
        return None

    @property
    def addresses(self) -> list[str]:
        return [message.address for message in self.taken]


class Delivered:
    """A message as the inbox sees it; it is put back until it was acknowledged."""

    def __init__(self, envelope: Envelope) -> None:
        self.data = envelope.model_dump_json().encode()
        self.subject = envelope.type
        self.acknowledged = False

    async def ack(self) -> None:
        self.acknowledged = True

    async def nak(self, delay: float | None = None) -> None:
        self.acknowledged = False

    async def term(self) -> None:
        raise AssertionError("notification gives up no event")


class Bench:
    """Copies of the service without a broker: each courier stands for one process."""

    def __init__(self, work: UnitOfWork, clock: MovedClock) -> None:
        self.work = work
        self.clock = clock
        self.couriers: list[Courier] = []
        self.tongue: Tongue = "zh"
        self.means = Means({}, LinkSigner((SECRET,), centre="qz"), PUBLIC_URL, "qz")
        self._sequences: Counter[tuple[str, str]] = Counter()

    def with_channels(self, *channels: Channel) -> Courier:
        """The first copy; more by `another()`."""
        named: Mapping[str, Channel] = {channel.name: channel for channel in channels}
        self.means = Means(named, self.means.signer, PUBLIC_URL, "qz", self.tongue)
        return self.another()

    def another(self) -> Courier:
        courier = Courier(self.work, self.means)
        self.couriers.append(courier)
        return courier

    async def close(self) -> None:
        for courier in self.couriers:
            await courier.finish()

    # -- in ------------------------------------------------------------------------------------------------------------

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
        envelopes = [self.envelope(event) for event in events]
        for envelope in envelopes:
            await self.deliver(envelope)
        return envelopes

    async def deliver(self, *envelopes: Envelope) -> None:
        """One batch of one stream."""
        source = envelopes[0].type.split(".")[0]
        messages = [Delivered(envelope) for envelope in envelopes]
        await Inbox(f"notification-from-{source}", self.work, HANDLERS).receive(messages)
        assert all(message.acknowledged for message in messages)

    async def asks(self, request: Request[Any]) -> Any:
        require_right(request.actor, request.NAME)
        endpoint = by_name(endpoints(self.means))[request.NAME]
        return await endpoint.operation(self.work, request, now=self.clock.now())

    async def reaches(self, staff: str, *channels: str) -> None:
        """Contacts of a post, in this order."""
        for position, channel in enumerate(channels, start=1):
            await self.asks(
                SetContact(
                    actor=ADMINISTRATOR,
                    idempotency_key=uuid4().hex,
                    staff=staff,
                    channel=channel,
                    address=address_of(staff, channel),
                    position=position,
                )
            )

    async def after(self, **span: float) -> datetime | None:
        """Time passes, then the first copy sweeps."""
        self.clock.move(timedelta(**span))
        return await self.couriers[0].run()

    # -- what is on record ---------------------------------------------------------------------------------------------

    async def messages(self, *, channel: str | None = None) -> list[Message]:
        query = sa.select(Message).order_by(Message.created_at, Message.message_id)
        if channel is not None:
            query = query.where(Message.channel == channel)
        async with self.work.read() as session:
            return list((await session.scalars(query)).all())

    async def states(self) -> dict[str, str]:
        """`<staff> <channel>` -> state."""
        return {f"{one.staff} {one.channel}": one.state for one in await self.messages()}

    async def notices(self) -> list[Notice]:
        async with self.work.read() as session:
            return list((await session.scalars(sa.select(Notice).order_by(Notice.created_at))).all())

    async def attempts(self) -> list[Attempt]:
        async with self.work.read() as session:
            return list((await session.scalars(sa.select(Attempt).order_by(Attempt.attempt_id))).all())

    async def events(self, kind: str | None = None) -> list[dict[str, Any]]:
        event = self.work.spine.event
        query = sa.select(event.c.envelope).order_by(event.c.position)
        if kind is not None:
            query = query.where(event.c.type == f"notification.{kind}")
        async with self.work.read() as session:
            return [one["data"] for one in (await session.scalars(query)).all()]


def address_of(staff: str, channel: str) -> str:
    return f"{staff}@{channel}.example"


@dataclass
class Whistle:
    """A summons of one unit, as the streams tell of it."""

    unit: str = UNIT
    case_id: UUID = field(default_factory=uuid4)
    summons_id: UUID = field(default_factory=uuid4)
    code: str = "drill"
    drill: bool = False

    def called(self) -> SummonsUnitCalled:
        return SummonsUnitCalled(
            **self.ids(),
            level="II",
            category=CATEGORY,
            place=TOWN,
            pack_version=quanzhou().version,
            called_at=MONDAY,
        )

    def cannot_come(self) -> SummonsUnitCannotCome:
        return SummonsUnitCannotCome.model_validate({**self.ids(), "told_at": MONDAY})

    def ids(self) -> dict[str, Any]:
        return {
            "case_id": self.case_id,
            "case_code": self.code,
            "summons_id": self.summons_id,
            "unit": self.unit,
            "drill": self.drill,
        }

    def rung(
        self,
        step: int = 1,
        *,
        post: str = "liaison_officer",
        action: str | None = None,
        why: str = "ladder",
        issued_at: datetime = MONDAY,
    ) -> NoticeIssued:
        of_unit = post in ("liaison_officer", "unit_lead")
        return NoticeIssued.model_validate(
            {
                "case_id": self.case_id,
                "case_code": self.code,
                "clock": f"arrival:{self.summons_id}:{self.unit}",
                "stage": "arrival",
                "owes": self.unit,
                "notice_id": uuid4(),
                "step": step,
                "post": post,
                "unit": self.unit if of_unit else None,
                "action": action,
                "why": why,
                "summons_id": self.summons_id,
                "drill": self.drill,
                "due_at": MONDAY + timedelta(minutes=20),
                "issued_at": issued_at,
            }
        )


def work_order(unit: str = UNIT, *, code: str = "drill", order: UUID | None = None) -> WorkOrderDispatched:
    return WorkOrderDispatched(
        case_id=uuid4(),
        case_code=code,
        work_order_id=order or uuid4(),
        unit=unit,
        round=1,
        role="lead",
        reached_by="desk",
        category=CATEGORY,
        place=TOWN,
        level="IV",
        pack_version=quanzhou().version,
        accepted_at=MONDAY,
        dispatched_at=MONDAY,
        returns=0,
    )


def roster(*staff: str, kind: str = "liaison", unit: str | None = UNIT, code: str = "liaisons") -> RosterChanged:
    """Everybody takes a day; nobody at all where no staff is given."""
    rotations: Sequence[Rotation] = (
        [
            Rotation(
                id="days",
                members=tuple(Member(staff=one) for one in staff),
                every="daily",
                starts_on=MONDAY.date(),
            )
        ]
        if staff
        else []
    )
    made = Roster.model_validate(
        {"code": code, "kind": kind, "unit": unit, "title": "联络员值班表", "rotations": rotations}
    )
    return RosterChanged(roster=made, changed_at=MONDAY)
