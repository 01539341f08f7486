"""What stands for the body of a message: a long run tells some 200 MB, too much to be kept."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from shared.infra.event_record import canonical


def digest_of(envelope: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(canonical(dict(envelope))).digest()


def digest_of_body(body: bytes) -> bytes:
    """The same for the same event, however it is spaced; what is no event has the digest of none."""
    try:
        told = json.loads(body)
    except ValueError:
        told = None
    return digest_of(told) if isinstance(told, dict) else hashlib.sha256(body).digest()
