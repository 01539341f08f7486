"""What the pack says: which words point to which category."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from shared.centre.pack import CentrePack
from shared.suggest.private import READ_MAX

WORD_MIN = 2  # a part of a name; a keyword may be shorter if the pack says so
_BETWEEN_PARTS = re.compile(r"[、,，与和及或]")


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found for one category: its words, the heaviest first, and how much they weigh together."""

    words: tuple[str, ...]
    weight: float


class Keywords:
    """The words of each leaf category: its keywords, names and aliases, and those of the categories above it.

    A long word says more than a short one, and a word that many categories have says little about any of them.
    """

    def __init__(self, pack: CentrePack) -> None:
        words = {leaf.code: _words_of(pack, leaf.code) for leaf in pack.leaf_categories}
        shared_by = Counter(word for of_leaf in words.values() for word in of_leaf)
        self.leaves: tuple[str, ...] = tuple(words)
        self._holders: dict[str, list[str]] = {word: [] for word in shared_by}
        for code, of_leaf in words.items():
            for word in of_leaf:
                self._holders[word].append(code)
        self._weights = {word: (len(word) - 0.5) / count for word, count in shared_by.items()}

    def find(self, matter: str) -> Mapping[str, Hits]:
        """Leaf category -> what points to it, for those that anything points to."""
        text = normal(matter[:READ_MAX])
        found: dict[str, list[str]] = {}
        for word, holders in self._holders.items():
            if word in text:
                for code in holders:
                    found.setdefault(code, []).append(word)
        return {code: self._weigh(words, text) for code, words in found.items()}

    def _weigh(self, words: list[str], text: str) -> Hits:
        whole = [word for word in words if not any(word != other and word in other for other in words)]
        weights = {word: self._weights[word] * (1 + math.log(text.count(word))) for word in whole}
        heaviest = sorted(weights, key=lambda word: (-weights[word], word))
        return Hits(tuple(heaviest), sum(weights.values()))


def normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _words_of(pack: CentrePack, code: str) -> frozenset[str]:
    found: set[str] = set()
    for above in pack.category_chain(code):
        category = pack.category(above)
        assert category is not None
        names = (category.name, *category.aliases)
        parts = (part for name in names for part in _BETWEEN_PARTS.split(name) if len(part) >= WORD_MIN)
        found.update(normal(word).strip() for word in (*category.keywords, *names, *parts))
    return frozenset(found - {""})
