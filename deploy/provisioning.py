"""Keeps streams and consumers there: a broker that comes back without its data gets them again by itself."""

import asyncio
import time
from collections.abc import Collection

import nats.errors
from nats.aio.client import Client

from shared.infra.logs import get_log
from shared.infra.messaging import provision

LOOK_S = 0.5
SAFETY_INTERVAL_S = 30.0


async def keep_provisioned(client: Client, centre: str, readers: Collection[str]) -> None:
    """Until cancelled: after each return of the broker at once, and now and then. `client` is the administrator's.

    Where nothing is missing nothing changes. What the streams had in them comes from the rows: the relays see to that.
    """
    log = get_log("provisioning")
    provided_at = client.stats["reconnects"]
    looked_s = time.monotonic()
    while True:
        await asyncio.sleep(LOOK_S)
        reconnects = client.stats["reconnects"]
        if reconnects == provided_at and time.monotonic() - looked_s < SAFETY_INTERVAL_S:
            continue
        if not client.is_connected:
            continue
        try:
            await provision(client, centre, readers)
        except (nats.errors.Error, OSError, TimeoutError) as trouble:  # the next look tries again
            log.info("not provisioned yet", trouble=type(trouble).__name__)
            continue
        provided_at, looked_s = reconnects, time.monotonic()
