"""Channels from other distributions: entry points of the group `muster.channels`.

An entry point names a function `(settings: ServiceSettings, clock: Clock) -> Channel`.
"""

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from services.notification.channels.base import Channel
from shared.clock import Clock
from shared.infra.logs import get_log
from shared.settings import ServiceSettings

GROUP = "muster.channels"
TIMEOUT_S_MAX = 60.0
"""Shorter than a lease: a message whose sender is still at work must not be sent by another."""

NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")


def installed() -> Iterable[EntryPoint]:
    return entry_points(group=GROUP)


def plugged_in(
    points: Iterable[EntryPoint], settings: ServiceSettings, clock: Clock, *, taken: Iterable[str]
) -> Mapping[str, Channel]:
    """A faulty plug-in is left out, and the log says which and why: the other channels must work."""
    channels: dict[str, Channel] = {}
    for point in points:
        try:
            channel = make(point.load(), settings, clock)
            if channel.name in {*taken, *channels}:
                raise ValueError(f"there is a channel {channel.name} already")  # noqa: TRY301 - one way out for all faults
        except Exception as fault:  # noqa: BLE001 - somebody else's code
            words = str(fault) if isinstance(fault, ValueError) else type(fault).__name__
            get_log("channels").error(
                "channel plug-in left out", plug_in=point.name, module=point.module, trouble=words
            )
            continue
        channels[channel.name] = channel
    return channels


def make(factory: Callable[[ServiceSettings, Clock], Any], settings: ServiceSettings, clock: Clock) -> Channel:
    """Raises ValueError where what the plug-in makes is no channel."""
    channel: Any = factory(settings, clock)
    missing = [name for name in ("name", "per_minute", "timeout_s", "outside") if not hasattr(channel, name)]
    missing += [name for name in ("send", "close") if not inspect.iscoroutinefunction(getattr(channel, name, None))]
    if missing:
        raise ValueError(f"it is no channel: {', '.join(missing)} missing")
    if not isinstance(channel.name, str) or not NAME.fullmatch(channel.name):
        raise ValueError("its name must be of small letters, digits, _ and -")
    if not isinstance(channel.timeout_s, int | float) or not 0 < channel.timeout_s <= TIMEOUT_S_MAX:
        raise ValueError(f"timeout_s must be above 0 and at most {TIMEOUT_S_MAX:g}")
    return channel
