"""A broker that comes back without its data gets its streams and consumers again by itself."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import nats.errors
import pytest
from nats.aio.client import Client

from deploy.broker_users import nats_users
from deploy.embedded.running import ServerAddresses
from deploy.embedded.servers import EmbeddedServers
from deploy.provisioning import keep_provisioned
from shared.contracts.subjects import EVERY_SERVICE, LIVE_STREAM
from shared.infra.messaging import ADMINISTRATOR, connect, missing_consumers, provision

pytestmark = pytest.mark.servers


@pytest.fixture
def broker(data_root: Path, addresses: ServerAddresses) -> Iterator[EmbeddedServers]:
    """One of this test's own: emptied, it would be missed by every centre that runs beside."""
    own = EmbeddedServers(data_root / "emptied", nats_users(), database_url=addresses.database_url)
    yield own
    own.stop()


async def test_an_emptied_broker_is_provisioned_when_it_comes_back(broker: EmbeddedServers) -> None:
    centre = f"p{uuid4().hex[:8]}"
    nats_url = (await asyncio.to_thread(broker.start)).nats_urls[ADMINISTRATOR]
    client = await connect(nats_url, user=ADMINISTRATOR)
    await provision(client, centre)
    keeping = asyncio.create_task(keep_provisioned(client, centre, EVERY_SERVICE))
    try:
        assert broker.nats is not None
        await asyncio.to_thread(broker.nats.stop)
        shutil.rmtree(broker.nats.data_dir / "jetstream")
        await asyncio.to_thread(broker.restart_dead)
        async with asyncio.timeout(20):
            while not await is_whole(client, centre):
                await asyncio.sleep(0.05)
        # What screens are told is kept in memory, and gone with every restart of the broker.
        assert (await client.jetstream().stream_info(LIVE_STREAM)).config.name == LIVE_STREAM
    finally:
        keeping.cancel()
        await client.close()


async def is_whole(client: Client, centre: str) -> bool:
    try:
        await client.jetstream().stream_info(LIVE_STREAM)
        return not [one for name in EVERY_SERVICE for one in await missing_consumers(client, name, centre)]
    except (nats.errors.Error, TimeoutError):
        return False
