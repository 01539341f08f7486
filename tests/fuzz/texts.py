"""Short texts that people write or read out: case codes, check phrases, limits. Half of them are as they should be."""

from random import Random

from services.console.web.receipts import belongs, check_phrase
from shared.calendar import Duration, Unit
from shared.codes import case_code, parse_case_code
from shared.vault import KeyRing
from tests.fuzz.mutating import mutated

KEYS = KeyRing.from_text(KeyRing.generate())
CODE = case_code(2026, 1)
SEPARATORS = ("-", " ", "", "－", "/", "·")
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
AMOUNTS = (0, 1, 5, 72, 3_650, 100_000, 10**9)


class DoesNotBelong(ValueError):
    """The receipts' answer to a phrase that is not this code's."""


def text_of(data: bytes) -> str:
    return data.decode(errors="replace")


def read_phrase(data: bytes) -> None:
    code, _, phrase = text_of(data).partition("/")
    found = belongs(KEYS, code, phrase)
    if found is None:
        raise DoesNotBelong("this phrase is not that of the code")
    if found != CODE:
        raise AssertionError("a phrase opened what it does not belong to")


def read_code(data: bytes) -> None:
    parse_case_code(text_of(data))


def read_limit(data: bytes) -> None:
    Duration.parse(text_of(data))


def draw_phrase(lots: Random) -> bytes:
    return _maybe_mutated(f"{_written(CODE, lots)}/{check_phrase(KEYS, CODE)}", lots)


def draw_code(lots: Random) -> bytes:
    return _maybe_mutated(_written(case_code(lots.randint(2000, 2099), lots.randint(1, 9_999_999)), lots), lots)


def draw_limit(lots: Random) -> bytes:
    return _maybe_mutated(f"{lots.choice(AMOUNTS)} {lots.choice(list(Unit))}{lots.choice(('', ' elapsed'))}", lots)


def _written(code: str, lots: Random) -> str:
    """As a hand or an input method puts it."""
    spelt = code.replace("-", lots.choice(SEPARATORS))
    return spelt.translate(WIDE) if lots.random() < 0.3 else spelt


def _maybe_mutated(text: str, lots: Random) -> bytes:
    data = text.encode()
    return data if lots.random() < 0.5 else mutated(data, lots)
