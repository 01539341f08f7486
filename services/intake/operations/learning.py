"""Learning from the centre's own confirmed cases, anew when enough was confirmed since."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from services.intake.model import Case, RequesterVault
from shared.errors import Unavailable
from shared.infra.logs import get_log
from shared.infra.unit_of_work import UnitOfWork
from shared.suggest import Learned, enough, without_persons
from shared.suggest.learned import CASES_MIN
from shared.vault import KeyRing

LEARNED_FOR = timedelta(days=1)  # what was erased meanwhile is forgotten by then, too
GROWN_BY_PERCENT = 10
LOOK_EVERY = timedelta(minutes=15)
PAUSE_S = 600.0  # however fast the clock runs
TRAINING_MAX_S = 300.0
OPENED_AT_ONCE = 50  # about two milliseconds of opening, then others have their turn
CASES_MAX = 20_000
ROOT = Path(__file__).parents[3]


class Learning:
    """What was learned, in this process's memory only, and when it is due again."""

    def __init__(self, keys: KeyRing) -> None:
        self.learned: Learned | None = None
        self._keys = keys
        self._learned_at: datetime | None = None
        self._learned_from = 0
        self._look_at: datetime | None = None
        self._log = get_log("learning")

    async def learn_when_due(self, work: UnitOfWork) -> datetime | None:
        """A sweep: cheap unless a day passed or a tenth more was confirmed. Returns when to look again."""
        now = work.clock.now()
        if self._look_at is not None and now < self._look_at:
            return self._look_at
        self._look_at = now + LOOK_EVERY
        confirmed = await count_confirmed(work)
        if confirmed < CASES_MIN:
            self.learned = None
        elif self._is_due(work, confirmed, now):
            self._learned_at, self._learned_from = now, confirmed
            await self._learn(work)
        return self._look_at

    def _is_due(self, work: UnitOfWork, confirmed: int, now: datetime) -> bool:
        if self._learned_at is None:
            return True
        if work.clock.real_seconds(now - self._learned_at) < PAUSE_S:
            return False
        return now - self._learned_at >= LEARNED_FOR or _grew(self._learned_from, confirmed)

    async def _learn(self, work: UnitOfWork) -> None:
        async with work.read() as session:
            pack = await work.packs.in_force(session)
        leaves = {leaf.code for leaf in pack.leaf_categories}
        cases = [case async for case in self._history(work) if case[0] in leaves]
        if not enough([category for category, _ in cases]):
            self.learned = None
            return
        packed = await train(b"".join(line for _, line in cases))
        self.learned = await asyncio.to_thread(Learned.from_bytes, packed) if packed else None
        self._log.info("learned from confirmed cases", cases=len(cases), learned=self.learned is not None)

    async def _history(self, work: UnitOfWork) -> AsyncIterator[tuple[str, bytes]]:
        """Category and line for the trainer, the newest case first. Names and numbers stay here."""
        last: UUID | None = None
        for _ in range(CASES_MAX // OPENED_AT_ONCE):
            found = await _confirmed_before(work, last)
            for category, vault in found:
                words = vault.opened(self._keys)
                known = (words["name"], words["phone"], words["id_number"], words["address"])
                yield category, f"{category}\t{without_persons(words['matter'] or '', known)}\n".encode()
            if len(found) < OPENED_AT_ONCE:
                return
            last = found[-1][1].case_id


def _grew(before: int, now: int) -> bool:
    return now * 100 >= before * (100 + GROWN_BY_PERCENT)


async def train(lines: bytes) -> bytes:
    """Another process fits the model, so that this one goes on answering. It is given no keys and no addresses."""
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(ROOT),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "shared.suggest.training"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(TRAINING_MAX_S):
            packed, _ = await process.communicate(lines)
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode != 0:
        raise Unavailable("the training of the suggestions ended early; what was learned before stays")
    return packed


_CONFIRMED = (Case.category_chosen_by.is_not(None), RequesterVault.matter.is_not(None))
_ENTRUSTED = RequesterVault.case_id == Case.case_id


async def count_confirmed(work: UnitOfWork) -> int:
    """Cases whose category a person chose and whose words are not erased."""
    query = sa.select(sa.func.count()).select_from(Case).join(RequesterVault, _ENTRUSTED).where(*_CONFIRMED)
    async with work.read() as session:
        return await session.scalar(query) or 0


async def _confirmed_before(work: UnitOfWork, last: UUID | None) -> list[tuple[str, RequesterVault]]:
    query = sa.select(Case.category, RequesterVault).join(RequesterVault, _ENTRUSTED).where(*_CONFIRMED)
    if last is not None:
        query = query.where(Case.case_id < last)
    async with work.read() as session:
        rows = await session.execute(query.order_by(Case.case_id.desc()).limit(OPENED_AT_ONCE))
        return [(category, vault) for category, vault in rows if category is not None]
