"""Staff accounts: made, disabled, given a new password by an administrator; changed by whoever holds them."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from services.console.errors import NoSuchStaff, SignInFailed, StaffNameTaken
from services.console.model import Account, FailedTries, Session
from services.console.operations.hashing import fits, hash_password
from services.console.policy.passwords import check_password, generate_password, normal
from services.console.policy.scope import check_scope
from shared.centre.pack import CentrePack
from shared.contracts.base import Done
from shared.contracts.console import AddStaff, DisableStaff, FirstPassword, Language, ResetPassword
from shared.errors import not_found
from shared.infra.packs import NoCentrePack
from shared.infra.unit_of_work import Transaction, UnitOfWork


async def add_staff(work: UnitOfWork, command: AddStaff, /, *, now: datetime) -> FirstPassword:
    check_scope(command.role, unit=command.unit, window=command.window, grid=command.grid)
    password = _given_or_generated(command.password, command.staff)
    hashed = await hash_password(password)
    async with work.begin(command) as tx:
        await _check_codes(work, tx, command)
        row: dict[str, Any] = {
            **command.model_dump(include={"staff", "title", "unit", "grid", "language"}),
            "role": command.role.value,
            "window": command.window,
            "password_hash": hashed,
            "totp_used": 0,
            "recovery": [],
            "settings": {},
            "made_by": command.actor.name,
            "made_at": now,
        }
        made = await tx.session.scalar(insert(Account).values(row).on_conflict_do_nothing().returning(Account.staff))
        if made is None:
            raise StaffNameTaken(f"there is an account {command.staff} already", field="staff", staff=command.staff)
    return FirstPassword(staff=command.staff, password=None if command.password else password)


async def disable_staff(work: UnitOfWork, command: DisableStaff, /, *, now: datetime) -> Done:
    async with work.begin(command) as tx:
        (await _account(tx, command.staff)).disable(now)
        await _sign_out_everywhere(tx, command.staff)
        return tx.answers(Done(at=now))


async def reset_password(work: UnitOfWork, command: ResetPassword, /, *, now: datetime) -> FirstPassword:
    password = _given_or_generated(command.password, command.staff)
    hashed = await hash_password(password)
    async with work.begin(command) as tx:
        (await _account(tx, command.staff)).take_new_password(hashed)
        await _sign_out_everywhere(tx, command.staff)
        await tx.session.execute(
            sa.delete(FailedTries).where(FailedTries.kind == "account", FailedTries.key == command.staff)
        )
    return FirstPassword(staff=command.staff, password=None if command.password else password)


async def change_own_password(work: UnitOfWork, staff: str, *, old: str, new: str, keep: bytes) -> None:
    """By whoever holds the account; every other browser is signed out. Raises SignInFailed, PasswordTooWeak."""
    async with work.read() as session:
        account = await session.get(Account, staff)
    if account is None or not await fits(account.password_hash, normal(old)):
        raise SignInFailed("the password until now does not fit", field="old")
    hashed = await hash_password(check_password(new, staff=staff))
    async with work.begin() as tx:
        (await _account(tx, staff)).password_hash = hashed
        await tx.session.execute(sa.delete(Session).where(Session.staff == staff, Session.token_hash != keep))


async def choose_language(work: UnitOfWork, staff: str, language: Language) -> None:
    async with work.begin() as tx:
        (await _account(tx, staff)).language = language


async def _account(tx: Transaction, staff: str) -> Account:
    account = await tx.session.get(Account, staff, with_for_update=True, populate_existing=True)
    if account is None:
        raise NoSuchStaff(f"there is no account {staff}", field="staff", staff=staff)
    return account


async def _sign_out_everywhere(tx: Transaction, staff: str) -> None:
    await tx.session.execute(sa.delete(Session).where(Session.staff == staff))


async def _check_codes(work: UnitOfWork, tx: Transaction, command: AddStaff) -> None:
    """Named units, windows and places exist; where no pack is in force yet, the first administrator may still come."""
    try:
        pack = await work.packs.in_force(tx.session)
    except NoCentrePack:
        if command.unit or command.window or command.grid:
            raise
        return
    _check_against(pack, command)


def _check_against(pack: CentrePack, command: AddStaff) -> None:
    if command.unit and pack.unit(command.unit) is None:
        raise not_found("unit", command.unit, field="unit")
    if command.window and pack.window(command.window) is None:
        raise not_found("window", command.window, field="window")
    if command.grid and pack.place(command.grid) is None:
        raise not_found("grid", command.grid, field="grid")


def _given_or_generated(given: str | None, staff: str) -> str:
    return generate_password() if given is None else check_password(given, staff=staff)
