"""What differs between two packs, entry by entry, and what a draft may not be."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from deploy.packs import default_pack
from services.dispatch.errors.packs import (
    CentrePackChangedMeanwhile,
    DrafterMayNotApprove,
    EffectiveIsPast,
    EffectiveTooFar,
    PackDraftDecided,
)
from services.dispatch.model import PackDraft
from services.dispatch.policy.pack_drafts import (
    DRAFT_MOVES,
    EFFECTIVE_DAYS_MAX,
    DraftState,
    counted,
    require_effective_to_come,
)
from shared.centre.changes import ALONE, pack_changes
from shared.centre.errors import PackFaulty
from shared.centre.prove import proved
from shared.centre.sections import BY_NAME, keyed
from shared.contracts.actors import Actor, Role
from shared.contracts.dispatch import DraftCentrePack, PackChange

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
DRAFTER = Actor(staff="admin.1", role=Role.ADMINISTRATOR)
ANOTHER = Actor(staff="admin.2", role=Role.ADMINISTRATOR)
PACK = default_pack()


def content() -> dict[str, Any]:
    return PACK.model_dump(mode="json")


def draft(effective_at: datetime | None = None) -> PackDraft:
    after = PACK.model_copy(update={"title": "改名后的中心"})
    facts = {"pack": {}, "based_on": PACK.version, "note": "改名", "effective_at": effective_at}
    command = DraftCentrePack.model_validate({"actor": DRAFTER, "idempotency_key": "k", **facts})
    made, told = PackDraft.draft(command, after, content(), draft_id=uuid4(), now=NOW)
    assert (told.version, told.based_on) == (after.version, PACK.version)
    return made


def test_the_same_pack_has_no_changes() -> None:
    assert pack_changes(content(), content()) == ()


def test_each_change_names_its_entry_and_its_fields() -> None:
    after = content()
    after["units"][0]["name"] = "换了名字"
    gone = after["windows"].pop()
    after["flags"].append({"code": "fresh", "name": "新标记"})
    after["title"] = "改名"
    found = {(one.section, one.key): one for one in pack_changes(content(), after)}
    assert found.keys() == {
        ("units", after["units"][0]["code"]),
        ("windows", gone["code"]),
        ("flags", "fresh"),
        ("title", ALONE),
    }
    assert found["units", after["units"][0]["code"]].fields == ("name",)
    assert found["windows", gone["code"]].kind == "removed"
    assert set(counted(content(), after)) == {
        PackChange(section="units", changed=1),
        PackChange(section="windows", removed=1),
        PackChange(section="flags", added=1),
        PackChange(section="title", changed=1),
    }


def test_another_order_matters_where_the_order_decides() -> None:
    turned = content() | {name: content()[name][::-1] for name in ("rules", "units")}
    assert [(one.section, one.kind) for one in pack_changes(content(), turned)] == [("rules", "order")]


def test_two_closures_of_one_day_are_told_apart() -> None:
    day = {"from_": "2026-12-05", "to": None, "reason": "停电", "townships": []}
    found = keyed({"closures": [day, {**day, "reason": "台风"}]}, BY_NAME["closures"])
    assert list(found) == ["2026-12-05", "2026-12-05~2"]


def test_a_pack_is_proved_from_plain_data_too() -> None:
    assert proved(content()).version == PACK.version


@pytest.mark.parametrize(
    ("section", "change", "file", "says"),
    [
        ("units", {"surprise": 1}, "units.yaml", "units[1].surprise"),
        ("limits", {"amount": "five"}, "limits.yaml", "limits[1].amount"),
        ("rules", {"unit": "nobody"}, "jurisdiction.yaml", "'nobody' is not known"),
    ],
)
def test_a_fault_names_the_file_and_the_field(section: str, change: dict[str, Any], file: str, says: str) -> None:
    broken = content()
    broken[section][0] |= change
    with pytest.raises(PackFaulty) as refused:
        proved(broken)
    assert (file, True) in {(fault.file, says in fault.what) for fault in refused.value.faults}


# -- who, and when -----------------------------------------------------------------------------------------------------


def test_nobody_approves_what_they_drafted() -> None:
    one = draft()
    with pytest.raises(DrafterMayNotApprove):
        one.approve(by=DRAFTER, in_force=PACK.version, now=NOW)
    assert one.state == DraftState.DRAFTED


def test_another_approves_and_it_holds_from_its_instant_or_at_once() -> None:
    later = NOW + timedelta(days=3)
    assert draft(later).approve(by=ANOTHER, in_force=PACK.version, now=NOW).effective_at == later
    assert draft().approve(by=ANOTHER, in_force=PACK.version, now=NOW).effective_at == NOW
    too_late = later + timedelta(hours=1)
    assert draft(later).approve(by=ANOTHER, in_force=PACK.version, now=too_late).effective_at == too_late


def test_what_was_made_from_another_version_is_not_approved() -> None:
    with pytest.raises(CentrePackChangedMeanwhile, match="draft it anew"):
        draft().approve(by=ANOTHER, in_force="another", now=NOW)


def test_a_draft_is_decided_once() -> None:
    one = draft()
    one.approve(by=ANOTHER, in_force=PACK.version, now=NOW)
    with pytest.raises(PackDraftDecided):
        one.approve(by=ANOTHER, in_force=PACK.version, now=NOW)
    assert one.withdraw(by=DRAFTER, now=NOW).was_approved
    with pytest.raises(PackDraftDecided, match="withdrawn"):
        one.withdraw(by=DRAFTER, now=NOW)


def test_nothing_leads_on_from_an_end() -> None:
    ends = {DraftState.IN_FORCE, DraftState.WITHDRAWN, DraftState.OVERTAKEN}
    assert not ends & {state for state, _ in DRAFT_MOVES}


def test_it_takes_effect_in_the_time_to_come_and_within_bounds() -> None:
    require_effective_to_come(None, now=NOW)
    require_effective_to_come(NOW + timedelta(days=EFFECTIVE_DAYS_MAX), now=NOW)
    with pytest.raises(EffectiveIsPast):
        require_effective_to_come(NOW, now=NOW)
    with pytest.raises(EffectiveTooFar):
        require_effective_to_come(NOW + timedelta(days=EFFECTIVE_DAYS_MAX + 1), now=NOW)
