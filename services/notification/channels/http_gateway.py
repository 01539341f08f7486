"""A phone gateway behind HTTP, as a centre's telecom provider or its own modem box offers it."""

import json
from dataclasses import dataclass
from urllib.parse import quote

from services.notification.channels.base import ChannelRefused
from services.notification.channels.web import WebClient, read_object, require_taken


@dataclass(frozen=True, slots=True)
class HttpPhoneGateway:
    """POSTs `{"number": ..., "text": ...}`; `{number}` and `{text}` in a URL are filled, for gateways that want that.

    The answer's `id`, where it is JSON and has one, is what later receipts name.
    """

    web: WebClient
    text_url: str | None
    call_url: str | None
    token: str | None = None
    timeout_s: float = 12.0

    async def send_text(self, number: str, words: str) -> str | None:
        return await self._ask(self.text_url, number, words)

    async def call(self, number: str, words: str) -> str | None:
        return await self._ask(self.call_url, number, words)

    async def _ask(self, template: str | None, number: str, words: str) -> str | None:
        if template is None:
            raise ChannelRefused("the gateway of this centre cannot do that")
        url = template.replace("{number}", quote(number, safe="")).replace("{text}", quote(words, safe=""))
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        content = json.dumps({"number": number, "text": words}, ensure_ascii=False).encode()
        answer = await self.web.post(url, content=content, headers=headers, timeout_s=self.timeout_s)
        require_taken(answer)
        return remote_id(answer.body)

    async def close(self) -> None:
        await self.web.close()


def remote_id(body: bytes) -> str | None:
    found = read_object(body).get("id")
    return str(found) if isinstance(found, str | int) and not isinstance(found, bool) else None
