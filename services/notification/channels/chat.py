"""Everything the apprise library speaks: WeCom, DingTalk and Feishu robots, and some two hundred others.

The address is an apprise URL, e.g. `wecombot://KEY`; the robots' own `https://` addresses are understood too. The
library is loaded when the first such address is met: it takes a third of a second and 45 MB.
"""

import asyncio
import importlib
import logging
import re
import threading
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from services.notification.channels.addresses import wrong
from services.notification.channels.base import ChannelRefused, ChannelUnavailable, HandedOver, Outgoing
from services.notification.channels.robots import ROBOTS, tell
from services.notification.channels.web import TEMPORARY, WebClient
from services.notification.channels.wording import plain

PER_MINUTE: Mapping[str, int] = {"wecombot": 20, "dingtalk": 20, "feishu": 100, "lark": 100}
"""What the robots themselves allow; beyond it they mute for minutes."""
PER_MINUTE_OTHERS = 60

ON_THIS_MACHINE = frozenset(
    {"blink1", "dbus", "glib", "gnome", "growl", "kde", "macosx", "qt", "syslog", "windows"},
)
"""They show something on the server's own screen and always succeed; no post is reached."""

FILE_PARTS = frozenset({"keyfile", "subfile", "pgpprv", "pgppub", "pgpkey", "template", "attach"})
"""Parts of an address by which services of the library name a file of the machine they run on."""

FILE_PATH = re.compile(r"[/~\\]|\.{1,2}[/\\]|[A-Za-z]:[/\\]|file:", re.IGNORECASE)
WEB_PATHS = frozenset({"path", "fullpath", "prefix"})  # of the address that is called, not of this machine

HTTP_ERROR = re.compile(r"error=(\d{3})\b")


@dataclass(frozen=True, slots=True)
class AppriseChannel:
    web: WebClient
    name: str = "apprise"
    per_minute: int | None = 20
    timeout_s: float = 12.0
    outside: bool = True
    _library: "Library" = field(default_factory=lambda: Library(), repr=False)

    def check(self, address: str) -> None:
        if "://" not in address or any(one.isspace() for one in address):
            wrong("an apprise address is a URL, e.g. wecombot://KEY, dingtalk://TOKEN or feishu://TOKEN")
        if names_a_file(address):
            wrong("an apprise address may not name a file of this server")
        if self._library.plugin(address) is None:
            wrong("no service of the apprise library knows this address; look at its form in the library's documents")

    def normal(self, address: str) -> str:
        """A robot by its key; what else an address may say (format, time limits) is not used for robots."""
        plugin = self._library.plugin(address)
        if plugin is None or schema_of(plugin) not in ROBOTS:
            return address
        return str(plugin.url(privacy=False)).partition("?")[0].rstrip("/")

    def per_minute_of(self, address: str) -> int | None:
        scheme = urlsplit(address).scheme.lower() if "://" in address else ""
        if scheme in {"http", "https"}:  # a robot's own address; the strictest of them holds
            return self.per_minute
        return PER_MINUTE.get(scheme, PER_MINUTE_OTHERS)

    async def send(self, message: Outgoing) -> HandedOver:
        plugin = await asyncio.to_thread(self._library.plugin, message.address)
        if plugin is None:
            raise ChannelRefused("no service of the apprise library knows this address")
        robot = ROBOTS.get(schema_of(plugin))
        words = plain(message.text)
        if robot is None:
            await self._library.notify(plugin, message.text.subject, words, timeout_s=self.timeout_s)
        else:
            await tell(robot, plugin, f"{message.text.subject}\n{words}", self.web, timeout_s=self.timeout_s)
        return HandedOver()

    async def close(self) -> None:
        await self.web.close()


def names_a_file(address: str) -> bool:
    """By the name of a part after `?`, or by what it says; the library would read that file and send what is in it."""
    query = address.partition("?")[2].replace(";", "&")
    return any(
        name.lower().strip() in FILE_PARTS or FILE_PATH.match(said.strip()) is not None
        for name, said in parse_qsl(query, keep_blank_values=True)
        if name.lower() not in WEB_PATHS
    )


def schema_of(plugin: Any) -> str:
    names: Any = plugin.secure_protocol or plugin.protocol
    return str(names if isinstance(names, str) else names[0])


class Library:
    """The library, loaded when it is first needed, with its own log kept out of ours."""

    def __init__(self) -> None:
        self._loading = threading.Lock()
        self._apprise: Any = None

    def plugin(self, address: str) -> Any | None:
        """What would carry to this address; None where the library knows no such service."""
        apprise = self._load()
        found = apprise.Apprise.instantiate(address, asset=self._asset())
        return None if found is None or schema_of(found) in ON_THIS_MACHINE else found

    async def notify(self, plugin: Any, subject: str, words: str, *, timeout_s: float) -> None:
        sender = self._load().Apprise(asset=self._asset())
        sender.add(plugin)
        try:
            async with asyncio.timeout(timeout_s + 1.0):
                result: Any = await sender.async_notify(
                    title=subject, body=words, body_format="text", timeout=timeout_s
                )
        except TimeoutError:
            raise ChannelUnavailable(f"no answer within {timeout_s:g} s") from None
        if not result:
            raise _trouble(str(result.status.name), [str(line.message) for line in _lines(result)])

    def _asset(self) -> Any:
        return self._apprise.AppriseAsset(
            app_id="Muster",
            app_desc="Muster",
            app_url="",
            http_redirects=False,
            storage_mode="memory",  # nothing is written to the disk
            pgp_autogen=False,
        )

    def _load(self) -> Any:
        with self._loading:
            if self._apprise is None:
                silence()
                with warnings.catch_warnings():
                    # One of its parts asks for a module that Python 3.13 no longer has, and then does without.
                    warnings.simplefilter("ignore", DeprecationWarning)
                    library: Any = importlib.import_module("apprise")
                    library.Apprise.instantiate("json://localhost")  # the first address loads every service's part
                self._apprise = library
        return self._apprise


def silence() -> None:
    """The library names addresses in its log. It is read for what went wrong and goes nowhere else."""
    log = logging.getLogger("apprise")
    log.setLevel(logging.WARNING)
    log.propagate = False
    logging.getLogger("urllib3").setLevel(logging.ERROR)


def _lines(result: Any) -> list[Any]:
    return [line for one in result.results for line in one.logs()]


def _trouble(status: str, said: list[str]) -> ChannelRefused | ChannelUnavailable:
    """Of what the library says only the HTTP status is passed on: the rest may name the address."""
    codes = [int(code) for line in said for code in HTTP_ERROR.findall(line)]
    if status == "TIMEOUT":
        return ChannelUnavailable("no answer in time")
    if not codes:
        return ChannelUnavailable("it was not taken; no answer, or one that says nothing")
    if 400 <= codes[-1] < 500 and codes[-1] not in TEMPORARY:
        return ChannelRefused(f"it answers {codes[-1]}")
    return ChannelUnavailable(f"it answers {codes[-1]}")
