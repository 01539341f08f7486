"""Notices and what became of their messages."""

from collections.abc import Mapping

from shared.story.teller import Data, Names, Teller
from shared.story.words import FAILURES, POSTS, SKIPPED, UNREACHED, channel_words


def _to(names: Names, data: Data) -> str:
    unit = f"{names.unit(data['unit'])} " if data["unit"] else ""
    return f"{unit}{POSTS.get(data['post'], '岗位')}"


TELLERS: Mapping[str, Teller] = {
    "notification.notice.handed_over": lambda n, d: f"通知 {_to(n, d)}：经{channel_words(d['channel'])}送出",
    "notification.notice.unreached": lambda n, d: f"通知 {_to(n, d)} 无人收到：{UNREACHED[d['why']]}",
    "notification.message.sent": lambda n, d: f"消息送出（{channel_words(d['channel'])}，第 {d['attempt']} 次）",
    "notification.message.delivered": lambda n, d: f"消息送达（{channel_words(d['channel'])}）",
    "notification.message.failed": lambda n, d: f"消息未送达（{channel_words(d['channel'])}）：{FAILURES[d['why']]}",
    "notification.message.skipped": lambda n, d: f"消息不必再发：{SKIPPED.get(d['why'], '情况已变')}",
    "notification.telephone.read": lambda n, d: f"查看{d['staff']}的电话，以便联系（留痕）",
}
