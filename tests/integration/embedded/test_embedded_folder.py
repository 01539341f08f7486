"""One program per data folder; a folder that cannot be used is refused with what to do."""

import pwd
import shutil
from pathlib import Path

import pytest

from deploy.embedded.binaries import PostgresPrograms, find_postgres, postgres_version, readable_postgres
from deploy.embedded.errors import DataFolderInUse, ServerUnusable
from deploy.embedded.folders import SYSTEM_DATA, default_data_dir
from deploy.embedded.servers import EmbeddedServers, find_running
from deploy.embedded.users import ServerUser, closed_folder, give_tree, nobody
from tests.integration.embedded.facts import assert_facts, leave_facts
from tests.integration.embedded.given import USERS, MakeServers, as_root, close, mode_of, start_supervised

pytestmark = pytest.mark.servers


async def test_a_second_program_on_the_same_folder_is_refused(make_servers: MakeServers, data: Path) -> None:
    program, addresses = start_supervised(data)
    try:
        with pytest.raises(DataFolderInUse, match=f"in use by process {program.pid}") as refusal:
            make_servers().start()
        assert "MUSTER_DATA" in refusal.value.advice
        assert find_running(data) == addresses, "the first one is not disturbed"
        await leave_facts(addresses)
    finally:
        close(program)


def test_a_second_one_in_the_same_program_is_refused_too(make_servers: MakeServers) -> None:
    first = make_servers()
    addresses = first.start()
    with pytest.raises(DataFolderInUse):
        make_servers().start()
    assert find_running(first.data) == addresses


def test_a_file_in_the_folder_s_place_is_refused(data: Path) -> None:
    data.write_text("")
    with pytest.raises(ServerUnusable, match="cannot be used"):
        EmbeddedServers(data, USERS).start()


async def test_data_of_another_postgres_is_refused(make_servers: MakeServers, data: Path) -> None:
    servers = make_servers()
    servers.start()
    servers.stop()
    (data / "postgres" / "cluster" / "PG_VERSION").write_text("17\n")
    with pytest.raises(ServerUnusable, match="made by PostgreSQL 17"):
        make_servers().start()


def test_a_failed_start_lets_the_folder_go_and_leaves_nothing_running(make_servers: MakeServers, data: Path) -> None:
    servers = make_servers()
    servers.start()
    servers.stop()
    version = data / "postgres" / "cluster" / "PG_VERSION"
    good = version.read_text()
    version.write_text("17\n")
    with pytest.raises(ServerUnusable):
        make_servers().start()
    version.write_text(good)
    make_servers().start()


@as_root
def test_a_folder_closed_to_postgres_s_user_is_refused_by_name(data: Path) -> None:
    closed = data.parent / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(ServerUnusable, match=f"may not pass through {closed}") as refusal:
        EmbeddedServers(closed / "data", USERS).start()
    assert "/var/lib/muster" in refusal.value.advice
    assert mode_of(closed) == 0o700, "parents are never opened"


@as_root
def test_an_empty_private_folder_named_as_the_data_folder_works(data: Path) -> None:
    data.mkdir(mode=0o700)
    with EmbeddedServers(data, USERS):
        assert find_running(data)
    assert mode_of(data) == 0o711


@as_root
def test_root_with_a_closed_home_uses_the_system_s_place(monkeypatch: pytest.MonkeyPatch, data: Path) -> None:
    data.mkdir(mode=0o700)
    monkeypatch.delenv("MUSTER_DATA", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(data))
    assert default_data_dir() == SYSTEM_DATA


@as_root
def test_programs_closed_to_postgres_s_user_are_copied_once(data: Path) -> None:
    closed = data.parent / "closed"
    closed.mkdir(mode=0o700)
    wheel = find_postgres().folder.parents[1]
    for name in (wheel.name, f"{wheel.name}.libs"):
        if (wheel.parent / name).exists():
            shutil.copytree(wheel.parent / name, closed / name, symlinks=True)
    programs = PostgresPrograms(closed / wheel.name / "pginstall" / "bin", from_wheel=True)
    assert closed_folder(programs.folder, nobody()) == closed

    copy = readable_postgres(programs, nobody(), data / "programs")
    assert closed_folder(copy.folder, nobody()) is None
    assert postgres_version(copy, nobody()) == postgres_version(find_postgres())
    assert readable_postgres(programs, nobody(), data / "programs") == copy
    with pytest.raises(ServerUnusable, match="may not run"):
        readable_postgres(PostgresPrograms(programs.folder), nobody(), data / "programs")


@as_root
async def test_an_ordinary_user_s_cluster_stays_the_user_s(make_servers: MakeServers, data: Path) -> None:
    """Root starting what a user made must not lock that user out of it afterwards."""
    servers = make_servers()
    await leave_facts(servers.start())
    servers.stop()
    user = another_user()
    cluster = data / "postgres" / "cluster"
    give_tree(cluster, user)
    await assert_facts(make_servers().start())
    assert {path.stat().st_uid for path in (cluster, *cluster.iterdir())} == {user.uid}


@as_root
async def test_a_cluster_restored_as_root_is_given_to_postgres_s_user(make_servers: MakeServers, data: Path) -> None:
    servers = make_servers()
    await leave_facts(servers.start())
    servers.stop()
    give_tree(data / "postgres" / "cluster", ServerUser("root", 0, 0))
    await assert_facts(make_servers().start())


def another_user() -> ServerUser:
    return next(
        ServerUser(entry.pw_name, entry.pw_uid, entry.pw_gid)
        for entry in pwd.getpwall()
        if entry.pw_uid not in (0, nobody().uid)
    )
