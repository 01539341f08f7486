"""What messages are made and sent with: channels, the signer of answer links, where one is opened, the language."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.notification.channels.base import Channel
from services.notification.texts import Tongue
from shared.links import LinkSigner


@dataclass(frozen=True, slots=True)
class Means:
    """Without a signer no answer links are made: whoever is told answers in the program."""

    channels: Mapping[str, Channel]
    signer: LinkSigner | None
    public_url: str
    centre: str
    tongue: Tongue = "zh"
