"""A web server on a loopback port that keeps what it is told, and can hang, drip, refuse or point elsewhere."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

HANG = "hang"
DRIP = "drip"
DROP = "drop"


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class WebSink:
    """`answer` is a status, or HANG (never), DRIP (a header line now and then), DROP (the connection is cut)."""

    answer: int | str = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"{}"
    asked: list[Asked] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    async def first(self, *, seconds: float = 20.0) -> Asked:
        """What it was told first, as soon as it was: a message outlives the round of the courier that sent it."""
        async with asyncio.timeout(seconds):
            while not self.asked:
                await asyncio.sleep(0.02)
        return self.asked[0]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        method, path, _ = head[0].split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in head[1:] if one)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.asked.append(Asked(method, path, headers, body))
        if self.answer == HANG:
            await asyncio.sleep(60)
        if self.answer == DRIP:
            writer.write(b"HTTP/1.1 200 OK\r\n")
            while True:
                writer.write(b"X-More: 1\r\n")
                await writer.drain()
                await asyncio.sleep(0.05)
        if self.answer == DROP:
            return False
        more = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        writer.write(
            f"HTTP/1.1 {self.answer} said\r\nContent-Length: {len(self.body)}\r\n{more}\r\n".encode() + self.body
        )
        await writer.drain()
        return True


@asynccontextmanager
async def web_sink(answer: int | str = 200, *, body: bytes = b"{}", **headers: str) -> AsyncGenerator[WebSink]:
    """Header names are given with `_` for `-`."""
    sink = WebSink(answer, {name.replace("_", "-"): value for name, value in headers.items()}, body)
    serving: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(sink.serve(reader, writer))
        serving.add(task)
        task.add_done_callback(serving.discard)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    sink.port = server.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:
        server.close()
        for task in list(serving):
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)
        await server.wait_closed()
