"""A request with as many photos as may come stays below what the broker carries; what a client makes small fits in."""

import base64

import pytest

from deploy.embedded.nats_config import PAYLOAD_BYTES_MAX
from shared.centre.closed_loop import ClosedLoop
from shared.contracts.photos import PHOTO_TEXT_MAX, PHOTOS_MAX
from shared.infra.messaging import PAYLOAD_BYTES_MIN, ServerTooSmall, check_payload
from shared.infra.sealed_photos import KILOBYTE
from shared.photos import KEPT_BYTES_MAX

OTHER_FIELDS_BYTES = 64_000
BROKERS_DEFAULT_BYTES = 1_048_576


def test_the_largest_request_fits_into_a_message() -> None:
    assert PHOTOS_MAX * PHOTO_TEXT_MAX + OTHER_FIELDS_BYTES < PAYLOAD_BYTES_MIN < PAYLOAD_BYTES_MAX
    check_payload(PAYLOAD_BYTES_MAX)


def test_a_broker_that_carries_less_is_refused_at_start_in_words() -> None:
    with pytest.raises(ServerTooSmall, match="max_payload"):
        check_payload(BROKERS_DEFAULT_BYTES)


def test_what_a_pack_allows_at_most_fits_into_the_contract() -> None:
    bounds = {name: field.metadata for name, field in ClosedLoop.model_fields.items()}
    kilobytes = max(getattr(one, "le", 0) for one in bounds["photo_kilobytes_max"])
    photos = max(getattr(one, "le", 0) for one in bounds["photos_max"])
    assert len(base64.b64encode(bytes(kilobytes * KILOBYTE))) <= PHOTO_TEXT_MAX
    assert photos <= PHOTOS_MAX


def test_a_photo_made_small_by_the_client_is_taken() -> None:
    assert ClosedLoop().photo_kilobytes_max * KILOBYTE >= KEPT_BYTES_MAX
