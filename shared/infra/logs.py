"""Structured logs: JSON lines with case code, event id and trace id, and never a requester's datum."""

import logging
import logging.handlers
import sys
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

import structlog

FILE_BYTES_MAX = 20_000_000
FILES_KEPT = 5

# Keys under which a requester's words or data could slip into a line. They are dropped, loudly.
FORBIDDEN = frozenset(
    {"matter", "requester", "name", "phone", "id_number", "address", "note", "ground", "result", "body"}
)


def drop_personal(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """The last net: a line may name ids, codes, places and times only."""
    for key in FORBIDDEN & line.keys():
        line[key] = "[dropped: personal]"
    return line


def configure_logs(*, file: Path | None = None, level: int = logging.INFO) -> None:
    """Called once by whoever starts the process: JSON lines to standard error, or to a file of bounded size."""
    chain: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        drop_personal,
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*chain, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = _handler(file)
    render = structlog.processors.JSONRenderer(ensure_ascii=False)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=render, foreign_pre_chain=chain))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("muster").setLevel(level)


def _handler(file: Path | None) -> logging.Handler:
    if file is None:
        return logging.StreamHandler(sys.stderr)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return logging.handlers.RotatingFileHandler(file, maxBytes=FILE_BYTES_MAX, backupCount=FILES_KEPT, encoding="utf-8")


def get_log(name: str) -> Any:
    return structlog.get_logger(f"muster.{name}")
