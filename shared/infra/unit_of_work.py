"""One operation, one transaction: the state and the events that tell of it are committed together, or neither is."""

import hashlib
import json
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import sqlalchemy as sa
from pydantic import BaseModel
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from shared.clock import Clock
from shared.contracts.base import Command, Envelope, Event
from shared.errors import AlreadyHandled, IdempotencyKeyReused, not_found
from shared.infra.arrays import among
from shared.infra.event_record import Cause, EventRecord, Pending, new_id
from shared.infra.packs import PackShelf
from shared.infra.spine import Spine

Model = TypeVar("Model")
Answer = TypeVar("Answer", bound=BaseModel)


class Transaction:
    """What an operation may do inside its transaction."""

    def __init__(self, session: AsyncSession, cause: Cause, clock: Clock, pending: list[Pending]) -> None:
        self.session = session
        self.answer: dict[str, Any] | None = None
        self._cause = cause
        self._clock = clock
        self._pending = pending

    async def get(self, model: type[Model], key: object) -> Model | None:
        return await self.session.get(model, key)

    async def lock(self, model: type[Model], key: object, *, field: str | None = None) -> Model:
        """The row, locked until commit. Refused with `not_found` where there is none."""
        held = self._held(model)
        if key not in held:
            row = await self.session.get(model, key, with_for_update=True, populate_existing=True)
            if row is None:
                raise not_found(model.__name__, key, field=field)
            held[key] = row
        return held[key]

    async def lock_all(self, model: type[Model], keys: Iterable[object]) -> None:
        """Locks at once, in the order of their keys, the rows there are: for what a batch will lock one by one."""
        (primary,) = sa.inspect(model).primary_key
        wanted = sa.select(model).where(among(primary, keys)).order_by(primary).with_for_update()
        held = self._held(model)
        for row in await self.session.scalars(wanted, execution_options={"populate_existing": True}):
            held[sa.inspect(row).identity[0]] = row

    def _held(self, model: type[Model]) -> dict[object, Model]:
        """What this transaction has locked: nobody else changes it, so it need not be read again."""
        return self.session.info.setdefault("held", {}).setdefault(model, {})

    def add(self, row: object) -> None:
        self.session.add(row)

    def record(self, *events: Event) -> None:
        """Recorded at commit, in the order given."""
        now = self._clock.now()
        self._pending.extend(Pending(event, self._cause, now) for event in events)

    def answers(self, answer: Answer) -> Answer:
        """Keeps the answer under the command's idempotency key."""
        self.answer = answer.model_dump(mode="json")
        return answer


