"""Escalation over a real database, fed with events as the broker would hand them over."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from services.escalation.model import Clock, Verification
from services.escalation.operations.audit_clocks import Auditor
from services.escalation.operations.case_clocks import open_cases_of
from services.escalation.operations.sweep_clocks import sweep_clocks
from services.escalation.subscribers import HANDLERS
from shared.clock import MovedClock
from shared.contracts.base import CaseEvent, Envelope, Event
from shared.contracts.escalation import LadderCalled
from shared.infra.inbox import Inbox, Prepare
from shared.infra.unit_of_work import UnitOfWork
from tests.unit.escalation.given import MONDAY, Story

OPEN = ("armed", "overdue")
DELIVERIES_MAX = 40


class Delivered:
    """A message as the inbox sees it; it is put back until it was acknowledged."""

    def __init__(self, envelope: Envelope) -> None:
        self.envelope = envelope
        self.data = envelope.model_dump_json().encode()
        self.subject = envelope.type
        self.acknowledged = False

    async def ack(self) -> None:
        self.acknowledged = True

    async def nak(self, delay: float | None = None) -> None:
        self.acknowledged = False

    async def term(self) -> None:
        raise AssertionError("escalation gives up no event")


class Bench:
    """One copy of the service without a broker."""

    def __init__(self, work: UnitOfWork, clock: MovedClock) -> None:
        self.work = work
        self.clock = clock
        self._sequences: Counter[tuple[str, str]] = Counter()
        self.inboxes: dict[str, Inbox] = {}
        self.listen(open_cases_of)

    def listen(self, prepare: Prepare | None) -> None:
        for source in ("intake", "dispatch", "notification", "escalation"):
            self.inboxes[source] = Inbox(f"escalation-from-{source}", self.work, HANDLERS, prepare)

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
        """One event after the other, each in its own transaction."""
        envelopes = [self.envelope(event) for event in events]
        for envelope in envelopes:
            await self.deliver(envelope.type.split(".")[0], [envelope])
        return envelopes

    async def deliver(self, source: str, envelopes: Sequence[Envelope]) -> None:
        """One batch of one stream; what is put back comes again, as the broker does it."""
        waiting = [Delivered(envelope) for envelope in envelopes]
        for _ in range(DELIVERIES_MAX):
            await self.inboxes[source].receive(waiting)
            waiting = [message for message in waiting if not message.acknowledged]
            if not waiting:
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"{len(waiting)} events were put back {DELIVERIES_MAX} times")

    async def sweep(self, now: datetime | None = None) -> datetime | None:
        if now is not None:
            self.clock.move_to(now)
        return await sweep_clocks(self.work)

    async def calls_answered(self) -> None:
        """What ladders called for comes back to escalation, as the broker brings it; what was applied before is not."""
        event = self.work.spine.event
        called = sa.select(event.c.envelope).where(event.c.type == LadderCalled.TYPE).order_by(event.c.position)
        async with self.work.read() as session:
            envelopes = [Envelope.model_validate(one) for one in (await session.scalars(called)).all()]
        if envelopes:
            await self.deliver("escalation", envelopes)

    # -- what is on record ---------------------------------------------------------------------------------------------

    async def rows(self, story: Story | None = None) -> list[Clock]:
        query = sa.select(Clock).order_by(Clock.started_at, Clock.key)
        if story is not None:
            query = query.where(Clock.case_id == story.case_id)
        async with self.work.read() as session:
            return list((await session.scalars(query)).all())

    async def states(self, story: Story) -> dict[str, str]:
        """Stage (with what follows the id, such as the round) -> state, with the reason where it was cancelled."""
        found: dict[str, str] = {}
        for clock in await self.rows(story):
            told = clock.state if clock.reason is None else f"{clock.state}: {clock.reason}"
            found[_short(clock.key, story)] = told
        return found

    async def tasks(self, story: Story) -> list[Verification]:
        query = sa.select(Verification).where(Verification.case_id == story.case_id).order_by(Verification.assigned_at)
        async with self.work.read() as session:
            return list((await session.scalars(query)).all())

    async def events(self, kind: str | None = None, case_id: UUID | None = None) -> list[dict[str, Any]]:
        """`type` and `data` of what escalation recorded, in order."""
        event = self.work.spine.event
        query = sa.select(event.c.envelope).order_by(event.c.position)
        if kind is not None:
            query = query.where(event.c.type == kind)
        if case_id is not None:
            query = query.where(event.c.chain == str(case_id))
        async with self.work.read() as session:
            return [{"type": one["type"], **one["data"]} for one in (await session.scalars(query)).all()]

    async def balance(self) -> None:
        """armed = met + met late + cancelled + open, by the rows and by the events; and the auditor finds all well."""
        rows = Counter(clock.state for clock in await self.rows())
        clocks = [one for one in await self.events() if one["type"].startswith("escalation.clock.")]
        told = Counter(one["type"].removeprefix("escalation.clock.") for one in clocks)
        still_open = sum(rows[state] for state in OPEN)
        assert told["armed"] == sum(rows.values())
        assert told["armed"] == told["met"] + told["cancelled"] + still_open
        assert told["met"] == rows["met"] + rows["met_late"]
        assert told["overdue"] == sum(clock.fired_at is not None for clock in await self.rows())
        await Auditor(self.work, rhythm=timedelta(0)).run()
        assert [(one["finding"], one["clock"]) for one in await self.events("escalation.audit.found")] == []


def _short(key: str, story: Story) -> str:
    stage, _, rest = key.partition(":")
    for own in (story.case_id, story.order, story.summons):
        rest = rest.replace(str(own), "")
    return stage if stage == "verify" else f"{stage}{rest}".rstrip(":")
