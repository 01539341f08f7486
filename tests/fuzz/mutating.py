"""Bytes and JSON, changed by lot: what a broken cable, a hurried hand and a malicious one would send."""

import json
from copy import deepcopy
from random import Random
from typing import Any

LENGTH_MAX = 60_000
TOKENS = (
    *(b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\r\n", b'"', b"'", b"\\", b"{{", b"}}", b"[" * 3_000, b"(" * 200),
    *(b"&a [*a]", b"*a", b"<<: *a", b"!!python/object:os.system", b"- " * 400, b"? ", b"|\n", b"%YAML 9.9\n"),
    *(b"9" * 5_000, b"-1", b"1e999", b"NaN", b"0x7fffffffffffffff", b"1_000", b"2026-13-45", b"9999-12-31T23:59:59Z"),
    *(b"\xed\xa0\x80", "\u202e\u200b\ufeff".encode(), "\U0001f4a9".encode(), "泉州".encode("gbk")),
    *(b"<script>", b"../../etc/passwd", b"' or 1=1 --", b"=cmd()", b"%00", b"%ff", b"\x1b[31m"),
)
NASTY: tuple[Any, ...] = (
    *(None, True, 0, -1, 2**31, 2**63, 2**64, 10**40, 1.5, 1e308, float("inf"), float("nan")),
    *("", " ", "\0", "\ud800", "\u202e", "x" * 9_000, "9999-12-31T23:59:59+14:00", "0001-01-01T00:00:00Z", "NaN"),
    *([], {}, [[]] * 300, {"a": {"a": {"a": {}}}}, ["x"] * 500, {"__class__": "x"}),
)


def nasty(lots: Random) -> Any:
    """One's own copy."""
    return deepcopy(lots.choice(NASTY))


def mutated(seed: bytes, lots: Random, others: tuple[bytes, ...] = ()) -> bytes:
    """Some changes to one seed, now and then with a piece of another."""
    data = bytearray(seed)
    for _ in range(lots.choice((1, 1, 2, 4, 12))):
        place = lots.randrange(len(data) + 1)
        match lots.randrange(7):
            case 0 if data:
                data[place % len(data)] ^= 1 << lots.randrange(8)
            case 1:
                data[place:place] = lots.choice(TOKENS)
            case 2:
                del data[place : place + lots.choice((1, 3, 40, len(data)))]
            case 3:
                data[place:place] = data[place : place + lots.choice((2, 30, 300))] * lots.choice((1, 2, 20))
            case 4:
                data[place : place + 1] = bytes([lots.randrange(256)])
            case 5 if others:
                other = lots.choice(others)
                data[place:place] = other[lots.randrange(len(other) + 1) :][:400]
            case _:
                data[place : place + 4] = lots.choice((b"\xff" * 4, b"\x00" * 4, b"0000", b"9999"))
    return bytes(data[:LENGTH_MAX])


def mutated_json(value: Any, lots: Random) -> Any:
    """The same shape with something in it that does not belong there, or without something that does."""
    if lots.random() < 0.08:
        return nasty(lots)
    if isinstance(value, dict) and value:
        changed = dict(value)
        name = lots.choice(sorted(changed))
        match lots.randrange(5):
            case 0:
                del changed[name]
            case 1:
                changed[name + lots.choice(("", "x", "\0"))] = nasty(lots)
            case _:
                changed[name] = mutated_json(changed[name], lots)
        return changed
    if isinstance(value, list) and value:
        place = lots.randrange(len(value))
        return [*value[:place], mutated_json(value[place], lots), *value[place + 1 :]]
    if isinstance(value, str) and value and lots.random() < 0.5:
        return mutated(value.encode(errors="surrogatepass"), lots).decode(errors="replace")[:9_000]
    return nasty(lots)


def as_bytes(value: Any, lots: Random) -> bytes:
    """As JSON, mostly whole."""
    body = json.dumps(value, ensure_ascii=lots.random() < 0.5).encode(errors="surrogatepass")
    return mutated(body, lots) if lots.random() < 0.25 else body
