"""Passes changed rows on to the screens: after the commit, at least once, the newest state of each."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import sqlalchemy as sa

from services.console.model import BoardCase
from services.console.policy.board import LiveRow
from shared.infra.unit_of_work import UnitOfWork

BATCH_MAX = 500
Publish = Callable[[LiveRow], Awaitable[None]]


async def announce(work: UnitOfWork, publish: Publish) -> None:
    """A row that changes again meanwhile keeps its mark and comes with the next round. Twice told is harmless."""
    while True:
        async with work.read() as session:
            changed = sa.select(BoardCase).where(BoardCase.announced < BoardCase.version)
            rows = (await session.scalars(changed.order_by(BoardCase.version).limit(BATCH_MAX))).all()
        told = [LiveRow(id=row.case_id, version=row.version, row=row.view()) for row in rows]
        for one in told:
            await publish(one)
        await _mark(work, told)
        if len(told) < BATCH_MAX:
            return


async def _mark(work: UnitOfWork, told: list[LiveRow]) -> None:
    if not told:
        return
    async with work.begin() as tx:
        connection = await tx.session.connection()
        mark = (
            sa.update(BoardCase.__table__)  # pyright: ignore[reportArgumentType] - a table, as every mapped class has
            .where(BoardCase.case_id == sa.bindparam("b_id"), BoardCase.announced < sa.bindparam("b_version"))
            .values(announced=sa.bindparam("b_version"))
        )
        rows = [{"b_id": one.id, "b_version": one.version} for one in told]
        await connection.execute(mark, sorted(rows, key=lambda row: row["b_id"]))  # as the projection locks them


def announcing(work: UnitOfWork, publish: Publish) -> Callable[[], Awaitable[datetime | None]]:
    async def run() -> datetime | None:
        await announce(work, publish)
        return None

    return run
