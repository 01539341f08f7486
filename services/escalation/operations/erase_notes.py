"""What a grid worker wrote goes with the requester's data: it may repeat what the requester said."""

from datetime import datetime

import sqlalchemy as sa

from services.escalation.model import Verification
from shared.contracts.base import Envelope
from shared.contracts.intake import ERASED, RequesterErased
from shared.infra.unit_of_work import UnitOfWork


async def erase_notes(work: UnitOfWork, event: RequesterErased, envelope: Envelope, *, now: datetime) -> None:
    """What was found, when and by whom stays."""
    written = (Verification.case_id == event.case_id, Verification.note.is_not(None))
    async with work.begin(envelope) as tx:
        erasure = sa.update(Verification).where(*written).values(note=ERASED)
        await tx.session.execute(erasure, execution_options={"synchronize_session": False})
