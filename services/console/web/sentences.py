"""Sentences of the program told in Chinese, by their form."""

import re
from collections.abc import Mapping, Sequence

QUOTED = r"'([^']*)'"


class Sentences:
    """`forms`: a pattern of the whole sentence, and its words with a place for each group. `nouns` for the groups."""

    def __init__(self, forms: Sequence[tuple[str, str]], nouns: Mapping[str, str]) -> None:
        self._forms = tuple((re.compile(form), words) for form, words in forms)
        self._nouns = nouns

    def told(self, sentence: str) -> str | None:
        """None where no form fits."""
        for form, words in self._forms:
            found = form.fullmatch(sentence)
            if found is not None:
                return words.format(*(self._nouns.get(each, each) for each in found.groups()))
        return None