class UnitOfWork:
    """Begins transactions for one service. Only this class commits."""

    def __init__(
        self,
        sessions: async_sessionmaker[AsyncSession],
        spine: Spine,
        record: EventRecord,
        *,
        service: str,
        centre: str,
        clock: Clock,
    ) -> None:
        self.sessions = sessions
        self.spine = spine
        self.event_record = record
        self.packs = PackShelf(spine)
        self.service = service
        self.centre = centre
        self.clock = clock

    @asynccontextmanager
    async def begin(self, why: Command[Any] | Envelope | None = None) -> AsyncGenerator[Transaction]:
        """A transaction caused by a command (done once per key), by an event, or by the service's own clockwork."""
        async with self._transaction() as (session, pending):
            if isinstance(why, Command) and why.REMEMBERED:
                await self._claim(session, why)
            tx = Transaction(session, self._cause(why), self.clock, pending)
            yield tx
            if isinstance(why, Command) and why.REMEMBERED:
                await self._keep_answer(session, why, tx.answer or {})

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[AsyncSession]:
        async with self.sessions() as session:
            yield session

    @asynccontextmanager
    async def shared(self) -> AsyncGenerator["SharedWork"]:
        """Several operations in one transaction: for a batch of events. All of them are committed, or none."""
        async with self._transaction() as (session, pending):
            yield SharedWork(self, session, pending)

    @asynccontextmanager
    async def gathered(self) -> AsyncGenerator["GatheredWork"]:
        """Several commands in one transaction, each under its own idempotency key. All are committed, or none."""
        async with self._transaction() as (session, pending):
            work = GatheredWork(self, session, pending)
            yield work
            await work.keep_answers()

    @asynccontextmanager
    async def _transaction(self) -> AsyncGenerator[tuple[AsyncSession, list[Pending]]]:
        pending: list[Pending] = []
        async with self.sessions() as session, session.begin():
            yield session, pending
            await session.flush()
            await self.event_record.append(await session.connection(), pending)

    def _cause(self, why: Command[Any] | Envelope | None) -> Cause:
        if isinstance(why, Envelope):
            return Cause(f"system:{self.service}", str(why.id), why.trace)
        if why is not None:
            return Cause(why.actor.name, None, why.trace or new_id().hex)
        return Cause(f"system:{self.service}", None, new_id().hex)

    async def _claim(self, session: AsyncSession, command: Command[Any]) -> None:
        request = self.spine.request
        mark = fingerprint(command)
        claim = insert(request).values(
            name=command.NAME, key=command.idempotency_key, fingerprint=mark, at=self.clock.now()
        )
        claimed = await session.scalar(claim.on_conflict_do_nothing().returning(request.c.key))
        if claimed is not None:
            return
        known = (
            await session.execute(
                sa.select(request.c.fingerprint, request.c.answer).where(
                    request.c.name == command.NAME, request.c.key == command.idempotency_key
                )
            )
        ).one()
        if known.fingerprint != mark:
            answer: dict[str, Any] = known.answer or {}
            done = {"case_code": answer["case_code"]} if "case_code" in answer else {}
            raise IdempotencyKeyReused(
                "this idempotency key was used for another request; use a new key", field="idempotency_key", **done
            )
        raise AlreadyHandled(known.answer or {})

    async def _keep_answer(self, session: AsyncSession, command: Command[Any], answer: dict[str, Any]) -> None:
        request = self.spine.request
        await session.execute(
            sa.update(request)
            .where(request.c.name == command.NAME, request.c.key == command.idempotency_key)
            .values(answer=answer)
        )


class SharedWork(UnitOfWork):
    """A unit of work whose every `begin` joins one open transaction; whoever opened it commits."""

    def __init__(self, parent: UnitOfWork, session: AsyncSession, pending: list[Pending]) -> None:
        super().__init__(
            parent.sessions,
            parent.spine,
            parent.event_record,
            service=parent.service,
            centre=parent.centre,
            clock=parent.clock,
        )
        self.packs = parent.packs
        self.session = session
        self._pending = pending

    @asynccontextmanager
    async def _transaction(self) -> AsyncGenerator[tuple[AsyncSession, list[Pending]]]:
        yield self.session, self._pending  # written when a query needs it or at the end, many rows at a time


class GatheredWork(SharedWork):
    """Keeps all answers with one statement at the end. A key that was used before fails there, and with it the group:
    alone, the request gets the answer that it got then.
    """

    def __init__(self, parent: UnitOfWork, session: AsyncSession, pending: list[Pending]) -> None:
        super().__init__(parent, session, pending)
        self._answers: list[dict[str, Any]] = []

    async def _claim(self, session: AsyncSession, command: Command[Any]) -> None:
        pass

    async def _keep_answer(self, session: AsyncSession, command: Command[Any], answer: dict[str, Any]) -> None:
        named = {"name": command.NAME, "key": command.idempotency_key, "fingerprint": fingerprint(command)}
        self._answers.append({**named, "at": self.clock.now(), "answer": answer})

    async def keep_answers(self) -> None:
        if self._answers:
            await self.session.execute(insert(self.spine.request), self._answers)


def fingerprint(command: Command[Any]) -> bytes:
    """Tells two requests under one key apart."""
    body = command.model_dump(mode="json", exclude={"idempotency_key", "trace"})
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).digest()
