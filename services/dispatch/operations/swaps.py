"""换班: asked by one post, accepted by the other, lapsed where nobody answered in time."""

from datetime import datetime

import sqlalchemy as sa

from services.dispatch.model import RosterSwap
from services.dispatch.operations.roster_rows import lock_roster
from services.dispatch.operations.rosters import override_roster
from services.dispatch.policy.duty import (
    require_may_answer_swap,
    require_may_ask_swap,
    require_on_duty,
    unit_of_post,
)
from shared.calendar import WorkingCalendar
from shared.centre.working_time import calendar_of
from shared.contracts.base import Done
from shared.contracts.dispatch import AnswerSwap, AskSwap, SwapAsked
from shared.duty import Roster
from shared.infra.event_record import new_id
from shared.infra.unit_of_work import UnitOfWork


async def ask_swap(work: UnitOfWork, command: AskSwap, /, *, now: datetime) -> SwapAsked:
    async with work.begin(command) as tx:
        pack = await work.packs.in_force(tx.session)
        _, roster = await lock_roster(tx, command.roster)
        require_may_ask_swap(command.actor, command.gives, unit_of_post(pack, command.gives, field="gives"))
        unit_of_post(pack, command.takes, field="takes")
        swap = RosterSwap.ask(command, swap_id=new_id(), now=now)
        _require_both_there(roster, swap, calendar_of(pack))
        tx.add(swap)
        return tx.answers(SwapAsked(swap_id=swap.swap_id, at=now))


async def answer_swap(work: UnitOfWork, command: AnswerSwap, /, *, now: datetime) -> Done:
    """Accepted, it makes its overrides in the same instant; where one of them contradicts another, nothing is done."""
    async with work.begin(command) as tx:
        pack = await work.packs.in_force(tx.session)
        asked = await tx.lock(RosterSwap, command.swap_id, field="swap_id")
        unit = unit_of_post(pack, asked.takes, field="swap_id")
        require_may_answer_swap(command.actor, asked.takes, unit)
        overrides = asked.answer(accept=command.accept, by=command.actor, now=now)
        for override in overrides:
            row, roster = await lock_roster(tx, asked.roster)
            await override_roster(tx, pack, row, roster, override, by=command.actor, now=now, swap_id=asked.swap_id)
            await tx.session.flush()
        return tx.answers(Done(at=now))


def _require_both_there(roster: Roster, swap: RosterSwap, calendar: WorkingCalendar) -> None:
    require_on_duty(roster, swap.gives, swap.starts_at, swap.ends_at, calendar, field="gives")
    if swap.returned_starts_at is not None and swap.returned_ends_at is not None:
        require_on_duty(
            roster, swap.takes, swap.returned_starts_at, swap.returned_ends_at, calendar, field="returned_starts_at"
        )


async def lapse_swaps(work: UnitOfWork) -> datetime | None:
    """Swaps whose stretch has begun are asked no more. Tells when the next one begins."""
    now = work.clock.now()
    async with work.begin() as tx:
        query = sa.select(RosterSwap).where(RosterSwap.state == "asked").with_for_update(skip_locked=True)
        asked = (await tx.session.scalars(query)).all()
        for swap in asked:
            if swap.state_at(now) == "lapsed":
                swap.lapse()
        return min((swap.first_start for swap in asked if swap.state == "asked"), default=None)
