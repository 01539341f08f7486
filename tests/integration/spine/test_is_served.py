"""Whether a centre's services run somewhere: a command must not begin a second set of them beside it."""

from collections.abc import AsyncGenerator
from uuid import uuid4

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from deploy.embedded.running import ServerAddresses
from deploy.session import is_served
from shared.contracts.common import ReadHealth
from shared.contracts.subjects import request_subject
from shared.infra.asking import Asker
from shared.infra.messaging import ASKER, connect

pytestmark = pytest.mark.servers


@pytest.fixture
async def client(addresses: ServerAddresses) -> AsyncGenerator[Client]:
    client = await connect(addresses.nats_urls[ASKER], user=ASKER)
    yield client
    await client.close()


async def test_a_service_that_cannot_answer_is_there_all_the_same(addresses: ServerAddresses, client: Client) -> None:
    centre = f"s{uuid4().hex[:8]}"
    asker = Asker(client, centre, timeout_s=2)
    assert not await is_served(asker)
    service = await connect(addresses.nats_urls["dispatch"], user="dispatch")
    try:

        async def says_nothing(_: Msg) -> None:
            return None

        await service.subscribe(request_subject(centre, "dispatch", ReadHealth.NAME), cb=says_nothing)
        await service.flush()
        assert await is_served(asker)
    finally:
        await service.close()
    assert not await is_served(asker)
