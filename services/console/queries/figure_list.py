"""The cases behind a number: the same conditions as the count, so that both are the same."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.console.model import BoardCase, FigureAct, FigureCase, FigurePromise
from services.console.policy.figures.lens import Lens
from services.console.policy.figures.question import Question
from services.console.queries.figures import is_closed, lamp_at, matter, on_board, within
from shared.infra.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Entry:
    """`what`, `detail`: codes of what happened, `at`: when. One case may stand in several entries."""

    code: str
    category: str | None
    place: str | None
    level: str | None
    unit: str | None
    due_at: datetime | None
    what: str
    detail: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Entries:
    rows: tuple[Entry, ...]
    total: int


async def read_list(work: UnitOfWork, lens: Lens, question: Question, *, offset: int, limit: int) -> Entries:
    """Newest first; what is open, the one due first on top."""
    query = _QUERIES[question.of](lens, question)
    async with work.read() as session:
        rows = (await session.execute(query.offset(offset).limit(limit))).all()
        total = offset + len(rows)
        if len(rows) == limit or (offset and not rows):
            whole = query.order_by(None).with_only_columns(sa.literal(1)).subquery()
            total = await session.scalar(sa.select(sa.func.count()).select_from(whole)) or 0
    return Entries(tuple(Entry(*row) for row in rows), total)


def _case_columns(what: Any, detail: Any, at: Any) -> tuple[Any, ...]:
    case = FigureCase
    return (case.case_code, case.category, case.place, case.level, case.unit, sa.null(), what, detail, at)


def _received(lens: Lens, _: Question) -> Any:
    at = FigureCase.registered_at
    columns = _case_columns(sa.literal("received"), FigureCase.source, at)
    return sa.select(*columns).where(*within(at, lens), *matter(FigureCase, lens)).order_by(at.desc())


def _over(lens: Lens, condition: Any) -> Any:
    at = FigureCase.over_at
    columns = _case_columns(sa.literal("over"), FigureCase.outcome, at)
    return sa.select(*columns).where(*within(at, lens), condition, *matter(FigureCase, lens)).order_by(at.desc())


def _closed(lens: Lens, _: Question) -> Any:
    return _over(lens, is_closed())


def _not_accepted(lens: Lens, _: Question) -> Any:
    return _over(lens, ~is_closed())


def _open(lens: Lens, question: Question) -> Any:
    row = BoardCase.row
    due = sa.cast(row["due_at"].astext, sa.DateTime(timezone=True))
    lamp = lamp_at(lens)
    columns = [row[name].astext for name in ("category", "place", "level", "unit")]
    query = sa.select(
        BoardCase.case_code,
        *columns,
        due,
        sa.literal("open"),
        row["stage"].astext,
        sa.cast(row["registered_at"].astext, sa.DateTime(timezone=True)),
    ).where(BoardCase.shown, *on_board(lens))
    if question.stage is not None:
        query = query.where(row["stage"].astext == question.stage)
    if question.lamp is not None:
        query = query.where(lamp == question.lamp)
    return query.order_by(due.nulls_last(), BoardCase.case_code)


def _promise_query(lens: Lens, question: Question, at: Any) -> Any:
    kept = FigurePromise
    happened = sa.func.coalesce(kept.met_at, kept.ended_at, kept.fired_at, kept.started_at)
    query = sa.select(
        *(kept.case_code, kept.category, kept.place, kept.level, kept.unit, kept.due_at),
        *(kept.verdict, kept.stage, happened),
    ).where(*within(at, lens), *matter(kept, lens), kept.drill.is_(question.drill))
    if question.stage is not None:
        query = query.where(kept.stage == question.stage)
    return query.order_by(at.desc(), kept.clock)


def _overdue(lens: Lens, question: Question) -> Any:
    return _promise_query(lens, question, FigurePromise.fired_at)


def _promise(lens: Lens, question: Question) -> Any:
    query = _promise_query(lens, question, FigurePromise.counted_at)
    if question.verdict == "due":
        return query.where(FigurePromise.verdict.in_(("in_time", "late")))
    return query.where(FigurePromise.verdict == question.verdict) if question.verdict else query


def _acts(kind: str) -> Any:
    def query(lens: Lens, question: Question) -> Any:
        act = FigureAct
        found = sa.select(
            *(act.case_code, act.category, act.place, act.level, act.unit, sa.null()),
            *(act.kind, act.outcome, act.at),
        ).where(*within(act.at, lens), *matter(act, lens), act.kind == kind)
        if question.outcome is not None:
            found = found.where(act.reached.is_(True), *_said(question.outcome))
        return found.order_by(act.at.desc(), act.act_id)

    return query


def _said(outcome: str) -> tuple[Any, ...]:
    if outcome == "valid":
        return ()
    if outcome == "responded":
        return (FigureAct.responded.is_(True),)
    if outcome == "solved":
        return (FigureAct.solved.is_(True),)
    return (FigureAct.outcome == outcome,)


_QUERIES: dict[str, Any] = {
    "received": _received,
    "closed": _closed,
    "not_accepted": _not_accepted,
    "open": _open,
    "overdue": _overdue,
    "promise": _promise,
    "follow_up": _acts("follow_up"),
    "returned": _acts("returned"),
    "reopened": _acts("reopened"),
}
