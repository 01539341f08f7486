"""Which codes are posts of the centre, and whose."""

import pytest

from deploy.packs import default_pack
from services.dispatch.policy.duty import checked_roster, unit_of_post, without_words
from shared.duty import Member
from shared.rosters.errors import UnitMisfit, UnknownPost
from tests.unit.duty.given import local, override, roster, rotation

PACK = default_pack()


@pytest.mark.parametrize(
    ("code", "unit"),
    [
        ("police.liaison", "police"),
        ("police.lead", "police"),
        ("police.anything-7", "police"),
        ("director.police", "police"),
        ("command-centre.desk", "command-centre"),
        ("commander", None),
        ("commander.1", None),
        ("deputy.b", None),
        ("director.2", None),
        ("command-room", None),
    ],
)
def test_a_post_and_its_unit(code: str, unit: str | None) -> None:
    assert unit_of_post(PACK, code) == unit


@pytest.mark.parametrize(
    "code", ["polise.director", "director.polise", "police", "somebody", "commander.somebody", "x.1", ""]
)
def test_what_is_no_post_is_refused(code: str) -> None:
    with pytest.raises(UnknownPost) as refused:
        unit_of_post(PACK, code, row="row 3")
    assert refused.value.message.startswith("row 3: ")


@pytest.mark.parametrize(
    ("changes", "member", "says"),
    [
        ({}, Member(staff="police.a", unit="market"), "a post of police, not of market"),
        ({}, Member(staff="director.1", unit="market"), "the centre's own post, not of market"),
        ({"kind": "liaison", "unit": "market"}, Member(staff="police.a"), "no post of market"),
        ({"kind": "presence"}, Member(staff="commander.1"), "belongs to no unit"),
        ({"unit": "polise"}, Member(staff="police.a"), "not a unit"),
    ],
)
def test_a_post_serves_its_own_unit(changes: dict[str, str], member: Member, says: str) -> None:
    of = roster(rotation("x").model_copy(update={"members": (member,)}), **changes)
    with pytest.raises(UnitMisfit, match=says):
        checked_roster(PACK, of)


def test_units_are_filled_in() -> None:
    (checked,) = checked_roster(PACK, roster(rotation("police.a", "director.1"))).rotations
    assert [member.unit for member in checked.members] == ["police", None]


def test_what_people_wrote_is_left_out_of_what_is_told() -> None:
    start = local(2026, 11, 23, 8)
    written = override("add", "police.a", start, local(2026, 11, 24, 8), reason="家中急事", origin="import")
    (plain,) = without_words(roster(rotation("a"), overrides=(written,))).overrides
    assert plain.reason == "导入"
    assert plain == written.model_copy(update={"reason": "导入"})
