"""Real servers in a folder of their own for each test."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.embedded.binaries import find_nats_server, find_postgres, nats_version, postgres_version
from deploy.embedded.errors import ServerUnusable
from deploy.embedded.servers import EmbeddedServers
from tests.integration.embedded.given import USERS, MakeServers


@pytest.fixture(scope="session", autouse=True)
def servers_are_there() -> None:
    """A missing server skips these tests on a laptop and fails them where MUSTER_REQUIRE_SERVERS is set."""
    try:
        postgres_version(find_postgres())
        nats_version(find_nats_server())
    except ServerUnusable as missing:
        if os.environ.get("MUSTER_REQUIRE_SERVERS"):
            raise
        pytest.skip(str(missing))


@pytest.fixture
def data() -> Iterator[Path]:
    """Not pytest's own folder: as root PostgreSQL runs as `nobody`, who may not pass through that one."""
    folder = Path(tempfile.mkdtemp(prefix="muster-"))
    folder.chmod(0o755)
    yield folder / "data"
    shutil.rmtree(folder)


@pytest.fixture
def make_servers(data: Path) -> Iterator[MakeServers]:
    made: list[EmbeddedServers] = []

    def make() -> EmbeddedServers:
        made.append(EmbeddedServers(data, USERS))
        return made[-1]

    yield make
    for servers in made:
        servers.stop()
