"""The program as it is installed: it starts, is killed, starts again on the same data, and has lost nothing."""

import os
import re
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import psutil
import pytest

from deploy.demo_folder import require_of_its_own
from deploy.embedded.folders import make_data_dir
from deploy.embedded.lock import lock_holder
from deploy.embedded.ports import free_port
from deploy.embedded.running import ServerAddresses, find_running, read_running
from deploy.packs import default_pack_dir
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


def test_a_command_waits_for_a_centre_that_starts_and_for_a_server_that_comes_back(data: Path) -> None:
    """Told to stop the program in the way, an administrator would have stopped the centre."""
    program = Program(data)
    program.run("centre", "apply")
    with program.started("up", ready="starting the servers"):
        until(lambda: lock_holder(data) is not None)
        assert program.json("queue")["clocks"] == []
        os.kill(server_pids(data)[0], signal.SIGKILL)
        assert program.json("queue")["clocks"] == []


def test_the_demo_s_folder_is_no_real_centre_s_and_the_other_way_round(data: Path) -> None:
    program = Program(data)
    program.run("centre", "apply")
    assert "a real centre's" in program.run("up", "--demo", code=3)
    assert not (data / "demo").exists()
    demo = data.with_name("demo")
    require_of_its_own(made(demo), demo=True, servers_given=False)
    require_of_its_own(demo, demo=True, servers_given=False)
    assert "is the demo's" in Program(demo).run("up", code=3)
    older = made(data.with_name("older"))
    (older / "demo-sign-ins.txt").touch()
    assert "is the demo's" in Program(older).run("up", code=3)
    on_own_servers = made(data.with_name("own-servers"))
    (on_own_servers / "vault.keys").touch()
    assert "a real centre's" in Program(on_own_servers).run("up", "--demo", code=3)
    external = {"MUSTER_DATABASE_URL": "postgresql://127.0.0.1/x"}
    assert "servers of your own" in Program(data.with_name("new"), external).run("up", "--demo", code=3)


def made(folder: Path) -> Path:
    make_data_dir(folder)
    return folder


def test_data_whose_keys_are_missing_is_not_gone_on_with_under_others(data: Path) -> None:
    """What was told under the new key would be lost as soon as somebody put the old one back."""
    program = Program(data)
    program.run("centre", "apply")
    keys = data / "vault.keys"
    backup = keys.read_text(encoding="utf-8")
    keys.unlink()
    for arguments in (("up",), ("queue",)):
        assert "put vault.keys back" in program.run(*arguments, code=3)
    assert "does not exist" in program.run("vault", "path", code=1)
    Program(data, {"MUSTER_VAULT_KEYS": backup}).run("queue")
    assert not keys.exists()
    keys.write_text(backup, encoding="utf-8")
    program.run("queue")
    keys.unlink()
    program.run("vault", "new-key")
    program.run("queue")


def test_a_pack_s_own_centre_is_the_one_that_is_started(data: Path, tmp_path: Path) -> None:
    pack = tmp_path / "own"
    shutil.copytree(default_pack_dir(), pack)
    centre = pack / "centre.yaml"
    centre.write_text(re.sub(r"(?m)^centre: \w+", "centre: ab", centre.read_text(encoding="utf-8")), encoding="utf-8")
    program = Program(data)
    assert "muster up --centre ab" in program.run("centre", "apply", str(pack))
    with program.started("up", "--pack", str(pack)):
        assert "version" in program.run("centre", "show", "--centre", "ab")
        assert program.json("queue", "--centre", "ab")["clocks"] == []
    for arguments in (("up", "--centre", "quanzhou-tic"), ("queue", "--centre", "quanzhou-tic")):
        assert "no centre's token" in program.run(*arguments, code=3)
    assert "no centre's token" in Program(data, {"MUSTER_CENTRE": "quanzhou-tic"}).run("vault", "path", code=3)


def test_a_folder_made_beforehand_and_closed_can_be_used_at_once(data: Path) -> None:
    data.mkdir(mode=0o700)
    with Program(data).started("up"):
        assert (data / "logs").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("said", ["starting the servers", "Muster is up"])
def test_ended_while_it_starts_it_ends(data: Path, said: str) -> None:
    with Program(data).started("up", ready=said) as up:
        up.send_signal(signal.SIGINT)
        assert up.wait(30) in {0, 130}
        assert up.stderr is not None
        assert "Traceback" not in up.stderr.read()
    assert find_running(data) is None


def test_a_folder_that_cannot_be_used_is_named(data: Path, tmp_path: Path) -> None:
    data.write_text("a file in its place", encoding="utf-8")
    assert "cannot be used" in Program(data).run("up", code=3)
    data.unlink()
    sheet = str(tmp_path / "nowhere" / "duty.xlsx")
    program = Program(data)
    program.run("centre", "apply")
    assert sheet in program.run("duty", "export", sheet, code=1)


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
