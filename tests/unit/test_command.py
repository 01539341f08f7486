"""The command never shows a stack trace, and begins at once."""

import subprocess
import sys
from pathlib import Path

import pytest

from deploy.cli import main


def test_a_fault_of_ours_is_said_in_words(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise RuntimeError("on purpose")

    monkeypatch.setattr(main, "app", fail)
    with pytest.raises(SystemExit) as ended:
        main.run()
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert "Traceback" not in said
    path = Path(said.rsplit(": ", 1)[1].strip())
    assert "on purpose" in path.read_text(encoding="utf-8")
    path.unlink()


OF_SERVICES = ("sqlalchemy", "faststream", "starlette", "apscheduler", "openpyxl", "numpy", "services.intake.main")


def loaded_by(module: str, *, of: tuple[str, ...] = OF_SERVICES) -> set[str]:
    asks = f"import sys, {module}; print(*(one for one in {of} if one in sys.modules))"
    found = subprocess.run([sys.executable, "-c", asks], check=True, capture_output=True, text=True)
    return set(found.stdout.split())


def test_a_command_loads_nothing_that_only_services_use() -> None:
    assert loaded_by("deploy.cli.main") == set()
    assert "sqlalchemy" in loaded_by("services.intake.main"), "what is loaded would be seen"


def test_a_process_with_one_service_does_without_the_others() -> None:
    others = ("services.intake.main", "services.dispatch.main", "services.console.main", "services.notification.main")
    assert loaded_by("deploy.stack, services.escalation.main", of=others) == set()
