"""One running centre for all tests of a file, where each looks at its own cases only; and looks into its tables."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

from deploy.embedded.running import ServerAddresses
from shared.clock import Clock
from tests.support.centre import CentreUnderTest
from tests.support.databases import drop_database, make_migrated

TABLES = (
    "select format('%I.%I', table_schema, table_name) as name from information_schema.tables"
    " where table_schema in ('intake', 'dispatch', 'escalation', 'notification', 'console')"
    " and table_type = 'BASE TABLE'"
)

BEATS = {"escalation.audit"}
"""Written by the audit of clocks at its own rhythm, whatever anybody asks: of these only the rows are counted."""


@asynccontextmanager
async def one_centre(
    addresses: ServerAddresses, data_root: Path, clock: Clock | None = None, *, console: bool = False
) -> AsyncGenerator[CentreUnderTest]:
    name = f"o{uuid4().hex[:10]}"
    centre = CentreUnderTest(addresses, name, data_root / f"vault-{name}.keys", clock, console=console)
    await make_migrated(addresses.database_url, f"muster_{name}")
    await centre.open()
    try:
        yield centre
    finally:
        await centre.close()
        await drop_database(addresses.database_url, f"muster_{name}")


async def every_row(centre: CentreUnderTest) -> dict[str, str]:
    """Table -> how many rows, and the digest of their content. Two that are equal: nothing was changed in between."""
    tables = [table["name"] for table in await centre.fetch(TABLES)]
    count = "select '{0}' as name, count(*)::text as rows from {0} t"
    digest = (
        "select '{0}' as name, count(*) || ' ' || md5(string_agg(t::text, '|' order by t::text)) as rows from {0} t"
    )
    asked = ((count if name in BEATS else digest).format(name) for name in tables)
    found = await centre.fetch(" union all ".join(asked))
    assert len(found) > 20
    return {row["name"]: row["rows"] for row in found}


async def tables_with(centre: CentreUnderTest, words: str) -> set[str]:
    """Tables with the words in any column of any row, as text or as bytes."""
    look = "select '{0}' as name where exists (select from {0} t where strpos(t::text, $1) + strpos(t::text, $2) > 0)"
    query = " union all ".join(look.format(table["name"]) for table in await centre.fetch(TABLES))
    return {row["name"] for row in await centre.fetch(query, words, words.encode().hex())}
