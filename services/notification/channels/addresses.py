"""Addresses of staff posts: each channel knows one form, and says which rule an address breaks."""

import re
from collections.abc import Mapping
from email.errors import HeaderParseError
from email.headerregistry import Address
from typing import NoReturn, Protocol, runtime_checkable
from urllib.parse import SplitResult, urlsplit

from services.notification.channels.base import Channel
from shared.errors import Refused

EMAIL_CHARACTERS_MAX = 254  # RFC 5321, 4.5.3.1.3
PHONE = re.compile(r"\+?[0-9]{5,15}")
SPACING = re.compile(r"[\s\-()]")


class AddressWrong(Refused):
    """The message never quotes the address: it is staff data."""

    code = "address_wrong"
    rule = "an address has the form its channel knows"


class NoSuchChannel(Refused):
    code = "no_such_channel"
    rule = "a contact names a channel that this centre has"


@runtime_checkable
class ChecksAddresses(Protocol):
    def check(self, address: str) -> None:
        """Raises AddressWrong."""
        ...


@runtime_checkable
class RatesAddresses(Protocol):
    def per_minute_of(self, address: str) -> int | None: ...


@runtime_checkable
class NormalisesAddresses(Protocol):
    def normal(self, address: str) -> str:
        """One form for all ways to write an address, so that what it takes in a minute is counted together."""
        ...


def check_address(channels: Mapping[str, Channel], name: str, address: str) -> str:
    """The address as it is kept. Raises NoSuchChannel, or AddressWrong where the channel would never take it.

    It may load a library: not to be called on the event loop.
    """
    channel = channels.get(name)
    if channel is None:
        known = ", ".join(sorted(channels))
        raise NoSuchChannel(f"there is no channel {name!r} here; there are: {known}", field="channel")
    if isinstance(channel, ChecksAddresses):
        channel.check(address)
    return channel.normal(address) if isinstance(channel, NormalisesAddresses) else address


def per_minute_of(channel: Channel, address: str) -> int | None:
    """How many messages this one address takes in a minute: by the address where the channel can tell."""
    return channel.per_minute_of(address) if isinstance(channel, RatesAddresses) else channel.per_minute


def wrong(words: str) -> NoReturn:
    raise AddressWrong(words, field="address")


def check_email(address: str) -> None:
    if len(address) > EMAIL_CHARACTERS_MAX or not address.isascii() or any(one in address for one in "\r\n,; <>"):
        wrong("an e-mail address is one plain address, e.g. liaison@unit.example, without a name or a list")
    try:
        parsed = Address(addr_spec=address)
    except (HeaderParseError, ValueError, IndexError):  # the library's parser runs off the end of some wrong texts
        wrong("an e-mail address has the form somebody@somewhere")
    if not parsed.username or not parsed.domain.strip("."):
        wrong("an e-mail address has the form somebody@somewhere")


def check_web(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        wrong("a webhook address is a whole URL, e.g. https://host/path")
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        wrong("a webhook address begins with http:// or https:// and names a host")
    if parts.username is not None or any(one.isspace() for one in address):
        wrong("a webhook address has no spaces and no user or password before the host")
    return parts


def check_phone(address: str) -> None:
    if not PHONE.fullmatch(SPACING.sub("", address)):
        wrong("a phone number has 5 to 15 digits; a + may stand before them, spaces and hyphens between them")


def dialled(address: str) -> str:
    """The number as a gateway takes it: without spaces, hyphens and brackets."""
    return SPACING.sub("", address)
