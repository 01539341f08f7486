"""An optional second factor: codes of a device (RFC 6238), or one of the recovery codes, each good once."""

import hashlib
import re
import secrets
from datetime import datetime

from pyotp.totp import TOTP

from services.console.errors import SecondFactorNeeded, SignInFailed
from services.console.model import Account
from services.console.operations.hashing import fits
from services.console.policy.passwords import ALPHABET, normal
from shared.infra.unit_of_work import UnitOfWork

STEP_S = 30
DRIFT_STEPS = 1
RECOVERY_CODES = 8
RECOVERY_LENGTH = 10
SECRET_FORM = re.compile(r"[A-Z2-7]{32}")


async def check_second_factor(work: UnitOfWork, staff: str, code: str | None, *, now: datetime) -> None:
    """Nothing where the account has none. A code that was used is not taken again. SecondFactorNeeded, SignInFailed."""
    async with work.begin() as tx:
        account = await tx.lock(Account, staff)
        if account.totp_secret is None:
            return
        if not code:
            raise SecondFactorNeeded("the code of the second factor, please", field="code")
        given = _plain(code)
        step = matching_step(account.totp_secret, given, now)
        if step is not None and step > account.totp_used:
            account.totp_used = step
        elif hash_code(given) in account.recovery:
            account.recovery = [one for one in account.recovery if one != hash_code(given)]
        else:
            raise SignInFailed("the code is not right", field="code")


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """The step of time the code belongs to: this one, or one beside it where a device's clock is off."""
    totp, current = TOTP(secret), int(now.timestamp()) // STEP_S
    for step in range(current - DRIFT_STEPS, current + DRIFT_STEPS + 1):
        if secrets.compare_digest(totp.at(step * STEP_S).encode(), code.encode()):
            return step
    return None


def _plain(code: str) -> str:
    """As it is meant, whatever the input method wrote: of full width, in groups, with a dash."""
    return re.sub(r"[\s-]", "", normal(code)).lower()


def hash_code(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


async def begin_second_factor(work: UnitOfWork, staff: str, secret: str, code: str, *, now: datetime) -> list[str]:
    """Switched on once a code of the device fits; the recovery codes, told this once."""
    step = matching_step(secret, _plain(code), now)
    if step is None:
        raise SignInFailed("the code is not right: is the device's clock?", field="code")
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]
    async with work.begin() as tx:
        account = await tx.lock(Account, staff)
        account.totp_secret, account.totp_used = secret, step
        account.recovery = [hash_code(one) for one in codes]
    return codes


async def end_second_factor(work: UnitOfWork, staff: str, *, password: str) -> None:
    """Whoever sits at an open screen may not take it off: the password is asked for. SignInFailed."""
    async with work.read() as session:
        account = await session.get(Account, staff)
    if account is None or not await fits(account.password_hash, normal(password)):
        raise SignInFailed("the password does not fit", field="password")
    async with work.begin() as tx:
        account = await tx.lock(Account, staff)
        account.totp_secret, account.totp_used, account.recovery = None, 0, []
