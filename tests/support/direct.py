"""A centre without its broker: the same services on real PostgreSQL, their doors and inboxes called in turn.

Every request goes in as bytes through the door that answers NATS, every recorded event through the inbox that reads its
stream. Nothing happens at the same time and nothing waits, so a day takes as long as its work and time may be moved to
the very instant something is due. What the broker itself may do to a centre is looked at elsewhere (`tests/chaos`).
"""

from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar, cast

import asyncpg
import sqlalchemy as sa
from pydantic import BaseModel

from deploy.embedded.running import ServerAddresses
from deploy.link_keys import link_key_file
from deploy.packs import apply_pack, default_pack
from deploy.stack import USERS_OF_LINKS, build
from shared.centre.pack import CentrePack
from shared.clock import MovedClock
from shared.contracts.base import Envelope, Request
from shared.contracts.subjects import CONSUMERS, SERVICES, Consumer
from shared.infra.asking import Asker, read_reply
from shared.infra.migrations import migrate
from shared.infra.requests import answer
from shared.infra.scheduling import Sweep
from shared.infra.service import Service
from shared.vault import KeyRing
from tests.support.centre import CentreUnderTest
from tests.support.times import MONDAY_MORNING

A = TypeVar("A", bound=BaseModel)
Hearing = Callable[[Envelope], None]
BATCH_MAX = 200
ROUNDS_MAX = 400
TRIES_MAX = 30
EVERY_TABLE = """
    select format('%I.%I', table_schema, table_name) as name from information_schema.tables
    where table_schema = any($1) and table_type = 'BASE TABLE'
      and table_name not in ('centre_pack', 'schema_version')"""


class Stuck(AssertionError):
    """Something never came to an end: an event put back for ever, a sweep that always has more."""


@dataclass
class Handed:
    """One event on its way to one consumer."""

    data: bytes
    subject: str
    tries: int = 0
    put_back: bool = False

    async def ack(self) -> None:
        self.put_back = False

    async def nak(self, delay: float | None = None) -> None:
        self.put_back = True

    async def term(self) -> None:
        self.put_back = False


@dataclass
class Commits:
    """How often a service's database took something for good since it was last asked."""

    number: int = 0

    def count(self, _: Any) -> None:
        self.number += 1


@dataclass
class Line:
    """What waits for one consumer, in the order of the stream."""

    consumer: Consumer
    waiting: deque[Handed] = field(default_factory=deque)

    def takes(self, event_type: str) -> bool:
        service, noun, _ = event_type.split(".")
        return service == self.consumer.source and (not self.consumer.nouns or noun in self.consumer.nouns)


class DirectAsker(Asker):
    """Asks the way everybody does, without a wire in between."""

    def __init__(self, centre: "DirectCentre") -> None:
        self._direct = centre

    async def ask(
        self, request: Request[Any], answer_type: type[A], *, service: str | None = None, timeout_s: float | None = None
    ) -> A:
        body = request.model_dump_json().encode()
        reply = await self._direct.door(service or request.SERVICE, request.NAME, body)
        return read_reply(reply, answer_type)


