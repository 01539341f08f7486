"""A browser that sends anything at all to every address of the console, signed in as one or as nobody."""

import re
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx
from starlette.applications import Starlette
from starlette.routing import Route

from services.console.web.security import BEFORE_COOKIE, SESSION_COOKIE, PostRoute
from tests.fuzz.mutating import NASTY, mutated
from tests.fuzz.rounds import Crash

HERE = "http://console.test"
ENDLESS = frozenset({"live"})
"""Streams end when whoever reads them goes: nothing to wait for here."""
ENDS_THE_SESSION = frozenset({"signing_out", "changing_password", "ending_second_factor"})
NAMES = (
    *("csrf", "key", "case", "code", "case_code", "order", "unit", "reason", "version", "to", "staff", "password"),
    *("matter", "category", "place", "level", "name", "phone", "kind", "contacted", "satisfaction", "cause", "note"),
    *("seen", "expected_end", "until", "days", "units", "summons", "minutes", "photo", "text", "phrase", "words"),
)
VALUES = ("1", "0", "on", "police", "I", "window", "2026-12-01T10:00", "50", "yes", "telephone", "solved", "")
HEADERS = (
    *("accept-language", "x-muster-part", "x-csrf", "content-type", "referer", "sec-fetch-site", "range"),
    *("if-none-match", "x-forwarded-for", "x-forwarded-proto", "accept", "cookie", "content-length"),
)
CSRF = re.compile(r'name="csrf" value="([^"]+)"')
FIELD = re.compile(r'name="([a-z_0-9]{1,30})"')
BAD_STATUS = frozenset({500, 501, 502})


@dataclass
class Seat:
    """A session's cookie and the token its forms bring back; both empty for nobody."""

    role: str
    cookie: str = ""
    csrf: str = ""


@dataclass
class Browsing:
    """`known`: values of path parameters that exist. `never`: words that may stand in no answer."""

    app: Starlette
    routes: tuple[Route, ...]
    seats: tuple[Seat, ...]
    known: dict[str, list[str]]
    never: tuple[str, ...]
    fields: set[str] = field(default_factory=lambda: set(NAMES))
    statuses: Counter[int] = field(default_factory=Counter)
    seen: set[str] = field(default_factory=set)

    async def visit(self, lots: Random, route: Route | None = None) -> None:
        """One request. Raises Crash."""
        route = route or lots.choice(self.routes)
        seat = lots.choice(self.seats)
        changes = isinstance(route, PostRoute)
        path = self._path(route, lots)
        address = f"10.{lots.randrange(256)}.{lots.randrange(256)}.{lots.randrange(1, 255)}"
        transport = httpx.ASGITransport(app=self.app, client=(address, 5000), raise_app_exceptions=False)
        headers = self._headers(seat, lots)
        told = self._body(seat, lots, route) if changes else {}
        query = {self._text(lots)[:40]: self._text(lots) for _ in range(lots.choice((0, 0, 1, 3)))}
        async with httpx.AsyncClient(transport=transport, base_url=HERE) as client:
            asked = client.build_request("POST" if changes else "GET", path, params=query, headers=headers, **told)
            await asked.aread()
            answer = await client.send(asked)
        self.judge(route, seat, asked, answer)

    def judge(self, route: Route, seat: Seat, asked: httpx.Request, answer: httpx.Response) -> None:
        self.statuses[answer.status_code] += 1
        self.seen.add(f"{'POST' if isinstance(route, PostRoute) else 'GET'} {route.path}")
        said = answer.text
        where = f"{seat.role} {asked.method} {route.path}"
        sent = f"{asked.url} {asked.headers} ".encode() + asked.content
        if answer.status_code in BAD_STATUS:
            raise Crash(where, sent, f"answered {answer.status_code}: {said[:80]}")
        if "Traceback" in said or 'File "/' in said:
            raise Crash(where, sent, "answered with a trace")
        if any(words in said for words in self.never) and "reveal" not in route.path:
            raise Crash(where, sent, "told what was entrusted")
        if len(said) > 2_000_000:
            raise Crash(where, sent, f"answered with {len(said)} characters")
        self.fields.update(FIELD.findall(said))

    def _path(self, route: Route, lots: Random) -> str:
        def value(match: re.Match[str]) -> str:
            name, kind = match["name"], match["kind"]
            known = self.known.get(name, [])
            if known and lots.random() < 0.7:
                return lots.choice(known)
            if kind == "uuid":
                return str(UUID(int=lots.getrandbits(128), version=4))
            return quote(self._text(lots)[:60], safe="") or "x"

        return re.sub(r"\{(?P<name>\w+)(:(?P<kind>\w+))?\}", value, route.path)

    def _headers(self, seat: Seat, lots: Random) -> list[tuple[bytes, bytes]]:
        cookie = f"{SESSION_COOKIE}={seat.cookie}; {BEFORE_COOKIE}={seat.csrf}"
        headers = [(b"origin", HERE.encode()), (b"host", b"console.test"), (b"cookie", cookie.encode())]
        for _ in range(lots.choice((0, 0, 1, 2))):
            name = lots.choice(HEADERS)
            value = mutated(b"gzip, zh-CN;q=0.9", lots).translate(None, b"\r\n\0")[:2_000]
            headers.append((name.encode(), value))
        return headers

    def _body(self, seat: Seat, lots: Random, route: Route) -> dict[str, Any]:
        token = seat.csrf if lots.random() < 0.9 and route.name not in ENDS_THE_SESSION else self._text(lots)
        form = {name: self._text(lots) for name in lots.sample(sorted(self.fields), lots.randint(0, 12))}
        form["csrf"] = token
        if lots.random() < 0.25:
            photo = mutated(b"\xff\xd8\xff\xe0\x00\x10JFIF", lots)
            return {"data": form, "files": {lots.choice(("photo", "photos", "x")): ("a.jpg", photo, "image/jpeg")}}
        if lots.random() < 0.15:
            return {"content": mutated(b"csrf=" + token.encode(errors="replace") + b"&case=26-0000001-4", lots)}
        return {"data": form}

    def _text(self, lots: Random) -> str:
        some = [value for values in self.known.values() for value in values]
        draw = lots.random()
        if draw < 0.4 and some:
            return lots.choice(some)
        if draw < 0.7:
            return lots.choice(VALUES)
        if draw < 0.85:
            return str(lots.choice(NASTY)).encode(errors="replace").decode()[:3_000]
        return mutated(lots.choice(VALUES).encode(), lots).decode(errors="replace")[:3_000]
