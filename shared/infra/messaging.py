"""The broker connection of one service, the streams and consumers, and who may publish what."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (this file speaks to a library without types)

import asyncio
from collections.abc import Collection
from dataclasses import dataclass

import nats
import nats.js.errors
from nats.aio.client import Client
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)

from shared.contracts.photos import PHOTO_TEXT_MAX, PHOTOS_MAX
from shared.contracts.subjects import (
    CONSOLE,
    CONSUMERS,
    EVERY_SERVICE,
    LIVE_STREAM,
    LIVE_SUBJECTS,
    SERVICES,
    STREAMS,
    Consumer,
    Stream,
)
from shared.errors import Unavailable
from shared.infra.logs import get_log

ACK_WAIT_S = 10.0
# For ever: how often an event was put back says nothing about it. The inbox itself ends what can never be applied.
MAX_DELIVER = -1
CONNECT_MAX_S = 10.0
ACK_PENDING_MAX = 2_000
DUPLICATE_WINDOW_S = 120.0
LIVE_AGE_MAX_S = 900.0
LIVE_BYTES_MAX = 16 * 1024 * 1024
SERVER_VERSION_MIN = (2, 12)
PAYLOAD_BYTES_MIN = PHOTOS_MAX * PHOTO_TEXT_MAX + 100_000
"""The largest request: as many photos as may come, and words."""


class ServerTooSmall(RuntimeError):
    """A broker that carries no request with photos is refused at start, not when the first grid worker sends one."""


class ServerTooOld(RuntimeError):
    """An old nats-server silently ignores newer headers, so it is refused at start."""


def inbox_prefix(user: str) -> str:
    """Replies to one user come under its own prefix, so that nobody else may listen to them."""
    return f"_INBOX_{user}"


async def connect(url: str, *, user: str) -> Client:
    """Once connected it reconnects for ever; Unavailable where it never was."""
    try:
        async with asyncio.timeout(CONNECT_MAX_S):
            return await _connect(url, user=user)
    except TimeoutError as silence:
        raise Unavailable("the broker does not answer: is NATS running, and is its address right?") from silence


async def _connect(url: str, *, user: str) -> Client:
    return await nats.connect(
        url,
        name=f"muster-{user}",
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.2,
        connect_timeout=5,
        inbox_prefix=inbox_prefix(user).encode(),
        error_cb=log_error,
    )


async def log_error(error: Exception) -> None:
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
        filter_subjects=consumer.subjects(centre),
        deliver_policy=DeliverPolicy.ALL,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT_S,
        max_deliver=MAX_DELIVER,
        max_ack_pending=ACK_PENDING_MAX,
    )


def live_config() -> StreamConfig:
    """What screens are told is small, in memory and old after a quarter of an hour: then a page reads its list anew."""
    return StreamConfig(
        name=LIVE_STREAM,
        subjects=list(LIVE_SUBJECTS),
        storage=StorageType.MEMORY,
        max_age=LIVE_AGE_MAX_S,
        max_bytes=LIVE_BYTES_MAX,
        discard=DiscardPolicy.OLD,
    )


async def provision(client: Client, centre: str, readers: Collection[str] = EVERY_SERVICE) -> None:
    """Makes or updates every stream, and the consumers of these readers; doing it again changes nothing."""
    check_server_version(client)
    check_payload(client.max_payload)
    jetstream = client.jetstream(timeout=10)
    configurations = [stream_config(stream) for stream in STREAMS]
    if CONSOLE in readers:
        configurations.append(live_config())
    for configuration in configurations:
        try:
            await jetstream.add_stream(configuration)
        except nats.js.errors.BadRequestError:
            await jetstream.update_stream(configuration)
    for consumer in CONSUMERS:
        if consumer.reader in readers:
            await jetstream.add_consumer(Stream(consumer.source).name, consumer_config(consumer, centre))


async def read_again(client: Client, reader: str, centre: str) -> None:
    """Gives a reader of this centre every event there is once more: for a read model that is made anew."""
    jetstream = client.jetstream(timeout=10)
    for consumer in CONSUMERS:
        if consumer.reader == reader:
            stream = Stream(consumer.source).name
            try:
                await jetstream.delete_consumer(stream, consumer.durable(centre))
            except nats.js.errors.NotFoundError:
                get_log("nats").info("consumer not there yet", consumer=consumer.name)
            await jetstream.add_consumer(stream, consumer_config(consumer, centre))


def check_server_version(client: Client) -> None:
    version = client.connected_server_version
    if (version.major, version.minor) < SERVER_VERSION_MIN:
        needed = ".".join(map(str, SERVER_VERSION_MIN))
        raise ServerTooOld(f"nats-server {version.major}.{version.minor} is too old: {needed} or newer is needed")


def check_payload(bytes_max: int) -> None:
    if bytes_max < PAYLOAD_BYTES_MIN:
        raise ServerTooSmall(
            f"the broker carries {bytes_max} bytes in one message; set its max_payload to {PAYLOAD_BYTES_MIN} or more"
        )


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


async def is_caught_up(client: Client, service: str, centre: str) -> bool:
    """True if this service has applied everything there is in the streams it reads."""
    jetstream = client.jetstream(timeout=5)
    for consumer in CONSUMERS:
        if consumer.reader == service:
            info = await jetstream.consumer_info(Stream(consumer.source).name, consumer.durable(centre))
            if info.num_pending or info.num_ack_pending:
                return False
    return True


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
    """A service publishes its own events, reads the others' streams by its own consumers, answers its own requests.

    It may ask how much its own stream holds: so its relay sees that the broker lost something.
    """
    publish = [f"muster.*.{service}.>"]
    if service in SERVICES:
        publish.append(f"$JS.API.STREAM.INFO.{Stream(service).name}")
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


def console_permissions() -> Permissions:
    """A service that also asks the others, as whoever is signed in, and passes changed rows on to every web process."""
    own = service_permissions(CONSOLE)
    live = (
        *LIVE_SUBJECTS,
        f"$JS.API.STREAM.INFO.{LIVE_STREAM}",
        f"$JS.API.CONSUMER.CREATE.{LIVE_STREAM}.>",
        f"$JS.API.CONSUMER.DELETE.{LIVE_STREAM}.*",
        f"$JS.API.CONSUMER.MSG.NEXT.{LIVE_STREAM}.*",
    )
    return Permissions(CONSOLE, (*own.publish, "muster.*.request.*.*", *live), own.subscribe, allow_responses=True)


ALL_PERMISSIONS: tuple[Permissions, ...] = (
    Permissions(ADMINISTRATOR),
    Permissions(ASKER, ("muster.*.request.*.*",), (f"{inbox_prefix(ASKER)}.>",)),
    *(service_permissions(service) for service in SERVICES),
    console_permissions(),
)
