"""What messages are sent with: the channels, the signer of answer links, and where such a link is opened."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.notification.channels.base import Channel
from shared.links import LinkSigner


@dataclass(frozen=True, slots=True)
class Means:
    """Without a signer no answer links are made: whoever is told answers in the program."""

    channels: Mapping[str, Channel]
    signer: LinkSigner | None
    public_url: str
    centre: str
