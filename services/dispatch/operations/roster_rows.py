"""The rows of rosters operations work on: locked by the roster, or read as it stands."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from services.dispatch.model import DutyRoster, RosterOverride, RosterVersion
from shared.duty import Roster, RosterKind
from shared.errors import not_found
from shared.infra.arrays import among
from shared.infra.unit_of_work import Transaction


async def claim_roster(tx: Transaction, roster: Roster) -> DutyRoster:
    """The roster's locked row, made where there is none."""
    row = {"code": roster.code, "kind": roster.kind, "unit": roster.unit, "revision": 0, "checked_revision": 0}
    await tx.session.execute(insert(DutyRoster).values(row).on_conflict_do_nothing())
    return await tx.lock(DutyRoster, roster.code)


async def lock_roster(tx: Transaction, code: str) -> tuple[DutyRoster, Roster]:
    """The roster under its lock, with every override that ever held."""
    row = await tx.session.get(DutyRoster, code, with_for_update=True, populate_existing=True)
    version = None if row is None else await version_in_force(tx, code)
    if row is None or version is None:
        raise not_found("roster", code, field="roster")
    return row, version.noun(await _overrides(tx, [code]))


async def version_in_force(tx: Transaction, code: str) -> RosterVersion | None:
    query = sa.select(RosterVersion).where(RosterVersion.roster == code, RosterVersion.in_force_until.is_(None))
    return await tx.session.scalar(query.execution_options(populate_existing=True))


async def rosters_in_force(
    tx: Transaction, kinds: Iterable[RosterKind], *, since: datetime, codes: Iterable[str] | None = None
) -> list[Roster]:
    """The rosters as they stand, with the overrides that hold at or after `since`."""
    query = (
        sa.select(RosterVersion)
        .join(DutyRoster, DutyRoster.code == RosterVersion.roster)
        .where(RosterVersion.in_force_until.is_(None), DutyRoster.kind.in_(list(kinds)))
        .order_by(RosterVersion.roster)
    )
    if codes is not None:
        query = query.where(among(RosterVersion.roster, codes))
    versions = (await tx.session.scalars(query)).all()
    overrides = await _overrides(tx, [version.roster for version in versions], since=since)
    return [version.noun(overrides) for version in versions]


async def _overrides(
    tx: Transaction, codes: Sequence[str], *, since: datetime | None = None
) -> Sequence[RosterOverride]:
    query = sa.select(RosterOverride).where(among(RosterOverride.roster, codes))
    if since is not None:
        query = query.where(RosterOverride.ends_at > since)
    return (await tx.session.scalars(query)).all()
