"""Signing in on a real database: sessions, delays, second factor, passwords, an account's end."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from pyotp.totp import TOTP

from services.console.errors import SecondFactorNeeded, SignInDelayed, SignInFailed, StaffNameTaken
from services.console.model import SPINE, Draft, Session
from services.console.operations.accounts import add_staff, change_own_password, disable_staff, reset_password
from services.console.operations.drafts import DRAFTS_MAX, KEPT_FOR, drop_draft, keep_draft, read_draft
from services.console.operations.second_factor import begin_second_factor
from services.console.operations.signing_in import sign_in, sign_out, who_is
from services.console.policy.sessions import IDLE
from shared.clock import MovedClock
from shared.contracts.actors import OPERATOR, Role
from shared.contracts.console import AddStaff, DisableStaff, ResetPassword
from shared.infra.database import make_engine, make_sessions
from shared.infra.event_record import EventRecord
from shared.infra.unit_of_work import UnitOfWork
from shared.vault import KeyRing

pytestmark = pytest.mark.servers
NOW = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
PASSWORD, SECRET = "four words nobody guesses", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
async def work(database_url: str) -> AsyncIterator[UnitOfWork]:
    engine = make_engine(database_url, service="console")
    record = EventRecord(SPINE, service="console", centre="qz")
    clock = MovedClock(NOW)
    yield UnitOfWork(make_sessions(engine), SPINE, record, service="console", centre="qz", clock=clock)
    await engine.dispose()


async def add(work: UnitOfWork, staff: str = "admin.1", **fields: Any) -> None:
    known = {"actor": OPERATOR, "idempotency_key": uuid4().hex, "staff": staff, "title": "管理员"}
    known |= {"role": Role.ADMINISTRATOR, "password": PASSWORD}
    await add_staff(work, AddStaff.model_validate({**known, **fields}), now=NOW)


async def enter(work: UnitOfWork, now: datetime = NOW, **fields: Any) -> str:
    known = {"staff": "admin.1", "password": PASSWORD, "code": None, "address": "10.0.0.1", "replaces": None}
    token, _ = await sign_in(work, now=now, **{**known, **fields})
    return token


async def sessions(work: UnitOfWork) -> list[Session]:
    import sqlalchemy as sa

    async with work.read() as session:
        return list(await session.scalars(sa.select(Session)))


async def test_a_session_is_a_hash_here_and_a_new_one_at_every_sign_in(work: UnitOfWork) -> None:
    await add(work)
    first = await enter(work)
    who = await who_is(work, first, now=NOW)
    assert who is not None
    assert who.account.actor.name == "administrator:admin.1"
    assert first.encode() not in [one.token_hash for one in await sessions(work)]
    second = await enter(work, replaces=first)
    assert second != first
    assert await who_is(work, first, now=NOW) is None, "what the browser had before is worth nothing"
    await sign_out(work, second)
    assert await who_is(work, second, now=NOW) is None
    assert await who_is(work, "made up", now=NOW) is None


async def test_idle_ends_it_and_a_stream_keeps_nobody_signed_in(work: UnitOfWork) -> None:
    await add(work)
    token, later = await enter(work), NOW + IDLE[Role.ADMINISTRATOR] - timedelta(minutes=2)
    assert await who_is(work, token, now=later, acts=False)
    assert await who_is(work, token, now=NOW + IDLE[Role.ADMINISTRATOR] + timedelta(minutes=1)) is None
    assert await who_is(work, token, now=later)
    assert await who_is(work, token, now=later + timedelta(minutes=20)), "somebody was there"


async def test_failures_delay_the_next_try_even_the_right_one(work: UnitOfWork) -> None:
    await add(work)
    for _ in range(5):
        with pytest.raises(SignInFailed):
            await enter(work, password="wrong")
    with pytest.raises(SignInDelayed) as delayed:
        await enter(work)
    assert 0 < delayed.value.facts["seconds"] <= 16
    assert await enter(work, NOW + timedelta(seconds=20))
    for _ in range(4):
        with pytest.raises(SignInFailed):
            await enter(work, NOW + timedelta(seconds=20), password="wrong")


async def test_an_unknown_account_says_the_same_and_is_counted_too(work: UnitOfWork) -> None:
    words: set[str] = set()
    for staff in ("nobody", "admin.1"):
        await add(work, "admin.1") if staff == "admin.1" else None
        with pytest.raises(SignInFailed) as refusal:
            await enter(work, staff=staff, password="wrong")
        words.add(refusal.value.message)
    assert len(words) == 1
    for number in range(30):
        try:
            await enter(work, staff=f"guess.{number}", password="wrong")
        except SignInDelayed:
            return
        except SignInFailed:
            continue
    raise AssertionError("one address may not try all the names there are")


async def test_a_second_factor_is_asked_for_and_no_code_is_taken_twice(work: UnitOfWork) -> None:
    await add(work)
    totp = TOTP(SECRET)
    recovery = await begin_second_factor(work, "admin.1", SECRET, totp.at(int(NOW.timestamp())), now=NOW)
    later = NOW + timedelta(minutes=2)
    with pytest.raises(SecondFactorNeeded):
        await enter(work, later)
    code = totp.at(int(later.timestamp()))
    assert await enter(work, later, code=code)
    with pytest.raises(SignInFailed):
        await enter(work, later, code=code)
    assert await enter(work, later, code=recovery[0])
    with pytest.raises(SignInFailed):
        await enter(work, later, code=recovery[0])
    command = {"actor": OPERATOR, "idempotency_key": "r", "staff": "admin.1", "password": PASSWORD}
    await reset_password(work, ResetPassword.model_validate(command), now=later)
    assert await enter(work, later), "lost with the password, taken off by the administrator"


async def test_a_disabled_account_is_out_at_once(work: UnitOfWork) -> None:
    await add(work)
    token = await enter(work)
    with pytest.raises(StaffNameTaken):
        await add(work)
    await disable_staff(work, DisableStaff(actor=OPERATOR, idempotency_key="d", staff="admin.1"), now=NOW)
    assert await who_is(work, token, now=NOW) is None
    with pytest.raises(SignInFailed):
        await enter(work)


async def test_a_changed_password_signs_the_other_browsers_out(work: UnitOfWork) -> None:
    await add(work)
    here, elsewhere = await enter(work), await enter(work)
    who = await who_is(work, here, now=NOW)
    assert who is not None
    with pytest.raises(SignInFailed):
        await change_own_password(work, "admin.1", old="wrong", new=PASSWORD + "!", keep=who.token_hash)
    await change_own_password(work, "admin.1", old=PASSWORD, new=PASSWORD + "!", keep=who.token_hash)
    assert await who_is(work, here, now=NOW)
    assert await who_is(work, elsewhere, now=NOW) is None
    assert await enter(work, password=PASSWORD + "!")


async def test_a_draft_lies_sealed_and_is_its_writers_alone(work: UnitOfWork) -> None:
    keys = KeyRing.from_text(KeyRing.generate())
    fields = {"matter": ["张三 13800001234"]}
    await keep_draft(work, keys, staff="a", form="register", key="k1", fields=fields, now=NOW)
    assert await read_draft(work, keys, staff="a", form="register", now=NOW) == fields
    assert await read_draft(work, keys, staff="b", form="register", now=NOW) == {}
    assert await read_draft(work, keys, staff="a", form="register", now=NOW + KEPT_FOR + timedelta(1)) == {}
    async with work.read() as session:
        draft = await session.get(Draft, ("a", "register"))
    assert draft is not None
    assert "13800001234" not in draft.sealed
    await drop_draft(work, staff="a", form="register", key="k1", now=NOW)
    assert await read_draft(work, keys, staff="a", form="register", now=NOW) == {}


async def test_a_draft_that_comes_after_its_form_was_sent_is_not_kept(work: UnitOfWork) -> None:
    keys = KeyRing.from_text(KeyRing.generate())
    keep = partial(keep_draft, work, keys, staff="late", form="register", now=NOW)
    read = partial(read_draft, work, keys, staff="late", form="register", now=NOW)
    await drop_draft(work, staff="late", form="register", key="k1", now=NOW)  # sent before any draft of it was there
    assert not await keep(key="k1", fields={"matter": ["工资"]})
    assert await read() == {}
    assert await keep(key="k2", fields={"matter": ["噪声"]})  # the next filling is kept, and no late one overwrites it
    assert not await keep(key="k1", fields={"matter": ["工资"]})
    assert await read() == {"matter": ["噪声"]}


async def test_what_was_sent_takes_no_place_of_a_draft(work: UnitOfWork) -> None:
    keys = KeyRing.from_text(KeyRing.generate())
    keep = partial(keep_draft, work, keys, staff="busy", key="k", now=NOW)
    read = partial(read_draft, work, keys, staff="busy", now=NOW)
    for number in range(DRAFTS_MAX):
        await drop_draft(work, staff="busy", form=f"sent-{number}", key="sent", now=NOW)
        await keep(form=f"open-{number}", fields={"note": ["一"]})
    assert await keep(form="open-0", fields={"note": ["二"]})
    assert await read(form="open-0") == {"note": ["二"]}
    assert not await keep(form="one-more", fields={"note": ["一"]})
    assert await read(form="one-more") == {}
