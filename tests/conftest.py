"""Real servers for the tests that need them, one clean centre per test, and no error line left unseen."""

import logging
import os
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings

from deploy.broker_users import nats_users
from deploy.embedded.errors import ServerUnusable
from deploy.embedded.running import ServerAddresses
from deploy.embedded.servers import EmbeddedServers
from shared.infra.logs import configure_logs
from tests.support.memory_folder import folder_for_servers

if TYPE_CHECKING:
    from tests.support.centre import CentreUnderTest

settings.register_profile("muster", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("muster")  # how long an example takes says more of the machine than of the product

LONGEST_FIRST = ("year", "chaos", "sequences", "requests", "fuzz", "browser", "scenario", "integration")
"""A file stays with one process: where the long ones came last, the other processes would wait for them idly."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    ranks = {name: rank for rank, name in enumerate(LONGEST_FIRST)}
    here = Path(__file__).parent
    items.sort(key=lambda item: ranks.get(item.path.relative_to(here).parts[0], len(ranks)))


@pytest.fixture(scope="session")
def data_root() -> Iterator[Path]:
    with folder_for_servers() as root:
        yield root


@pytest.fixture(scope="session")
def servers(data_root: Path) -> Iterator[EmbeddedServers]:
    """A missing server skips a test on a laptop and fails it where MUSTER_REQUIRE_SERVERS is set."""
    own = EmbeddedServers(data_root / "servers", nats_users())
    try:
        own.start()
    except ServerUnusable as trouble:
        if os.environ.get("MUSTER_REQUIRE_SERVERS"):
            raise
        pytest.skip(f"no servers here: {trouble}")
    yield own
    own.stop()


@pytest.fixture(scope="session")
def addresses(servers: EmbeddedServers) -> ServerAddresses:
    return servers.addresses


@pytest.fixture
async def make_database(addresses: ServerAddresses) -> AsyncIterator[Callable[[str], object]]:
    from tests.support.databases import drop_database, make_migrated  # imported here: unit tests need none of this

    made: list[str] = []

    async def make(name: str) -> str:
        made.append(name)
        return await make_migrated(addresses.database_url, name)

    yield make
    for name in made:
        await drop_database(addresses.database_url, name)


@pytest.fixture
async def database_url(make_database: Callable[[str], object]) -> str:
    """An empty migrated database of this test's own."""
    return await make_database(f"test_{uuid4().hex[:12]}")  # type: ignore[misc]


@pytest.fixture
async def centre(
    addresses: ServerAddresses, make_database: Callable[[str], object], data_root: Path
) -> "AsyncIterator[CentreUnderTest]":
    """A whole running centre with the default pack and a clock that stands until it is moved."""
    from tests.support.centre import CentreUnderTest

    name = f"t{uuid4().hex[:10]}"
    await make_database(f"muster_{name}")  # type: ignore[misc]
    one = CentreUnderTest(addresses, name, data_root / f"vault-{name}.keys")
    await one.open()
    yield one
    await one.close()


class _Errors(logging.Handler):
    def __init__(self) -> None:
        super().__init__(level=logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@pytest.fixture(autouse=True)
def error_lines(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """An error line in the log fails the test, unless the test says that it provokes one."""
    configure_logs(level=logging.INFO)
    errors = _Errors()
    logging.getLogger().addHandler(errors)
    yield errors.lines
    logging.getLogger().removeHandler(errors)
    if request.node.get_closest_marker("provokes_errors") is None:
        assert not errors.lines, f"the log has error lines: {errors.lines}"
