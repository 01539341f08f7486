"""Intake over a real database: what the desk does, and what is on record after it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from services.intake.model import Case, Note, Suggestion
from services.intake.operations.cases import Intake, accept_case
from services.intake.operations.entrusted import Entrusted, erase_expired
from services.intake.operations.learning import Learning
from services.intake.operations.suggesting import Suggesting
from services.intake.queries import MaskedReads
from shared.clock import MovedClock
from shared.contracts.actors import Actor, Role
from shared.contracts.base import Done, Event
from shared.contracts.intake import (
    AcceptCase,
    CaseReceipt,
    CorrectCase,
    HandlingMode,
    MaskedCase,
    ReadCase,
    RegisterCase,
    Requester,
    Source,
    SuggestCategories,
    Suggestions,
)
from shared.infra.unit_of_work import UnitOfWork
from shared.vault import KeyRing
from tests.unit.suggest.history import matters, pack

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
WINDOW = pack().windows[0].code
CLERK = Actor(staff="clerk.1", role=Role.INTAKE_CLERK, window=WINDOW)
PLATFORM = Actor(staff="platform", role=Role.SYSTEM)
DISPATCHER = Actor(staff="dispatcher.1", role=Role.DISPATCHER)
MATTER = "路灯不亮，巷子里晚上很黑"


def registering(matter: str, by: Actor, **values: Any) -> RegisterCase:
    source = Source.WINDOW if by.window else Source.PLATFORM_PUSH
    given = {"actor": by, "idempotency_key": uuid4().hex, "source": source, "matter": matter}
    return RegisterCase.model_validate(given | values)


class Desk:
    """One copy of intake without a broker, on a clock that stands until it is moved."""

    def __init__(self, work: UnitOfWork, clock: MovedClock) -> None:
        self.work = work
        self.clock = clock
        self.keys = KeyRing.from_text(KeyRing.generate())
        self.intake = Intake(self.keys, retention=timedelta(days=180))
        self.entrusted = Entrusted(self.keys)
        self.learning = Learning(self.keys)
        self.suggesting = Suggesting(self.learning)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    # -- what people do ------------------------------------------------------------------------------------------------

    async def registers(self, matter: str = MATTER, *, by: Actor = CLERK, **values: Any) -> CaseReceipt:
        return await self.intake.register_case(self.work, registering(matter, by, **values), now=self.now)

    async def accepts(self, code: str, *, by: Actor = CLERK, **values: Any) -> Done:
        key = {"actor": by, "idempotency_key": uuid4().hex, "case_code": code, "handling_mode": HandlingMode.FORWARD}
        return await accept_case(self.work, AcceptCase.model_validate(key | values), now=self.now)

    async def corrects(self, code: str, *, by: Actor = CLERK, reason: str = "听错了", **values: Any) -> Done:
        key = {"actor": by, "idempotency_key": uuid4().hex, "case_code": code, "reason": reason}
        return await self.intake.correct_case(self.work, CorrectCase.model_validate(key | values), now=self.now)

    async def asks(self, matter: str = MATTER, *, by: Actor = CLERK) -> Suggestions:
        command = SuggestCategories(actor=by, idempotency_key=uuid4().hex, matter=matter)
        return await self.suggesting.suggest_categories(self.work, command, now=self.now)

    async def confirmed_history(
        self, count: int, *, by: Actor = CLERK, requester: Requester | None = None, told: str = ""
    ) -> None:
        """In one transaction, as that is quicker."""
        async with self.work.shared() as work:
            for category, matter in matters(count):
                command = registering(told + matter, by, category=category, requester=requester)
                await self.intake.register_case(work, command, now=self.now)

    async def learns(self) -> datetime | None:
        return await self.learning.learn_when_due(self.work)

    async def erases(self) -> None:
        await erase_expired(self.work)

    # -- what is on record ---------------------------------------------------------------------------------------------

    async def case(self, code: str) -> Case:
        async with self.work.read() as session:
            return (await session.scalars(sa.select(Case).where(Case.case_code == code))).one()

    async def reads(self, code: str) -> MaskedCase:
        return await MaskedReads(self.keys).read_case(self.work, ReadCase(actor=CLERK, case_code=code), now=self.now)

    async def suggestions(self) -> list[Suggestion]:
        async with self.work.read() as session:
            return list(await session.scalars(sa.select(Suggestion).order_by(Suggestion.suggestion_id)))

    async def notes(self, code: str) -> list[tuple[str, str | None, str | None]]:
        """About, as stored, as opened."""
        case = await self.case(code)
        async with self.work.read() as session:
            notes = await session.scalars(sa.select(Note).where(Note.case_id == case.case_id))
            return [(note.about, note.text, note.opened(self.keys)) for note in notes]

    async def told(self, code: str, kind: type[Event]) -> list[dict[str, Any]]:
        async with self.work.read() as session:
            entries, intact = await self.work.event_record.timeline(await session.connection(), code)
        assert intact
        return [entry.data for entry in entries if entry.type == kind.TYPE]

    async def everything_stored(self) -> str:
        """Every row of intake's own tables and of its spine, as text."""
        async with self.work.read() as session:
            names = await session.scalars(
                sa.text("select table_name from information_schema.tables where table_schema = 'intake'")
            )
            rows = [await session.scalars(sa.text(f'select t::text from intake."{name}" t')) for name in list(names)]
            return "\n".join(str(row) for found in rows for row in found)
