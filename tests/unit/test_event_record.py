"""What is recorded is an envelope, byte for byte, though it is written without making one."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

import pytest

from services.escalation.model import SPINE
from shared.contracts.base import Envelope
from shared.infra.event_record import Cause, EventRecord, Pending, canonical
from tests.unit.escalation.given import Story


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 11, 23, 1, 0, tzinfo=UTC),
        datetime(2026, 11, 23, 1, 0, 0, 120, tzinfo=UTC),
        datetime(2026, 11, 23, 9, 0, 0, 123_456, tzinfo=timezone(timedelta(hours=8))),
    ],
)
@pytest.mark.parametrize("actor", [None, "intake_clerk:clerk.1"])
def test_an_event_is_written_as_an_envelope_would_write_itself(at: datetime, actor: str | None) -> None:
    event, event_id = Story().accepted(), uuid4()
    record = EventRecord(SPINE, service="escalation", centre="qz")
    written = record._envelope(Pending(event, Cause(actor, None, "t"), at), event_id, 7)  # pyright: ignore[reportPrivateUsage]
    read = Envelope.model_validate(written)
    assert (read.id, read.sequence, read.actor, read.time) == (event_id, 7, actor, at)
    plain = {**read.model_dump(mode="json"), "time": read.time.astimezone(UTC).isoformat().replace("+00:00", "Z")}
    assert canonical(plain) == canonical(written)
    assert type(event).model_validate(written["data"]) == event
