"""The console takes the port it is told, or the next free one where it may; a taken one is said in words."""

import socket
from collections.abc import Iterator

import pytest

from services.console.errors import PortTaken
from services.console.web.serving import WebServer


async def nothing(scope: object, receive: object, send: object) -> None:
    raise AssertionError("nobody asks")


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


async def test_the_next_free_one_where_it_may_try(taken: int) -> None:
    server = WebServer(nothing, host="127.0.0.1", port=taken, proxies="", tries=20)
    await server.start()
    try:
        assert server.port != taken
    finally:
        await server.stop()


async def test_a_taken_one_is_said_in_words(taken: int) -> None:
    with pytest.raises(PortTaken, match=str(taken)):
        await WebServer(nothing, host="127.0.0.1", port=taken, proxies="").start()
