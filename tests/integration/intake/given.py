"""Intake over a real database: what the desk does, and what is on record after it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from services.intake.model import Case, Note, Suggestion
from services.intake.operations.cases import Intake
from services.intake.operations.entrusted import Entrusted, erase_expired
from services.intake.operations.joining import Joining
from services.intake.operations.learning import Learning
from services.intake.operations.similar import FindingSimilar
from services.intake.operations.suggesting import Suggesting
from services.intake.queries import MaskedReads, list_open_cases
from services.intake.subscribers import HANDLERS
from shared.clock import MovedClock
from shared.contracts.actors import Actor, Role
from shared.contracts.base import CaseEvent, Done, Envelope, Event
from shared.contracts.dispatch import WorkOrderSignedOff
from shared.contracts.escalation import VerificationRecorded
from shared.contracts.intake import (
    AcceptCase,
    CaseReceipt,
    CloseCase,
    CorrectCase,
    DeclineCase,
    DeclineReason,
    DissatisfactionCause,
    FindSimilarCases,
    FinishOwnCase,
    FollowUpCase,
    FollowUpKind,
    HandlingMode,
    JoinCase,
    JoinedTo,
    ListOpenCases,
    MaskedCase,
    OpenCases,
    ReadCase,
    RegisterCase,
    Requester,
    Satisfaction,
    SimilarCases,
    Source,
    SplitCase,
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
ORDER = {"work_order_id": uuid4(), "unit": "market", "round": 1}
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
        self._keys_text = KeyRing.generate()
        self._hold(self._keys_text)

    def _hold(self, keys: str) -> None:
        self.keys = KeyRing.from_text(keys)
        self.intake = Intake(self.keys, retention=timedelta(days=180))
        self.entrusted = Entrusted(self.keys)
        self.learning = Learning(self.keys)
        self.suggesting = Suggesting(self.learning)
        self.joining = Joining(self.keys)
        self.similar = FindingSimilar(self.keys)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def passes(self, **span: float) -> datetime:
        return self.clock.move(timedelta(**span))

    def rotates_keys(self) -> None:
        """A new key seals, the old one goes on opening what it sealed."""
        self._keys_text = KeyRing.generate(self._keys_text)
        self._hold(self._keys_text)

    def forgets_old_keys(self) -> None:
        self._hold(self._keys_text.splitlines()[0])

    # -- what people do ------------------------------------------------------------------------------------------------

    async def registers(self, matter: str = MATTER, *, by: Actor = CLERK, **values: Any) -> CaseReceipt:
        return await self.intake.register_case(self.work, registering(matter, by, **values), now=self.now)

    async def accepts(self, code: str, *, by: Actor = CLERK, **values: Any) -> Done:
        key = {"actor": by, "idempotency_key": uuid4().hex, "case_code": code, "handling_mode": HandlingMode.FORWARD}
        return await self.intake.accept_case(self.work, AcceptCase.model_validate(key | values), now=self.now)

    async def corrects(self, code: str, *, by: Actor = CLERK, reason: str = "听错了", **values: Any) -> Done:
        key = {"actor": by, "idempotency_key": uuid4().hex, "case_code": code, "reason": reason}
        return await self.intake.correct_case(self.work, CorrectCase.model_validate(key | values), now=self.now)

    async def joins(self, code: str, leader: str, *, by: Actor = CLERK, reason: str | None = None) -> JoinedTo:
        command = JoinCase(actor=by, idempotency_key=uuid4().hex, case_code=code, leader=leader, reason=reason)
        return await self.joining.join_case(self.work, command, now=self.now)

    async def splits(self, code: str, *, by: Actor = CLERK, reason: str = "不是同一件事") -> Done:
        command = SplitCase(actor=by, idempotency_key=uuid4().hex, case_code=code, reason=reason)
        return await self.joining.split_case(self.work, command, now=self.now)

    async def finds(self, category: str, place: str, *, by: Actor = CLERK, **values: Any) -> SimilarCases:
        given = {"actor": by, "idempotency_key": uuid4().hex, "category": category, "place": place}
        return await self.similar.find_similar_cases(
            self.work, FindSimilarCases.model_validate(given | values), now=self.now
        )

    async def declines(self, code: str, *, by: Actor = CLERK) -> Done:
        command = DeclineCase(
            actor=by,
            idempotency_key=uuid4().hex,
            case_code=code,
            reason=DeclineReason.COURT,
            legal_channel="向法院起诉",
        )
        return await self.intake.decline_case(self.work, command, now=self.now)

    async def finishes(self, code: str, *, by: Actor = CLERK) -> Done:
        command = FinishOwnCase(actor=by, idempotency_key=uuid4().hex, case_code=code, result="已当场办好")
        return await self.intake.finish_own_case(self.work, command, now=self.now)

    async def follows_up(self, code: str, *, by: Actor = CLERK, satisfied: bool = True) -> Done:
        command = FollowUpCase(
            actor=by,
            idempotency_key=uuid4().hex,
            case_code=code,
            kind=FollowUpKind.TELEPHONE,
            contacted=True,
            solved=satisfied,
            satisfaction=Satisfaction.SATISFIED if satisfied else Satisfaction.DISSATISFIED,
            cause=None if satisfied else DissatisfactionCause.UNIT,
            responded=True,
        )
        return await self.intake.follow_up_case(self.work, command, now=self.now)

    async def closes(self, code: str, *, by: Actor = CLERK) -> Done:
        command = CloseCase(actor=by, idempotency_key=uuid4().hex, case_code=code)
        return await self.intake.close_case(self.work, command, now=self.now)

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

    async def hears(self, code: str, kind: type[CaseEvent], **values: Any) -> None:
        """Another service tells of this case."""
        event = kind.model_validate({"case_id": (await self.case(code)).case_id, "case_code": code, **values})
        envelope = Envelope(
            id=uuid4(),
            source="muster/qz/test",
            type=kind.TYPE,
            time=self.now,
            subject=code,
            centre="qz",
            chain=event.chain,
            sequence=1,
            trace="t",
            data=event.model_dump(mode="json"),
        )
        await HANDLERS[kind.TYPE](self.work, envelope)

    async def hears_solved(self, code: str) -> None:
        found = {"verification_id": uuid4(), "outcome": "solved", "verified_by": "g.1", "recorded_at": self.now}
        await self.hears(code, VerificationRecorded, **ORDER, **found)

    async def hears_sign_off(self, code: str) -> None:
        await self.hears(code, WorkOrderSignedOff, **ORDER, signed_off_at=self.now)

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

    async def lists(self) -> OpenCases:
        return await list_open_cases(self.work, ListOpenCases(actor=CLERK), now=self.now)

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
