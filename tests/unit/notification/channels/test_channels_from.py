"""Which channels a centre has, by what it was told from outside; plug-ins come in and faulty ones stay out."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from typing import Any

import pytest
from pydantic import ValidationError

from services.notification.channels import ChannelSettings, channels_from, close_all
from services.notification.channels.base import Channel, HandedOver, Outgoing
from services.notification.channels.phone import SmsChannel
from services.notification.channels.plugins import TIMEOUT_S_MAX, plugged_in
from services.notification.policy.timing import LEASE_S
from shared.clock import Clock, MovedClock
from shared.settings import ServiceSettings
from tests.support.fake_phone import FakePhone
from tests.unit.notification.channels.given import NOW

CLOCK = MovedClock(NOW)


def settings(**more: Any) -> ServiceSettings:
    return ServiceSettings(database_url="postgresql://x", nats_url="nats://x", **more)


@dataclass
class Pager:
    """A channel as another distribution would bring it."""

    name: str = "pager"
    per_minute: int | None = None
    timeout_s: float = 5.0
    outside: bool = True

    async def send(self, message: Outgoing) -> HandedOver:
        return HandedOver(str(message.message_id))

    async def close(self) -> None: ...


def make_pager(_settings: ServiceSettings, _clock: Clock) -> Pager:
    return Pager()


def make_inbox(_settings: ServiceSettings, _clock: Clock) -> Pager:
    return Pager("inbox")


def make_nonsense(_settings: ServiceSettings, _clock: Clock) -> object:
    return object()


def make_shouting(_settings: ServiceSettings, _clock: Clock) -> Pager:
    return Pager("PAGER !")


def make_endless(_settings: ServiceSettings, _clock: Clock) -> Pager:
    return Pager(timeout_s=TIMEOUT_S_MAX + 1)


def make_trouble(_settings: ServiceSettings, _clock: Clock) -> Pager:
    raise RuntimeError("token 1234 is wrong")


def point(function: Callable[..., Any] | str) -> EntryPoint:
    name = function if isinstance(function, str) else function.__name__
    return EntryPoint(name=name, value=f"{__name__}:{name}", group="muster.channels")


async def test_without_any_setting_there_are_those_that_need_none() -> None:
    channels = channels_from(settings(), CLOCK)
    assert set(channels) == {"inbox", "webhook", "apprise"}
    assert [name for name, one in channels.items() if not one.outside] == ["inbox"]
    await close_all(channels)


async def test_with_all_settings_there_are_all() -> None:
    own = ChannelSettings(sms_url="http://gateway/sms", voice_url="http://gateway/call", webhook_secret="s" * 16)
    channels = channels_from(settings(smtp_url="smtp://mail.example"), CLOCK, own=own)
    assert set(channels) == {"inbox", "webhook", "apprise", "email", "sms", "voice"}
    assert all(name == one.name and 0 < one.timeout_s < LEASE_S - 20 for name, one in channels.items())
    await close_all(channels)


async def test_what_is_given_beside_takes_the_place_of_the_built_in_one() -> None:
    sms = SmsChannel(FakePhone())
    channels = channels_from(settings(), CLOCK, [sms], own=ChannelSettings(sms_url="http://gateway/sms"))
    assert channels["sms"] is sms


@pytest.mark.provokes_errors
def test_a_wrong_mail_server_is_said_and_leaves_the_others(error_lines: list[str]) -> None:
    channels = channels_from(settings(smtp_url="mail.example:25?secret"), CLOCK)
    assert "email" not in channels
    assert "inbox" in channels
    assert "MUSTER_SMTP_URL" in error_lines[0]
    assert "secret" not in error_lines[0]


def test_a_secret_that_is_too_short_is_refused_without_being_told() -> None:
    with pytest.raises(ValidationError) as wrong:
        ChannelSettings(webhook_secret="short-one")
    assert "short-one" not in str(wrong.value)


def test_a_channel_of_another_distribution_comes_in() -> None:
    found = plugged_in([point(make_pager)], settings(), CLOCK, taken={"inbox"})
    assert isinstance(found["pager"], Pager)
    channel: Channel = found["pager"]
    assert channel.outside


@pytest.mark.provokes_errors
@pytest.mark.parametrize(
    ("faulty", "said"),
    [
        (make_inbox, "already"),
        (make_nonsense, "no channel"),
        (make_shouting, "small letters"),
        (make_endless, "timeout_s"),
        (make_trouble, "RuntimeError"),
        ("not_there", "AttributeError"),
    ],
)
def test_a_faulty_plug_in_is_left_out_and_the_log_says_so(
    faulty: Callable[..., Any] | str, said: str, error_lines: list[str]
) -> None:
    found = plugged_in([point(faulty), point(make_pager)], settings(), CLOCK, taken={"inbox"})
    assert set(found) == {"pager"}
    (line,) = error_lines
    assert said in line
    assert "1234" not in line


@pytest.mark.provokes_errors
def test_a_plug_in_that_cannot_even_be_imported_is_left_out(error_lines: list[str]) -> None:
    broken = EntryPoint(name="broken", value="no_such_module_here:make", group="muster.channels")
    assert plugged_in([broken], settings(), CLOCK, taken=()) == {}
    assert "ModuleNotFoundError" in error_lines[0]
