"""Finds the stretches in which nobody will be on duty, and tells of each once, seven days ahead."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from services.dispatch.model import DutyGap, DutyRoster
from services.dispatch.operations.roster_rows import rosters_in_force
from services.dispatch.operations.swaps import lapse_swaps
from services.dispatch.policy.duty import GAP_WARNING_DAYS, WATCHED_KINDS
from shared.centre.pack import CentrePack
from shared.centre.working_time import calendar_of
from shared.contracts.dispatch import DutyGapFound
from shared.duty import Gap, gaps
from shared.infra.event_record import new_id
from shared.infra.unit_of_work import Transaction, UnitOfWork

# A roster is looked at again at once when it changes; for the days that come near, this often is plenty.
LOOK_AGAIN = timedelta(hours=1)
ROSTERS_AT_ONCE_MAX = 50


async def look_after_duty(work: UnitOfWork) -> datetime | None:
    """The sweep of duty: gaps told, swaps lapsed. Safe to run as often as one likes."""
    await find_duty_gaps(work)
    return await lapse_swaps(work)


async def find_duty_gaps(work: UnitOfWork) -> None:
    now = work.clock.now()
    async with work.begin() as tx:
        rows = await _due(tx, now)
        if not rows:
            return
        pack = await work.packs.in_force(tx.session)
        for row in rows:
            await _check(tx, row, pack, now)


async def _due(tx: Transaction, now: datetime) -> Sequence[DutyRoster]:
    """Rosters that changed, or were not looked at for a while: also where the clock was set back since."""
    recently = DutyRoster.checked_at.between(now - LOOK_AGAIN, now + LOOK_AGAIN)
    query = sa.select(DutyRoster).where(
        DutyRoster.kind.in_(list(WATCHED_KINDS)),
        sa.or_(DutyRoster.checked_revision != DutyRoster.revision, DutyRoster.checked_at.is_(None), sa.not_(recently)),
    )
    locked = query.order_by(DutyRoster.code).limit(ROSTERS_AT_ONCE_MAX).with_for_update(skip_locked=True)
    return (await tx.session.scalars(locked.execution_options(populate_existing=True))).all()


async def _check(tx: Transaction, row: DutyRoster, pack: CentrePack, now: datetime) -> None:
    query = sa.select(DutyGap).where(DutyGap.roster == row.code, DutyGap.filled_at.is_(None))
    told = (await tx.session.scalars(query)).all()
    found = await _gaps_ahead(tx, row, pack, min((each.starts_at for each in told), default=now), now)
    for known in told:
        if not any(known.meets(gap.starts_at, gap.ends_at) for gap in found):
            known.filled_at = now
    for gap in found:
        _tell_once(tx, gap, [known for known in told if known.filled_at is None], now)
    row.checked_at = now
    row.checked_revision = row.revision


async def _gaps_ahead(
    tx: Transaction, row: DutyRoster, pack: CentrePack, earliest: datetime, now: datetime
) -> list[Gap]:
    """Gaps that are not over, looked for from the first that was told: however long nobody looked, it is the same."""
    start, until = min(earliest, now), now + timedelta(days=GAP_WARNING_DAYS)
    rosters = await rosters_in_force(tx, WATCHED_KINDS, since=start, codes=[row.code])
    found = (gap for roster in rosters for gap in gaps(roster, calendar_of(pack), start, until))
    return [gap for gap in found if gap.ends_at > now]


def _tell_once(tx: Transaction, gap: Gap, told: Sequence[DutyGap], now: datetime) -> None:
    """A gap that was told and is found longer than before, as the days go on, is the same gap."""
    known = next((each for each in told if each.meets(gap.starts_at, gap.ends_at)), None)
    if known is not None:
        known.ends_at = max(known.ends_at, gap.ends_at)
        return
    tx.add(
        DutyGap(
            gap_id=new_id(),
            roster=gap.roster,
            starts_at=gap.starts_at,
            ends_at=gap.ends_at,
            found_at=now,
            filled_at=None,
        )
    )
    tx.record(
        DutyGapFound(
            roster=gap.roster,
            kind=gap.kind,
            unit=gap.unit,
            starts_at=gap.starts_at,
            ends_at=gap.ends_at,
            found_at=now,
        )
    )
