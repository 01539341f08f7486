"""What may be learned from a requester's words: runs of Chinese characters, without whom they are about.

Digits, Latin letters and every other sign end a run: telephone and identity numbers, plates, accounts and addresses of
mail are never seen by what learns. Numbers written out in characters go too, and the names known on the case.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

READ_MAX = 2_000  # characters; what a matter is about is said at the beginning
_RUN = re.compile(r"[\u4e00-\u9fff]+")
_SPELT_NUMBER = re.compile(r"[零〇○一二三四五六七八九两幺壹贰叁肆伍陆柒捌玖]{5,}")


def without_persons(text: str, known: Iterable[str | None] = ()) -> str:
    """Runs of Chinese characters with one space between them. `known`: name, address and the like of this case."""
    plain = unicodedata.normalize("NFKC", text[:READ_MAX])
    for datum in sorted({unicodedata.normalize("NFKC", one).strip() for one in known if one}, key=len, reverse=True):
        if datum:
            plain = plain.replace(datum, " ")
    return " ".join(_RUN.findall(_SPELT_NUMBER.sub(" ", plain)))


def ngrams(runs: str) -> Iterator[str]:
    """Single characters and neighbours of two, never across the end of a run: too short to tell a person by."""
    for run in runs.split():
        yield from run
        yield from (run[at : at + 2] for at in range(len(run) - 1))
