"""The command never shows a stack trace."""

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
