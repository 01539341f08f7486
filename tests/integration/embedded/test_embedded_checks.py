"""What `muster doctor` says of the servers is true."""

import os
import signal
import time
from pathlib import Path

import pytest

from deploy.embedded import checks
from deploy.embedded.checks import Finding, examine
from tests.integration.embedded.given import MakeServers, as_root

pytestmark = pytest.mark.servers


def finding(data: Path, words: str) -> Finding:
    found = [one for one in examine(data) if words in one.what]
    assert found, f"no finding says {words!r}: {examine(data)}"
    return found[0]


def test_all_is_well_before_the_first_start_and_nothing_is_made(data: Path) -> None:
    assert [found for found in examine(data) if not found.ok] == []
    assert not data.exists()
    assert finding(data, "No program uses")


def test_all_is_well_while_the_servers_run(make_servers: MakeServers, data: Path) -> None:
    make_servers().start()
    assert [found for found in examine(data) if not found.ok] == []
    assert finding(data, f"Process {os.getpid()} uses the data folder")
    assert finding(data, "The servers are running and answer")


def test_a_dead_server_is_named(make_servers: MakeServers, data: Path) -> None:
    servers = make_servers()
    servers.start()
    assert servers.nats
    assert servers.nats.pid
    os.kill(servers.nats.pid, signal.SIGKILL)
    while servers.nats.alive():
        time.sleep(0.005)
    assert not finding(data, "NATS should be running").ok


def test_too_little_space_is_said(monkeypatch: pytest.MonkeyPatch, data: Path) -> None:
    monkeypatch.setattr(checks, "FREE_BYTES_MIN", 1 << 62)
    assert not finding(data, "MB free").ok


@as_root
def test_a_folder_closed_to_postgres_s_user_is_said(data: Path) -> None:
    closed = data.parent / "closed"
    closed.mkdir(mode=0o700)
    found = finding(closed / "data", "may not pass through")
    assert not found.ok
    assert str(closed) in found.advice
