"""A broker that comes back without its data gets its streams and consumers again by itself."""

import asyncio
import shutil
from uuid import uuid4

import nats.errors
import pytest
from nats.aio.client import Client

from deploy.embedded.running import ServerAddresses
from deploy.embedded.servers import EmbeddedServers
from deploy.provisioning import keep_provisioned
from shared.contracts.subjects import EVERY_SERVICE, LIVE_STREAM
from shared.infra.messaging import ADMINISTRATOR, connect, missing_consumers, provision

pytestmark = pytest.mark.servers


async def test_an_emptied_broker_is_provisioned_when_it_comes_back(
    addresses: ServerAddresses, servers: EmbeddedServers
) -> None:
    centre = f"p{uuid4().hex[:8]}"
    client = await connect(addresses.nats_urls[ADMINISTRATOR], user=ADMINISTRATOR)
    await provision(client, centre)
    keeping = asyncio.create_task(keep_provisioned(client, centre, EVERY_SERVICE))
    try:
        assert servers.nats is not None
        await asyncio.to_thread(servers.nats.stop)
        shutil.rmtree(servers.nats.data_dir / "jetstream")
        await asyncio.to_thread(servers.restart_dead)
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
