"""Normal and surge mode in a pack: read, left out, and every fault of it found in the file and on its line."""

from pathlib import Path

import pytest

from shared.centre.check_reach import unreachable_rules
from shared.centre.errors import PackFaulty
from shared.centre.jurisdiction import route
from shared.centre.load import load_pack
from shared.centre.locations import Locations
from shared.centre.modes import ModeTerms
from shared.centre.pack import CentrePack, Mode

WHOLE = """modes:
  measures:
    - {code: on-site, name: 现场办公}
    - {code: shifts, name: 增派班次}
  surge:
    - level: I
      open: [handle]
      rosters: [{instead_of: leader, roster: leader-surge}]
      grids: [village]
      tells: [police]
      report_hours: 4
    - level: II
"""
SURGE_LIMIT = "  - {id: handle-surge, stage: handle, amount: 2, unit: hour, modes: [surge], source: 样例}\n"


def folder_with(folder: Path, modes: str) -> Path:
    (folder / "modes.yaml").write_text(modes, encoding="utf-8")
    with (folder / "limits.yaml").open("a", encoding="utf-8") as limits:
        limits.write(SURGE_LIMIT)
    return folder


def test_it_is_read_and_may_be_left_out(folder: Path) -> None:
    assert load_pack(folder).modes == ModeTerms()
    pack = load_pack(folder_with(folder, WHOLE))
    assert pack.modes.changes_open("surge.I", "handle")
    assert not pack.modes.changes_open("surge.II", "handle")
    assert not pack.modes.changes_open("normal", "handle")
    assert pack.modes.stand_ins("surge.I") == {"leader": "leader-surge"}
    assert pack.modes.stand_ins("normal") == {}
    assert pack.modes.surge_rosters == {"leader-surge"}
    assert [pack.modes.at_work("village", mode) for mode in ("surge.I", "surge.II", "normal")] == [True, False, False]
    assert pack.modes.at_work("micro", "normal")


PLANTS: dict[str, tuple[str, str, str, str]] = {  # old, new, the faulty line, words of the fault
    "level twice": ("- level: II", "- level: I", "    - level: I\n", "the level 'I' stands there twice"),
    "measure twice": ("code: shifts", "code: on-site", "增派班次", "the measure 'on-site' stands there twice"),
    "unknown unit told": ("tells: [police]", "tells: [polcie]", "polcie", "Did you mean 'police'"),
    "no such grids": ("grids: [village]", "grids: [unit]", "[unit]", "the centre has none"),
    "roster for itself": ("roster: leader-surge", "roster: leader", "roster: leader}", "stands in for itself"),
    "a summons is never changed": ("open: [handle]", "open: [arrival]", "arrival", "'arrival' does not fit"),
    "opened for nothing": ("open: [handle]", "open: [verify]", "[verify]", "no limit or ladder names a mode for it"),
    "a mode without limits": ("report_hours: 4", "report_hours: 0", "report_hours: 0", "report_hours"),
    "one roster replaced twice": (
        "rosters: [{instead_of: leader, roster: leader-surge}]",
        "rosters: [{instead_of: leader, roster: a}, {instead_of: leader, roster: b}]",
        "instead_of",
        "the roster 'leader' stands there twice",
    ),
}


@pytest.mark.parametrize("plant", PLANTS)
def test_a_planted_fault_is_found(plant: str, folder: Path) -> None:
    old, new, at, says = PLANTS[plant]
    assert old in WHOLE, "the plant would test nothing"
    text = WHOLE.replace(old, new)
    with pytest.raises(PackFaulty) as refused:
        load_pack(folder_with(folder, text))
    lines = [text[:place].count("\n") + 1 for place in range(len(text)) if text.startswith(at, place)]
    found = [(fault.file, fault.line) for fault in refused.value.faults if says in str(fault)]
    assert len(found) == 1, str(refused.value)
    assert found[0][0] == "modes.yaml"
    assert found[0][1] in lines


FIRE = {"category": "safety.fire.hazards", "place": "350521104", "source": "window", "level": "IV"}


@pytest.mark.parametrize(
    ("mode", "rule", "supporters"),
    [
        ("normal", "fire", ()),
        ("surge.IV", "fire-surge", ("enforcement-emergency",)),
        ("surge.I", "fire-surge", ("enforcement-emergency",)),
    ],
)
def test_in_a_surge_a_reinforcing_unit_supports(
    quanzhou: CentrePack, mode: Mode, rule: str, supporters: tuple[str, ...]
) -> None:
    decided = route(quanzhou, **FIRE, mode=mode)  # type: ignore[arg-type]
    assert (decided.rule_id, decided.unit, decided.supporters) == (rule, "fire-rescue", supporters)
    passed_over = {one.rule_id: one.why_not for one in decided.considered}
    if mode == "normal":
        assert passed_over["fire-surge"] == "只在战时适用"


@pytest.mark.parametrize(
    ("modes", "reached"),
    [
        (("surge",), True),
        (("normal", "surge"), False),
        (("normal", "surge.I", "surge.II", "surge.III", "surge.IV"), False),
        (("surge.I", "surge.II"), True),
    ],
)
def test_a_rule_below_one_for_every_mode_is_never_reached(
    quanzhou: CentrePack, modes: tuple[Mode, ...], reached: bool
) -> None:
    rules = tuple(
        rule.model_copy(update={"modes": modes}) if rule.id == "fire-surge" else rule for rule in quanzhou.rules
    )
    dead = [fault.what for fault in unreachable_rules(quanzhou.model_copy(update={"rules": rules}), Locations())]
    assert (not dead) is reached
    assert reached or "'fire' is never reached" in dead[0]
