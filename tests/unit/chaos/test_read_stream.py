"""Streams are read whole, batch by batch: the checker needs bodies, but of nothing planted; the summary needs ids."""

import json
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import ConsumerConfig

from deploy.demo import ledger
from deploy.demo.ledger import message_ids
from tests.support.chaos.books import Streamed
from tests.support.chaos.digests import digest_of
from tests.support.chaos.planted import Planted
from tests.support.chaos.reading import read_stream

ENVELOPES = {name: {"id": name, "data": {"owner": f"clerk.{name}"}} for name in ("a", "b", "c", "d", "e")}


@dataclass
class Pull:
    """A broker's consumer: as many as are asked for, in order; without bodies where it was made so."""

    left: list[Msg]
    config: ConsumerConfig | None = None
    asked: list[int] = field(default_factory=list[int])
    ended: bool = False

    def jetstream(self, **_: float) -> "Pull":
        return self

    async def pull_subscribe(self, _: str, *, stream: str, config: ConsumerConfig) -> "Pull":
        assert stream
        self.config = config
        return self

    async def consumer_info(self) -> Any:
        return SimpleNamespace(num_pending=len(self.left))

    async def fetch(self, number: int, **_: float) -> list[Msg]:
        self.asked.append(number)
        batch, self.left = self.left[:number], self.left[number:]
        return batch

    async def unsubscribe(self) -> None:
        self.ended = True


def a_stream(*planted: str) -> Pull:
    bodies = {
        **dict.fromkeys(planted, b"no event"),
        **{one: json.dumps(e).encode() for one, e in ENVELOPES.items()},
    }
    return Pull([Msg(cast("Client", None), data=body, headers={"Nats-Msg-Id": one}) for one, body in bodies.items()])


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "BATCH_MAX", 2)


async def test_every_message_is_read_with_its_body_but_for_planted_ones() -> None:
    pull = a_stream("planted/undecodable/1", "planted/again/2/0/0")
    planted = Planted(messages={"planted/undecodable/1", "planted/again/2/0/0"})
    read = await read_stream(cast("Client", pull), "qz", "intake", planted)
    assert read == tuple(Streamed(one, digest_of(envelope)) for one, envelope in ENVELOPES.items())
    assert pull.config is not None
    assert not pull.config.headers_only
    assert (pull.asked, pull.ended) == ([2, 2, 2, 1], True)


async def test_the_summary_reads_no_bodies() -> None:
    pull = a_stream()
    assert await message_ids(cast("Client", pull), "qz", "intake") == tuple(ENVELOPES)
    assert pull.config is not None
    assert pull.config.headers_only
