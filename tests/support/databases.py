"""Schemas for tests."""

from pathlib import Path

from shared.infra.database import make_engine
from shared.infra.migrations import migrate

SERVICES = Path(__file__).parents[2] / "services"
NAMES = tuple(path.parents[1].name for path in SERVICES.glob("*/migrations/0001_*.py"))


def migrations_of(name: str) -> Path:
    return SERVICES / name / "migrations"


async def migrate_all(database_url: str) -> None:
    engine = make_engine(database_url, service="tests")
    try:
        for name in NAMES:
            await migrate(engine, schema=name, folder=migrations_of(name))
    finally:
        await engine.dispose()
