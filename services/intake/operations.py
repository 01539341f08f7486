"""One function per verb of intake; each is one transaction."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from services.intake.errors import (
    CaseUnknown,
    ReceivedInFuture,
    UnknownCategory,
    UnknownPlace,
    UnknownWindow,
)
from services.intake.model import (
    CASE_NUMBER,
    Case,
    Note,
    RequesterVault,
    Reveal,
)
from services.intake.policy import CaseState
from shared.centre.pack import CentrePack
from shared.codes import case_code
from shared.contracts.base import Done, Envelope
from shared.contracts.dispatch import WorkOrderDispatched, WorkOrderReturned
from shared.contracts.escalation import VerificationOutcome, VerificationRecorded
from shared.contracts.intake import (
    AcceptCase,
    CaseReceipt,
    CloseCase,
    DeclineCase,
    FinishOwnCase,
    FollowUpCase,
    RegisterCase,
    Requester,
    RevealedRequester,
    RevealRequester,
    RotateVault,
    Source,
    VaultRotated,
)
from shared.infra.event_record import new_id
from shared.infra.unit_of_work import Transaction, UnitOfWork
from shared.vault import KeyRing

CLOCK_SKEW_MAX = timedelta(minutes=5)
RESEAL_BATCH_MAX = 500
REQUESTS_KEPT = timedelta(days=30)
LOCKED_AGAIN = timedelta(seconds=1)


class Intake:
    """The operations that need the vault's keys or the retention time; the others are plain functions below."""

    def __init__(self, keys: KeyRing, *, retention: timedelta) -> None:
        self._keys = keys
        self._retention = retention

    async def register_case(self, work: UnitOfWork, command: RegisterCase, /, *, now: datetime) -> CaseReceipt:
        """The case exists, has its code and its one first receiver, from here on and for ever."""
        async with work.begin(command) as tx:
            known = await _already_registered(tx, command)
            if known is not None:
                return tx.answers(_receipt(known, known=True))
            case = await _new_case(tx, command, await work.packs.in_force(tx.session), now=now)
            tx.add(case)
            words = {"matter": command.matter, **(command.requester or Requester()).model_dump()}
            tx.add(RequesterVault.sealing(self._keys, case.case_id, words))
            tx.record(case.registered())
            if command.accept_as is not None:
                tx.record(case.accept(command.accept_as, now=now))
            return tx.answers(_receipt(case))

    async def reveal_requester(
        self, work: UnitOfWork, command: RevealRequester, /, *, now: datetime
    ) -> RevealedRequester:
        """Reads what is masked. The reading itself is a fact on record, committed before the answer leaves."""
        async with work.begin(command) as tx:
            case = await lock_case(tx, command.case_code)
            case.may_be_revealed_to(command.actor)
            opened = (await tx.lock(RequesterVault, case.case_id)).opened(self._keys)
            fields = [field for field, value in opened.items() if value is not None]
            reveal = Reveal(
                reveal_id=new_id(),
                case_id=case.case_id,
                actor=command.actor.name,
                reason=command.reason,
                fields=fields,
                at=now,
            )
            tx.add(reveal)
            tx.record(reveal.revealed(case.case_code))
        matter = opened.pop("matter") or ""
        return RevealedRequester(matter=matter, requester=Requester(**opened))

    async def close_case(self, work: UnitOfWork, command: CloseCase, /, *, now: datetime) -> Done:
        async with work.begin(command) as tx:
            case = await lock_case(tx, command.case_code)
            tx.record(case.close(by=command.actor, now=now))
            vault = await tx.lock(RequesterVault, case.case_id)
            vault.expires_at = now + self._retention
            return tx.answers(Done(at=now))

    async def decline_case(self, work: UnitOfWork, command: DeclineCase, /, *, now: datetime) -> Done:
        async with work.begin(command) as tx:
            case = await lock_case(tx, command.case_code)
            tx.record(case.decline(command.reason, now=now))
            tx.add(Note.sealing(self._keys, case.case_id, "legal_channel", command.legal_channel, at=now))
            if command.note is not None:
                tx.add(Note.sealing(self._keys, case.case_id, "decline", command.note, at=now))
            vault = await tx.lock(RequesterVault, case.case_id)
            vault.expires_at = now + self._retention
            return tx.answers(Done(at=now))

    async def finish_own_case(self, work: UnitOfWork, command: FinishOwnCase, /, *, now: datetime) -> Done:
        async with work.begin(command) as tx:
            case = await lock_case(tx, command.case_code)
            tx.record(case.finish_own(by=command.actor, now=now))
            tx.add(Note.sealing(self._keys, case.case_id, "own_result", command.result, at=now))
            return tx.answers(Done(at=now))

    async def follow_up_case(self, work: UnitOfWork, command: FollowUpCase, /, *, now: datetime) -> Done:
        """回访, by whoever received first: reached or not, solved or not, satisfied or not."""
        async with work.begin(command) as tx:
            case = await lock_case(tx, command.case_code)
            tx.record(*case.follow_up(command, now=now))
            if command.note is not None:
                tx.add(Note.sealing(self._keys, case.case_id, "follow_up", command.note, at=now))
            return tx.answers(Done(at=now))

    async def rotate_vault(self, work: UnitOfWork, command: RotateVault, /, *, now: datetime) -> VaultRotated:
        """Batch by batch, so that nobody waits for it; begun again it goes on where it stopped."""
        resealed, after = 0, None
        while True:
            async with work.begin(command) as tx:
                query = sa.select(RequesterVault).order_by(RequesterVault.case_id).limit(RESEAL_BATCH_MAX)
                if after is not None:
                    query = query.where(RequesterVault.case_id > after)
                vaults = (await tx.session.scalars(query.with_for_update())).all()
                resealed += sum([vault.reseal(self._keys) for vault in vaults])
                ids = [vault.case_id for vault in vaults]
                for note in await tx.session.scalars(sa.select(Note).where(Note.case_id.in_(ids)).with_for_update()):
                    note.reseal(self._keys)
            if not vaults:
                return VaultRotated(resealed=resealed)
            after = vaults[-1].case_id


