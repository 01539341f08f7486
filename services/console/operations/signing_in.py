"""Signing in and out: who it is, how often it failed before, a new session each time."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from services.console.errors import SignInDelayed, SignInFailed
from services.console.model import Account, FailedTries, Session
from services.console.model.session import hash_of, new_csrf, new_token
from services.console.operations.hashing import fits
from services.console.operations.second_factor import check_second_factor
from services.console.policy.lockout import Kind
from services.console.policy.passwords import normal
from services.console.policy.sessions import TOUCH_EVERY, ends_at, is_over
from shared.contracts.actors import Role
from shared.infra.unit_of_work import Transaction, UnitOfWork

Tried = tuple[Kind, str]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who a request comes from. `token_hash` tells browsers of one account apart."""

    account: Account
    token_hash: bytes
    csrf: str


async def sign_in(
    work: UnitOfWork, *, staff: str, password: str, code: str | None, address: str, replaces: str | None, now: datetime
) -> tuple[str, SignedIn]:
    """The new token and who it stands for. A token the browser had before is worth nothing afterwards.

    Raises SignInDelayed, SecondFactorNeeded, SignInFailed.
    """
    tried: list[Tried] = [("account", staff), ("address", address)]
    account = await _check_waiting(work, staff, tried, now)
    known = account is not None and account.active
    if not await fits(account.password_hash if account is not None and known else None, normal(password)):
        await _count_failure(work, tried, now)
        raise SignInFailed("account or password is not right")
    try:
        await check_second_factor(work, staff, code, now=now)
    except SignInFailed:
        await _count_failure(work, tried, now)
        raise
    return await begin_session(work, staff, replaces=replaces, now=now)


async def begin_session(work: UnitOfWork, staff: str, *, replaces: str | None, now: datetime) -> tuple[str, SignedIn]:
    token, csrf = new_token(), new_csrf(staff)
    async with work.begin() as tx:
        account = await tx.lock(Account, staff)
        account.signed_in_at = now
        if replaces is not None:
            await tx.session.execute(sa.delete(Session).where(Session.token_hash == hash_of(replaces)))
        await tx.session.execute(sa.delete(FailedTries).where(FailedTries.kind == "account", FailedTries.key == staff))
        await tx.session.execute(sa.delete(Session).where(Session.ends_at < now))
        tx.add(
            Session(token_hash=hash_of(token), staff=staff, csrf=csrf, began_at=now, seen_at=now, ends_at=ends_at(now))
        )
    return token, SignedIn(account, hash_of(token), csrf)


async def sign_in_by_provider(
    work: UnitOfWork, *, staff: str, subject: str, replaces: str | None, now: datetime
) -> tuple[str, SignedIn]:
    """The provider says who it is; the first time ties the account to that identity. Raises SignInFailed."""
    async with work.begin() as tx:
        account = await tx.session.get(Account, staff, with_for_update=True, populate_existing=True)
        if account is None or not account.active or account.oidc_subject not in {None, subject}:
            raise SignInFailed("the provider's identity has no account here")
        account.oidc_subject = subject
    return await begin_session(work, staff, replaces=replaces, now=now)


async def who_is(work: UnitOfWork, token: str, *, now: datetime, acts: bool = True) -> SignedIn | None:
    """None where nobody is signed in by this token (any more). `acts`: a person's own doing, not a stream's."""
    hashed = hash_of(token)
    async with work.read() as session:
        query = sa.select(Session, Account).join(Account, Account.staff == Session.staff)
        found = (await session.execute(query.where(Session.token_hash == hashed))).first()
    if found is None:
        return None
    row: Session = found[0]
    account: Account = found[1]
    if not account.active or is_over(Role(account.role), seen_at=row.seen_at, ends_at=row.ends_at, now=now):
        return None
    if acts and now - row.seen_at >= TOUCH_EVERY:
        async with work.begin() as tx:
            await tx.session.execute(sa.update(Session).where(Session.token_hash == hashed).values(seen_at=now))
    return SignedIn(account, hashed, row.csrf)


async def who_was(work: UnitOfWork, token: str) -> SignedIn | None:
    """Whose session this was, also where it is over. For giving back what they wrote, never for doing anything."""
    async with work.read() as session:
        query = sa.select(Session, Account).join(Account, Account.staff == Session.staff)
        found = (await session.execute(query.where(Session.token_hash == hash_of(token)))).first()
    return None if found is None else SignedIn(found[1], hash_of(token), found[0].csrf)


async def sign_out(work: UnitOfWork, token: str) -> None:
    async with work.begin() as tx:
        await tx.session.execute(sa.delete(Session).where(Session.token_hash == hash_of(token)))


async def _check_waiting(work: UnitOfWork, staff: str, tried: list[Tried], now: datetime) -> Account | None:
    async with work.read() as session:
        for kind, key in tried:
            failed = await session.get(FailedTries, (kind, key))
            wait = failed.must_wait(now) if failed else None
            if wait:
                seconds = int(wait.total_seconds()) + 1
                raise SignInDelayed(f"too many failures; try again in {seconds} seconds", seconds=seconds)
        return await session.get(Account, staff)


async def _count_failure(work: UnitOfWork, tried: list[Tried], now: datetime) -> None:
    async with work.begin() as tx:
        for kind, key in tried:
            (await _failed(tx, kind, key, now)).count(now)


async def _failed(tx: Transaction, kind: Kind, key: str, now: datetime) -> FailedTries:
    row = {"kind": kind, "key": key, "failures": 0, "last_at": now}
    await tx.session.execute(insert(FailedTries).values(row).on_conflict_do_nothing())
    return await tx.lock(FailedTries, (kind, key))
