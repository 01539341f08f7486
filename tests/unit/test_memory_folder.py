"""Servers of tests live in memory where there is room; a killed run's folder does not stay there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import memory_folder
from tests.support.memory_folder import PREFIX, folder_for_servers


def test_in_memory_where_there_is_room_and_gone_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_folder, "ROOM_MIN_BYTES", 1)
    with folder_for_servers(tmp_path) as folder:
        assert folder.parent == tmp_path
        assert folder.stat().st_mode & 0o777 == 0o755
    assert not folder.exists()


@pytest.mark.parametrize(("where", "room"), [("there", 2**80), ("nowhere", 1)])
def test_on_disk_elsewhere(where: str, room: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_folder, "ROOM_MIN_BYTES", room)
    (tmp_path / "there").mkdir()
    with folder_for_servers(tmp_path / where) as folder:
        assert tmp_path not in folder.parents


def test_only_a_dead_runs_folder_is_cleared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_folder, "ROOM_MIN_BYTES", 1)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    for name in (f"{PREFIX}{ended.pid}-a", f"{PREFIX}{os.getpid()}-b", f"{PREFIX}none", "another"):
        (tmp_path / name).mkdir()
    with folder_for_servers(tmp_path):
        assert not (tmp_path / f"{PREFIX}{ended.pid}-a").exists()
        assert {f"{PREFIX}{os.getpid()}-b", f"{PREFIX}none", "another"} <= {one.name for one in tmp_path.iterdir()}
