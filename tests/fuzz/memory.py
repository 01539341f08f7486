"""The most memory a stretch of work had at once, whatever the process had before it."""

import re
import resource
import sys
from pathlib import Path

import pytest

CLEAR, STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")
FORGET_THE_PEAK = "5"
PEAK = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)
BLIND = "the peak is that of the process's whole life here, so what takes less than something before it is not seen"


def begin() -> bool:
    """What was before is forgotten. False where the system does not let it be (`BLIND`): `peak_kb` only rises then."""
    try:
        CLEAR.write_text(FORGET_THE_PEAK)
        return PEAK.search(STATUS.read_text()) is not None
    except OSError:
        return False


def begin_or_skip() -> None:
    """For a test that looks at nothing else. On Linux it fails where it cannot look, so that CI never does without."""
    if begin():
        return
    if sys.platform == "linux":
        pytest.fail(BLIND)
    pytest.skip(BLIND)


def peak_kb() -> int:
    """The most since `begin`, or of the process's life where that was not possible."""
    try:
        found = PEAK.search(STATUS.read_text())
    except OSError:
        found = None
    return lifetime_peak_kb() if found is None else int(found[1])


def lifetime_peak_kb() -> int:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // 1024 if sys.platform == "darwin" else most
