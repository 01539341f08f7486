"""A message's digest is that of the event it carries, however the broker was handed it, and of no other."""

import json

import pytest

from tests.support.chaos.digests import digest_of, digest_of_body

ENVELOPE = {"id": "e", "type": "intake.case.registered", "sequence": 1, "data": {"owner": "clerk.1", "place": "洛阳镇"}}
TOLD = json.dumps(ENVELOPE)


def test_spaces_escapes_and_the_order_of_fields_say_nothing() -> None:
    as_a_table_writes_it = json.dumps(dict(reversed(ENVELOPE.items())), ensure_ascii=False, indent=1)
    assert digest_of_body(TOLD.encode()) == digest_of_body(as_a_table_writes_it.encode()) == digest_of(ENVELOPE)


@pytest.mark.parametrize(
    "body",
    [
        TOLD.replace("clerk.1", "clerk.2"),
        TOLD.replace('"sequence": 1', '"sequence": "1"'),
        TOLD.replace('"id": "e", ', ""),
        TOLD[:-1],
        f"[{TOLD}]",
        "",
    ],
    ids=["another owner", "a text for a number", "a field less", "cut short", "in a list", "empty"],
)
def test_what_is_altered_has_another(body: str) -> None:
    assert digest_of_body(body.encode()) != digest_of(ENVELOPE)


def test_what_no_text_is_has_one_too() -> None:
    assert digest_of_body(b"\xff\xfe") != digest_of_body(b"\xff")
