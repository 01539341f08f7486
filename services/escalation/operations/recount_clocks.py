"""Days of a year were published: every open clock whose due time rested on a guess is counted again."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from services.escalation.model import Clock
from services.escalation.policy.recounting import Counted, counted_again, warnings_of
from shared.centre.days_known import mark
from shared.infra.arrays import among
from shared.infra.packs import NoCentrePack
from shared.infra.unit_of_work import Transaction, UnitOfWork

CLAIM_MAX = 200
ROUNDS_MAX = 10_000


class Recount:
    """The sweep. What it did is on the clocks themselves: cut short anywhere, it goes on where it stopped."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._done: str | None = None

    async def run(self) -> None:
        """A clock counted by the days known now is not looked at again; nor is one that fired: that stays."""
        async with self._work.read() as session:
            try:
                known = mark(await self._work.packs.in_force(session))
            except NoCentrePack:
                return
        if known == self._done:
            return
        for _ in range(ROUNDS_MAX):
            if await _recount_some(self._work, known) == 0:
                break
        async with self._work.read() as session:
            left = await session.scalar(sa.select(sa.exists().where(*_stale(known))))
        self._done = None if left else known


async def _recount_some(work: UnitOfWork, known: str) -> int:
    """One bounded transaction; several copies share. Those of one pack come together, as a pack is not light."""
    stale = sa.select(Clock).where(*_stale(known)).order_by(Clock.pack_version, Clock.key).limit(CLAIM_MAX)
    async with work.begin() as tx:
        clocks = (await tx.session.scalars(stale.with_for_update(key_share=True, skip_locked=True))).all()
        others = await _taken_over_by(tx, clocks)
        now = work.clock.now()
        for clock in clocks:
            pack, days_known = await work.packs.with_days_known(tx.session, clock.pack_version)
            due = counted_again(pack, clock.counted, others)
            tx.record(*clock.recount(due, warnings_of(pack, clock.counted), days_known=days_known, now=now))
    return len(clocks)


def _stale(known: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Clock.provisional.is_(True),
        Clock.ended_at.is_(None),
        Clock.fired_at.is_(None),
        sa.or_(Clock.days_known < known, Clock.days_known > known),
    )


async def _taken_over_by(tx: Transaction, clocks: Sequence[Clock]) -> Mapping[str, Counted]:
    """The clocks whose promises these took over, however long the line."""
    cases = {clock.case_id for clock in clocks if clock.replaces is not None}
    if not cases:
        return {}
    query = sa.select(Clock).where(among(Clock.case_id, cases), Clock.stage == "report_back")
    return {clock.key: clock.counted for clock in await tx.session.scalars(query)}
