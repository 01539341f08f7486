"""History by multiplication: the rows of a small centre once more and once more, with other ids, codes and years.

What the services wrote is read as PostgreSQL's own copy format, marks are set where an id, a case's code or the year
stands, and for each copy the marks are replaced. So every row is one that a service could have written, except that
hashes do not fit: nobody reads those of history here.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (this file speaks to a library without types)

import asyncio
import io
import re
from collections.abc import AsyncGenerator, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

ID = re.compile(rb"(?<![0-9a-f])[0-9a-f]{8}(?=-[0-9a-f]{4}-|[0-9a-f]{24}(?![0-9a-f]))")
CODE = re.compile(rb"(?<![0-9a-z])\d\d(?=-\d{7}-\d(?!\d))")
YEAR = re.compile(rb"(?<![0-9a-f-])2026(?=-\d\d-\d\d[T ])")
ID_MARK, CODE_MARK, YEAR_MARK = b"\x01", b"\x02", b"\x03"
YEARS = (b"2023", b"2024", b"2025")
BLOCK_BYTES = 1 << 20
OF_PACKS = b"centre_pack"
NOT_OF_CASES = frozenset({"centre_pack", "schema_version", "mode_period", "audit", "mode_copy", "pack_sheet"})

FILLED = """select table_schema as schema, table_name as name from information_schema.tables
    where table_schema = any($1) and table_type = 'BASE TABLE' order by table_schema, table_name"""
COLUMNS = """select column_name as name from information_schema.columns where table_schema = $1 and table_name = $2
    and is_identity = 'NO' and is_generated = 'NEVER' order by ordinal_position"""
INDEXES = """select format('%I.%I', schemaname, indexname) as name, indexdef as made from pg_indexes
    where schemaname = $1 and tablename = $2 and not exists (select from pg_constraint
        where conindid = format('%I.%I', schemaname, indexname)::regclass)"""


def marked(rows: bytes) -> bytes:
    """With marks where each copy has something of its own."""
    return YEAR.sub(YEAR_MARK, CODE.sub(CODE_MARK, ID.sub(ID_MARK, rows)))


def of_cases(rows: bytes) -> bytes:
    """Without the rows that are the centre's own: what has nothing of its own in each copy, and what tells of packs."""
    kept = (
        row for row in rows.splitlines(keepends=True) if (ID_MARK in row or CODE_MARK in row) and OF_PACKS not in row
    )
    return b"".join(kept)


def copy_of(rows: bytes, number: int, *, year: int | None = None) -> bytes:
    """The rows of the `number`th copy; of one of the years before where none is given."""
    told = b"%d" % year if year else YEARS[number % len(YEARS)]
    return rows.replace(ID_MARK, b"%08x" % number).replace(CODE_MARK, b"h%d" % number).replace(YEAR_MARK, told)


@dataclass(frozen=True, slots=True)
class Template:
    """A table's rows with marks in them."""

    schema: str
    table: str
    columns: tuple[str, ...]
    rows: bytes

    async def blocks(self, copies: Sequence[int]) -> AsyncGenerator[bytes]:
        block: list[bytes] = []
        for number in copies:
            block.append(copy_of(self.rows, number))
            if len(block) * len(self.rows) > BLOCK_BYTES:
                yield b"".join(block)
                block = []
        yield b"".join(block)


async def templates_of(connection: Any, schemas: Collection[str]) -> list[Template]:
    """Of all tables that have rows of cases; the whole table, so that everything in it is of finished cases."""
    found: list[Template] = []
    for row in await connection.fetch(FILLED, list(schemas)):
        if row["name"] in NOT_OF_CASES:
            continue
        template = await template_of(connection, row["schema"], row["name"])
        if template.rows:
            found.append(template)
    return found


async def template_of(connection: Any, schema: str, table: str, where: str = "true") -> Template:
    columns = tuple(row["name"] for row in await connection.fetch(COLUMNS, schema, table))
    listed = ", ".join(f'"{name}"' for name in columns)
    rows = io.BytesIO()
    await connection.copy_from_query(f'select {listed} from {schema}."{table}" where {where}', output=rows)
    return Template(schema, table, columns, of_cases(marked(rows.getvalue())))


async def fill(database_url: str, templates: Sequence[Template], copies: Sequence[int], *, at_once: int = 2) -> None:
    """Without triggers, and without the indexes, which are made afterwards as they were."""
    waiting = sorted(templates, key=lambda one: len(one.rows))

    async def work() -> None:
        connection = await asyncpg.connect(database_url, command_timeout=3_600)
        try:
            await connection.execute("set session_replication_role = replica; set maintenance_work_mem = '512MB'")
            while waiting:
                await _fill(connection, waiting.pop(), copies)
        finally:
            await connection.close()

    await asyncio.gather(*(work() for _ in range(at_once)))


async def _fill(connection: Any, template: Template, copies: Sequence[int]) -> None:
    indexes = await connection.fetch(INDEXES, template.schema, template.table)
    for one in indexes:
        await connection.execute(f"drop index {one['name']}")
    await connection.copy_to_table(
        template.table,
        schema_name=template.schema,
        columns=template.columns,
        source=template.blocks(copies),
    )
    for one in indexes:
        await connection.execute(one["made"])
    await connection.execute(f'vacuum (analyze) {template.schema}."{template.table}"')
