"""Whatever is killed, the next start needs no hand work and loses nothing that was acknowledged."""

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest

from deploy.embedded.folders import ServerMemory
from deploy.embedded.nats import EmbeddedNats
from deploy.embedded.postgres import EmbeddedPostgres
from deploy.embedded.running import read_running
from deploy.embedded.servers import EmbeddedServers, find_running
from tests.integration.embedded.facts import assert_facts, leave_facts
from tests.integration.embedded.given import MakeServers, kill_program, sleep_as_owner_of, start_supervised

pytestmark = pytest.mark.servers


def kill(server: EmbeddedPostgres | EmbeddedNats) -> None:
    assert server.pid
    os.kill(server.pid, signal.SIGKILL)
    while server.alive():
        time.sleep(0.005)


def kill_both(servers: EmbeddedServers) -> None:
    assert servers.postgres
    assert servers.nats
    kill(servers.postgres)
    kill(servers.nats)


async def test_servers_killed_under_a_running_program_come_back_where_they_were(make_servers: MakeServers) -> None:
    servers = make_servers()
    addresses = servers.start()
    await leave_facts(addresses)
    assert not servers.restart_dead(), "nothing had died"

    kill_both(servers)
    assert find_running(servers.data) is None
    began = time.monotonic()
    assert await asyncio.to_thread(servers.restart_dead)
    print(f"both back {time.monotonic() - began:.2f} s after the kill")

    assert find_running(servers.data) == addresses
    assert not servers.restart_dead()
    await assert_facts(addresses)


async def test_servers_killed_and_the_folder_started_anew(make_servers: MakeServers) -> None:
    servers = make_servers()
    addresses = servers.start()
    await leave_facts(addresses)
    kill_both(servers)
    servers.stop()
    await assert_facts(make_servers().start())


async def test_only_the_dead_one_is_started_again(make_servers: MakeServers) -> None:
    servers = make_servers()
    addresses = servers.start()
    assert servers.postgres
    assert servers.nats
    nats_pid = servers.nats.pid
    kill(servers.postgres)
    assert servers.restart_dead()
    assert servers.nats.pid == nats_pid
    await leave_facts(addresses)


async def test_the_program_killed_takes_its_servers_along_and_the_next_starts_at_once(
    make_servers: MakeServers, data: Path
) -> None:
    program, addresses = start_supervised(data)
    await leave_facts(addresses)
    running = read_running(data)
    assert running is not None
    kill_program(program)

    began = time.monotonic()
    again = make_servers().start()  # while the old servers may still be on their way out
    print(f"started {time.monotonic() - began:.2f} s after the program was killed")
    assert not any(server.lives() for server in running.servers)
    await assert_facts(again)


async def test_everything_killed_at_once(make_servers: MakeServers, data: Path) -> None:
    program, addresses = start_supervised(data)
    await leave_facts(addresses)
    running = read_running(data)
    assert running is not None
    for server in running.servers:
        os.kill(server.pid, signal.SIGKILL)
    kill_program(program)
    await assert_facts(make_servers().start())


async def test_a_pid_file_whose_pid_went_to_another_process_is_no_obstacle(
    make_servers: MakeServers, data: Path
) -> None:
    servers = make_servers()
    await leave_facts(servers.start())
    pid_file = data / "postgres" / "cluster" / "postmaster.pid"
    left_behind = pid_file.read_text()
    kill_both(servers)
    servers.stop()

    stranger = sleep_as_owner_of(pid_file.parent)
    try:
        pid_file.write_text("\n".join([str(stranger.pid), *left_behind.splitlines()[1:]]) + "\n")
        await assert_facts(make_servers().start())
    finally:
        kill_program(stranger)


async def test_an_interrupted_first_start_is_begun_again(make_servers: MakeServers, data: Path) -> None:
    half_made = data / "postgres" / "cluster-draft-left"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    await leave_facts(make_servers().start())
    assert not half_made.exists()


async def test_a_lost_password_file_is_no_obstacle(make_servers: MakeServers, data: Path) -> None:
    servers = make_servers()
    addresses = servers.start()
    await leave_facts(addresses)
    servers.stop()
    (data / "postgres" / "server.json").unlink()
    again = make_servers().start()
    assert again.database_url != addresses.database_url
    await assert_facts(again)


async def test_an_occupied_port_is_left_for_another(make_servers: MakeServers, data: Path) -> None:
    servers = make_servers()
    await leave_facts(servers.start())
    servers.stop()
    postgres_memory = ServerMemory(data / "postgres" / "server.json")
    nats_memory = ServerMemory(data / "nats" / "server.json")
    taken = [postgres_memory.port(), nats_memory.port()]
    strangers = [await asyncio.start_server(lambda _r, writer: writer.close(), "127.0.0.1", port) for port in taken]
    try:
        await assert_facts(make_servers().start())
        assert postgres_memory.port() not in taken
        assert nats_memory.port() not in taken
    finally:
        for stranger in strangers:
            stranger.close()
            await stranger.wait_closed()
