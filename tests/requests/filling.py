"""A form filled in by lot: every field of every request gets something that people would write there, or nearly."""

import types
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from random import Random
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from shared.centre.pack import CentrePack
from shared.contracts.base import Request

ENTRUSTED = ("测试壬癸丙", "13800004321", "请勿外传的一句话")
"""A requester's name and number, and free words: nothing of it may stand in an event."""
WORDS = f"按规定办理，{ENTRUSTED[2]}"
SPANS_H = (-2, 1, 5, 26, 30 * 24, 100 * 24)
NO_UNIT = "no-such-unit"


class NoWayToFill(TypeError):
    """A field of a kind nobody has said how to fill: say it below, or the request is never asked."""


class Known(dict[str, list[str]]):
    """What exists, by the name of the field that asks for it; the newest last."""

    def note(self, field: str, value: str) -> None:
        self.setdefault(field, []).append(value)


def fill(
    request: type[Request[Any]], lots: Random, known: Known, pack: CentrePack, now: datetime, **fixed: Any
) -> dict[str, Any]:
    """All that the form requires, and of the rest about half. `fixed` values stand as they are."""
    body = dict(fixed)
    for name, field in request.model_fields.items():
        if name in body or name in ("actor", "trace"):
            continue
        if field.is_required() or lots.random() < 0.4:
            body[name] = value_of(name, field, lots, known, pack, now)
    return body


def value_of(name: str, field: FieldInfo, lots: Random, known: Known, pack: CentrePack, now: datetime) -> Any:
    if name in known and known[name] and lots.random() < 0.95:
        # The newest are the likeliest to be under way still.
        return known[name][-1 - min(int(lots.expovariate(0.8)), len(known[name]) - 1)]
    if name == "roster":
        return _roster(field)
    named = BY_NAME.get(name)
    if named is not None:
        return named(lots, pack, now)
    return of_kind(field.annotation, lots, known, pack, now)


def of_kind(kind: Any, lots: Random, known: Known, pack: CentrePack, now: datetime) -> Any:
    origin = get_origin(kind)
    if origin is Annotated:
        return of_kind(get_args(kind)[0], lots, known, pack, now)
    if origin is Literal:
        return lots.choice(get_args(kind))
    if origin in (Union, types.UnionType):
        present = [one for one in get_args(kind) if one is not type(None)]
        return of_kind(lots.choice(present), lots, known, pack, now)
    if origin in (tuple, list, set, frozenset):
        return []
    if origin is dict or kind is Any:
        return {}
    if isinstance(kind, type):
        return _of_class(kind, lots, known, pack, now)
    return now.isoformat() if "datetime" in str(kind) else _lost(kind)


def _of_class(kind: type[Any], lots: Random, known: Known, pack: CentrePack, now: datetime) -> Any:
    if issubclass(kind, Enum):
        return lots.choice(list(kind)).value
    if issubclass(kind, BaseModel):
        required = {name: one for name, one in kind.model_fields.items() if one.is_required() or lots.random() < 0.3}
        return {name: value_of(name, one, lots, known, pack, now) for name, one in required.items()}
    for base, make in BY_CLASS.items():
        if issubclass(kind, base):
            return make(lots, now)
    if "AwareDatetime" in kind.__name__:
        return _instant(lots, pack, now)
    return _lost(kind)


def _lost(kind: Any) -> Any:
    raise NoWayToFill(str(kind))


def _instant(lots: Random, _: CentrePack, now: datetime) -> str:
    return (now + timedelta(hours=lots.choice(SPANS_H))).isoformat()


def _unit(lots: Random, pack: CentrePack, _: datetime) -> str:
    return NO_UNIT if lots.random() < 0.03 else lots.choice(pack.units).code


def _units(lots: Random, pack: CentrePack, now: datetime) -> list[str]:
    return [_unit(lots, pack, now) for _ in range(lots.choice((0, 0, 1, 2)))]


def _requester(lots: Random, *_: Any) -> dict[str, str]:
    return {"name": ENTRUSTED[0], "phone": ENTRUSTED[1]}


def _roster(field: FieldInfo) -> Any:
    """A whole one where one is set; its code where it is named."""
    turn = {"members": [{"staff": "police.director"}], "every": "daily", "starts_on": "2026-11-01", "id": "days"}
    whole = {"code": "directors", "kind": "duty_director", "title": "轮值主任", "rotations": [turn]}
    return "directors" if field.annotation is str else whole


def _override(lots: Random, pack: CentrePack, now: datetime) -> dict[str, Any]:
    ends = (now + timedelta(hours=10)).isoformat()
    return {"starts_at": (now + timedelta(hours=2)).isoformat(), "ends_at": ends, "add": ["police.director"]}


BY_CLASS: Mapping[type, Callable[[Random, datetime], Any]] = {
    bool: lambda lots, _: lots.random() < 0.7,
    int: lambda lots, _: lots.choice((1, 3, 10, 1000)),
    UUID: lambda lots, _: str(UUID(int=lots.getrandbits(128), version=4)),
    datetime: lambda _, now: now.isoformat(),
    date: lambda _, now: now.date().isoformat(),
    str: lambda *_: WORDS,
}
BY_NAME: Mapping[str, Callable[[Random, CentrePack, datetime], Any]] = {
    "idempotency_key": lambda lots, *_: f"{lots.getrandbits(128):032x}",
    "category": lambda lots, pack, _: lots.choice(pack.categories).code,
    "place": lambda lots, pack, _: lots.choice(pack.places).code,
    "window": lambda lots, pack, _: lots.choice(pack.windows).code,
    "unit": _unit,
    "suggested_unit": _unit,
    "units": _units,
    "supporters": _units,
    "flags": lambda *_: [],
    "measures": lambda lots, pack, _: [lots.choice(pack.modes.measures).code],
    "requester": _requester,
    "contact": lambda *_: ENTRUSTED[1],
    "override": _override,
    "starts_at": lambda _, __, now: (now + timedelta(hours=2)).isoformat(),
    "ends_at": lambda _, __, now: (now + timedelta(hours=12)).isoformat(),
    "days": lambda lots, *_: lots.choice((1, 2, 5, 60)),
    "arrives_in_minutes": lambda lots, *_: lots.choice((5, 15)),
    "seen": lambda *_: None,
    "received_at": lambda *_: None,
    "external_reference": lambda lots, *_: f"P-{lots.getrandbits(40)}",
    "room_code": lambda lots, *_: f"{lots.randrange(10**6):06}",
    "incoming": lambda lots, *_: f"director.{lots.choice((1, 2))}",
    "post": lambda lots, pack, _: f"{lots.choice(pack.units).code}.liaison",
    "staff": lambda lots, *_: f"clerk.{lots.choice((1, 2))}",
    "owner": lambda lots, *_: f"clerk.{lots.choice((1, 2))}",
    "substitute": lambda lots, pack, _: f"{lots.choice(pack.units).code}.lead",
    "proposed_for": lambda lots, _, now: (now + timedelta(days=lots.choice((2, 9)))).isoformat(),
    "promised_for": lambda lots, _, now: (now + timedelta(days=lots.choice((2, 9)))).isoformat(),
    "token": lambda *_: "0" * 40,
    "photos": lambda *_: [],
    "offered": lambda *_: [],
}
