"""One service's unit of work over a test's own database, without broker or services."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from services.intake.model import SPINE
from shared.clock import MovedClock
from shared.contracts.base import Envelope
from shared.infra.database import make_engine, make_sessions
from shared.infra.event_record import EventRecord
from shared.infra.unit_of_work import UnitOfWork
from tests.support.times import MONDAY_MORNING


@asynccontextmanager
async def intake_work(database_url: str) -> AsyncGenerator[UnitOfWork]:
    engine = make_engine(database_url, service="tests")
    record = EventRecord(SPINE, service="intake", centre="qz")
    clock = MovedClock(MONDAY_MORNING)
    try:
        yield UnitOfWork(make_sessions(engine), SPINE, record, service="intake", centre="qz", clock=clock)
    finally:
        await engine.dispose()


@dataclass
class FakeDelivery:
    """A message as JetStream would hand it over; remembers how it was answered."""

    envelope: Envelope | None
    deliveries: int = 1
    raw: bytes = b""
    subject: str = "muster.qz.dispatch.test"
    answered: str | None = None
    delay_s: float | None = None

    @property
    def data(self) -> bytes:
        return self.raw or (self.envelope.model_dump_json().encode() if self.envelope else b"")

    @property
    def metadata(self) -> Any:
        return type("Metadata", (), {"num_delivered": self.deliveries})()

    async def ack(self) -> None:
        self.answered = "ack"

    async def nak(self, delay: float | None = None) -> None:
        self.answered, self.delay_s = "nak", delay

    async def term(self) -> None:
        self.answered = "term"
