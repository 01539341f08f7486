"""A message on its way, and a client that goes through no proxy."""

from datetime import UTC, datetime
from uuid import UUID

from services.notification.channels.base import Outgoing, Rendered
from services.notification.channels.web import WebClient
from shared.clock import MovedClock

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
MESSAGE = UUID("0190b5c0-0000-7000-8000-000000000001")
TEXT = Rendered(
    subject="吹哨报到：资规建交局请于09:20前到场",
    body="请于11月23日09:20前到指挥室报到。\n类别 <施工噪声> & 其他",
    link="http://10.0.0.8/c/26-0000104-7",
    links=(("收到", "http://10.0.0.8/a/token1"), ("不能到场", "http://10.0.0.8/a/token2")),
)


def message(address: str, text: Rendered = TEXT, *, drill: bool = False) -> Outgoing:
    return Outgoing(MESSAGE, address, text, drill)


def client() -> WebClient:
    return WebClient(MovedClock(NOW))
