"""A connection for asking requests, as the console, the command line and the demo's actors use it."""

from nats.aio.client import Client

from deploy.embedded.running import ServerAddresses
from shared.infra.asking import Asker
from shared.infra.messaging import ASKER, connect


class AskerConnection:
    """Open for the duration of a block."""

    def __init__(self, addresses: ServerAddresses, centre: str) -> None:
        self._url = addresses.nats_urls[ASKER]
        self._centre = centre
        self._client: Client | None = None

    async def __aenter__(self) -> Asker:
        self._client = await connect(self._url, user=ASKER)
        return Asker(self._client, self._centre)

    async def __aexit__(self, *_: object) -> None:
        if self._client is not None:
            await self._client.close()
