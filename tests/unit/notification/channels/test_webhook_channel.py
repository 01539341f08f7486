"""Webhooks against a real server that takes, refuses, hangs, drips, points elsewhere and comes back."""

import asyncio
import hashlib
import hmac
import logging

import pytest

from services.notification.channels.base import ChannelRefused, ChannelUnavailable
from services.notification.channels.web import RETRY_AFTER_S_MAX
from services.notification.channels.webhook import MESSAGE as MESSAGE_HEADER
from services.notification.channels.webhook import SIGNATURE, WebhookChannel
from tests.support.web_sink import DRIP, DROP, HANG, web_sink
from tests.unit.notification.channels.given import MESSAGE, NOW, client, message

SECRET = "a secret of this centre"


async def send(url: str, *, secret: str | None = SECRET, timeout_s: float = 5.0, drill: bool = False) -> None:
    channel = WebhookChannel(client(), secret, timeout_s=timeout_s)
    try:
        await channel.send(message(url, drill=drill))
    finally:
        await channel.close()


async def test_what_it_is_told_and_how_it_is_signed() -> None:
    async with web_sink() as sink:
        await send(sink.url, drill=True)
    (asked,) = sink.asked
    assert asked.method == "POST"
    assert asked.json["message_id"] == str(MESSAGE)
    assert asked.json["drill"] is True
    assert asked.json["subject"].startswith("吹哨报到")
    assert asked.json["links"][0] == {"label": "收到", "url": "http://10.0.0.8/a/token1"}
    assert asked.headers[MESSAGE_HEADER.lower()] == str(MESSAGE)
    at = str(int(NOW.timestamp()))
    digest = hmac.new(SECRET.encode(), at.encode() + b"." + asked.body, hashlib.sha256).hexdigest()
    assert asked.headers[SIGNATURE.lower()] == f"t={at},v1={digest}"


async def test_without_a_secret_nothing_pretends_to_be_signed() -> None:
    async with web_sink(204, body=b"") as sink:
        await send(sink.url, secret=None)
    assert SIGNATURE.lower() not in sink.asked[0].headers


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 422])
async def test_what_is_refused_for_good(status: int) -> None:
    async with web_sink(status) as sink:
        with pytest.raises(ChannelRefused, match=str(status)) as refused:
            await send(sink.url)
    assert str(sink.port) not in refused.value.why


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
async def test_what_may_be_taken_later(status: int) -> None:
    async with web_sink(status) as sink:
        with pytest.raises(ChannelUnavailable, match=str(status)) as away:
            await send(sink.url)
    assert away.value.retry_after_s is None
    assert str(sink.port) not in away.value.why


@pytest.mark.parametrize(
    ("said", "wait_s"),
    [
        ("7", 7.0),
        ("999999", RETRY_AFTER_S_MAX),
        ("Mon, 23 Nov 2026 01:02:00 GMT", 120.0),
        ("Mon, 23 Nov 2026 00:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
    ],
)
async def test_when_to_come_back_is_heeded(said: str, wait_s: float | None) -> None:
    async with web_sink(429, Retry_After=said) as sink:
        with pytest.raises(ChannelUnavailable) as away:
            await send(sink.url)
    assert away.value.retry_after_s == wait_s


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_no_redirect_is_followed(status: int) -> None:
    async with web_sink() as other, web_sink(status, Location=other.url) as sink:
        with pytest.raises(ChannelRefused, match="redirect"):
            await send(sink.url)
        assert other.asked == []


@pytest.mark.parametrize("trouble", [HANG, DRIP])
async def test_a_server_that_never_ends_its_answer_is_given_up_in_time(trouble: str) -> None:
    async with web_sink(trouble) as sink:
        started = asyncio.get_running_loop().time()
        with pytest.raises(ChannelUnavailable, match=r"no answer within 0\.3 s"):
            await send(sink.url, timeout_s=0.3)
        assert asyncio.get_running_loop().time() - started < 2.0


async def test_an_answer_without_end_is_not_read_to_its_end() -> None:
    async with web_sink(200, body=b"x" * 5_000_000) as sink:
        await send(sink.url)


async def test_a_cut_connection_and_no_server_at_all() -> None:
    async with web_sink(DROP) as sink:
        with pytest.raises(ChannelUnavailable, match="no connection"):
            await send(sink.url)
    with pytest.raises(ChannelUnavailable, match="no connection"):
        await send(sink.url)


@pytest.mark.parametrize(
    "address", ["http://a..b/", "http://xn--/", f"http://{'a' * 70}.example/", "http://\u2603.invalid./"]
)
async def test_an_address_that_leads_nowhere(address: str) -> None:
    with pytest.raises((ChannelRefused, ChannelUnavailable)) as trouble:
        await send(address)
    assert address not in str(trouble.value)


async def test_a_server_that_answers_500_for_an_hour_and_then_takes_it() -> None:
    async with web_sink(500) as sink:
        channel = WebhookChannel(client(), None)
        for _ in range(12):
            with pytest.raises(ChannelUnavailable):
                await channel.send(message(sink.url))
        sink.answer = 200
        await channel.send(message(sink.url))
        await channel.close()
    assert {asked.headers[MESSAGE_HEADER.lower()] for asked in sink.asked} == {str(MESSAGE)}


async def test_no_address_in_the_log_which_the_library_would_write_there(logged: list[str]) -> None:
    library = logging.getLogger("httpx")
    async with web_sink() as sink:
        channel = WebhookChannel(client(), None)
        await channel.send(message(sink.url))
        assert [line for line in logged if "/hook" in line] == []
        library.setLevel(logging.INFO)
        await channel.send(message(sink.url))
        library.setLevel(logging.WARNING)
        await channel.close()
    assert [line for line in logged if "/hook" in line]
