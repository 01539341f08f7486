"""The auditor: every open obligation has an armed clock, every open clock a live obligation. It mends what it can.

It works from the facts of the cases, not from the clocks, at a steady rhythm, some cases at a time. What it finds is
told; only a round over all cases that finds nothing is a heartbeat.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import cast
from uuid import UUID

import sqlalchemy as sa

from services.escalation.model import Audit, CaseClocks, CaseFile, Clock, ClockGrounds, Verification
from services.escalation.operations.case_clocks import arm, open_cases
from services.escalation.policy.case_book import CaseBook
from services.escalation.policy.obligations import Grounds, Obligation, Which, grid_of, verify_key
from services.escalation.policy.owed import KEPT_ELSEWHERE, Finding, Kept, findings, owed
from shared.contracts.base import Level
from shared.contracts.escalation import AuditFound, Stage
from shared.infra.arrays import among
from shared.infra.logs import get_log
from shared.infra.unit_of_work import Transaction, UnitOfWork

RHYTHM = timedelta(seconds=30)
CASES_MAX = 500
BATCHES_MAX = 4
"""Each safety interval, so 400 cases a second: with very many open ones a round is long, not dear."""


class Auditor:
    """The sweep. Several copies of the service take turns: whoever holds the row of the audit does a part of it."""

    def __init__(self, work: UnitOfWork, *, rhythm: timedelta = RHYTHM) -> None:
        self._work = work
        self._rhythm = rhythm
        self._log = get_log("audit")

    async def run(self) -> None:
        for _ in range(BATCHES_MAX):
            if not await self._some():
                return

    async def _some(self) -> bool:
        """A part of a round, in one transaction. Returns whether the round goes on."""
        async with self._work.begin() as tx:
            now_there = await tx.session.scalar(sa.select(sa.func.now()))
            query = sa.select(Audit).with_for_update(skip_locked=True)
            audit = await tx.session.scalar(query)
            if audit is None or now_there is None:
                return False
            if audit.cursor is None:
                if now_there - audit.began_at < self._rhythm:
                    return False
                audit.begin(now_there)
            case_ids = await _cases_after(tx, audit.cursor)
            if not case_ids:
                audit.end(now_there)
                return False
            found = await self._look_at(tx, case_ids)
            audit.go_on(case_ids[-1], cases=len(case_ids), found=found)
        return True

    async def _look_at(self, tx: Transaction, case_ids: Sequence[UUID]) -> int:
        """First without a lock; where something seems amiss once more with it, as the case may just have gone on."""
        seen = await _read(tx, case_ids)
        suspects = {file.case_id: file.case_code for file, found in seen if found}
        if not suspects:
            return 0
        opened = await open_cases(tx, suspects)
        count = 0
        for file, found in await _read(tx, sorted(suspects)):
            for finding in found:
                await self._mend(tx, opened[file.case_id], finding)
                count += 1
        return count

    async def _mend(self, tx: Transaction, case: CaseClocks, finding: Finding) -> None:
        now = self._work.clock.now()
        told = AuditFound(
            case_id=case.file.case_id,
            case_code=case.file.case_code,
            clock=finding.key,
            stage=finding.stage,
            owes=finding.owes,
            finding=finding.kind,
            mended=finding.kind != "ended",
            found_at=now,
        )
        if finding.kind == "ended" and await _is_told(self._work, tx, told):
            return
        self._log.error(
            "the audit found a clock amiss", case_code=told.case_code, clock=told.clock, finding=told.finding
        )
        tx.record(told)
        if finding.kind == "missing" and finding.obligation is not None:
            await tx.session.execute(sa.delete(ClockGrounds).where(ClockGrounds.key == finding.key))  # of the lost one
            tx.record(*await arm(tx, self._work.packs, case, finding.obligation, now=now))
        elif finding.kind == "dead":
            tx.record(*case.cancel(Which(key=finding.key), now, "not_owed", now=now))


async def _cases_after(tx: Transaction, cursor: UUID | None) -> Sequence[UUID]:
    """The next cases under way, and those that are over and have a clock that runs all the same."""
    after = cursor or UUID(int=0)
    under_way = sa.select(CaseFile.case_id).where(CaseFile.closed_at.is_(None), CaseFile.case_id > after)
    timed = sa.select(Clock.case_id).where(Clock.ended_at.is_(None), Clock.case_id > after).distinct()
    some = (
        sa.select(part.c.case_id)
        for part in (
            under_way.order_by(CaseFile.case_id).limit(CASES_MAX).subquery(),
            timed.order_by(Clock.case_id).limit(CASES_MAX).subquery(),
        )
    )
    both = sa.union(*some).subquery()
    return (await tx.session.scalars(sa.select(both.c.case_id).order_by(both.c.case_id).limit(CASES_MAX))).all()


async def _read(tx: Transaction, case_ids: Sequence[UUID]) -> list[tuple[CaseFile, tuple[Finding, ...]]]:
    await tx.session.flush()
    files = await tx.session.scalars(sa.select(CaseFile).where(among(CaseFile.case_id, case_ids)))
    clocks = await _clocks_of(tx, case_ids)
    tasks = await _tasks_of(tx, case_ids)
    return [(file, _findings(file, clocks[file.case_id], tasks[file.case_id])) for file in files]


def _findings(file: CaseFile, clocks: Iterable[Kept], tasks: Iterable[Obligation]) -> tuple[Finding, ...]:
    """A case that began before its facts were kept is only held to be quiet once it is over."""
    judged = [one for one in clocks if one.stage not in KEPT_ELSEWHERE]
    if file.book is None:
        return findings((), judged) if file.closed else ()
    obligations = [*owed(file.case_id, CaseBook.model_validate(file.book)), *(() if file.closed else tasks)]
    return findings(obligations, judged)


async def _clocks_of(tx: Transaction, case_ids: Sequence[UUID]) -> Mapping[UUID, list[Kept]]:
    query = sa.select(Clock.case_id, Clock.key, Clock.stage, Clock.owes, Clock.ended_at, Clock.reason)
    kept: defaultdict[UUID, list[Kept]] = defaultdict(list)
    for row in await tx.session.execute(query.where(among(Clock.case_id, case_ids))):
        stage = cast("Stage", row.stage)
        kept[row.case_id].append(Kept(row.key, stage, row.owes, row.ended_at is None, row.reason == "lapsed"))
    return kept


async def _tasks_of(tx: Transaction, case_ids: Sequence[UUID]) -> Mapping[UUID, list[Obligation]]:
    """Verifications are kept here as tasks: an open one is owed by the grid."""
    query = sa.select(Verification).where(among(Verification.case_id, case_ids), Verification.state == "open")
    tasks: defaultdict[UUID, list[Obligation]] = defaultdict(list)
    for task in await tx.session.scalars(query):
        grounds = Grounds(task.pack_version, task.category, cast("Level", task.level))
        owed_by = Obligation(
            verify_key(task.verification_id),
            "verify",
            grid_of(task.place),
            task.assigned_at,
            grounds,
            work_order_id=task.work_order_id,
        )
        tasks[task.case_id].append(owed_by)
    return tasks


async def _is_told(work: UnitOfWork, tx: Transaction, told: AuditFound) -> bool:
    """What cannot be mended is told once, and keeps the heartbeat silent."""
    event = work.spine.event
    query = sa.select(sa.literal(True)).where(
        event.c.chain == told.chain,
        event.c.type == told.TYPE,
        event.c.envelope["data"]["clock"].astext == told.clock,
    )
    return bool(await tx.session.scalar(query.limit(1)))
