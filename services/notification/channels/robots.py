"""Chat robots that answer 200 and mean no: their own answer is read, so that `sent` means sent.

The apprise library takes any 200 for success. For these kinds of robots it only reads the address here.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.notification.channels.base import ChannelRefused, ChannelUnavailable
from services.notification.channels.web import WebAnswer, WebClient, read_object, require_taken
from services.notification.channels.wording import clip_bytes

TOO_FAST_WAIT_S = 60.0
DINGTALK_MUTED_S = 600.0  # a DingTalk robot that was too fast is not heard for ten minutes
BAD_ROBOT = "the robot does not exist (any more)"
RULES_OF_ROBOT = "the robot's own safety settings refuse it: keyword, signature or sender's address"


@dataclass(frozen=True, slots=True)
class Call:
    url: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Robot:
    """`refused`: codes of its answer that no repetition mends; `busy`: seconds to wait. Other codes: tried again."""

    call: Callable[[Any, str], Call]
    bytes_max: int
    refused: Mapping[int, str]
    busy: Mapping[int, float]


def _wecom(plugin: Any, words: str) -> Call:
    return Call(plugin.api_url, {"msgtype": "text", "text": {"content": words}})


def _dingtalk(plugin: Any, words: str) -> Call:
    payload = {"msgtype": "text", "text": {"content": words}, "at": {"atMobiles": plugin.targets, "isAtAll": False}}
    url = plugin.notify_url.format(token=plugin.token)
    if plugin.secret:
        at_ms, signature = plugin.get_signature()  # percent-encoded already; encoded twice, the robot refuses it
        url = f"{url}&timestamp={at_ms}&sign={signature}"
    return Call(url, payload)


def _feishu(plugin: Any, words: str) -> Call:
    url = plugin.notify_url.format(token=plugin.token).rstrip("/")
    return Call(url, {"msg_type": "text", "content": {"text": words}})


def _lark(plugin: Any, words: str) -> Call:
    return Call(plugin.webhook_url, {"msg_type": "text", "content": {"text": words}})


_FEISHU_REFUSED = {19001: BAD_ROBOT, 19021: RULES_OF_ROBOT, 19022: RULES_OF_ROBOT, 19024: RULES_OF_ROBOT}
_FEISHU_BUSY = {11232: TOO_FAST_WAIT_S, 9499: TOO_FAST_WAIT_S}

ROBOTS: Mapping[str, Robot] = {
    "wecombot": Robot(
        _wecom,
        bytes_max=2_000,
        refused={93000: BAD_ROBOT, 40058: "the robot does not take this form of message"},
        busy={45009: TOO_FAST_WAIT_S, 45033: TOO_FAST_WAIT_S},
    ),
    "dingtalk": Robot(
        _dingtalk,
        bytes_max=15_000,
        refused={
            300001: BAD_ROBOT,
            310000: RULES_OF_ROBOT,
            400013: "the robot's group was dissolved",
            400101: BAD_ROBOT,
            400102: "the robot was switched off",
            400106: BAD_ROBOT,
        },
        busy={130101: DINGTALK_MUTED_S, 410100: DINGTALK_MUTED_S},
    ),
    "feishu": Robot(_feishu, bytes_max=15_000, refused=_FEISHU_REFUSED, busy=_FEISHU_BUSY),
    "lark": Robot(_lark, bytes_max=15_000, refused=_FEISHU_REFUSED, busy=_FEISHU_BUSY),
}


async def tell(robot: Robot, plugin: Any, words: str, web: WebClient, *, timeout_s: float) -> None:
    """Raises ChannelRefused or ChannelUnavailable unless the robot itself says that it took it."""
    call = robot.call(plugin, clip_bytes(words, robot.bytes_max))
    content = json.dumps(call.payload, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8"}
    answer = await web.post(call.url, content=content, headers=headers, timeout_s=timeout_s)
    require_taken(answer)
    code = answer_code(answer)
    if code == 0:
        return
    if code is None:
        raise ChannelUnavailable("the robot's answer cannot be read")
    if code in robot.refused:
        raise ChannelRefused(f"{robot.refused[code]} ({code})")
    if code in robot.busy:
        raise ChannelUnavailable(f"the robot was told too much in a minute ({code})", robot.busy[code])
    raise ChannelUnavailable(f"the robot answers {code}")


def answer_code(answer: WebAnswer) -> int | None:
    """`errcode` (WeCom, DingTalk), `code` (Feishu, Lark) or Feishu's older `StatusCode`; 0 is yes."""
    said = read_object(answer.body)
    codes = [said[key] for key in ("errcode", "code", "StatusCode") if isinstance(said.get(key), int)]
    return codes[0] if codes else None
