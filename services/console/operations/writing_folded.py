"""Folded cases written many rows at a time, and taken back where more is told of them."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (this file speaks to a library without types)

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic_core import to_json
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from services.console.model import FACTS, BoardCase, CaseFigures, FigureAct, FigureCase, FigurePromise
from services.console.model.board_case import NEXT_VERSION
from services.console.operations.folding import Folded
from services.console.policy.board import SECTIONS
from shared.infra.arrays import among

PLACES = "create temporary table rebuilt_place (key text, consumer text, chain text, sequence integer) on commit drop"
PLACES_BY_KEY = "create index if not exists rebuilt_place_key on pg_temp.rebuilt_place (key)"
PLACE_COLUMNS = ("key", "consumer", "chain", "sequence")
PIECES = 16
INBOX = """insert into console.inbox (consumer, chain, sequence) select consumer, chain, sequence from rebuilt_place
    where abs(hashtext(chain) % :pieces) = :piece"""
"""In pieces, because a statement has a time limit."""
TABLES = (BoardCase, *FACTS)


class Written:
    """`listed`: cases that a screen had; what nobody had on a screen and has on none now needs not be announced."""

    def __init__(self, session: AsyncSession, driver: Any, listed: Collection[UUID]) -> None:
        self._session = session
        self._driver = driver
        self._listed = listed
        self._keys: set[str] = set()

    @staticmethod
    async def begin(session: AsyncSession, listed: Collection[UUID]) -> "Written":
        await session.execute(sa.text(PLACES))
        raw = await (await session.connection()).get_raw_connection()
        return Written(session, raw.driver_connection, listed)

    async def write(self, cases: Sequence[Folded]) -> None:
        known = [(case, case.counted) for case in cases if case.counted is not None]
        await self._copy(BoardCase, await self._board(known))
        await self._copy(FigureCase, [counted.case for _, counted in known if counted.case is not None])
        await self._copy(FigurePromise, [row for _, counted in known for row in counted.promises.values()])
        await self._copy(FigureAct, [row for _, counted in known for row in counted.acts.values()])
        places = [(case.key, *place, sequence) for case in cases for place, sequence in case.places.items()]
        await self._driver.copy_records_to_table("rebuilt_place", records=places, columns=PLACE_COLUMNS)
        self._keys |= {case.key for case in cases}

    async def finish(self) -> None:
        for piece in range(PIECES):
            await self._session.execute(sa.text(INBOX), {"pieces": PIECES, "piece": piece})

    async def _board(self, cases: Sequence[tuple[Folded, CaseFigures]]) -> list[BoardCase]:
        series = sa.select(NEXT_VERSION).select_from(sa.func.generate_series(1, len(cases)))
        versions = (await self._session.scalars(series)).all()
        rows = [case.board_case(counted, version) for (case, counted), version in zip(cases, versions, strict=True)]
        for row in rows:
            row.announced = 0 if row.listed or row.case_id in self._listed else row.version
        return rows

    async def _copy(self, table: type[Any], rows: Iterable[Any]) -> None:
        columns = sa.inspect(table).columns
        names = [(table.__mapper__.get_property_by_column(one).key, isinstance(one.type, JSONB)) for one in columns]
        records = [
            tuple(_text(getattr(row, name)) if is_json else getattr(row, name) for name, is_json in names)
            for row in rows
        ]
        await self._driver.copy_records_to_table(
            table.__tablename__, schema_name="console", columns=[one.name for one in columns], records=records
        )

    # -- and back ------------------------------------------------------------------------------------------------------

    async def take_back(self, keys: Collection[str]) -> list[Folded]:
        """Those that were written already."""
        wanted = sorted(self._keys.intersection(keys))
        if not wanted:
            return []
        self._keys.difference_update(wanted)
        await self._session.execute(sa.text(PLACES_BY_KEY))
        gone = sa.text("delete from rebuilt_place where key = any(:keys) returning key, consumer, chain, sequence")
        back: dict[str, Folded] = {key: Folded(key) for key in wanted}
        for key, consumer, chain, sequence in await self._session.execute(gone, {"keys": wanted}):
            back[key].places[consumer, chain] = sequence
        ids = [one.id for one in back.values() if one.id is not None]
        for table in TABLES:
            await self._take_rows(table, ids, back)
        return list(back.values())

    async def _take_rows(self, table: type[Any], ids: Sequence[UUID], back: dict[str, Folded]) -> None:
        for row in (await self._session.scalars(sa.select(table).where(among(table.case_id, ids)))).all():
            _give(back[str(row.case_id)], row)
            self._session.expunge(row)
        await self._session.execute(sa.delete(table).where(among(table.case_id, ids)))


def _text(value: Any) -> str:
    return to_json(value).decode()


def _give(case: Folded, row: Any) -> None:
    if isinstance(row, BoardCase):
        case.begin(row.case_id, row.case_code)
        case.sections = {name: dict(getattr(row, name)) for name in SECTIONS}
    elif case.counted is not None:
        case.counted.own(row)
