"""A chain is folded event by event, in its order."""

from typing import Any

import pytest

from services.console.operations.folding import Folded, OutOfTurn, key_of
from shared.contracts.base import Envelope

CASE = "01a223b0-2cf8-7770-8d4f-95be7f3f7e93"


def envelope(sequence: int, chain: str = CASE, **data: Any) -> Envelope:
    return Envelope.model_validate(
        {
            "id": CASE,
            "source": "muster/qz/intake",
            "type": "intake.case.registered",
            "time": "2026-03-02T09:00:00Z",
            "subject": "26-0000042-5",
            "centre": "qz",
            "chain": chain,
            "sequence": sequence,
            "trace": "t",
            "data": data,
        }
    )


def test_the_next_of_a_chain_is_admitted_once() -> None:
    case = Folded(CASE)
    assert [case.admits("c", envelope(number)) for number in (1, 1, 2, 1)] == [True, False, True, False]
    assert case.places == {("c", CASE): 2}


def test_each_consumer_and_chain_has_its_own_order() -> None:
    case = Folded(CASE)
    assert case.admits("c", envelope(1))
    assert case.admits("d", envelope(1))
    assert case.admits("c", envelope(1, f"{CASE}:clocks"))


def test_what_is_ahead_of_its_turn_is_seen() -> None:
    case = Folded(CASE)
    case.admits("c", envelope(1))
    with pytest.raises(OutOfTurn, match="is at 1, got 3"):
        case.admits("c", envelope(3))


@pytest.mark.parametrize(
    ("chain", "data", "key"),
    [
        (CASE, {"case_id": CASE}, CASE),
        (f"{CASE}:clocks", {"case_id": CASE}, CASE),
        (f"notice:{CASE}", {"case_id": CASE}, f"notice:{CASE}"),
        ("watch", {}, "watch"),
    ],
)
def test_a_chain_is_kept_with_the_case_it_is_named_after(chain: str, data: dict[str, Any], key: str) -> None:
    assert key_of(envelope(1, chain, **data)) == key


def test_what_is_no_cases_has_no_row() -> None:
    assert Folded("watch").id is None
    assert Folded("watch").counted is None
