"""HTTP calls of channels: bounded in time and size, no redirects, one mapping from answers to outcomes."""

import asyncio
import importlib
import json
import logging
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from services.notification.channels.base import ChannelRefused, ChannelUnavailable
from shared.clock import Clock

if TYPE_CHECKING:  # loaded at the first call: it takes a quarter of a second, and many centres never make one
    import httpx

ANSWER_BYTES_MAX = 16_384
CONNECTIONS_MAX = 60  # a summons of every unit leaves at once
RETRY_AFTER_S_MAX = 3_600.0
TEMPORARY = frozenset({408, 425, 429})
OURS: Mapping[str, str] = {"User-Agent": "Muster", "Accept-Encoding": "identity"}


@dataclass(frozen=True, slots=True)
class WebAnswer:
    status: int
    body: bytes
    retry_after_s: float | None


@dataclass(slots=True)
class WebClient:
    """Opened at the first call. Errors name neither the address nor the words sent."""

    clock: Clock
    transport: "httpx.AsyncBaseTransport | None" = None
    _client: "httpx.AsyncClient | None" = field(default=None, init=False)

    async def post(
        self,
        url: str,
        *,
        content: bytes,
        headers: Mapping[str, str] | None = None,
        timeout_s: float,
    ) -> WebAnswer:
        """Raises ChannelUnavailable where no answer came in time, ChannelRefused where no call can be made at all."""
        try:
            async with asyncio.timeout(timeout_s):  # the library's own limits are for each step, not for all of them
                return await self._post(url, content, {**OURS, **(headers or {})})
        except TimeoutError:
            raise ChannelUnavailable(f"no answer within {timeout_s:g} s") from None

    async def _post(self, url: str, content: bytes, headers: Mapping[str, str]) -> WebAnswer:
        client = self._client or await self._open()
        import httpx

        try:
            async with client.stream("POST", url, content=content, headers=dict(headers)) as answer:
                body = await _beginning_of(answer)
                return WebAnswer(answer.status_code, body, self._retry_after(answer))
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError):  # the last: a host no name service knows
            raise ChannelRefused("the address is not one that can be called") from None
        except (httpx.HTTPError, ssl.SSLError, OSError) as trouble:
            raise ChannelUnavailable(f"no connection ({type(trouble).__name__})") from None

    async def _open(self) -> "httpx.AsyncClient":
        await asyncio.to_thread(importlib.import_module, "httpx")
        import httpx

        if self._client is None:
            # At INFO the library writes every address into the log.
            for name in ("httpx", "httpcore"):
                logging.getLogger(name).setLevel(logging.WARNING)
            self._client = httpx.AsyncClient(
                follow_redirects=False,
                limits=httpx.Limits(max_connections=CONNECTIONS_MAX, max_keepalive_connections=10),
                timeout=None,  # noqa: S113 - every call has its own, for the whole of it
                transport=self.transport,
            )
        return self._client

    def _retry_after(self, answer: "httpx.Response") -> float | None:
        """Seconds or a date (RFC 9110, 10.2.3); what is neither is not heeded."""
        said = answer.headers.get("Retry-After", "").strip()
        if said.isdecimal():
            return min(float(said), RETRY_AFTER_S_MAX)
        try:
            wait_s = (parsedate_to_datetime(said) - self.clock.now()).total_seconds()
        except (TypeError, ValueError):
            return None
        return min(max(wait_s, 0.0), RETRY_AFTER_S_MAX)

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()


async def _beginning_of(answer: "httpx.Response") -> bytes:
    body = b""
    async for piece in answer.aiter_raw():
        body += piece
        if len(body) >= ANSWER_BYTES_MAX:
            break
    return body[:ANSWER_BYTES_MAX]


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object an answer holds; empty where it holds none, or one nested too deep to be read."""
    try:
        said: Any = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}  # pyright: ignore[reportUnknownVariableType]


def require_taken(answer: WebAnswer) -> None:
    """2xx is taken. What a repetition cannot mend is refused, the rest is tried again."""
    if 200 <= answer.status < 300:
        return
    if 300 <= answer.status < 400:
        raise ChannelRefused(f"it answers {answer.status}, a redirect; the contact must be the final address")
    if 400 <= answer.status < 500 and answer.status not in TEMPORARY:
        raise ChannelRefused(f"it answers {answer.status}")
    raise ChannelUnavailable(f"it answers {answer.status}", answer.retry_after_s)
