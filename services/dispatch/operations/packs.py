"""The centre pack: proved, kept, and told to every other service whole."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError

from services.dispatch.errors.packs import CentrePackFaulty, CentrePackTooLarge
from shared.centre.check import check_pack
from shared.centre.errors import Fault
from shared.centre.explain_schema import schema_faults
from shared.centre.locations import Locations
from shared.centre.pack import CentrePack
from shared.contracts.dispatch import ApplyCentrePack, CentrePackApplied, PackApplied
from shared.infra.unit_of_work import UnitOfWork

# A NATS message holds 1 MiB, and the pack travels in one event with its envelope.
PACK_BYTES_MAX = 900_000
FAULTS_TOLD_MAX = 50
LOCK_SPACE = 7004


async def apply_centre_pack(work: UnitOfWork, command: ApplyCentrePack, /, *, now: datetime) -> PackApplied:
    """Puts the pack in force for cases that begin from now on; running cases keep the version they began with."""
    pack, content = checked_pack(command.pack)
    async with work.begin(command) as tx:
        # Two at once: the second has to see what the first put in force, also where there was none before.
        await tx.session.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK_SPACE, sa.func.hashtext(work.centre))))
        changed = await work.packs.store(tx.session, name=pack.name, version=pack.version, content=content, at=now)
        if changed:
            tx.record(CentrePackApplied(name=pack.name, version=pack.version, applied_at=now, pack=content))
        return tx.answers(PackApplied(name=pack.name, version=pack.version, changed=changed))


def checked_pack(content: dict[str, Any]) -> tuple[CentrePack, dict[str, Any]]:
    """The pack and its content in full. Refused with every fault in words, or where it is too large to be told."""
    _require_size(content)
    try:
        pack = CentrePack.model_validate_json(json.dumps(content), strict=True)
    except ValidationError as misfit:
        raise _faulty(schema_faults(misfit, Locations(), frozenset())) from None
    faults = check_pack(pack)
    if faults:
        raise _faulty(faults)
    full = pack.model_dump(mode="json")
    _require_size(full)
    return pack, full


def _require_size(content: dict[str, Any]) -> None:
    size = len(json.dumps(content, ensure_ascii=False).encode())
    if size > PACK_BYTES_MAX:
        raise CentrePackTooLarge(
            f"the centre pack has {size} bytes; {PACK_BYTES_MAX} are the most", field="pack", bytes=size
        )


def _faulty(faults: Iterable[Fault]) -> CentrePackFaulty:
    words = [f"{fault.what}. {fault.advice}." for fault in faults]
    noun = "fault" if len(words) == 1 else "faults"
    return CentrePackFaulty(
        f"the centre pack has {len(words)} {noun}; the first: {words[0]}", field="pack", faults=words[:FAULTS_TOLD_MAX]
    )
