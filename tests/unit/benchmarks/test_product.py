"""A measurement that somebody ends from outside leaves nothing behind."""

import signal
import subprocess
import sys
from pathlib import Path

MEASURES = """
import time
from benchmarks.product import data_folder
with data_folder() as data:
    print(data.parent, flush=True)
    time.sleep(60)
"""


def test_ended_by_sigterm_it_takes_its_folder_along() -> None:
    with subprocess.Popen([sys.executable, "-c", MEASURES], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        folder = Path(process.stdout.readline().decode().strip())
        assert folder.is_dir()
        process.terminate()
        _, told = process.communicate(timeout=30)
    assert b"KeyboardInterrupt" in told
    assert process.returncode not in {0, -signal.SIGTERM}
    assert not folder.exists()
