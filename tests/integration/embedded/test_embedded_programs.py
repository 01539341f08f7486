"""Programs that are missing, too old or broken are refused with what to do."""

from pathlib import Path

import pytest

from deploy.embedded.binaries import find_nats_server, find_postgres, nats_version, postgres_version
from deploy.embedded.checks import examine
from deploy.embedded.errors import ServerUnusable
from deploy.embedded.servers import EmbeddedServers
from tests.integration.embedded.given import USERS

pytestmark = pytest.mark.servers

NATS_VARIABLE, POSTGRES_VARIABLE = "MUSTER_NATS_SERVER_BIN", "MUSTER_POSTGRES_BIN"


def fake(folder: Path, name: str, script: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return program


@pytest.fixture
def programs(data: Path) -> Path:
    return data.parent / "programs"


def test_an_old_nats_server_is_refused(monkeypatch: pytest.MonkeyPatch, programs: Path, data: Path) -> None:
    old = fake(programs, "nats-server", "echo 'nats-server: v2.9.10'")
    monkeypatch.setenv(NATS_VARIABLE, str(old))
    with pytest.raises(ServerUnusable, match=r"2\.9\.10 .* too old: 2\.12 or later") as refusal:
        EmbeddedServers(data, USERS, database_url="postgresql://elsewhere/muster").start()
    assert NATS_VARIABLE in refusal.value.advice
    finding = next(finding for finding in examine(data) if "nats-server" in finding.what)
    assert not finding.ok


@pytest.mark.parametrize("said", ["nats-server: v2.12.0", "nats-server: v2.15.1", "nats-server: v3.0.0-beta"])
def test_a_young_nats_server_is_taken(programs: Path, said: str) -> None:
    assert nats_version(fake(programs, "nats-server", f"echo '{said}'")) >= (2, 12)


def test_an_old_postgres_is_refused(monkeypatch: pytest.MonkeyPatch, programs: Path, data: Path) -> None:
    fake(programs, "initdb", "exit 1")
    fake(programs, "postgres", "echo 'postgres (PostgreSQL) 13.4 (Debian 13.4-1)'")
    monkeypatch.setenv(POSTGRES_VARIABLE, str(programs))
    with pytest.raises(ServerUnusable, match=r"13\.4 .* too old: 15 or later"):
        EmbeddedServers(data, USERS, nats_urls={"admin": "nats://elsewhere"}).start()


def test_a_folder_without_the_programs_is_refused(monkeypatch: pytest.MonkeyPatch, programs: Path) -> None:
    monkeypatch.setenv(POSTGRES_VARIABLE, str(programs))
    with pytest.raises(ServerUnusable, match="initdb does not exist") as refusal:
        find_postgres()
    assert POSTGRES_VARIABLE in refusal.value.advice
    monkeypatch.setenv(NATS_VARIABLE, str(programs / "nats-server"))
    with pytest.raises(ServerUnusable, match=NATS_VARIABLE):
        find_nats_server()


def test_a_program_for_another_machine_is_refused(programs: Path) -> None:
    broken = fake(programs, "nats-server", "echo 'cannot execute binary file' >&2; exit 126")
    with pytest.raises(ServerUnusable, match="does not run on this machine"):
        nats_version(broken)


def test_a_full_disk_at_the_first_start_is_said_plainly(
    monkeypatch: pytest.MonkeyPatch, programs: Path, data: Path
) -> None:
    fake(programs, "postgres", "echo 'postgres (PostgreSQL) 18.6'")
    fake(programs, "initdb", "echo 'could not write to file: No space left on device' >&2; exit 1")
    monkeypatch.setenv(POSTGRES_VARIABLE, str(programs))
    with pytest.raises(ServerUnusable, match="the disk is full") as refusal:
        EmbeddedServers(data, USERS, nats_urls={"admin": "nats://elsewhere"}).start()
    assert "No space left on device" in refusal.value.log
    assert list((data / "postgres").glob("cluster*")) == [], "nothing half made is left"


def test_a_server_that_dies_at_once_gives_its_last_words(
    monkeypatch: pytest.MonkeyPatch, programs: Path, data: Path
) -> None:
    script = "[ \"$1\" = --version ] && echo 'nats-server: v2.15.1' && exit 0; echo 'store is broken'; exit 1"
    monkeypatch.setenv(NATS_VARIABLE, str(fake(programs, "nats-server", script)))
    with pytest.raises(ServerUnusable, match="did not start") as refusal:
        EmbeddedServers(data, USERS, database_url="postgresql://elsewhere/muster").start()
    assert refusal.value.log == "store is broken"


def test_the_programs_of_the_wheels_are_young_enough() -> None:
    assert postgres_version(find_postgres()) >= (18,)
    assert nats_version(find_nats_server()) >= (2, 15)