# -- operations on a registered case -----------------------------------------------------------------------------------


async def accept_case(work: UnitOfWork, command: AcceptCase, /, *, now: datetime) -> Done:
    async with work.begin(command) as tx:
        case = await lock_case(tx, command.case_code)
        pack = await work.packs.version(tx.session, case.pack_version)
        if command.category is not None:
            case.category = known_category(pack, command.category)
        if command.place is not None:
            case.place = known_place(pack, command.place)
        case.level = command.level or case.level
        tx.record(case.accept(command.handling_mode, now=now))
        return tx.answers(Done(at=now))


async def note_verification(
    work: UnitOfWork, event: VerificationRecorded, envelope: Envelope, *, now: datetime
) -> None:
    """The grid verified in the field: where it is solved, the first receiver's follow-up begins."""
    if event.outcome is not VerificationOutcome.SOLVED:
        return
    async with work.begin(envelope) as tx:
        case = await tx.lock(Case, event.case_id)
        case.verified()


async def note_handling_unit(
    work: UnitOfWork, event: WorkOrderDispatched, envelope: Envelope, *, now: datetime
) -> None:
    """Which unit has the case in hand, and so may read what its requester said."""
    async with work.begin(envelope) as tx:
        (await tx.lock(Case, event.case_id)).unit = event.unit


async def forget_handling_unit(
    work: UnitOfWork, event: WorkOrderReturned, envelope: Envelope, *, now: datetime
) -> None:
    async with work.begin(envelope) as tx:
        (await tx.lock(Case, event.case_id)).unit = None


