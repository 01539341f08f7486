"""Files that are away, stray, unreadable or full of garbage; many faults told at once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from shared.centre.errors import Fault, PackFaulty
from shared.centre.load import FILES, load_pack
from shared.centre.nouns import Handing

Plant = Callable[[str, str, str], Path]


def test_the_unbroken_copy_is_taken(folder: Path) -> None:
    assert load_pack(folder).name == "small"


@pytest.mark.parametrize("file", FILES)
def test_a_file_away_is_named(file: str, folder: Path) -> None:
    (folder / file).unlink()

    faults = _faults(folder)

    assert [(fault.file, fault.line) for fault in faults] == [(file, 0)]
    assert "cannot be read" in faults[0].what


def test_a_pack_needs_no_response_plans_but_reads_those_it_has(folder: Path) -> None:
    assert [plan.id for plan in load_pack(folder).response_plans] == ["help-2", "any-1"]
    (folder / "response_plans.yaml").unlink()

    assert load_pack(folder).response_plans == ()


def test_rosters_in_the_folder_are_left_alone(folder: Path) -> None:
    version = load_pack(folder).version
    (folder / "rosters.yaml").write_text("rotas: [of, any, shape]\n")

    assert load_pack(folder).version == version


@pytest.mark.parametrize(
    ("stray", "meant"), [("response_plan.yaml", "response_plans.yaml"), ("rosters.yml", "rosters.yaml")]
)
def test_a_misspelt_optional_file_is_refused(stray: str, meant: str, folder: Path) -> None:
    (folder / stray).write_text("{}\n")

    (fault,) = _faults(folder)

    assert (fault.file, fault.advice) == (stray, f"Rename it to {meant}")


def test_handing_deferrals_and_flags_are_read_and_may_be_left_out(folder: Path, plant: Plant) -> None:
    pack = load_pack(folder)
    assert (pack.handing.returns_to_director, pack.handing.hops_max) == (2, 4)
    assert (pack.deferrals.extension_days_max, pack.deferrals.suspension_days_max) == (8, 60)
    assert pack.deferrals.extensions_max == 1, "the preset"
    assert [flag.name for flag in pack.flags] == ["有危险", "多户"]
    plant("centre.yaml", "handing: {returns_to_director: 2, hops_max: 4}\n", "")

    assert load_pack(folder).handing == Handing()


def test_a_folder_away_is_said_not_raised(tmp_path: Path) -> None:
    assert {fault.file for fault in _faults(tmp_path / "nowhere")} == set(FILES)


def test_a_file_that_would_not_be_read_is_refused(folder: Path) -> None:
    (folder / "unit.yaml").write_text("units: []\n")

    (fault,) = _faults(folder)

    assert fault.file == "unit.yaml"
    assert "Rename it to units.yaml" in fault.advice


def test_a_gbk_file_is_refused_with_the_line(folder: Path) -> None:
    text = (folder / "windows.yaml").read_text(encoding="utf-8")
    (folder / "windows.yaml").write_bytes(text.encode("gbk"))

    (fault,) = _faults(folder)

    assert (fault.file, fault.line) == ("windows.yaml", 2)
    assert "UTF-8" in fault.advice


def test_a_byte_order_mark_does_no_harm(folder: Path) -> None:
    text = (folder / "windows.yaml").read_text(encoding="utf-8")
    (folder / "windows.yaml").write_text(text, encoding="utf-8-sig")

    assert load_pack(folder).name == "small"


GARBAGE = ["", "# nothing yet\n", "windows: " + "[" * 600, "windows: \x00", "windows: 7", "a: 1\n---\nb: 2\n"]


@pytest.mark.parametrize("text", GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_is_a_fault_of_its_file_and_nothing_else(text: str, folder: Path) -> None:
    (folder / "windows.yaml").write_text(text, encoding="utf-8")

    assert {fault.file for fault in _faults(folder)} == {"windows.yaml"}


def test_a_huge_file_is_not_even_parsed(folder: Path) -> None:
    (folder / "windows.yaml").write_bytes(b"#" * 4_000_001)

    (fault,) = _faults(folder)

    assert "larger than" in fault.what


def test_all_faults_are_told_at_once(folder: Path, plant: Plant) -> None:
    plant("units.yaml", "kind: centre", "kind: [centre")
    plant("windows.yaml", "unit: desk", "unti: desk")
    plant("windows.yaml", "code: labour", "code: general")
    plant("limits.yaml", "amount: 2, unit: hour", "amount: two, unit: hour")
    plant("jurisdiction.yaml", "id: noise-grid", "id: noise")

    faults = _faults(folder)

    assert {fault.file for fault in faults} == {"units.yaml", "windows.yaml", "limits.yaml", "jurisdiction.yaml"}
    assert not any("'units'" in fault.what for fault in faults), "an unread file's section is not also called missing"
    assert sum("is used twice" in fault.what for fault in faults) == 2
    assert faults == sorted(faults)


def test_the_refusal_reads_as_file_line_fault_advice(plant: Plant) -> None:
    folder = plant("windows.yaml", "unit: desk", "unit: disk")

    with pytest.raises(PackFaulty) as refused:
        load_pack(folder)

    expected = "windows.yaml:2: the unit 'disk' is not known. Did you mean 'desk'? Otherwise add it to units.yaml."
    assert str(refused.value) == f"the centre pack has 1 fault:\n{expected}"


def _faults(folder: Path) -> list[Fault]:
    with pytest.raises(PackFaulty) as refused:
        load_pack(folder)
    return list(refused.value.faults)
