"""Loopback ports for the embedded servers."""

import secrets
import socket

from deploy.embedded.errors import ServerUnusable

LOOPBACK = "127.0.0.1"

# Below the range from which systems pick the near end of outgoing connections. A client that keeps reconnecting to a
# dead server's port in that range can be given the very port as its near end, and then occupies it itself.
PORT_FIRST, PORT_LAST = 20_000, 31_999
TRIES_MAX = 200


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port(preferred: int | None = None) -> int:
    """The preferred port if nobody has it, else one taken by chance."""
    if preferred is not None and is_free(preferred):
        return preferred
    for _ in range(TRIES_MAX):
        port = PORT_FIRST + secrets.randbelow(PORT_LAST - PORT_FIRST + 1)
        if is_free(port):
            return port
    raise ServerUnusable("No free port on 127.0.0.1 was found.", "Look at what keeps the ports: `ss -ltn`.")


def answers(port: int, *, timeout_s: float = 0.5) -> bool:
    """Whether something accepts connections there."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=timeout_s):
            return True
    except OSError:
        return False
