"""The centre pack: proved, kept, and told to every other service whole."""

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.dispatch.errors.packs import CentrePackFaulty, CentrePackTooLarge
from shared.centre.errors import PackFaulty
from shared.centre.pack import CentrePack
from shared.centre.prove import proved
from shared.contracts.dispatch import ApplyCentrePack, CentrePackApplied, PackApplied
from shared.infra import lock_spaces
from shared.infra.unit_of_work import Transaction, UnitOfWork

# A NATS message holds 1 MiB, and the pack travels in one event with its envelope.
PACK_BYTES_MAX = 900_000
FAULTS_TOLD_MAX = 50


async def apply_centre_pack(work: UnitOfWork, command: ApplyCentrePack, /, *, now: datetime) -> PackApplied:
    """Puts the pack in force for cases that begin from now on; running cases keep the version they began with."""
    pack, content = checked_pack(command.pack)
    async with work.begin(command) as tx:
        await lock_pack(work, tx)
        changed = await put_in_force(work, tx, name=pack.name, version=pack.version, content=content, now=now)
        return tx.answers(PackApplied(name=pack.name, version=pack.version, changed=changed))


async def put_in_force(
    work: UnitOfWork, tx: Transaction, *, name: str, version: str, content: dict[str, Any], now: datetime
) -> bool:
    """Kept here and told to the others. False where this very version was in force already."""
    changed = await work.packs.store(tx.session, name=name, version=version, content=content, at=now)
    if changed:
        tx.record(CentrePackApplied(name=name, version=version, applied_at=now, pack=content))
    return changed


async def lock_pack(work: UnitOfWork, tx: Transaction) -> None:
    """Two at once: the second has to see what the first put in force, also where there was none before."""
    await tx.session.execute(sa.select(sa.func.pg_advisory_xact_lock(lock_spaces.PACK, sa.func.hashtext(work.centre))))


async def lock_pack_in_force(work: UnitOfWork, tx: Transaction) -> CentrePack:
    """The pack that is in force and stays so until this commits. Raises NoCentrePack."""
    await lock_pack(work, tx)
    return await work.packs.in_force_now(tx.session)


def checked_pack(content: dict[str, Any]) -> tuple[CentrePack, dict[str, Any]]:
    """The pack and its content in full. Refused with every fault in words, or where it is too large to be told."""
    _require_size(content)
    try:
        pack = proved(content)
    except PackFaulty as faulty:
        raise _refusal(faulty) from None
    full = pack.model_dump(mode="json")
    _require_size(full)
    return pack, full


def _require_size(content: dict[str, Any]) -> None:
    size = len(json.dumps(content, ensure_ascii=False).encode())
    if size > PACK_BYTES_MAX:
        raise CentrePackTooLarge(
            f"the centre pack has {size} bytes; {PACK_BYTES_MAX} are the most", field="pack", bytes=size
        )


def _refusal(faulty: PackFaulty) -> CentrePackFaulty:
    words = [f"{fault.file}: {fault.what}. {fault.advice}." for fault in faulty.faults]
    noun = "fault" if len(words) == 1 else "faults"
    return CentrePackFaulty(
        f"the centre pack has {len(words)} {noun}; the first: {words[0]}", field="pack", faults=words[:FAULTS_TOLD_MAX]
    )
