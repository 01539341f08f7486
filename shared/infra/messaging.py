"""The broker connection of one service, the streams and consumers, and who may publish what."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (this file speaks to a library without types)

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import nats
import nats.errors
import nats.js.errors
from faststream.nats import NatsBroker
from faststream.nats.subscriber.usecases.stream_pull_subscriber import BatchPullStreamSubscriber
from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, RetentionPolicy, StreamConfig

from shared.contracts.subjects import CONSUMERS, SERVICES, STREAMS, Consumer, Stream
from shared.infra.logs import get_log

ACK_WAIT_S = 10.0
MAX_DELIVER = 200
ACK_PENDING_MAX = 2_000
FETCH_MAX = 200
FETCH_TIMEOUT_S = 1.0
DUPLICATE_WINDOW_S = 120.0
SERVER_VERSION_MIN = (2, 12)


class ServerTooOld(RuntimeError):
    """An old nats-server silently ignores newer headers, so it is refused at start."""


def inbox_prefix(user: str) -> str:
    """Replies to one user come under its own prefix, so that nobody else may listen to them."""
    return f"_INBOX_{user}"


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
        error_cb=_log_error,
    )


async def connect(url: str, *, user: str) -> Client:
    return await nats.connect(
        url,
        name=f"muster-{user}",
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.2,
        connect_timeout=5,
        inbox_prefix=inbox_prefix(user).encode(),
        error_cb=_log_error,
    )


async def _log_error(error: Exception) -> None:
    get_log("nats").warning("broker connection", trouble=str(error) or type(error).__name__)


# -- streams and consumers, declared in one place ----------------------------------------------------------------------


def stream_config(stream: Stream) -> StreamConfig:
    return StreamConfig(
        name=stream.name,
        subjects=stream.subjects,
        retention=RetentionPolicy.LIMITS,
        duplicate_window=DUPLICATE_WINDOW_S,
        allow_atomic=True,
        deny_delete=True,
    )


def consumer_config(consumer: Consumer, centre: str) -> ConsumerConfig:
    return ConsumerConfig(
        durable_name=consumer.durable(centre),
        filter_subject=consumer.subject(centre),
        deliver_policy=DeliverPolicy.ALL,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT_S,
        max_deliver=MAX_DELIVER,
        max_ack_pending=ACK_PENDING_MAX,
    )


async def provision(client: Client, centre: str) -> None:
    """Makes or updates every stream and consumer; doing it again changes nothing."""
    check_server_version(client)
    jetstream = client.jetstream(timeout=10)
    for stream in STREAMS:
        try:
            await jetstream.add_stream(stream_config(stream))
        except nats.js.errors.BadRequestError:
            await jetstream.update_stream(stream_config(stream))
    for consumer in CONSUMERS:
        await jetstream.add_consumer(Stream(consumer.source).name, consumer_config(consumer, centre))


def check_server_version(client: Client) -> None:
    version = client.connected_server_version
    if (version.major, version.minor) < SERVER_VERSION_MIN:
        needed = ".".join(map(str, SERVER_VERSION_MIN))
        raise ServerTooOld(f"nats-server {version.major}.{version.minor} is too old: {needed} or newer is needed")


async def missing_consumers(client: Client, service: str, centre: str) -> list[str]:
    """Durable consumers this service reads by that the broker does not know (any more)."""
    jetstream = client.jetstream(timeout=5)
    missing: list[str] = []
    for consumer in CONSUMERS:
        if consumer.reader == service:
            try:
                await jetstream.consumer_info(Stream(consumer.source).name, consumer.durable(centre))
            except nats.js.errors.NotFoundError:
                missing.append(consumer.name)
    return missing


# -- permissions -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Permissions:
    """What one broker user may publish and listen to. Empty publish and subscribe: everything (the administrator)."""

    user: str
    publish: tuple[str, ...] = ()
    subscribe: tuple[str, ...] = ()
    allow_responses: bool = False


ADMINISTRATOR = "admin"
ASKER = "asker"


def service_permissions(service: str) -> Permissions:
    """A service publishes its own events, reads the others' streams by its own consumers, answers its own requests."""
    publish = [f"muster.*.{service}.>"]
    for consumer in CONSUMERS:
        if consumer.reader == service:
            stream = Stream(consumer.source).name
            publish += [  # a token cannot be matched in part: the stream's name bounds the right
                f"$JS.API.CONSUMER.MSG.NEXT.{stream}.*",
                f"$JS.API.CONSUMER.INFO.{stream}.*",
                f"$JS.ACK.{stream}.>",
            ]
    subscribe = (f"muster.*.request.{service}.*", f"{inbox_prefix(service)}.>")
    return Permissions(service, tuple(publish), subscribe, allow_responses=True)


ALL_PERMISSIONS: tuple[Permissions, ...] = (
    Permissions(ADMINISTRATOR),
    Permissions(ASKER, ("muster.*.request.*.*",), (f"{inbox_prefix(ASKER)}.>",)),
    *(service_permissions(service) for service in SERVICES),
)


# -- pull consumers that return as soon as something is there ----------------------------------------------------------


async def consume_natural_batches(subscriber: BatchPullStreamSubscriber) -> None:
    """Takes whatever is there, at once: a lone event waits for nobody, a burst comes in batches.

    FastStream 0.7's own loop waits for a full batch or the timeout, and loses sight of messages it already collected
    when the fetch ends in a bare `TimeoutError` (they come again only after the ack wait). `tests/integration/spine`
    says when this is no longer needed.
    """
    pull = cast("Any", subscriber.subscription)
    while subscriber.running:
        messages: Sequence[Any] = ()
        try:
            messages = await pull.fetch(subscriber.pull_sub.batch_size, timeout=subscriber.pull_sub.timeout)
        except TimeoutError:
            continue
        except (nats.errors.Error, nats.js.errors.Error) as trouble:
            if not isinstance(trouble, nats.errors.TimeoutError):
                get_log("nats").warning("fetch failed", trouble=type(trouble).__name__)
                await asyncio.sleep(FETCH_TIMEOUT_S / 2)
            continue
        if messages and subscriber.running:
            await subscriber.consume(list(messages))


def use_natural_batches(subscriber: BatchPullStreamSubscriber) -> None:
    """Gives one FastStream batch subscriber the loop above."""

    async def loop() -> None:
        await consume_natural_batches(subscriber)

    subscriber._consume_pull = loop  # pyright: ignore[reportPrivateUsage]
