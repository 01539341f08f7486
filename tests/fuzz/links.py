"""Answer links, half of them with the centre's own signature: without it nothing of what a link says is ever read."""

import zlib
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from itsdangerous.encoding import base64_encode

from shared.links import AnswerLink, LinkExpired, LinkForeign, LinkSigner, LinkUnsigned
from tests.fuzz.mutating import as_bytes, mutated, mutated_json
from tests.support.times import MONDAY_MORNING

NO_LINK = (LinkUnsigned, LinkForeign, LinkExpired)
SIGNER = LinkSigner(("s" * 40,), centre="qz")
LINK = AnswerLink(
    link_id=UUID(int=1),
    centre="qz",
    purpose="acknowledge",
    summons_id=UUID(int=2),
    unit="police",
    staff="police.liaison",
    expires_at=MONDAY_MORNING + timedelta(hours=1),
)
TOKEN = SIGNER.sign(LINK).encode()
SAID = SIGNER._serializer.loads(TOKEN)
"""What stands in it, before it is made text."""


def read_link(data: bytes) -> None:
    """Refused in one of the ways that are documented, or a whole link in time, which reads again as it was."""
    link = SIGNER.read(data.decode(errors="surrogateescape"), now=MONDAY_MORNING)
    until = datetime.fromtimestamp(int(link.expires_at.timestamp()), UTC)  # a token has whole seconds
    try:
        again = SIGNER.sign(link)
    except UnicodeEncodeError:
        return  # half a character in the unit's name: JSON can escape one, but the product never signs one
    if SIGNER.opened(again) != link.model_copy(update={"expires_at": until}):
        raise AssertionError("a link that was read is another one when it is signed again")


def draw_link(lots: Random) -> bytes:
    if lots.random() < 0.5:
        return signed(_payload(as_bytes(mutated_json(SAID, lots), lots), lots))
    return TOKEN if lots.random() < 0.1 else mutated(TOKEN, lots, (b"eyJhIjoxfQ.c2ln",))


def signed(payload: bytes) -> bytes:
    """By the product's own signer, whatever it is."""
    return SIGNER._serializer.make_signer().sign(payload)


def _payload(content: bytes, lots: Random) -> bytes:
    """As the library writes it, packed or not; now and then hurt under the signature."""
    packed = lots.random() < 0.3
    payload = b"." + base64_encode(zlib.compress(content)) if packed else base64_encode(content)
    return mutated(payload, lots) if lots.random() < 0.1 else payload
