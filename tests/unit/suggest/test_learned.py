"""What is learned from confirmed cases, and who is not in it."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from shared.suggest import Learned, enough, without_persons
from shared.suggest.learned import CASES_MIN, CASES_PER_CATEGORY_MIN, K
from shared.suggest.private import ngrams
from shared.suggest.training import PRECISION, REGULARITY, ROUNDS_MAX, fit
from tests.unit.suggest.history import LEAVES, learned, matters

NAME, PHONE, ADDRESS = "欧阳翡翠", "13799998888", "鹭江道霁月里"


def told_by_somebody(matter: str) -> str:
    return f"我是{NAME}，电话{PHONE}，住{ADDRESS}。{matter}"


def test_the_same_history_gives_the_same_bytes() -> None:
    cases = [(category, without_persons(matter)) for category, matter in matters(240)]
    assert fit(cases) == fit(cases)


def test_it_says_what_the_library_would_say() -> None:
    cases = [(category, without_persons(matter)) for category, matter in matters(240)]
    texts = [text for _, text in cases]
    reader = TfidfVectorizer(analyzer=ngrams, min_df=K, sublinear_tf=True, lowercase=False)
    model = LogisticRegression(C=REGULARITY, class_weight="balanced", max_iter=ROUNDS_MAX, tol=PRECISION)
    model.fit(reader.fit_transform(texts), [category for category, _ in cases])
    asked = ["晚上灯坏了", "广场舞声音太大了太大了", "老板欠薪", "天气很好"]
    for text, expected in zip(asked, model.predict_proba(reader.transform(asked)), strict=True):
        assert np.allclose(list(learned().probabilities(text).values()), expected, atol=1e-3)


def test_two_categories_are_enough() -> None:
    cases = [(category, without_persons(matter)) for category, matter in matters(240) if category in LEAVES[:2]]
    model = Learned.from_bytes(fit(cases))
    said = model.probabilities("老板没有钱还不结账")
    assert said["labour.arrears"] > 0.9
    assert sum(said.values()) == pytest.approx(1)


def test_a_planted_person_changes_nothing_and_is_nowhere_in_it() -> None:
    """Every fourth case was told by the same person: far more than K cases."""
    plain = matters(240)
    planted = [(c, told_by_somebody(m) if at % 4 == 0 else m) for at, (c, m) in enumerate(plain)]
    known = (NAME, PHONE, None, ADDRESS)
    with_person = fit([(category, without_persons(matter, known)) for category, matter in planted])
    without = fit(
        [(c, without_persons("我是，电话，住。" + m if at % 4 == 0 else m)) for at, (c, m) in enumerate(plain)]
    )
    assert with_person == without
    model = Learned.from_bytes(with_person)
    for trace in (*NAME, NAME[:2], NAME[1:3], NAME[2:], ADDRESS[:2], "霁月", PHONE, *PHONE):
        assert trace not in model.at
    assert NAME.encode() not in with_person
    asked = "广场舞扰民"
    assert model.probabilities(asked) == model.probabilities(f"{asked} {NAME}，{PHONE}")


def test_the_plant_would_be_seen() -> None:
    planted = [(c, told_by_somebody(m) if at % 4 == 0 else m) for at, (c, m) in enumerate(matters(240))]
    model = Learned.from_bytes(fit([(category, without_persons(matter)) for category, matter in planted]))
    assert NAME[2:] in model.at, "the name not cut out is found: the test above tests something"


@pytest.mark.parametrize(("cases", "kept"), [(K - 1, False), (K, True)])
def test_what_fewer_than_k_cases_share_is_not_kept(cases: int, kept: bool) -> None:
    history = [(c, m + ("霁月" * 9 if at < cases else "")) for at, (c, m) in enumerate(matters(240))]
    model = Learned.from_bytes(fit([(category, without_persons(matter)) for category, matter in history]))
    assert ("霁月" in model.at, "霁" in model.at) == (kept, kept)


def test_a_category_with_few_cases_is_not_learned_but_counted() -> None:
    history = [*matters(240), *(("rare", "某件少见的事") for _ in range(CASES_PER_CATEGORY_MIN - 1))]
    model = Learned.from_bytes(fit([(category, without_persons(matter)) for category, matter in history]))
    assert "rare" not in model.categories
    assert model.cases["rare"] == CASES_PER_CATEGORY_MIN - 1


@pytest.mark.parametrize(
    ("categories", "is_enough"),
    [
        (["a", "b"] * (CASES_MIN // 2), True),
        ((["a", "b"] * (CASES_MIN // 2))[1:], False),
        (["a"] * CASES_MIN, False),
        (["a"] * CASES_MIN + ["b"] * (CASES_PER_CATEGORY_MIN - 1), False),
        ([], False),
    ],
)
def test_a_history_is_enough_or_not(categories: list[str], is_enough: bool) -> None:
    assert enough(categories) is is_enough


def test_a_history_without_shared_words_teaches_nothing() -> None:
    assert fit([(f"c{at % 2}", "") for at in range(CASES_MIN)]) == b""


def test_a_text_of_unknown_words_gets_some_answer() -> None:
    assert sum(learned().probabilities("hello, world").values()) == pytest.approx(1)
