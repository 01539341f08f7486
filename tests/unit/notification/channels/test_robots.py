"""Chat robots answer 200 to everything; what they mean stands in their answer."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from urllib.parse import parse_qs

import httpx
import pytest

from services.notification.channels.base import ChannelRefused, ChannelUnavailable, HandedOver, Rendered
from services.notification.channels.chat import AppriseChannel
from services.notification.channels.web import WebClient
from shared.clock import MovedClock
from tests.unit.notification.channels.given import NOW, TEXT, message

WECOM, DINGTALK, FEISHU, LARK = "wecombot://KEY-1", "dingtalk://SECRET1@TOKEN1", "feishu://TOKEN1", "lark://TOKEN1"
Answer = Callable[[httpx.Request], httpx.Response]


@asynccontextmanager
async def robots(answer: Answer) -> AsyncGenerator[AppriseChannel]:
    """The robots' hosts are on the internet: the wire is replaced, not the code above it."""
    channel = AppriseChannel(WebClient(MovedClock(NOW), transport=httpx.MockTransport(answer)))
    yield channel
    await channel.close()


def said(body: bytes) -> httpx.Response:
    return httpx.Response(200, stream=httpx.ByteStream(body))  # unread, as it comes from a wire


def says(**reply: object) -> Answer:
    return lambda _request: said(json.dumps(reply).encode())


@pytest.mark.parametrize(
    ("address", "yes", "host"),
    [
        (WECOM, {"errcode": 0, "errmsg": "ok"}, "qyapi.weixin.qq.com"),
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=KEY-1", {"errcode": 0}, "qyapi.weixin.qq.com"),
        (DINGTALK, {"errcode": 0, "errmsg": "ok"}, "oapi.dingtalk.com"),
        (FEISHU, {"code": 0, "msg": "success"}, "open.feishu.cn"),
        (FEISHU, {"StatusCode": 0, "StatusMessage": "success"}, "open.feishu.cn"),
        (LARK, {"code": 0}, "open.larksuite.com"),
    ],
)
async def test_a_robot_that_says_yes(address: str, yes: dict[str, object], host: str) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return said(json.dumps(yes).encode())

    async with robots(answer) as channel:
        assert await channel.send(message(address)) == HandedOver()
    assert asked[0].url.host == host
    words = json.loads(asked[0].content)
    told = (words.get("text") or words["content"]).get("content") or words["content"]["text"]
    assert told.startswith(TEXT.subject)
    assert "http://10.0.0.8/a/token1" in told


@pytest.mark.parametrize(
    ("address", "reply", "why"),
    [
        (WECOM, {"errcode": 93000, "errmsg": "invalid webhook url"}, "93000"),
        (DINGTALK, {"errcode": 310000, "errmsg": "keywords not in content"}, "safety settings"),
        (DINGTALK, {"errcode": 400013}, "dissolved"),
        (FEISHU, {"code": 19001, "msg": "param invalid"}, "19001"),
        (FEISHU, {"code": 19024, "msg": "Key Words Not Found"}, "safety settings"),
    ],
)
async def test_a_robot_that_says_no_for_good(address: str, reply: dict[str, object], why: str) -> None:
    async with robots(says(**reply)) as channel:
        with pytest.raises(ChannelRefused, match=why) as refused:
            await channel.send(message(address))
    assert "TOKEN1" not in refused.value.why
    assert "KEY-1" not in refused.value.why


@pytest.mark.parametrize(
    ("address", "reply", "wait_s"),
    [
        (WECOM, {"errcode": 45009, "errmsg": "api freq out of limit"}, 60.0),
        (DINGTALK, {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}, 600.0),
        (FEISHU, {"code": 11232}, 60.0),
        (WECOM, {"errcode": -1, "errmsg": "system busy"}, None),
        (DINGTALK, {"errcode": 987654}, None),
    ],
)
async def test_a_robot_that_says_not_now(address: str, reply: dict[str, object], wait_s: float | None) -> None:
    async with robots(says(**reply)) as channel:
        with pytest.raises(ChannelUnavailable) as away:
            await channel.send(message(address))
    assert away.value.retry_after_s == wait_s


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'"ok"', b'{"errcode": "0"}'])
async def test_an_answer_that_says_nothing_is_no_yes(body: bytes) -> None:
    async with robots(lambda _request: said(body)) as channel:
        with pytest.raises(ChannelUnavailable, match="cannot be read"):
            await channel.send(message(WECOM))


async def test_a_signed_robot_is_sent_a_signature_it_can_check() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return said(b'{"errcode": 0}')

    async with robots(answer) as channel:
        await channel.send(message(DINGTALK))
    query = parse_qs(asked[0].url.query.decode())
    (at,) = query["timestamp"]
    digest = hmac.new(b"SECRET1", f"{at}\nSECRET1".encode(), hashlib.sha256).digest()
    assert query["sign"] == [base64.b64encode(digest).decode()]
    assert query["access_token"] == ["TOKEN1"]


async def test_a_long_list_is_cut_to_what_the_robot_takes() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return said(b'{"errcode": 0}')

    async with robots(answer) as channel:
        await channel.send(message(WECOM, Rendered("题", "很长的正文" * 500)))
    told = json.loads(asked[0].content)["text"]["content"]
    assert len(told.encode()) <= 2_000
    assert told.endswith("…")
