"""Tokens of walls: made and revoked by an administrator, looked up by whoever shows one."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from services.console.errors import WallNameTaken, WallUnknown
from services.console.model import WallToken
from services.console.model.session import hash_of, new_token
from shared.contracts.base import Done
from shared.contracts.console import MakeWallToken, RevokeWallToken, WallTokenMade
from shared.infra.unit_of_work import UnitOfWork

TOKEN_CHARACTERS_MAX = 100


async def make_wall_token(work: UnitOfWork, command: MakeWallToken, /, *, now: datetime) -> WallTokenMade:
    token = new_token()
    async with work.begin(command) as tx:
        row = {"token_hash": hash_of(token), "name": command.name, "made_by": command.actor.name, "made_at": now}
        made = await tx.session.scalar(insert(WallToken).values(row).on_conflict_do_nothing().returning(WallToken.name))
        if made is None:
            raise WallNameTaken(f"there is a wall {command.name} already; revoke it first", field="name")
    return WallTokenMade(name=command.name, token=token)


async def revoke_wall_token(work: UnitOfWork, command: RevokeWallToken, /, *, now: datetime) -> Done:
    async with work.begin(command) as tx:
        revoke = sa.update(WallToken).where(WallToken.name == command.name, WallToken.revoked_at.is_(None))
        gone = await tx.session.scalar(revoke.values(revoked_at=now).returning(WallToken.name))
        if gone is None:
            raise WallUnknown(f"there is no wall {command.name} in use", field="name")
        return tx.answers(Done(at=now))


async def wall_of(work: UnitOfWork, token: str) -> str | None:
    """The wall's name; None where no administrator made such a token, or it was revoked."""
    if len(token) > TOKEN_CHARACTERS_MAX:
        return None
    in_use = sa.select(WallToken.name).where(WallToken.token_hash == hash_of(token), WallToken.revoked_at.is_(None))
    async with work.read() as session:
        name: str | None = await session.scalar(in_use)
    return name
