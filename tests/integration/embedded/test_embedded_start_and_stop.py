"""The servers come up in seconds, are found by others while they run, and leave nothing running behind."""

import json
import os
import time
from pathlib import Path

import asyncpg
import pytest

from deploy.embedded.processes import pid_runs
from deploy.embedded.running import Running, ServerAddresses, read_running, write_running
from deploy.embedded.servers import EmbeddedServers, default_data_dir, find_running
from tests.integration.embedded.facts import assert_facts, leave_facts
from tests.integration.embedded.given import USERS, MakeServers, mode_of, names_in

pytestmark = pytest.mark.servers

COLD_S_MAX, WARM_S_MAX, STOP_S_MAX = 30.0, 8.0, 10.0


async def test_cold_start_stop_and_warm_start_keep_the_data(make_servers: MakeServers, data: Path) -> None:
    first = make_servers()
    began = time.monotonic()
    addresses = first.start()
    cold_s = time.monotonic() - began
    await leave_facts(addresses)
    pids = running_pids(data)

    began = time.monotonic()
    first.stop()
    stop_s = time.monotonic() - began
    assert not any(pid_runs(pid, str(data)) for pid in pids)
    assert not (data / "running.json").exists()
    assert not (data / "postgres" / "cluster" / "postmaster.pid").exists(), "PostgreSQL was not stopped cleanly"

    began = time.monotonic()
    again = make_servers().start()
    warm_s = time.monotonic() - began
    print(f"cold {cold_s:.2f} s, stop {stop_s:.2f} s, warm {warm_s:.2f} s")
    assert again == addresses, "ports and passwords are remembered"
    await assert_facts(again)
    assert cold_s < COLD_S_MAX
    assert warm_s < WARM_S_MAX
    assert stop_s < STOP_S_MAX


def running_pids(data: Path) -> list[int]:
    running = read_running(data)
    assert running is not None
    assert len(running.servers) == 2
    return [server.pid for server in running.servers]


async def test_postgres_is_set_up_for_our_truth(make_servers: MakeServers) -> None:
    connection = await asyncpg.connect(make_servers().start().database_url)
    settings = {name: await connection.fetchval(f"SHOW {name}") for name in ("fsync", "data_checksums", "jit")}
    assert settings == {"fsync": "on", "data_checksums": "on", "jit": "off"}
    assert await connection.fetchval("SHOW server_encoding") == "UTF8"
    await connection.execute("CREATE EXTENSION pg_trgm")  # under the plain C locale it would see no Chinese letters
    assert await connection.fetchval("SELECT similarity('建设路积水严重', '建设路积水')") > 0.5
    await connection.close()


async def test_another_command_finds_the_running_servers(make_servers: MakeServers, data: Path) -> None:
    assert find_running(data) is None
    servers = make_servers()
    addresses = servers.start()
    assert find_running(data) == addresses
    await leave_facts(addresses)
    servers.stop()
    assert find_running(data) is None


def test_secrets_are_readable_by_their_owner_only(make_servers: MakeServers, data: Path) -> None:
    make_servers().start()
    secret = ["running.json", "postgres/server.json", "nats/server.json", "nats/nats.conf"]
    logs = ["postgres/postgres.log", "nats/nats.log"]
    for name in (*secret, *logs):
        assert mode_of(data / name) == 0o600, name
    assert mode_of(data / "postgres" / "cluster") == 0o700


@pytest.mark.parametrize("servers_run", [True, False])
def test_a_stale_running_file_counts_for_nothing(make_servers: MakeServers, data: Path, servers_run: bool) -> None:
    servers = make_servers()
    servers.start()
    stale = (data / "running.json").read_text()
    servers.stop()
    (data / "running.json").write_text(stale)
    assert find_running(data) is None
    if servers_run:
        fresh = servers.start()
        assert find_running(data) == fresh
        stale_pids = json.loads(stale)
        assert read_running(data) != Running.model_validate(stale_pids)


def test_a_running_file_with_another_program_s_pids_counts_for_nothing(make_servers: MakeServers, data: Path) -> None:
    servers = make_servers()
    addresses = servers.start()
    running = read_running(data)
    assert running is not None
    strangers = [server.model_copy(update={"pid": os.getppid()}) for server in running.servers]
    write_running(data, running.model_copy(update={"servers": strangers}))
    assert find_running(data) is None
    write_running(data, running)
    assert find_running(data) == addresses


def test_an_unreadable_running_file_counts_for_nothing(data: Path) -> None:
    data.mkdir()
    (data / "running.json").write_text('{"supervisor_pid": ')
    assert find_running(data) is None


async def test_a_server_given_from_outside_is_not_started(data: Path) -> None:
    given = ServerAddresses(database_url="postgresql://db.example/muster", nats_urls={"admin": "nats://n.example"})
    servers = EmbeddedServers(data, USERS, database_url=given.database_url, nats_urls=given.nats_urls)
    assert servers.start() == given
    assert names_in(data) == ["muster.lock", "running.json"]
    servers.stop()


def test_the_data_folder_is_the_named_one(monkeypatch: pytest.MonkeyPatch, data: Path) -> None:
    monkeypatch.setenv("MUSTER_DATA", str(data))
    assert default_data_dir() == data


def test_without_a_name_the_data_folder_is_the_user_s(monkeypatch: pytest.MonkeyPatch, data: Path) -> None:
    monkeypatch.delenv("MUSTER_DATA", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(data.parent))
    assert default_data_dir() == data.parent / "muster"
