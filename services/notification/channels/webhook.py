"""Webhooks: one signed POST of JSON for each message.

Private and loopback addresses may be called: a centre's own systems stand inside its own network. Who may set a
contact is therefore bounded elsewhere, and no redirect is followed.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from uuid import UUID

from services.notification.channels.addresses import check_web
from services.notification.channels.base import HandedOver, Outgoing
from services.notification.channels.web import WebClient, require_taken

SIGNATURE = "Muster-Signature"
MESSAGE = "Muster-Message"


@dataclass(frozen=True, slots=True)
class WebhookChannel:
    web: WebClient
    secret: str | None
    name: str = "webhook"
    per_minute: int | None = None
    timeout_s: float = 10.0
    outside: bool = True

    def check(self, address: str) -> None:
        check_web(address)

    async def send(self, message: Outgoing) -> HandedOver:
        content = as_json(message)
        answer = await self.web.post(
            message.address,
            content=content,
            headers=self._headers(message.message_id, content),
            timeout_s=self.timeout_s,
        )
        require_taken(answer)
        return HandedOver(remote_id=str(message.message_id))

    async def close(self) -> None:
        await self.web.close()

    def _headers(self, message_id: UUID, content: bytes) -> dict[str, str]:
        headers = {"Content-Type": "application/json; charset=utf-8", MESSAGE: str(message_id)}
        if self.secret is not None:
            headers[SIGNATURE] = sign(self.secret, int(self.web.clock.now().timestamp()), content)
        return headers


def as_json(message: Outgoing) -> bytes:
    text = message.text
    return json.dumps(
        {
            "message_id": str(message.message_id),
            "drill": message.drill,
            "subject": text.subject,
            "body": text.body,
            "link": text.link,
            "links": [{"label": label, "url": url} for label, url in text.links],
        },
        ensure_ascii=False,
    ).encode()


def sign(secret: str, at_s: int, content: bytes) -> str:
    """The time is signed too, so that a receiver can refuse what was kept and sent again later."""
    digest = hmac.new(secret.encode(), f"{at_s}.".encode() + content, hashlib.sha256).hexdigest()
    return f"t={at_s},v1={digest}"
