"""What was learned from a centre's confirmed cases: weights of n-grams per category, read without scikit-learn.

Holds no text: n-grams of one or two characters that stood in at least `K` different cases, and numbers.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Self

from shared.suggest.private import ngrams, without_persons

K = 5  # different cases an n-gram must occur in: what fewer share could tell one of them
CASES_MIN = 200  # below that the history says less than the keywords do
CASES_PER_CATEGORY_MIN = 5
CASES_PER_CATEGORY_MAX = 300  # the newest; more would teach little and take long
NGRAMS_MAX = 30_000


def enough(categories: Sequence[str]) -> bool:
    """Whether a history of these chosen categories is worth learning from."""
    learnable = [count for count in Counter(categories).values() if count >= CASES_PER_CATEGORY_MIN]
    return len(categories) >= CASES_MIN and len(learnable) >= 2


class Learned:
    """A fitted model: idf-weighted n-grams, one linear score per category, softmax."""

    def __init__(self, head: Mapping[str, Any], numbers: bytes) -> None:
        import numpy as np  # only a centre with a history pays for it

        self._np = np
        self.categories: tuple[str, ...] = tuple(head["categories"])
        self.cases: Mapping[str, int] = head["cases"]
        ngrams_known: list[str] = head["ngrams"]
        self.at: Mapping[str, int] = {ngram: row for row, ngram in enumerate(ngrams_known)}
        rows, columns = len(ngrams_known), len(self.categories)
        flat = np.frombuffer(numbers, dtype="<f4")
        self._idf = flat[:rows]
        self._weights = flat[rows : rows + rows * columns].reshape(rows, columns)
        self._intercepts = flat[rows + rows * columns :]
        self.version = hashlib.sha256(json.dumps(self.categories).encode() + numbers).hexdigest()[:12]

    @classmethod
    def from_bytes(cls, packed: bytes) -> Self:
        head, _, numbers = packed.partition(b"\n")
        return cls(json.loads(head), numbers)

    @property
    def total(self) -> int:
        """Confirmed cases it was learned from."""
        return sum(self.cases.values())

    @property
    def bytes_held(self) -> int:
        numbers = self._idf.nbytes + self._weights.nbytes + self._intercepts.nbytes
        return int(numbers) + sum(len(ngram.encode()) + 64 for ngram in self.at)

    def probabilities(self, matter: str) -> dict[str, float]:
        """Of each learned category; together 1."""
        np = self._np
        counts = Counter(ngram for ngram in ngrams(without_persons(matter)) if ngram in self.at)
        scores = self._intercepts.astype("f8")
        if counts:
            rows = np.fromiter((self.at[ngram] for ngram in counts), dtype=np.intp, count=len(counts))
            often = np.fromiter(counts.values(), dtype="f8", count=len(counts))
            values = (1 + np.log(often)) * self._idf[rows]
            values = values / np.sqrt((values * values).sum())
            scores = scores + (values[:, None] * self._weights[rows]).sum(axis=0)  # no threads of a BLAS for so little
        likely = np.exp(scores - scores.max())
        return dict(zip(self.categories, (likely / likely.sum()).tolist(), strict=True))


def pack_bytes(head: Mapping[str, Any], *numbers: bytes) -> bytes:
    """One line of JSON, then little-endian floats: idf, weights by n-gram, intercepts."""
    return json.dumps(head, ensure_ascii=False).encode() + b"\n" + b"".join(numbers)
