"""Passwords, delays, the end of a session."""

from datetime import UTC, datetime, timedelta

import pytest
from pyotp.totp import TOTP

from services.console.errors import PasswordTooWeak, ScopeMissing
from services.console.model import FailedTries
from services.console.operations.second_factor import matching_step
from services.console.policy.lockout import DELAY_MAX, delay_after
from services.console.policy.passwords import COMMONEST, LENGTH_MIN, check_password, generate_password
from services.console.policy.scope import SIGNS_IN, check_scope
from services.console.policy.sessions import IDLE, SHIFT, ends_at, is_over
from shared.contracts.actors import Role

NOW = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short-one", "length"),
        ("x" * 200, "length"),
        ("my police.liaison 1", "name"),
        ("POLICE.LIAISON-2026", "name"),
        ("passwordpassword", "common"),
        ("１２３４５６７８９０１２", "common"),
        ("aaaaaaaaaaaaaa", "common"),
    ],
)
def test_a_weak_password_is_refused(password: str, why: str) -> None:
    with pytest.raises(PasswordTooWeak) as refusal:
        check_password(password, staff="police.liaison")
    assert refusal.value.facts["why"] == why
    assert refusal.value.field == "password"


def test_a_long_one_is_taken_and_a_generated_one_too() -> None:
    assert check_password("四个谁也猜不到的词语连在一起", staff="police.liaison")
    for _ in range(20):
        assert check_password(generate_password(), staff="police.liaison")
    assert all(len(one) >= LENGTH_MIN for one in COMMONEST), "shorter ones are refused for their length"


def test_the_delay_grows_and_has_an_end() -> None:
    delays = [delay_after("account", failures) for failures in range(1, 30)]
    assert delays[:4] == [timedelta(0)] * 4
    assert delays == sorted(delays)
    assert delays[4] > timedelta(0)
    assert delays[-1] == DELAY_MAX
    assert delay_after("address", 10) == timedelta(0), "a whole office may come from one address"


def test_failures_are_counted_and_forgotten_after_a_day() -> None:
    tries = FailedTries(kind="account", key="x", failures=0, last_at=NOW, wait_until=None)
    for _ in range(6):
        tries.count(NOW)
    assert tries.must_wait(NOW) == timedelta(seconds=30)
    assert tries.must_wait(NOW + timedelta(minutes=1)) == timedelta(0)
    tries.count(NOW + timedelta(days=2))
    assert tries.failures == 1
    assert tries.wait_until is None


@pytest.mark.parametrize("role", SIGNS_IN)
def test_a_session_ends_when_idle_and_at_its_end(role: Role) -> None:
    end = ends_at(NOW)
    assert not is_over(role, seen_at=NOW, ends_at=end, now=NOW + timedelta(minutes=5))
    assert is_over(role, seen_at=NOW, ends_at=end, now=NOW + IDLE[role] + timedelta(seconds=1))
    busy = NOW + SHIFT - timedelta(seconds=1)
    assert not is_over(role, seen_at=busy, ends_at=end, now=busy)
    assert is_over(role, seen_at=NOW + SHIFT, ends_at=end, now=NOW + SHIFT)


def test_nobody_is_signed_in_as_the_system() -> None:
    assert Role.SYSTEM not in SIGNS_IN
    assert is_over(Role.SYSTEM, seen_at=NOW, ends_at=ends_at(NOW), now=NOW + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("role", "field"),
    [
        (Role.SYSTEM, "role"),
        (Role.HANDLER, "unit"),
        (Role.LIAISON_OFFICER, "unit"),
        (Role.UNIT_LEAD, "unit"),
        (Role.INTAKE_CLERK, "window"),
        (Role.GRID_WORKER, "grid"),
    ],
)
def test_a_role_names_whom_it_acts_for(role: Role, field: str) -> None:
    with pytest.raises(ScopeMissing) as refusal:
        check_scope(role, unit=None, window=None, grid=None)
    assert refusal.value.field == field
    if role is not Role.SYSTEM:
        check_scope(role, unit="police", window="desk.general", grid="350521104")


def test_a_code_of_this_minute_fits_and_one_of_the_last_hour_does_not() -> None:
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    totp = TOTP(secret)
    assert matching_step(secret, totp.at(int(NOW.timestamp())), NOW) == int(NOW.timestamp()) // 30
    assert matching_step(secret, totp.at(int(NOW.timestamp()) - 30), NOW) is not None, "a device's clock is a bit off"
    assert matching_step(secret, totp.at(int(NOW.timestamp()) - 3600), NOW) is None
    assert matching_step(secret, "１２３４５６", NOW) is None, "of full width, and not this one's"
