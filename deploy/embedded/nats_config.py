"""The NATS server's configuration: who may publish and hear what, and how JetStream keeps what it acknowledged."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.embedded.ports import LOOPBACK

PAYLOAD_BYTES_MAX = 8 * 1024 * 1024
FILE_STORE_BYTES_MAX = 8 * 1024 * 1024 * 1024
MEMORY_STORE_BYTES_MAX = 64 * 1024 * 1024
CONNECTIONS_MAX = 512
PING_INTERVAL, PINGS_UNANSWERED_MAX = "5s", 2


@dataclass(frozen=True)
class NatsUser:
    """One user and the subjects it may use (NATS patterns). Both lists empty: everything (the administrator).

    Only one list empty: nothing in that direction. `allow_responses`: may answer each request it hears, once.
    """

    name: str
    publish: list[str] = field(default_factory=list[str])
    subscribe: list[str] = field(default_factory=list[str])
    allow_responses: bool = False


def configuration(users: list[NatsUser], passwords: dict[str, str], *, name: str, port: int, folder: Path) -> str:
    """The text of the file (NATS reads JSON). Without users nobody could connect: there is no anonymous access."""
    if not users:
        raise ValueError("at least one NATS user is needed")
    content: dict[str, Any] = {
        "server_name": name,
        "listen": f"{LOOPBACK}:{port}",
        "pid_file": str(folder / "nats.pid"),
        "max_payload": PAYLOAD_BYTES_MAX,
        "max_connections": CONNECTIONS_MAX,
        # Who does not answer is forgotten after seconds, not minutes: until then it is still handed requests.
        "ping_interval": PING_INTERVAL,
        "ping_max": PINGS_UNANSWERED_MAX,
        "jetstream": {
            "store_dir": str(folder / "jetstream"),
            # The default flush, every two minutes, loses acknowledged messages when the power fails.
            "sync_interval": "always",
            "max_file_store": FILE_STORE_BYTES_MAX,
            "max_memory_store": MEMORY_STORE_BYTES_MAX,
        },
        "authorization": {"users": [_user(user, passwords[user.name]) for user in users]},
    }
    return json.dumps(content, indent=1)


def _user(user: NatsUser, password: str) -> dict[str, Any]:
    known = {"user": user.name, "password": password}
    if not user.publish and not user.subscribe:
        return known
    permissions: dict[str, Any] = {"publish": _allowed(user.publish), "subscribe": _allowed(user.subscribe)}
    if user.allow_responses:
        permissions["allow_responses"] = True
    return {**known, "permissions": permissions}


def _allowed(subjects: list[str]) -> dict[str, list[str]]:
    return {"allow": subjects} if subjects else {"deny": [">"]}  # an empty allow list would mean: all
