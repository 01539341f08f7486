"""Counts of a period, each by one set-based query that an index answers alone."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from services.console.model import BoardCase, FigureAct, FigureCase, FigurePromise
from services.console.policy.figures.lens import Lens
from services.console.policy.figures.rates import FollowUps, Promises
from shared.infra.arrays import among
from shared.infra.unit_of_work import UnitOfWork

Condition = sa.ColumnElement[bool]
Counts = Mapping[str | None, int]
ByStep = Mapping[date, int]
NO_FOLLOW_UPS = FollowUps()


@dataclass(frozen=True, slots=True)
class OfUnit:
    """One unit in the period; the unit None is the centre's own desk."""

    follow_ups: FollowUps = NO_FOLLOW_UPS
    returned: int = 0
    reopened: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """`promises` by stage, unit and whether of a drill; `open_now` by stage on the board, lamp and unit."""

    received: int
    received_by_step: ByStep
    closed: int
    closed_by_step: ByStep
    overdue: int
    overdue_by_step: ByStep
    by_category: Counts
    by_place: Counts
    promises: Mapping[tuple[str, str | None, bool], Promises]
    units: Mapping[str | None, OfUnit]
    open_now: Mapping[tuple[str, str, str | None], int]


async def read_figures(work: UnitOfWork, lens: Lens) -> Figures:
    async with work.read() as session:
        received, by_category, by_place = await _received(session, lens)
        closed = await _closed(session, lens)
        overdue = await _overdue(session, lens)
        return Figures(
            received=sum(received.values()),
            received_by_step=received,
            closed=sum(closed.values()),
            closed_by_step=closed,
            overdue=sum(overdue.values()),
            overdue_by_step=overdue,
            by_category=by_category,
            by_place=by_place,
            promises=await _promises(session, lens),
            units=await _units(session, lens),
            open_now=await _open_now(session, lens),
        )


def matter(facts: Any, lens: Lens) -> list[Condition]:
    """What the lens leaves of the facts, beside the period."""
    found: list[Condition] = []
    for name, value in (("unit", lens.unit), ("window", lens.window), ("level", lens.level)):
        if value is not None:
            found.append(getattr(facts, name) == value)
    if lens.places:
        found.append(among(facts.place, lens.places))
    if lens.categories:
        found.append(among(facts.category, lens.categories))
    return found


def within(column: Any, lens: Lens) -> list[Condition]:
    return [column >= lens.start, column < lens.end, column <= lens.now]


def is_closed() -> Condition:
    """Ended after it was accepted; what was not accepted is counted apart."""
    return FigureCase.outcome != "not_accepted"


def _step(column: Any, lens: Lens) -> Any:
    return sa.cast(sa.func.date_trunc(lens.step, sa.func.timezone(lens.zone, column)), sa.Date)


async def _received(session: AsyncSession, lens: Lens) -> tuple[ByStep, Counts, Counts]:
    """By step, by category and by place in one pass."""
    step = _step(FigureCase.registered_at, lens).label("step")
    inner = (
        sa.select(step, FigureCase.category, FigureCase.place)
        .where(*within(FigureCase.registered_at, lens), *matter(FigureCase, lens))
        .subquery()
    )
    sets = sa.func.grouping_sets(sa.tuple_(inner.c.step), sa.tuple_(inner.c.category), sa.tuple_(inner.c.place))
    which = sa.func.grouping(inner.c.step, inner.c.category, inner.c.place)
    found = await session.execute(
        sa.select(which, inner.c.step, inner.c.category, inner.c.place, sa.func.count()).group_by(sets)
    )
    by_step, by_category, by_place = dict[date, int](), dict[str | None, int](), dict[str | None, int]()
    for kind, day, category, place, number in found:
        if kind == 0b011:
            by_step[day] = number
        elif kind == 0b101:
            by_category[category] = number
        else:
            by_place[place] = number
    return by_step, by_category, by_place


async def _by_step(session: AsyncSession, lens: Lens, column: Any, *conditions: Condition) -> ByStep:
    step = _step(column, lens)
    found = await session.execute(
        sa.select(step, sa.func.count()).where(*within(column, lens), *conditions).group_by(step)
    )
    return {day: number for day, number in found}  # noqa: C416 - rows are not pairs to a type checker


async def _closed(session: AsyncSession, lens: Lens) -> ByStep:
    return await _by_step(session, lens, FigureCase.over_at, is_closed(), *matter(FigureCase, lens))


async def _overdue(session: AsyncSession, lens: Lens) -> ByStep:
    return await _by_step(
        session, lens, FigurePromise.fired_at, FigurePromise.drill.is_(False), *matter(FigurePromise, lens)
    )


async def _promises(session: AsyncSession, lens: Lens) -> Mapping[tuple[str, str | None, bool], Promises]:
    kept = FigurePromise
    keys = (kept.stage, kept.unit, kept.drill, kept.verdict)
    query = sa.select(*keys, sa.func.count()).where(*within(kept.counted_at, lens), *matter(kept, lens)).group_by(*keys)
    counts: dict[tuple[str, str | None, bool], dict[str, int]] = defaultdict(dict)
    for stage, unit, drill, verdict, number in await session.execute(query):
        counts[stage, unit, drill][verdict] = number
    return {key: Promises(**by_verdict) for key, by_verdict in counts.items()}


async def _units(session: AsyncSession, lens: Lens) -> Mapping[str | None, OfUnit]:
    act = FigureAct
    follow_up = act.kind == "follow_up"
    valid = follow_up & act.reached.is_(True)

    def number(*conditions: Condition) -> Any:
        return sa.func.count().filter(*conditions)

    query = sa.select(
        act.unit,
        number(follow_up),
        number(valid),
        number(valid, act.responded.is_(True)),
        number(valid, act.solved.is_(True)),
        *(number(valid, act.outcome == outcome) for outcome in ("satisfied", "basically", "dissatisfied")),
        number(act.kind == "returned"),
        number(act.kind == "reopened"),
    ).where(*within(act.at, lens), act.kind != "sent", *matter(act, lens))
    found = await session.execute(query.group_by(act.unit))
    return {row[0]: OfUnit(FollowUps(*row[1:8]), returned=row[8], reopened=row[9]) for row in found}


async def _open_now(session: AsyncSession, lens: Lens) -> Mapping[tuple[str, str, str | None], int]:
    """What is on the board at this instant, whatever the period."""
    stage, unit, lamp = BoardCase.row["stage"].astext, BoardCase.row["unit"].astext, lamp_at(lens)
    keys = (stage.label("stage"), lamp.label("lamp"), unit.label("unit"))
    inner = sa.select(*keys).where(BoardCase.shown, *on_board(lens)).subquery()
    shown = (inner.c.stage, inner.c.lamp, inner.c.unit)
    found = await session.execute(sa.select(*shown, sa.func.count()).group_by(*shown))
    return {(row[0], row[1], row[2]): row[3] for row in found}


def lamp_at(lens: Lens) -> Any:
    """Late as soon as its time is over, also before anybody told so."""
    due = sa.cast(BoardCase.row["due_at"].astext, sa.DateTime(timezone=True))
    return sa.case((due <= lens.now, "late"), else_=BoardCase.row["lamp"].astext)


def on_board(lens: Lens) -> list[Condition]:
    row, found = BoardCase.row, list[Condition]()
    for name, value in (("unit", lens.unit), ("window", lens.window), ("level", lens.level)):
        if value is not None:
            found.append(row[name].astext == value)
    if lens.places:
        found.append(among(row["place"].astext, lens.places))
    if lens.categories:
        found.append(among(row["category"].astext, lens.categories))
    return found
