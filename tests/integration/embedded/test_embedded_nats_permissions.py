"""The embedded NATS server lets each user do what it was given, and a stranger nothing."""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import nats
import nats.errors
import nats.js.errors
import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from deploy.embedded.servers import EmbeddedServers, ServerAddresses
from tests.integration.embedded.given import USERS

pytestmark = pytest.mark.servers


@pytest.fixture
def addresses(data: Path) -> Iterator[ServerAddresses]:
    """NATS alone; the database is said to be elsewhere."""
    servers = EmbeddedServers(data, USERS, database_url="postgresql://elsewhere/muster")
    yield servers.start()
    servers.stop()


class Complaints:
    """What the server refuses comes out of band; this waits for it."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[str] = asyncio.Queue()

    async def hear(self, error: Exception) -> None:
        self.heard.put_nowait(str(error))

    async def next(self) -> str:
        return (await asyncio.wait_for(self.heard.get(), 5)).lower()


async def connect(addresses: ServerAddresses, user: str) -> tuple[Client, Complaints]:
    complaints = Complaints()
    return await nats.connect(addresses.nats_urls[user], error_cb=complaints.hear, allow_reconnect=False), complaints


async def test_a_user_publishes_its_own_subjects_only(addresses: ServerAddresses) -> None:
    admin, _ = await connect(addresses, "admin")
    heard = await admin.subscribe("muster.>")
    await admin.flush()
    intake, complaints = await connect(addresses, "intake")
    await intake.publish("muster.qz.dispatch.work_order.signed_off", b"forged")
    assert "permissions violation for publish" in await complaints.next()
    await intake.publish("muster.qz.intake.case.registered", b"mine")
    assert (await heard.next_msg(timeout=5)).data == b"mine", "the forged one was not delivered"
    await intake.close()
    await admin.close()


async def test_a_forbidden_stream_publish_is_never_acknowledged(addresses: ServerAddresses) -> None:
    admin, _ = await connect(addresses, "admin")
    await admin.jetstream().add_stream(name="DISPATCH", subjects=["muster.qz.dispatch.>"])
    intake, _ = await connect(addresses, "intake")
    with pytest.raises((nats.errors.TimeoutError, nats.js.errors.NoStreamResponseError)):
        await intake.jetstream().publish("muster.qz.dispatch.work_order.signed_off", b"forged", timeout=0.5)
    assert (await admin.jetstream().stream_info("DISPATCH")).state.messages == 0
    await intake.close()
    await admin.close()


async def test_a_user_hears_its_own_subjects_only(addresses: ServerAddresses) -> None:
    intake, complaints = await connect(addresses, "intake")
    await intake.subscribe("muster.>")
    assert "permissions violation for subscription" in await complaints.next()
    await intake.close()


async def test_who_only_answers_can_answer_and_nothing_else(addresses: ServerAddresses) -> None:
    answerer, complaints = await connect(addresses, "answerer")

    async def answer(question: Msg) -> None:
        await question.respond(b"yes")

    await answerer.subscribe("ask.the.way", cb=answer)
    await answerer.flush()
    desk, _ = await connect(addresses, "desk")
    assert (await desk.request("ask.the.way", b"", timeout=5)).data == b"yes"
    await answerer.publish("ask.the.way", b"")
    assert "permissions violation for publish" in await complaints.next()
    await desk.close()
    await answerer.close()


@pytest.mark.parametrize("login", ["{}", '{"user": "admin", "pass": "wrong"}'])
def test_nobody_comes_in_without_a_password(addresses: ServerAddresses, login: str) -> None:
    host, _, port = addresses.nats_urls["admin"].rpartition("@")[2].partition(":")
    with socket.create_connection((host, int(port)), timeout=5) as stranger, stranger.makefile("rb") as answers:
        assert b'"auth_required":true' in answers.readline()
        stranger.sendall(f"CONNECT {login}\r\nPING\r\n".encode())
        assert answers.readline() == b"-ERR 'Authorization Violation'\r\n"


async def test_batches_that_older_servers_ignore_are_atomic(addresses: ServerAddresses) -> None:
    """The reason for the least version: an uncommitted batch must not show."""
    admin, _ = await connect(addresses, "admin")
    stream = admin.jetstream()
    config = nats.js.api.StreamConfig(name="BATCH", subjects=["batch.>"], allow_atomic=True)
    await stream.add_stream(config)
    await admin.publish("batch.one", b"", headers={"Nats-Batch-Id": "b", "Nats-Batch-Sequence": "1"})
    await admin.flush()
    assert (await stream.stream_info("BATCH")).state.messages == 0
    await stream.publish(
        "batch.two", b"", headers={"Nats-Batch-Id": "b", "Nats-Batch-Sequence": "2", "Nats-Batch-Commit": "1"}
    )
    assert (await stream.stream_info("BATCH")).state.messages == 2
    await admin.close()
