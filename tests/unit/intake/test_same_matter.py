"""What counts as the same matter: by category, place and the pack's scope; never by person."""

import inspect

import pytest

from services.intake import policy
from services.intake.policy import differs, same_matter
from shared.centre.nouns import DuplicateTerms
from shared.contracts.intake import CaseJoined, CaseSplit, FindSimilarCases, SimilarCase, SimilarOffered
from tests.unit.suggest.history import pack

TOWN, GRID, OTHER_TOWN = "350521104", "350521104.g01", "350521105"
WIDE = pack().model_copy(update={"duplicates": DuplicateTerms(scope="township")})


def test_related_are_the_categories_under_the_same_parent() -> None:
    assert same_matter(pack(), "labour.arrears", GRID).related == ("labour", "labour.injury")
    assert same_matter(pack(), "labour", GRID).related == ("labour.arrears", "labour.injury")
    assert same_matter(pack(), "road", GRID).related == (), "what has no parent is related to nothing"


def test_near_is_the_township_where_the_scope_is_that_wide() -> None:
    assert same_matter(pack(), "road", GRID).near == (TOWN,)
    assert len(same_matter(pack(), "road", TOWN).near) == 6
    wide = same_matter(WIDE, "road", GRID).near
    assert TOWN in wide
    assert len(wide) == 6
    assert not {code for code in wide if not code.startswith(TOWN)}


@pytest.mark.parametrize(
    ("categories", "places", "found"),
    [
        (("road", "road"), (GRID, TOWN), []),
        (("road", None), (None, GRID), []),
        (("road", "lamp"), (GRID, GRID), ["category"]),
        (("road", "road"), (GRID, OTHER_TOWN), ["township"]),
        (("road", "lamp"), ("gone", OTHER_TOWN), ["category", "township"]),
    ],
)
def test_in_what_two_cases_are_not_one_matter(
    categories: tuple[str | None, ...], places: tuple[str | None, ...], found: list[str]
) -> None:
    assert differs(pack(), categories=categories, places=places) == found


def test_nothing_that_decides_or_is_answered_has_room_for_a_person() -> None:
    personal = {"name", "phone", "contact", "requester", "matter_text", "id_number", "address"}
    for kind in (SimilarCase, SimilarOffered, CaseJoined, CaseSplit):
        assert not personal & set(kind.model_fields), kind
    for decision in (same_matter, differs, policy.SameMatter):
        assert not personal & set(inspect.signature(decision).parameters), decision
    asked = FindSimilarCases.model_validate(
        {"actor": {"staff": "c", "role": "intake_clerk"}, "idempotency_key": "k", "category": "a", "place": "b"}
        | {"contact": "13812345678"}
    )
    assert "13812345678" not in repr(asked)
