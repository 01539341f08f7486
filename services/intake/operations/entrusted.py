"""What requesters entrusted: read on record, sealed anew, erased in time."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from services.intake.model import Case, Note, RequesterVault, Reveal, Suggestion
from services.intake.operations.contacts import renew_contact
from services.intake.operations.rows import lock_case
from shared.contracts.actors import CENTRE_ROLES
from shared.contracts.intake import (
    Requester,
    RevealedNote,
    RevealedRequester,
    RevealRequester,
    RotateVault,
    VaultRotated,
)
from shared.infra.arrays import among
from shared.infra.event_record import new_id
from shared.infra.unit_of_work import Transaction, UnitOfWork
from shared.vault import KeyRing

BATCH_MAX = 500
UNUSED_KEPT = timedelta(days=30)
LOCKED_AGAIN = timedelta(seconds=1)


class Entrusted:
    """The operations that open what was sealed."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    async def reveal_requester(
        self, work: UnitOfWork, command: RevealRequester, /, *, now: datetime
    ) -> RevealedRequester:
        """Reads what is masked. The reading itself is a fact on record, committed before the answer leaves."""
        async with work.begin(command) as tx:
            case = await lock_case(tx, command.case_code)
            case.may_be_revealed_to(command.actor)
            opened = (await tx.lock(RequesterVault, case.case_id)).opened(self._keys)
            notes = await self._notes(tx, case) if command.actor.role in CENTRE_ROLES else ()
            fields = [field for field, value in opened.items() if value is not None] + ["notes"] * bool(notes)
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
        return RevealedRequester(matter=matter, requester=Requester(**opened), notes=notes)

    async def _notes(self, tx: Transaction, case: Case) -> tuple[RevealedNote, ...]:
        """A unit reads what the requester said to it, not what the window wrote about it."""
        query = sa.select(Note).where(Note.case_id == case.case_id, Note.text.is_not(None)).order_by(Note.at)
        notes = await tx.session.scalars(query)
        return tuple(RevealedNote(about=note.about, text=note.opened(self._keys) or "", at=note.at) for note in notes)

    async def rotate_vault(self, work: UnitOfWork, command: RotateVault, /, *, now: datetime) -> VaultRotated:
        """Batch by batch, so that nobody waits for it; begun again it goes on where it stopped."""
        resealed, after = 0, None
        while True:
            async with work.begin(command) as tx:
                query = sa.select(RequesterVault).order_by(RequesterVault.case_id).limit(BATCH_MAX)
                if after is not None:
                    query = query.where(RequesterVault.case_id > after)
                vaults = (await tx.session.scalars(query.with_for_update())).all()
                resealed += sum([vault.reseal(self._keys) for vault in vaults])
                ids = [vault.case_id for vault in vaults]
                for note in await tx.session.scalars(sa.select(Note).where(among(Note.case_id, ids)).with_for_update()):
                    note.reseal(self._keys)
                still_open = sa.select(Case).where(among(Case.case_id, ids), Case.closed_at.is_(None))
                for case in await tx.session.scalars(still_open.order_by(Case.case_id)):
                    await renew_contact(tx, self._keys, case, await work.packs.version(tx.session, case.pack_version))
            if not vaults:
                return VaultRotated(resealed=resealed)
            after = vaults[-1].case_id


async def erase_expired(work: UnitOfWork) -> datetime | None:
    """Erases requesters' data whose retention time is over; the case and its story stay. Returns the next such time."""
    now = work.clock.now()
    async with work.begin() as tx:
        due = (
            sa.select(RequesterVault, Case.case_code)
            .join(Case, Case.case_id == RequesterVault.case_id)
            .where(RequesterVault.expires_at <= now)
            .order_by(RequesterVault.expires_at)
            .limit(BATCH_MAX)
            .with_for_update(of=RequesterVault, skip_locked=True)
        )
        for vault, code in await tx.session.execute(due):
            tx.record(vault.erase(code, now=now))
            await tx.session.execute(sa.update(Note).where(Note.case_id == vault.case_id).values(text=None))
        unused = sa.delete(Suggestion).where(Suggestion.case_id.is_(None), Suggestion.asked_at < now - UNUSED_KEPT)
        await tx.session.execute(unused)
        next_at = await tx.session.scalar(sa.select(sa.func.min(RequesterVault.expires_at)))
    return None if next_at is None else max(next_at, now + LOCKED_AGAIN)
