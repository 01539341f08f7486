"""Fits the model: `python -m shared.suggest.training` reads `category TAB text` lines and writes a packed model.

A process of its own: scikit-learn takes a second and a hundred megabytes to load, and its work would hold the
interpreter that answers requests. Nothing is written to any disk; with the process everything it read is gone.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (this file speaks to a library without types)

import os
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

from shared.suggest.learned import (
    CASES_PER_CATEGORY_MAX,
    CASES_PER_CATEGORY_MIN,
    NGRAMS_MAX,
    K,
    pack_bytes,
)
from shared.suggest.private import ngrams

REGULARITY = 5.0  # found by cross-validation
ROUNDS_MAX = 200
PRECISION = 1e-3
OTHERS_FIRST = 10  # nice value: whoever waits for an answer goes first


def fit(cases: Sequence[tuple[str, str]]) -> bytes:
    """A packed model of (category, text without persons), the newest first. Empty where no n-gram is shared."""
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    counted = Counter(category for category, _ in cases)
    chosen = _newest_of_each([case for case in cases if counted[case[0]] >= CASES_PER_CATEGORY_MIN])
    chosen_form: dict[str, Any] = {"analyzer": ngrams, "lowercase": False, "dtype": np.float32}
    reader: Any = TfidfVectorizer(min_df=K, max_features=NGRAMS_MAX, sublinear_tf=True, **chosen_form)
    try:
        features = reader.fit_transform([text for _, text in chosen])
    except ValueError:  # the library's word for: no n-gram stands in enough cases
        return b""
    model: Any = LogisticRegression(C=REGULARITY, class_weight="balanced", max_iter=ROUNDS_MAX, tol=PRECISION)
    model.fit(features, [category for category, _ in chosen])
    weights, intercepts = model.coef_, model.intercept_
    if len(model.classes_) == 2:  # the library keeps one row for two
        weights, intercepts = np.vstack([-weights / 2, weights / 2]), np.array([-intercepts[0] / 2, intercepts[0] / 2])
    head = {
        "categories": [str(category) for category in model.classes_],
        "cases": dict(sorted(counted.items())),
        "ngrams": [str(ngram) for ngram in reader.get_feature_names_out()],
    }
    numbers = (reader.idf_, weights.T, intercepts)
    return pack_bytes(head, *(np.ascontiguousarray(each, dtype="<f4").tobytes() for each in numbers))


def _newest_of_each(cases: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    taken: Counter[str] = Counter()
    chosen: list[tuple[str, str]] = []
    for category, text in cases:
        taken[category] += 1
        if taken[category] <= CASES_PER_CATEGORY_MAX:
            chosen.append((category, text))
    return chosen


def main() -> None:
    os.nice(OTHERS_FIRST)
    lines = sys.stdin.buffer.read().decode().splitlines()
    cases = [(category, text) for category, _, text in (line.partition("\t") for line in lines)]
    sys.stdout.buffer.write(fit(cases))


if __name__ == "__main__":
    main()
