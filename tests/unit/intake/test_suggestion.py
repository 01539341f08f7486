"""One suggestion: for one matter, used for one case, and what was chosen beside it."""

from uuid import uuid4

import pytest

from services.intake.errors import SuggestionUsed
from services.intake.model import Suggestion
from services.intake.policy import rank_of
from tests.unit.intake.test_case import NOW, case


def suggestion(*codes: str) -> Suggestion:
    return Suggestion(
        suggestion_id=uuid4(), asked_by="clerk.1", asked_at=NOW, pack_version="v1", model="keywords", codes=list(codes)
    )


@pytest.mark.parametrize(("chosen", "rank"), [("lamp", 1), ("road", 2), ("noise", 3), ("labour", None)])
def test_the_rank_of_what_was_taken(chosen: str, rank: int | None) -> None:
    assert rank_of(chosen, ["lamp", "road", "noise"]) == rank


def test_a_choice_is_told_beside_what_was_suggested() -> None:
    one, asked = case(), suggestion("lamp", "road")
    one.category = "road"
    asked.belongs_to(one)
    told = asked.choose(one, now=NOW)
    assert (told.suggested, told.chosen, told.by_rank, told.model) == (("lamp", "road"), "road", 2, "keywords")
    assert (told.case_id, told.case_code, told.suggestion_id) == (one.case_id, one.case_code, asked.suggestion_id)
    assert (asked.chosen, asked.by_rank, asked.chosen_at) == ("road", 2, NOW)


def test_another_case_may_not_use_it() -> None:
    asked, first, second = suggestion("lamp"), case(), case()
    asked.belongs_to(first)
    asked.belongs_to(first)
    with pytest.raises(SuggestionUsed) as refused:
        asked.belongs_to(second)
    assert refused.value.field == "suggestion_id"
    assert asked.case_id == first.case_id
