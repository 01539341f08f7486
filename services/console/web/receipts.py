"""The check phrase on a receipt: made with the vault's key from the case's code, and of nothing about anybody."""

import secrets

from shared.codes import CodeWrong, parse_case_code
from shared.vault import KeyRing, keyed_hash, keyed_hashes

PURPOSE = "receipt-check"
DIGITS = 8
_NOT_TYPED = str.maketrans("０１２３４５６７８９", "0123456789", " -－—·\u3000")


def check_phrase(keys: KeyRing, case_code: str) -> str:
    """`1234 5678`: eight digits, so that they can be read out. Under another current key a new receipt says others;
    the old ones hold as long as the old key is kept."""
    return _spaced(keyed_hash(keys, _named(case_code)))


def belongs(keys: KeyRing, code: str, phrase: str) -> str | None:
    """The code in its one form where the phrase is that of the code; takes as long whether it is or not."""
    given = phrase.translate(_NOT_TYPED).encode()
    try:
        known = parse_case_code(code)
    except CodeWrong:
        known = ""
    right = [
        secrets.compare_digest(_spaced(one).replace(" ", "").encode(), given)
        for one in keyed_hashes(keys, _named(known))
    ]
    return known if any(right) and known else None


def _named(case_code: str) -> str:
    return f"{PURPOSE}/{case_code}"


def _spaced(hashed: str) -> str:
    digits = f"{int(hashed, 16) % 10**DIGITS:0{DIGITS}d}"
    return f"{digits[:4]} {digits[4:]}"
