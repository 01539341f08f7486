"""Local servers are reached directly, whatever this machine's proxy is; and what reaches the program's log is kept."""

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")


class _Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__(level=logging.NOTSET)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.name}: {record.getMessage()}")


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """Every line that reaches the root logger, at any level. (`caplog` listens to silenced loggers as well.)"""
    root, kept = logging.getLogger(), _Lines()
    before = root.level
    root.addHandler(kept)
    root.setLevel(logging.DEBUG)
    yield kept.lines
    root.setLevel(before)
    root.removeHandler(kept)
