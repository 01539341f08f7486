"""The events on record and on the wire keep their form: a change of meaning gets a new noun beside the old one."""

import json
from enum import StrEnum
from pathlib import Path

import pytest

from shared.contracts.base import Envelope
from shared.contracts.catalogue import EVENTS, REQUESTS
from shared.contracts.rights import RIGHTS

GOLDEN = Path(__file__).parent / "golden"
PERSONAL = {"name", "phone", "id_number", "address", "matter", "requester", "note", "ground", "result", "text"}


def golden(event_type: str) -> Envelope:
    return Envelope.model_validate_json((GOLDEN / f"{event_type}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("event_type", sorted(EVENTS))
def test_an_event_recorded_before_is_still_understood(event_type: str) -> None:
    envelope = golden(event_type)
    event = EVENTS[event_type].model_validate(envelope.data)
    assert event.model_dump(mode="json") == envelope.data
    assert event.chain == envelope.chain


def test_every_golden_event_still_exists() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(EVENTS)


@pytest.mark.parametrize("event_type", sorted(EVENTS))
def test_a_field_taken_away_is_noticed(event_type: str) -> None:
    envelope = golden(event_type)
    needed = next(name for name, field in EVENTS[event_type].model_fields.items() if field.is_required())
    poorer = {name: value for name, value in envelope.data.items() if name != needed}
    with pytest.raises(ValueError, match="Field required"):
        EVENTS[event_type].model_validate(poorer)


@pytest.mark.parametrize("event_type", sorted(EVENTS))
def test_an_envelope_is_a_cloud_event(event_type: str) -> None:
    body = json.loads((GOLDEN / f"{event_type}.json").read_text(encoding="utf-8"))
    assert {"specversion", "id", "source", "type", "time", "subject", "datacontenttype", "data"} <= body.keys()
    assert body["specversion"] == "1.0"
    assert body["type"] == event_type


@pytest.mark.parametrize("event_type", sorted(set(EVENTS) - {"dispatch.centre_pack.applied"}))
def test_no_event_has_a_field_for_a_person_or_free_words(event_type: str) -> None:
    assert not {
        name
        for name, field in EVENTS[event_type].model_fields.items()
        if name in PERSONAL and not (isinstance(field.annotation, type) and issubclass(field.annotation, StrEnum))
    }


def test_every_request_has_somebody_who_may_ask_it_and_no_right_is_for_nothing() -> None:
    assert set(REQUESTS) == set(RIGHTS)
    assert all(RIGHTS.values())
