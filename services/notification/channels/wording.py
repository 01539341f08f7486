"""How a rendered text becomes the plain words a channel carries."""

from services.notification.channels.base import Rendered

SMS_UNITS_MAX = 70
"""One part of a short message in UCS-2: 70 UTF-16 code units, link included. More costs twice and may come apart."""


def plain(text: Rendered) -> str:
    """The body, with the links below it, each on its own line."""
    lines = [text.body, *(f"{label}: {url}" for label, url in text.links)]
    if text.link is not None:
        lines.append(text.link)
    return "\n".join(lines)


def one_part(text: Rendered) -> str:
    """The subject and the one link to the matter, in one part. A link that leaves no room for words is left out."""
    link = "" if text.link is None else f" {text.link}"
    room = SMS_UNITS_MAX - units(link)
    if room < SMS_UNITS_MAX // 2:
        link, room = "", SMS_UNITS_MAX
    return clip(text.subject, room) + link


def spoken(text: Rendered) -> str:
    """What a voice says: no address can be heard."""
    return f"{text.subject}。{text.body}"


def clip(words: str, units_max: int) -> str:
    """At most so many UTF-16 code units, with a mark where something was cut off."""
    if units(words) <= units_max:
        return words
    while units(words) > units_max - 1:
        words = words[:-1]
    return words.rstrip() + "…"


def clip_bytes(words: str, bytes_max: int) -> str:
    """At most so many bytes of UTF-8, never half a character."""
    encoded = words.encode()
    if len(encoded) <= bytes_max:
        return words
    return encoded[: bytes_max - len("…".encode())].decode(errors="ignore") + "…"


def units(words: str) -> int:
    return len(words.encode("utf-16-le")) // 2
