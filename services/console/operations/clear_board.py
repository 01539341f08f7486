"""Forgets the read model and what was read for it; every event is applied once more (`muster console rebuild`)."""

from datetime import datetime

import sqlalchemy as sa

from services.console.model import FACTS, BoardCase
from shared.contracts.base import Done
from shared.contracts.console import ClearBoard
from shared.infra.unit_of_work import UnitOfWork

NOBODY_PROJECTS = sa.text("lock table console.inbox in exclusive mode")
"""The first that whoever projects an event takes: those under way end, others wait; so nobody waits in a circle."""

FORGET_FACTS = sa.text(f"truncate {', '.join(f'console.{facts.__tablename__}' for facts in FACTS)}")
"""Millions of rows in a moment, where deleting them one by one would take longer than any request may."""


async def clear_board(work: UnitOfWork, command: ClearBoard, /, *, now: datetime) -> Done:
    """Versions go on counting: a row made anew is newer than what any screen has."""
    async with work.begin(command) as tx:
        await tx.session.execute(NOBODY_PROJECTS)
        await tx.session.execute(FORGET_FACTS)
        await tx.session.execute(sa.delete(work.spine.inbox))
        await tx.session.execute(sa.delete(work.spine.dead_letter))
        await tx.session.execute(sa.delete(BoardCase))
        return tx.answers(Done(at=now))
