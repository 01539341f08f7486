"""Counts an event: the facts it changes, in the transaction and under the lock of its case on the board."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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


@dataclass(slots=True)
class CaseFacts:
    """What is counted of one case already; `acts` are the kinds of its acts."""

    case: FigureCase | None = None
    promises: dict[str, FigurePromise] = field(default_factory=dict[str, FigurePromise])
    acts: set[str] = field(default_factory=set[str])


async def facts_of(tx: Transaction, cases: Iterable[UUID]) -> Mapping[UUID, CaseFacts]:
    """Under the locks of the cases' rows. Kept with the session: a batch of events shares one transaction."""
    known: dict[UUID, CaseFacts] = tx.session.info.setdefault("console.figures", {})
    missing = set(cases) - known.keys()
    if missing:
        known |= {case_id: CaseFacts() for case_id in missing}
        for fact in await tx.session.scalars(sa.select(FigureCase).where(FigureCase.case_id.in_(missing))):
            known[fact.case_id].case = fact
        for promise in await tx.session.scalars(sa.select(FigurePromise).where(FigurePromise.case_id.in_(missing))):
            known[promise.case_id].promises[promise.clock] = promise
        acts = sa.select(FigureAct.case_id, FigureAct.kind).where(FigureAct.case_id.in_(missing)).distinct()
        for case_id, kind in await tx.session.execute(acts):
            known[case_id].acts.add(kind)
    return known


async def count(tx: Transaction, case: BoardCase, event: Event, event_id: UUID) -> None:
    """In whatever order the chains of a case come, the facts are the same in the end: a replay counts alike."""
    facts = (await facts_of(tx, [case.case_id]))[case.case_id]
    await _count_case(tx, case, facts, event)
    _count_promise(tx, case, facts, event)
    act = act_of(event)
    if act is not None:
        await _count_act(tx, case, facts, act, event_id)


def _matter(case: BoardCase) -> dict[str, Any]:
    """What the case is about, as far as intake was heard of it."""
    return {name: case.intake.get(name) for name in MATTER}


async def _count_case(tx: Transaction, case: BoardCase, facts: CaseFacts, event: Event) -> None:
    change = case_change(event)
    if not change:
        return
    if facts.case is None:
        facts.case = FigureCase(case_id=case.case_id, case_code=case.case_code)
        tx.add(facts.case)
    told = {name: change[name] for name in MATTER if name in change}
    moved = any(getattr(facts.case, name) != value for name, value in told.items())
    facts.case.take(change)
    if moved and (facts.promises or facts.acts):
        await tx.session.flush()
        for counted in (FigurePromise, FigureAct):
            await tx.session.execute(sa.update(counted).where(counted.case_id == case.case_id).values(told))


def _count_promise(tx: Transaction, case: BoardCase, facts: CaseFacts, event: Event) -> None:
    told = promise_change(event)
    if told is None:
        return
    key, change = told
    fact = facts.promises.get(key)
    if fact is None:
        if "stage" not in change:
            return  # armed before anybody counted: only a rebuild can tell of it
        drill = case.case_code == DRILL
        fact = FigurePromise(clock=key, case_id=case.case_id, case_code=case.case_code, drill=drill, **_matter(case))
        facts.promises[key] = fact
        tx.add(fact)
    fact.take(change)


async def _count_act(tx: Transaction, case: BoardCase, facts: CaseFacts, act: Act, event_id: UUID) -> None:
    told = {name: getattr(act, name) for name in act.__slots__}
    tx.add(FigureAct(act_id=event_id, case_id=case.case_id, case_code=case.case_code, **told, **_matter(case)))
    facts.acts.add(act.kind)
    if act.kind == "follow_up" or (act.kind == "sent" and "follow_up" in facts.acts):
        await tx.session.flush()
        await tx.session.execute(UNIT_BY_THEN, {"case_id": case.case_id})
