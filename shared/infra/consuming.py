"""FastStream on the broker: a service's connection, and pull consumers that return as soon as something is there."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (this file speaks to a library without types)

import asyncio
from contextlib import suppress
from typing import Any, cast

import nats.errors
import nats.js.errors
from faststream.nats import NatsBroker
from faststream.nats.subscriber.usecases.stream_pull_subscriber import BatchPullStreamSubscriber

from shared.infra.leading import Leading
from shared.infra.logs import get_log
from shared.infra.messaging import inbox_prefix, log_error

FETCH_MAX = 200
FETCH_TIMEOUT_S = 1.0
PENDING_TIMEOUT_S = 0.1


def make_broker(url: str, *, user: str) -> NatsBroker:
    """Reconnects for ever: a broker that is away for an hour is a pause, not an end."""
    return NatsBroker(
        url,
        name=f"muster-{user}",
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.2,  # pyright: ignore[reportArgumentType] - nats-py takes a float
        connect_timeout=5,
        ping_interval=10,
        max_outstanding_pings=2,
        graceful_timeout=10,
        inbox_prefix=inbox_prefix(user).encode(),
        logger=None,
        error_cb=log_error,
    )


async def consume_natural_batches(subscriber: BatchPullStreamSubscriber, leading: Leading | None) -> None:
    """Takes whatever is there, at once: a lone event waits for nobody, a burst comes in batches.

    FastStream 0.7's own loop waits for a full batch or the timeout, and so does nats-py's `fetch` of many while events
    trickle in. One message is waited for; it tells how many more are pending, and just those are fetched with it.
    Nothing is taken unless this copy of the service leads; without a `leading` it is the only one.
    """
    pull = cast("Any", subscriber.subscription)
    while subscriber.running:
        if leading is not None and not await leading.leads_within(FETCH_TIMEOUT_S):
            continue
        try:
            messages = await _take_what_is_there(pull, subscriber.pull_sub.batch_size)
        except TimeoutError:
            continue
        except (nats.errors.Error, nats.js.errors.Error) as trouble:
            get_log("nats").warning("fetch failed", trouble=type(trouble).__name__)
            await asyncio.sleep(FETCH_TIMEOUT_S / 2)
            continue
        if subscriber.running:
            await subscriber.consume(messages)


async def _take_what_is_there(pull: Any, batch_max: int) -> list[Any]:
    """At least one message; raises TimeoutError where none came in time."""
    messages: list[Any] = list(await pull.fetch(1, timeout=FETCH_TIMEOUT_S))
    more = min(messages[-1].metadata.num_pending, batch_max - len(messages))
    if more > 0:
        # Another copy of this service may have led until just now: then these do not come, and what came is taken.
        with suppress(TimeoutError, nats.errors.Error, nats.js.errors.Error):
            messages += await pull.fetch(more, timeout=PENDING_TIMEOUT_S)
    return messages


def use_natural_batches(subscriber: BatchPullStreamSubscriber, leading: Leading | None = None) -> None:
    """Gives one FastStream batch subscriber the loop above."""

    async def loop() -> None:
        await consume_natural_batches(subscriber, leading)

    subscriber._consume_pull = loop  # pyright: ignore[reportPrivateUsage]
