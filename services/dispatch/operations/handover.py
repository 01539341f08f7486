"""交接: the director's watch goes over with the open list and a note, and no moment is without a watch."""

from datetime import datetime

import sqlalchemy as sa

from services.dispatch.errors.duty import HandoverDecided, NoWatchYet, WatchIsTaken
from services.dispatch.model import Deferral, Handover, RoutedCase, Summons, Watch
from services.dispatch.policy.cases import CaseState
from services.dispatch.policy.duty import unit_of_post
from services.dispatch.policy.summoning import OPEN_SUMMONSES
from shared.contracts.dispatch import AcceptHandover, HandoverAccepted, HandoverList, HandoverView, OfferHandover
from shared.errors import not_found
from shared.infra import lock_spaces
from shared.infra.event_record import new_id
from shared.infra.unit_of_work import Transaction, UnitOfWork

TRIAGE_LISTED_MAX = 500
NOBODY = "-"


async def offer_handover(work: UnitOfWork, command: OfferHandover, /, *, now: datetime) -> HandoverView:
    """By the director on watch. A new offer withdraws the one before it."""
    async with work.begin(command) as tx:
        await _lock_watch(tx, work)
        watch = await _open_watch(tx)
        if watch is None:
            raise NoWatchYet("nobody has taken the watch yet; take it first: muster duty handover accept")
        watch.require_by(command.actor)
        unit_of_post(await work.packs.in_force(tx.session), command.incoming, field="incoming")
        before = await _offered(tx)
        if before is not None:
            before.withdraw()
            await tx.session.flush()  # one offer at a time, also between two statements
        handover, told = Handover.offer(command, await _open_list(tx), handover_id=new_id(), now=now)
        tx.add(handover)
        tx.record(told)
        return tx.answers(handover.view())


async def accept_handover(work: UnitOfWork, command: AcceptHandover, /, *, now: datetime) -> HandoverView:
    async with work.begin(command) as tx:
        await _lock_watch(tx, work)
        watch = await _open_watch(tx)
        if command.handover_id is None:
            return tx.answers(await _take_first_watch(tx, watch, command, now=now))
        handover = await tx.session.get(Handover, command.handover_id, populate_existing=True)
        if handover is None:
            raise not_found("handover", command.handover_id, field="handover_id")
        if watch is None:
            raise HandoverDecided("no watch is open to be handed over", field="handover_id")
        following, told = handover.accept(watch, by=command.actor, now=now)
        tx.add(following)
        tx.record(told)
        return tx.answers(handover.view())


async def _take_first_watch(
    tx: Transaction, watch: Watch | None, command: AcceptHandover, *, now: datetime
) -> HandoverView:
    if watch is not None:
        raise WatchIsTaken(f"{watch.director} is on watch; ask for a handover", field="handover_id")
    first = Watch.first(command.actor.staff, now=now)
    tx.add(first)
    taken = HandoverView(
        handover_id=new_id(),
        outgoing=NOBODY,
        incoming=first.director,
        note="首次接班",
        items=await _open_list(tx),
        state="accepted",
        offered_at=now,
        accepted_at=now,
    )
    tx.record(HandoverAccepted(handover_id=taken.handover_id, outgoing=None, incoming=first.director, accepted_at=now))
    return taken


async def _lock_watch(tx: Transaction, work: UnitOfWork) -> None:
    """There is one chain of watches: two at once follow each other, also where there is no watch yet."""
    await tx.session.execute(sa.select(sa.func.pg_advisory_xact_lock(lock_spaces.WATCH, sa.func.hashtext(work.centre))))


async def _open_watch(tx: Transaction) -> Watch | None:
    query = sa.select(Watch).where(Watch.ended_at.is_(None))
    return await tx.session.scalar(query.execution_options(populate_existing=True))


async def _offered(tx: Transaction) -> Handover | None:
    query = sa.select(Handover).where(Handover.state == "offered")
    return await tx.session.scalar(query.execution_options(populate_existing=True))


async def _open_list(tx: Transaction) -> HandoverList:
    """What goes over: who waits for a person, how much is open, which summonses run, what is asked for."""
    triage = sa.select(RoutedCase.case_code).where(RoutedCase.state == CaseState.TRIAGE)
    open_cases = sa.select(sa.func.count()).where(RoutedCase.state != CaseState.CLOSED)
    summonses = sa.select(Summons.summons_id).where(Summons.state.in_(OPEN_SUMMONSES)).order_by(Summons.asked_at)
    deferrals = sa.select(Deferral.deferral_id).where(Deferral.state == "asked").order_by(Deferral.asked_at)
    return HandoverList(
        triage=tuple(await tx.session.scalars(triage.order_by(RoutedCase.waiting_since).limit(TRIAGE_LISTED_MAX))),
        open_cases=await tx.session.scalar(open_cases) or 0,
        running_summonses=tuple(await tx.session.scalars(summonses)),
        deferrals=tuple(await tx.session.scalars(deferrals)),
    )
