"""Forgets the read model and what was read for it; every event is applied once more (`muster console rebuild`)."""

from datetime import datetime

import sqlalchemy as sa

from services.console.model import BoardCase
from services.console.operations.count import FACTS
from shared.contracts.base import Done
from shared.contracts.console import ClearBoard
from shared.infra.unit_of_work import UnitOfWork


async def clear_board(work: UnitOfWork, command: ClearBoard, /, *, now: datetime) -> Done:
    """Versions go on counting: a row made anew is newer than what any screen has."""
    async with work.begin(command) as tx:
        await tx.session.execute(sa.delete(work.spine.inbox))
        await tx.session.execute(sa.delete(work.spine.dead_letter))
        await tx.session.execute(sa.delete(BoardCase))
        for facts in FACTS:
            await tx.session.execute(sa.delete(facts))
        return tx.answers(Done(at=now))
