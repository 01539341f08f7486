"""The program as it is installed: it starts, is killed, starts again on the same data, and has lost nothing."""

import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import psutil
import pytest

from deploy.embedded.ports import free_port
from deploy.embedded.running import ServerAddresses, find_running, read_running
from shared.infra.messaging import ADMINISTRATOR
from shared.vault import KeyRing
from tests.support.program import Program, until

pytestmark = pytest.mark.servers
ROWS = "编号,内容,类别,属地\nP1,工资三个月没有发放,拖欠工资,350521104\nP2,夜间施工噪声,,350521105\n"


@pytest.fixture
def data(data_root: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=data_root) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "data"


@pytest.fixture
def rows(tmp_path: Path) -> str:
    path = tmp_path / "rows.csv"
    path.write_text(ROWS, encoding="utf-8")
    return str(path)


def server_pids(data: Path) -> list[int]:
    running = read_running(data)
    assert running is not None
    return [server.pid for server in running.servers]


def test_killed_and_started_again_it_has_lost_nothing(data: Path, rows: str) -> None:
    port = free_port()
    program = Program(data, {"MUSTER_CONSOLE_PORT": str(port)})
    with program.started("up") as up:
        report = program.json("import", rows)
        assert (report["rows"], report["registered"], report["refused"]) == (2, 2, 0)
        before = program.json("queue")
        first = program.run("staff", "add", "admin.1", "--role", "administrator", "--title", "管理员")
        assert "只显示这一次" in first
        assert httpx.get(f"http://127.0.0.1:{port}/sign-in").status_code == httpx.codes.OK
        servers = server_pids(data)
        up.send_signal(signal.SIGKILL)
        up.wait(10)
    until(lambda: not any(psutil.pid_exists(pid) for pid in servers))

    with program.started("up") as again:
        after = program.json("queue")
        assert {one["clock"] for one in after["clocks"]} == {one["clock"] for one in before["clocks"]}
        code = after["clocks"][0]["case_code"]
        story = program.run("case", code)
        assert "首接 desk.general 负责到底" in story
        assert "链条完整" in story
        again_report = program.json("import", rows)
        assert (again_report["registered"], again_report["known"]) == (0, 2)
        again.send_signal(signal.SIGINT)
        assert again.wait(30) == 0
    assert find_running(data) is None


@pytest.mark.parametrize("victim", [0, 1], ids=["postgres", "nats"])
def test_a_server_that_is_killed_comes_back_by_itself(data: Path, rows: str, victim: int) -> None:
    program = Program(data)
    with program.started("up"):
        old = server_pids(data)
        os.kill(old[victim], signal.SIGKILL)
        until(lambda: server_pids(data)[victim] != old[victim] and find_running(data) is not None)
        report = program.json("import", rows)
        assert report["registered"] == 2
        until(lambda: len(program.json("queue")["clocks"]) >= 3)
        assert program.json("dead-letters", "list") == []


def test_a_command_starts_what_it_needs_for_its_own_duration(data: Path, rows: str) -> None:
    program = Program(data)
    assert "no centre pack is in force" in program.run("import", rows, code=3)
    assert "is now in force" in program.run("centre", "apply")
    assert "was in force already" in program.run("centre", "apply")
    assert program.json("import", rows)["registered"] == 2
    clocks = program.json("queue")["clocks"]
    assert {one["stage"] for one in clocks} >= {"sign_off", "report_back", "dispatch"}
    assert find_running(data) is None


def test_two_programs_on_one_folder_are_refused_in_words(data: Path) -> None:
    program = Program(data)
    with program.started("up"):
        assert str(data) in program.run("up", code=3)


def test_services_one_by_one_on_servers_of_ones_own(data: Path, rows: str, addresses: ServerAddresses) -> None:
    external = {
        "MUSTER_DATABASE_URL": addresses.database_url,
        "MUSTER_NATS_URL": addresses.nats_urls[ADMINISTRATOR],
        "MUSTER_CENTRE": "own",
    }
    assert "MUSTER_VAULT_KEY_FILE" in Program(data, external).run("serve", "intake", code=3)
    keys = data.parent / "vault.keys"
    keys.write_text(KeyRing.generate(), encoding="utf-8")
    external["MUSTER_VAULT_KEY_FILE"] = str(keys)
    assert "MUSTER_LINK_KEY_FILE" in Program(data, external).run("serve", "dispatch", code=3)
    external["MUSTER_LINK_SECRETS"] = "0123456789abcdef" * 4
    program = Program(data, external)
    program.run("provision")
    with ExitStack() as running:
        for service in ("intake", "dispatch", "dispatch", "escalation", "notification"):
            running.enter_context(program.started("serve", service, ready="runs for centre"))
        program.run("centre", "apply")
        assert program.json("import", rows)["registered"] == 2
        until(lambda: len(program.json("queue")["clocks"]) >= 3)
        assert not (data / "postgres").exists(), "nothing embedded was started"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("case", "26-0000001-5"), "one digit is wrong"),
        (("queue", "--stage", "lunch"), "there is no stage"),
        (("serve", "kitchen"), "there is no service"),
        (("import", "/nowhere.csv"), "cannot read"),
        (("dead-letters", "show", "kitchen", "1"), "there is no service"),
    ],
)
def test_what_is_wrong_is_said_in_words(data: Path, arguments: tuple[str, ...], words: str) -> None:
    assert words in Program(data).run(*arguments, code=2)
    assert not data.exists(), "nothing was started for that"
