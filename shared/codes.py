"""The case code (一案一码): ten digits that survive being written down by hand and read out over a telephone.

`YY-NNNNNNN-C`: the year, a running number of that year, and a Damm check digit over the nine digits before it, which
shows every single wrong digit and every swap of two neighbours.
"""

import re
from typing import Literal

from stdnum import damm

Wrong = Literal["length", "digits", "check_digit"]

FIRST_YEAR, LAST_YEAR = 2000, 2099  # two digits name the year, so the codes are unique for this century
MOST_CASES_A_YEAR = 9_999_999
_DIGITS = 10
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—―−－﹣﹘·.．/／]+")  # a hand, a form or an input method puts any of these
_TO_ASCII = str.maketrans("０１２３４５６７８９", "0123456789")
_SPOKEN = str.maketrans("0123456789", "零幺二三四五六七八九")
_WORDS: dict[Wrong, str] = {
    "length": "a case code has ten digits, e.g. 26-0000042-5",
    "digits": "a case code has digits only; something else is among them",
    "check_digit": "the case code does not add up: one digit is wrong or two are swapped; have it read out again",
}


class CodeWrong(ValueError):
    """A text that is no case code; `reason` tells `length`, `digits` or `check_digit`. The text itself is not kept."""

    def __init__(self, reason: Wrong) -> None:
        super().__init__(_WORDS[reason])
        self.reason: Wrong = reason


def case_code(year: int, number: int) -> str:
    """`case_code(2026, 42)`: the code of the 42nd case of 2026.

    ValueError for a year outside 2000 to 2099 and a number outside 1 to 9,999,999.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"case codes exist for {FIRST_YEAR} to {LAST_YEAR}, not for {year}")
    if not 1 <= number <= MOST_CASES_A_YEAR:
        raise ValueError(f"case numbers run from 1 to {MOST_CASES_A_YEAR} in a year, {number} is not among them")
    body = f"{year % 100:02}{number:07}"
    return _canonical(body + damm.calc_check_digit(body))


def parse_case_code(text: str) -> str:
    """The canonical code for what somebody wrote: spaces, dashes and full-width digits are forgiven. Else CodeWrong."""
    digits = _SEPARATORS.sub("", text.translate(_TO_ASCII))
    if digits and not (digits.isascii() and digits.isdigit()):
        raise CodeWrong("digits")
    if len(digits) != _DIGITS:
        raise CodeWrong("length")
    if not damm.is_valid(digits):
        raise CodeWrong("check_digit")
    return _canonical(digits)


def spoken(code: str) -> str:
    """The code as it is read over a telephone: short groups, 1 read 幺. CodeWrong where it is none."""
    year, number, check = parse_case_code(code).split("-")
    return "，".join((year, number[:3], number[3:], check)).translate(_SPOKEN)


def _canonical(digits: str) -> str:
    return f"{digits[:2]}-{digits[2:9]}-{digits[9]}"
