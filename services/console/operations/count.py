"""Counts an event: the facts it changes, in the transaction and under the lock of its case on the board."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.console.model import BoardCase, FigureAct, FigureCase, FigurePromise
from services.console.policy.figures import Act, act_of, case_change, promise_change
from shared.contracts.base import Event
from shared.infra.unit_of_work import Transaction

FACTS = (FigureAct, FigurePromise, FigureCase)
MATTER = ("category", "place", "level", "window")
DRILL = "drill"
UNIT_BY_THEN = sa.text(
    "update console.figure_act as f set unit = (select s.unit from console.figure_act as s"
    " where s.case_id = f.case_id and s.kind = 'sent' and s.at <= f.at order by s.at desc, s.act_id desc limit 1)"
    " where f.case_id = :case_id and f.kind = 'follow_up'"
)


async def count(tx: Transaction, case: BoardCase, event: Event, event_id: UUID) -> None:
    """In whatever order the chains of a case come, the facts are the same in the end: a replay counts alike."""
    await _count_case(tx, case, event)
    await _count_promise(tx, case, event)
    act = act_of(event)
    if act is not None:
        await _count_act(tx, case, act, event_id)


def _matter(case: BoardCase) -> dict[str, Any]:
    """What the case is about, as far as intake was heard of it."""
    return {name: case.intake.get(name) for name in MATTER}


async def _count_case(tx: Transaction, case: BoardCase, event: Event) -> None:
    change = case_change(event)
    if not change:
        return
    fact = await tx.get(FigureCase, case.case_id)
    if fact is None:
        fact = FigureCase(case_id=case.case_id, case_code=case.case_code)
        tx.add(fact)
    told = {name: change[name] for name in MATTER if name in change}
    moved = any(getattr(fact, name) != value for name, value in told.items())
    fact.take(change)
    if moved:
        await tx.session.flush()
        for facts in (FigurePromise, FigureAct):
            await tx.session.execute(sa.update(facts).where(facts.case_id == case.case_id).values(told))


async def _count_promise(tx: Transaction, case: BoardCase, event: Event) -> None:
    told = promise_change(event)
    if told is None:
        return
    key, change = told
    fact = await tx.get(FigurePromise, key)
    if fact is None:
        if "stage" not in change:
            return  # armed before anybody counted: only a rebuild can tell of it
        drill = case.case_code == DRILL
        fact = FigurePromise(clock=key, case_id=case.case_id, case_code=case.case_code, drill=drill, **_matter(case))
        tx.add(fact)
    fact.take(change)


async def _count_act(tx: Transaction, case: BoardCase, act: Act, event_id: UUID) -> None:
    facts = {name: getattr(act, name) for name in act.__slots__}
    tx.add(FigureAct(act_id=event_id, case_id=case.case_id, case_code=case.case_code, **facts, **_matter(case)))
    if act.kind in {"sent", "follow_up"}:
        await tx.session.flush()
        await tx.session.execute(UNIT_BY_THEN, {"case_id": case.case_id})