async def erase_expired(work: UnitOfWork) -> datetime | None:
    """Erases requesters' data whose retention time is over; the case and its story stay. Returns the next such time."""
    now = work.clock.now()
    async with work.begin() as tx:
        due = (
            sa.select(RequesterVault, Case.case_code)
            .join(Case, Case.case_id == RequesterVault.case_id)
            .where(RequesterVault.expires_at <= now)
            .order_by(RequesterVault.expires_at)
            .limit(RESEAL_BATCH_MAX)
            .with_for_update(of=RequesterVault, skip_locked=True)
        )
        for vault, code in await tx.session.execute(due):
            tx.record(vault.erase(code, now=now))
            await tx.session.execute(sa.update(Note).where(Note.case_id == vault.case_id).values(text=None))
        request = work.spine.request
        await tx.session.execute(sa.delete(request).where(request.c.at < now - REQUESTS_KEPT))
        next_at = await tx.session.scalar(sa.select(sa.func.min(RequesterVault.expires_at)))
    return None if next_at is None else max(next_at, now + LOCKED_AGAIN)


# -- pieces ------------------------------------------------------------------------------------------------------------


async def lock_case(tx: Transaction, code: str) -> Case:
    case = await tx.session.scalar(sa.select(Case).where(Case.case_code == code).with_for_update())
    if case is None:
        raise CaseUnknown(f"no case {code} was registered here", field="case_code", case_code=code)
    return case


def known_category(pack: CentrePack, text: str) -> str:
    category = pack.find_category(text)
    if category is None:
        raise UnknownCategory(f"{text!r} is not a category of this centre", field="category", category=text)
    return category.code


def known_place(pack: CentrePack, text: str) -> str:
    place = pack.place(text)
    if place is None:
        raise UnknownPlace(f"{text!r} is not a place of this centre", field="place", place=text)
    return place.code


async def _already_registered(tx: Transaction, command: RegisterCase) -> Case | None:
    """The same push of a platform, under another idempotency key. The lock makes two at once wait for each other."""
    if command.external_reference is None:
        return None
    name = f"{command.source}/{command.external_reference}"
    await tx.session.execute(sa.select(sa.func.pg_advisory_xact_lock(7003, sa.func.hashtext(name))))
    query = sa.select(Case).where(
        Case.source == command.source.value, Case.external_reference == command.external_reference
    )
    return await tx.session.scalar(query)


async def _new_case(tx: Transaction, command: RegisterCase, pack: CentrePack, *, now: datetime) -> Case:
    window = command.actor.window
    if (window is None and command.source is Source.WINDOW) or (window is not None and pack.window(window) is None):
        raise UnknownWindow(f"{window!r} is not a window of this centre", field="actor.window", window=window)
    if command.received_at is not None and command.received_at > now + CLOCK_SKEW_MAX:
        raise ReceivedInFuture("the time of receipt lies in the future", field="received_at")
    number = await tx.session.scalar(sa.select(CASE_NUMBER.next_value()))
    assert number is not None
    return Case(
        case_id=new_id(),
        case_code=case_code(now.astimezone(ZoneInfo(pack.timezone)).year, number),
        source=command.source.value,
        category=known_category(pack, command.category) if command.category is not None else None,
        place=known_place(pack, command.place) if command.place is not None else None,
        level=command.level,
        handling_mode=None,
        state=CaseState.REGISTERED,
        owner=command.actor.staff,
        window=window,
        unit=None,
        round=1,
        attempts=0,
        outcome=None,
        pack_version=pack.version,
        external_reference=command.external_reference,
        received_at=command.received_at or now,
        registered_at=now,
        accepted_at=None,
        closed_at=None,
    )


def _receipt(case: Case, *, known: bool = False) -> CaseReceipt:
    return CaseReceipt(
        case_id=case.case_id,
        case_code=case.case_code,
        state=case.state,
        owner=case.owner,
        registered_at=case.registered_at,
        known=known,
    )
