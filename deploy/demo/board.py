"""What the live view shows, read anew each time: present queues by public requests, totals from the streams."""

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import nats.errors
import nats.js.errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import ConsumerConfig, DeliverPolicy
from pydantic import BaseModel, ValidationError

from deploy.demo.floor import Asking
from deploy.demo.staff import DISPATCHER
from shared.clock import Clock
from shared.contracts.base import Envelope, Request
from shared.contracts.dispatch import (
    ListSummonses,
    ListTriage,
    ListWorkOrders,
    Summonses,
    SummonsView,
    TriageCases,
    WorkOrders,
    WorkOrderView,
)
from shared.contracts.escalation import Clocks, ClockView, ListClocks, ListVerifications, VerificationTasks
from shared.contracts.intake import ListOpenCases, OpenCases
from shared.contracts.subjects import SERVICES, Stream, event_subject
from shared.errors import Refused, Unavailable
from shared.infra.logs import get_log

A = TypeVar("A", bound=BaseModel)
CLOCKS_MAX = 300
ORDERS_MAX = 300
EVENTS_KEPT = 60
LOOK_BACK = 40
PATIENCE_S = 3.0
WATCHED = ("intake.>", "dispatch.>", "escalation.clock.overdue", "escalation.verification.recorded")


@dataclass(frozen=True)
class Board:
    """One look at the centre. `totals`: recorded events by type since the beginning. Clocks by due time."""

    at: datetime
    totals: Mapping[str, int] = field(default_factory=dict[str, int])
    open_cases: Mapping[str, int] = field(default_factory=dict[str, int])
    in_triage: int = 0
    to_verify: int = 0
    unsigned: tuple[WorkOrderView, ...] = ()
    summonses: tuple[SummonsView, ...] = ()
    clocks: tuple[ClockView, ...] = ()
    clocks_open: int = 0
    events: tuple[Envelope, ...] = ()

    @property
    def overdue(self) -> tuple[ClockView, ...]:
        return tuple(clock for clock in self.clocks if clock.due_at <= self.at)


class Lookout:
    """Keeps watching one centre. A service that does not answer leaves its part as it was last seen."""

    def __init__(self, asker: Asking, admin: Client, clock: Clock, centre: str) -> None:
        self._asker = asker
        self._admin: Any = admin  # the library's own types are partly unknown
        self._clock = clock
        self._centre = centre
        self._events = deque[Envelope](maxlen=EVENTS_KEPT)
        self._last: dict[str, BaseModel] = {}
        self._totals: dict[str, int] = {}
        self._subscriptions: list[Any] = []

    async def open(self) -> None:
        """Begins to listen, a few events back."""
        jetstream = self._admin.jetstream(timeout=5)
        for subject in WATCHED:
            stream = Stream(subject.partition(".")[0]).name
            last = (await jetstream.stream_info(stream)).state.last_seq
            config = ConsumerConfig(
                deliver_policy=DeliverPolicy.BY_START_SEQUENCE, opt_start_seq=max(1, last - LOOK_BACK)
            )
            self._subscriptions.append(
                await jetstream.subscribe(
                    event_subject(self._centre, subject),
                    stream=stream,
                    config=config,
                    ordered_consumer=True,
                    cb=self._hear,
                )
            )

    async def close(self) -> None:
        for subscription in self._subscriptions:
            await subscription.unsubscribe()

    async def look(self) -> Board:
        states = ("registered", "handling", "to_follow_up", "to_explain", "followed_up")
        asks = [
            self._read(f"cases {state}", ListOpenCases(actor=DISPATCHER, state=state, limit=1), OpenCases)
            for state in states
        ]
        cases = await asyncio.gather(*asks)
        triage, tasks, orders, summonses, clocks, _ = await asyncio.gather(
            self._read("triage", ListTriage(actor=DISPATCHER, limit=1), TriageCases),
            self._read("verifications", ListVerifications(actor=DISPATCHER, limit=1000), VerificationTasks),
            self._read("orders", ListWorkOrders(actor=DISPATCHER, state="dispatched", limit=ORDERS_MAX), WorkOrders),
            self._read("summonses", ListSummonses(actor=DISPATCHER), Summonses),
            self._read("clocks", ListClocks(actor=DISPATCHER, limit=CLOCKS_MAX), Clocks),
            self._count(),
        )
        return Board(
            at=self._clock.now(),
            totals=dict(self._totals),
            open_cases={state: listed.total if listed else 0 for state, listed in zip(states, cases, strict=True)},
            in_triage=triage.total if triage else 0,
            to_verify=len(tasks.tasks) if tasks else 0,
            unsigned=orders.work_orders if orders else (),
            summonses=summonses.summonses if summonses else (),
            clocks=clocks.clocks if clocks else (),
            clocks_open=clocks.total if clocks else 0,
            events=tuple(self._events),
        )

    async def _read(self, name: str, request: Request[Any], answer_type: type[A]) -> A | None:
        try:
            self._last[name] = await self._asker.ask_patiently(request, answer_type, patience_s=PATIENCE_S)
        except (Unavailable, Refused) as trouble:
            get_log("view").debug("not answered", request=request.NAME, trouble=type(trouble).__name__)
        found = self._last.get(name)
        return found if isinstance(found, answer_type) else None

    async def _count(self) -> None:
        """How many events of each type the streams have."""
        jetstream = self._admin.jetstream(timeout=2)
        prefix = event_subject(self._centre, "")
        for service in SERVICES:
            try:
                info = await jetstream.stream_info(Stream(service).name, subjects_filter=f"{prefix}>")
            except (nats.errors.Error, nats.js.errors.Error, TimeoutError) as trouble:
                get_log("view").debug("stream not counted", service=service, trouble=type(trouble).__name__)
                continue
            counted: dict[str, int] = info.state.subjects or {}
            self._totals |= {subject.removeprefix(prefix): number for subject, number in counted.items()}

    async def _hear(self, message: Msg) -> None:
        try:
            self._events.append(Envelope.model_validate_json(message.data))
        except ValidationError:
            get_log("view").warning("undecodable event", subject=message.subject)
