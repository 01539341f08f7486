"""For comparison: as many deadlines as jobs of APScheduler's SQLAlchemyJobStore, in one process, on SQLite.

On SQLite because a store on PostgreSQL needs a driver that is no dependency here. It does no work when it fires and
records no event, so it is compared favourably.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# (this file speaks to a library without types)

import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

WAIT_MAX_S = 60.0

_fired: list[float] = []
_all = threading.Event()
_wanted = 0


def fire() -> None:
    _fired.append(time.time())
    if len(_fired) >= _wanted:
        _all.set()


def measure(count: int) -> dict[str, Any]:
    global _wanted
    _wanted = count
    _fired.clear()
    _all.clear()
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as folder:
        store = SQLAlchemyJobStore(url=f"sqlite:///{Path(folder) / 'jobs.db'}")
        scheduler = BackgroundScheduler(
            jobstores={"default": store}, executors={"default": ThreadPoolExecutor(20)}, timezone=UTC
        )
        began = time.perf_counter()
        scheduler.start(paused=True)
        due_at = datetime.now(UTC)
        jobs = [
            scheduler.add_job(fire, "date", run_date=due_at, id=str(number), misfire_grace_time=None)
            for number in range(count)
        ]
        inserted_s = time.perf_counter() - began
        due = time.time()  # all of them at once, from when the scheduler may
        scheduler.resume()
        _all.wait(WAIT_MAX_S)
        scheduler.shutdown(wait=False)
    late = sorted((at - due) * 1000 for at in _fired)
    at = {"p50": 0.50, "p99": 0.99}
    figures = {name: round(late[min(len(late) - 1, int(len(late) * part))], 1) for name, part in at.items()}
    return {"jobs": len(jobs), "fired": len(late), "insert_s": round(inserted_s, 1), "late_ms": figures}
