"""No consumer reads a chain with holes: the events of one chain are all read, or none of them."""

import json
from collections import defaultdict
from pathlib import Path

import pytest

from shared.contracts.base import Envelope
from shared.contracts.catalogue import EVENTS
from shared.contracts.subjects import CONSUMERS, Consumer, event_subject

GOLDEN = Path(__file__).parent / "golden"


def kind_of_chain(event_type: str) -> str:
    body = json.loads((GOLDEN / f"{event_type}.json").read_text(encoding="utf-8"))
    envelope = Envelope.model_validate(body)
    return envelope.chain.replace(str(envelope.data.get("case_id")), "case")


def reads(consumer: Consumer, event_type: str) -> bool:
    subject = event_subject("qz", event_type)
    return any(subject.startswith(pattern.removesuffix(">")) for pattern in consumer.subjects("qz"))


def torn(consumer: Consumer) -> list[str]:
    """Kinds of chain of which the consumer reads some events and misses others."""
    seen: dict[str, set[bool]] = defaultdict(set)
    for event_type in EVENTS:
        if event_type.startswith(f"{consumer.source}."):
            seen[kind_of_chain(event_type)].add(reads(consumer, event_type))
    return [kind for kind, read in seen.items() if len(read) > 1]


@pytest.mark.parametrize("consumer", CONSUMERS, ids=lambda one: one.name)
def test_a_consumer_reads_whole_chains(consumer: Consumer) -> None:
    assert torn(consumer) == []


def test_a_torn_chain_is_seen() -> None:
    assert torn(Consumer("intake", "dispatch", ("work_order",))) == ["case"]
    assert torn(Consumer("intake", "escalation", ("verification",))) == ["case"]


@pytest.mark.parametrize("consumer", CONSUMERS, ids=lambda one: one.name)
def test_what_a_service_handles_it_also_reads(consumer: Consumer) -> None:
    from importlib import import_module

    handled = import_module(f"services.{consumer.reader}.subscribers").HANDLERS
    for event_type in handled:
        if event_type.startswith(f"{consumer.source}."):
            assert reads(consumer, event_type), event_type
