"""The check phrase of a receipt: of the code and a key, of nothing else; and what is shown for it."""

import pytest

from services.console.web.receipts import belongs, check_phrase
from services.console.web.words import PROGRESS
from shared.codes import case_code
from shared.contracts.catalogue import EVENTS
from shared.vault import KeyRing

KEYS = KeyRing.from_text(KeyRing.generate())
CODE, OTHER = case_code(2026, 104), case_code(2026, 105)


def test_eight_digits_that_can_be_read_out() -> None:
    phrase = check_phrase(KEYS, CODE)
    assert len(phrase) == 9
    assert phrase.replace(" ", "").isdecimal()
    assert phrase != check_phrase(KEYS, OTHER)
    assert phrase != check_phrase(KeyRing.from_text(KeyRing.generate()), CODE)


@pytest.mark.parametrize("written", ["{}", " {} ", "{}\u3000"])
def test_it_belongs_to_its_code_however_it_is_typed(written: str) -> None:
    phrase = check_phrase(KEYS, CODE)
    assert belongs(KEYS, CODE, written.format(phrase)) == CODE
    assert belongs(KEYS, CODE.replace("-", ""), phrase.replace(" ", "-")) == CODE
    assert belongs(KEYS, CODE, phrase.translate(str.maketrans("0123456789", "０１２３４５６７８９"))) == CODE


@pytest.mark.parametrize("phrase", ["", "0", "1234 567", "abcd efgh", "９" * 9])
def test_a_wrong_phrase_belongs_to_nothing(phrase: str) -> None:
    assert belongs(KEYS, CODE, phrase) is None


def test_the_phrase_of_another_case_or_of_no_case_opens_nothing() -> None:
    assert belongs(KEYS, OTHER, check_phrase(KEYS, CODE)) is None
    assert belongs(KEYS, "no code", check_phrase(KEYS, "")) is None


def test_a_receipt_holds_after_the_key_was_renewed() -> None:
    old = KeyRing.generate()
    phrase = check_phrase(KeyRing.from_text(old), CODE)
    renewed = KeyRing.from_text(KeyRing.generate(old))
    assert check_phrase(renewed, CODE) != phrase
    assert belongs(renewed, CODE, phrase) == CODE


def test_the_steps_shown_are_events_there_are() -> None:
    assert not set(PROGRESS) - set(EVENTS)