class DirectCentre(CentreUnderTest):
    """`settle()` publishes, applies and sweeps until nothing is left to do at this instant.

    `hearing` is told of every event in the order of each service's record.
    """

    def __init__(
        self,
        addresses: ServerAddresses,
        name: str,
        keys: Path,
        clock: MovedClock | None = None,
        *,
        pack: CentrePack | None = None,
        without: Iterable[str] = (),
        by_their_word: bool = False,
        hearing: Hearing | None = None,
    ) -> None:
        """`without`: sweeps that are left out (and run by whoever wants them, with `sweep`).

        `by_their_word`: that time has passed is no reason to look; after changes, and when they said so, sweeps do.
        """
        super().__init__(addresses, name, keys, clock or MovedClock(MONDAY_MORNING))
        self.pack = pack or default_pack()
        self.services: dict[str, Service] = {}
        self.lines = [Line(consumer) for consumer in CONSUMERS if consumer.reader in SERVICES]
        self.commits = {name: Commits() for name in SERVICES}
        self.database_url = ""
        self.hearing = hearing
        self.next_due: dict[str, datetime | None] = {}
        self._without = frozenset(without)
        self._by_their_word = by_their_word
        self._published = dict.fromkeys(SERVICES, -1)
        self._changed = True
        self._swept_at: datetime | None = None
        self._looking: Any = None
        self._going_back = ""

    async def open(self) -> None:
        from deploy.databases import database_for  # as the stack does

        if not self._keys.exists():
            self._keys.write_text(KeyRing.generate())
        self.database_url = await database_for(self.addresses.database_url, self.name)
        self.services = {name: self._build(name) for name in SERVICES}
        for name, service in self.services.items():
            await migrate(service.engine, schema=name, folder=service._migrations)
            sa.event.listen(service.engine.sync_engine, "commit", self.commits[name].count)
            for sweep in service.sweeper.sweeps:
                sweep.hold = None  # no broker, so no news that might lie there unread
        self._looking = await asyncpg.connect(self.database_url)
        # Nobody pulls the plug here; whatever a crash may do is looked at elsewhere.
        await self._looking.execute(f'alter database "muster_{self.name}" set synchronous_commit = off')
        self.asker = DirectAsker(self)
        await apply_pack(self.asker, self.pack)
        await self.settle()

    async def close(self) -> None:
        for service in self.services.values():
            for sweep in service.sweeper.sweeps:
                await sweep.finish()
            await service.engine.dispose()
        if self._looking is not None:
            await self._looking.close()

    async def start(self) -> None:
        raise NotImplementedError("a centre without a broker is opened once")

    async def door(self, service: str, name: str, body: bytes) -> bytes:
        """The reply to the bytes of one request."""
        one = self.services[service]
        before = self.commits[service].number
        reply = await answer(one.endpoints[name], one.work, body)
        self._changed = self._changed or self.commits[service].number != before
        return reply

    async def fetch(self, query: str, *arguments: object) -> list[asyncpg.Record]:
        return await self._looking.fetch(query, *arguments)

    async def execute(self, statement: str) -> None:
        """By hand, past every service."""
        await self._looking.execute(statement)

    async def settle(self) -> None:
        await self.pump()
        for _ in range(ROUNDS_MAX):
            await self.sweep_due()
            if not await self.pump():
                return
        raise Stuck("a sweep has always something more to do")

    # -- events --------------------------------------------------------------------------------------------------------

    async def pump(self) -> int:
        """Everything recorded is published and applied. How many events that were."""
        published = 0
        for _ in range(ROUNDS_MAX):
            found = await self._publish()
            published += found
            handed = sum([await self._hand_over(line) for line in self.lines])
            if not found and not handed:
                self._none_waits()
                return published
        raise Stuck("events without end")

    async def _publish(self) -> int:
        found = 0
        for service in SERVICES:
            commits = self.commits[service].number
            if commits == self._published[service]:
                continue  # nothing was kept there since, so nothing was recorded either
            self._published[service] = commits
            rows = await self._looking.fetch(
                f"with sent as (delete from {service}.unsent where position in"
                f" (select position from {service}.unsent order by position limit {BATCH_MAX}) returning position)"
                f" select position, type, envelope::text as body from sent join {service}.event using (position)"
            )
            for row in sorted(rows, key=lambda one: one["position"]):
                self._line_up(row["type"], row["body"])
            found += len(rows)
            if len(rows) == BATCH_MAX:
                self._published[service] = -1
        self._changed = self._changed or found > 0
        return found

    def _line_up(self, event_type: str, body: str) -> None:
        if self.hearing is not None:
            self.hearing(Envelope.model_validate_json(body))
        for line in self.lines:
            if line.takes(event_type):
                line.waiting.append(Handed(body.encode(), event_type))

    async def _hand_over(self, line: Line) -> int:
        """How many were taken. What is put back waits for the next round, at the head of its line."""
        if not line.waiting:
            return 0
        batch = [line.waiting.popleft() for _ in range(min(BATCH_MAX, len(line.waiting)))]
        for one in batch:
            one.tries += 1
        inbox = self.services[line.consumer.reader].inboxes[line.consumer.name]
        await inbox.receive(batch)
        back = [one for one in batch if one.put_back]
        line.waiting.extendleft(reversed(back))
        if any(one.tries > TRIES_MAX for one in back):
            raise Stuck(f"{line.consumer.name} puts {back[0].subject} back for ever")
        return len(batch)

    def _none_waits(self) -> None:
        for line in self.lines:
            if line.waiting:
                raise Stuck(f"{line.consumer.name} is left with {len(line.waiting)} events")

    # -- sweeps --------------------------------------------------------------------------------------------------------

    def sweeps(self) -> list[Sweep]:
        return [sweep for service in self.services.values() for sweep in service.sweeper.sweeps]

    async def sweep_due(self) -> None:
        """As a service does: after changes those that ask for it, and all of them when time has passed."""
        now = self.clock.now()
        moved, changed = now != self._swept_at, self._changed
        self._swept_at, self._changed = now, False
        for sweep in self.sweeps():
            due = self.next_due.get(sweep.name)
            said = due is not None and due <= now
            heard = changed and (sweep.after or self._by_their_word)
            wanted = said or heard or (moved and not self._by_their_word)
            if wanted and sweep.name not in self._without:
                await self.sweep(sweep)

    async def sweep(self, sweep: Sweep) -> None:
        """What a sweep raises is not swallowed here."""
        run = cast("Callable[[], Awaitable[datetime | None]]", sweep._run)
        self.next_due[sweep.name] = await run()

    async def remember(self) -> None:
        """As everything stands now is what `go_back` leads to."""
        await self._looking.execute("drop schema if exists kept cascade; create schema kept")
        tables = [row["name"] for row in await self.fetch(EVERY_TABLE, list(SERVICES))]
        filled = [name for name in tables if await self._looking.fetchval(f"select exists (select from {name})")]
        kept = {name: f"kept.t{number}" for number, name in enumerate(filled)}
        for name, copy in kept.items():
            await self._looking.execute(f"create table {copy} as table {name}")
        again = "".join(f"insert into {name} overriding system value table {copy};" for name, copy in kept.items())
        # The record refuses this to everybody, so its guard has to stand aside.
        self._going_back = (
            f"set session_replication_role = replica; truncate {', '.join(tables)}; {again}"
            "set session_replication_role = origin"
        )

    async def go_back(self) -> None:
        """What was done since `remember` never was. The clock is the caller's to move."""
        await self._looking.execute(self._going_back)
        for line in self.lines:
            line.waiting.clear()  # who was interrupted by what it found left them there
        self.next_due.clear()
        self._swept_at, self._changed = None, True

    def _build(self, name: str) -> Service:
        told = {
            "database_url": self.database_url,
            "nats_url": "nats://nobody:nobody@127.0.0.1:1",
            "centre": self.name,
            "vault_key_file": self._keys,
            "link_key_file": link_key_file(self._keys.parent) if name in USERS_OF_LINKS else None,
        }
        return build(name, told, self.clock)


async def dropped(addresses: ServerAddresses, name: str) -> None:
    """The database of such a centre goes when it was closed."""
    connection = await asyncpg.connect(addresses.database_url)
    try:
        await connection.execute(f'drop database if exists "muster_{name}" with (force)')
    finally:
        await connection.close()
