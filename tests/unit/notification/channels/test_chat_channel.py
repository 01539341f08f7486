"""The apprise library's services: what counts as taken, and that its own log stays out of ours."""

import asyncio
import logging
import os
import subprocess
import sys

import pytest

from services.notification.channels.addresses import AddressWrong
from services.notification.channels.base import ChannelRefused, ChannelUnavailable
from services.notification.channels.chat import AppriseChannel, Library
from tests.support.web_sink import HANG, WebSink, web_sink
from tests.unit.notification.channels.given import client, message

HIDDEN = "hidden-token"


def address(sink: WebSink) -> str:
    return f"json://127.0.0.1:{sink.port}/{HIDDEN}"


async def send(to: str, *, timeout_s: float = 8.0) -> None:
    channel = AppriseChannel(client(), timeout_s=timeout_s)
    try:
        await channel.send(message(to))
    finally:
        await channel.close()


async def test_what_a_service_of_the_library_is_told() -> None:
    async with web_sink() as sink:
        await send(address(sink))
    told = sink.asked[0].json
    assert told["title"] == "吹哨报到：资规建交局请于09:20前到场"
    assert "收到: http://10.0.0.8/a/token1" in told["message"]


@pytest.mark.parametrize("status", [400, 401, 404, 410])
async def test_what_is_refused_for_good(status: int) -> None:
    async with web_sink(status) as sink:
        with pytest.raises(ChannelRefused, match=str(status)) as refused:
            await send(address(sink))
    assert HIDDEN not in refused.value.why
    assert "127.0.0.1" not in refused.value.why


@pytest.mark.parametrize("status", [301, 408, 429, 500, 503])
async def test_what_may_be_taken_later(status: int) -> None:
    async with web_sink(status, Location="http://127.0.0.1:9/") as sink:
        with pytest.raises(ChannelUnavailable, match=str(status)):
            await send(address(sink))


async def test_a_service_that_hangs_is_given_up_in_time() -> None:
    async with web_sink(HANG) as sink:
        started = asyncio.get_running_loop().time()
        with pytest.raises(ChannelUnavailable) as away:
            await send(address(sink), timeout_s=0.5)
        assert asyncio.get_running_loop().time() - started < 3.0
    assert HIDDEN not in away.value.why


async def test_no_service_at_all() -> None:
    async with web_sink() as sink:
        pass
    with pytest.raises(ChannelUnavailable) as away:
        await send(address(sink))
    assert "127.0.0.1" not in away.value.why


async def test_the_library_s_log_names_addresses_and_stays_out_of_ours(logged: list[str]) -> None:
    async with web_sink(404) as sink:
        with pytest.raises(ChannelRefused):
            await send(address(sink))
    assert Library().plugin(f"wecombot://{HIDDEN}!!") is None
    assert [line for line in logged if HIDDEN in line or "127.0.0.1" in line] == []


@pytest.mark.provokes_errors
def test_the_leak_would_be_seen(logged: list[str]) -> None:
    """The guard above looks where the library writes."""
    library = Library()
    assert library.plugin("json://localhost") is not None
    log = logging.getLogger("apprise")
    log.propagate = True
    try:
        assert library.plugin(f"nosuch://{HIDDEN}") is None
        assert [line for line in logged if HIDDEN in line]
    finally:
        log.propagate = False


@pytest.mark.parametrize(
    "known",
    [
        "wecombot://abc-def",
        "dingtalk://SECRET@TOKEN1/13900000000",
        "feishu://TOKEN1abc",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc-def",
        "ntfys://topic",
    ],
)
def test_addresses_that_are_taken(known: str) -> None:
    AppriseChannel(client()).check(known)


@pytest.mark.parametrize(
    "unknown",
    ["", "wecombot", "nosuch://x", "wecombot://", "wecombot://a b", "https://unit.example/hook", "dingtalk://"],
)
def test_addresses_that_are_refused(unknown: str) -> None:
    with pytest.raises(AddressWrong):
        AppriseChannel(client()).check(unknown)


@pytest.mark.parametrize("screen", ["syslog://", "dbus://", "gnome://", "windows://", "macosx://"])
def test_the_server_s_own_screen_reaches_no_post(screen: str) -> None:
    with pytest.raises(AddressWrong):
        AppriseChannel(client()).check(screen)


async def test_an_address_that_became_unknown_is_refused_at_sending_too() -> None:
    with pytest.raises(ChannelRefused):
        await send("nosuch://x")


def test_no_library_of_a_channel_is_loaded_before_it_is_needed() -> None:
    words = (
        "import sys; from services.notification.channels import channels_from\n"
        "from shared.clock import WallClock; from shared.settings import ServiceSettings\n"
        "assert channels_from(ServiceSettings(database_url='x', nats_url='x'), WallClock())\n"
        "loaded = {'apprise', 'requests', 'httpx', 'aiosmtplib'} & set(sys.modules)\n"
        "assert not loaded, loaded"
    )
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MUSTER_")}
    subprocess.run([sys.executable, "-c", words], check=True, timeout=120, env=clean)
