"""The staff accounts, for an administrator."""

from datetime import datetime

import sqlalchemy as sa

from services.console.model import Account
from shared.contracts.console import ListStaff, StaffAccounts
from shared.infra.unit_of_work import UnitOfWork


async def list_staff(work: UnitOfWork, request: ListStaff, /, *, now: datetime) -> StaffAccounts:
    query = sa.select(Account).order_by(Account.role, Account.staff)
    if not request.include_disabled:
        query = query.where(Account.disabled_at.is_(None))
    async with work.read() as session:
        return StaffAccounts(accounts=tuple(row.view() for row in await session.scalars(query)))
