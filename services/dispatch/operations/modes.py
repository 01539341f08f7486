"""平战转换: one explicit, logged, reversible act of the commander; the sweep only reminds, reports and sums up."""

from datetime import datetime

import sqlalchemy as sa

from services.dispatch.model import Surge
from services.dispatch.model.mode_book import Acts
from services.dispatch.operations.mode_rows import lock_mode
from services.dispatch.operations.surge_figures import figures_of
from services.dispatch.policy.views import reads_words
from shared.contracts.dispatch import EndSurge, ModeView, ProlongSurge, SwitchMode
from shared.infra.event_record import new_id
from shared.infra.unit_of_work import Transaction, UnitOfWork

SUMMED_AT_ONCE_MAX = 10


async def switch_mode(work: UnitOfWork, command: SwitchMode, /, *, now: datetime) -> ModeView:
    """By the pack in force; what it says of the level holds from this instant on."""
    async with work.begin(command) as tx:
        book = await lock_mode(work, tx)
        pack = await work.packs.in_force(tx.session)
        await _keep(tx, book.switch(command, pack, new_id=new_id, now=now))
        return tx.answers(book.view(now=now, with_words=reads_words(command.actor)))


async def prolong_surge(work: UnitOfWork, command: ProlongSurge, /, *, now: datetime) -> ModeView:
    async with work.begin(command) as tx:
        book = await lock_mode(work, tx)
        pack = await work.packs.in_force(tx.session)
        await _keep(tx, book.prolong(command, pack, now=now))
        return tx.answers(book.view(now=now, with_words=reads_words(command.actor)))


async def end_surge(work: UnitOfWork, command: EndSurge, /, *, now: datetime) -> ModeView:
    """The summary is the sweep's: it is made once what happened up to the end is on record here."""
    async with work.begin(command) as tx:
        book = await lock_mode(work, tx)
        pack = await work.packs.in_force(tx.session)
        await _keep(tx, book.end(command, pack, now=now))
        return tx.answers(book.view(now=now, with_words=reads_words(command.actor)))


async def look_after_surge(work: UnitOfWork) -> datetime | None:
    """The sweep: reminders and reports that are due, each once, and summaries. Returns when the next word is due."""
    await _tell_what_is_due(work)
    await _sum_up(work)
    soonest = sa.func.min(sa.func.least(Surge.remind_at, Surge.report_at))
    async with work.read() as session:
        return await session.scalar(sa.select(soonest).where(Surge.ended_at.is_(None)))


async def _tell_what_is_due(work: UnitOfWork) -> None:
    now = work.clock.now()
    due = sa.or_(Surge.remind_at <= now, Surge.report_at <= now)
    async with work.begin() as tx:
        surge = await tx.session.scalar(sa.select(Surge).where(due).with_for_update(skip_locked=True))
        if surge is None:
            return
        terms = (await work.packs.version(tx.session, surge.pack_version)).modes
        tx.record(*surge.remind(terms, now=now), *surge.ask_report(terms, now=now))


async def _sum_up(work: UnitOfWork) -> None:
    unsummed = sa.select(Surge).where(Surge.ended_at.is_not(None), Surge.summarized_at.is_(None))
    async with work.begin() as tx:
        found = await tx.session.scalars(unsummed.limit(SUMMED_AT_ONCE_MAX).with_for_update(skip_locked=True))
        for surge in found.all():
            tx.record(surge.summarize(await figures_of(work, tx, surge), now=work.clock.now()))


async def _keep(tx: Transaction, acts: Acts) -> None:
    """One period is open at a time, also between two statements: the one that ends is written first."""
    rows, events = acts
    await tx.session.flush()
    tx.session.add_all(rows)
    tx.record(*events)
