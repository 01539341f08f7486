"""uvicorn inside the service's own loop: the service starts it and stops it, and takes the signals itself."""

import asyncio
import socket
from collections.abc import Generator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from services.console.errors import PortTaken

GRACE_S = 5
BACKLOG = 2_048
KEEP_ALIVE_S = 75
HEADERS_BYTES_MAX = 32 * 1024


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


class WebServer:
    """`start()` returns when the port is open; `port` says which, also where 0 was asked for."""

    def __init__(self, app: ASGIApp, *, host: str, port: int, proxies: str, tries: int = 1) -> None:
        """`tries`: how many ports from the wanted one on; where all are taken, any free one. One try: PortTaken."""
        self._config = uvicorn.Config(
            app,
            host=host,
            port=port,
            http="httptools",
            loop="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=True,
            proxy_headers=True,
            forwarded_allow_ips=proxies,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=GRACE_S,
            h11_max_incomplete_event_size=HEADERS_BYTES_MAX,
        )
        self._host, self._port, self._tries = host, port, tries
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None
        self.port = port

    async def start(self) -> None:
        """Raises PortTaken."""
        listener = self._listen()
        self.port = listener.getsockname()[1]
        self._server = _Server(self._config)
        self._serving = asyncio.create_task(self._server.serve(sockets=[listener]))
        while not self._server.started and not self._serving.done():
            await asyncio.sleep(0.01)
        if self._serving.done():
            self._serving.result()

    def _listen(self) -> socket.socket:
        """Bound and listening at once: looking first and binding later would be a race with the next program."""
        wanted = [*range(self._port, self._port + self._tries), *([0] if self._tries > 1 else [])]
        for port in wanted:
            listener = socket.socket(socket.AF_INET6 if ":" in self._host else socket.AF_INET)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind((self._host, port))
                listener.listen(BACKLOG)
            except OSError:
                listener.close()
                continue
            return listener
        raise PortTaken(f"port {self._port} on {self._host} is taken: name another with --port")

    async def stop(self) -> None:
        if self._server is None or self._serving is None:
            return
        self._server.should_exit = True
        await asyncio.wait({self._serving}, timeout=GRACE_S + 2)
