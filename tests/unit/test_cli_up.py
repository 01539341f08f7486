"""`muster up --pack`: a pack is put in force where none is yet, and never in place of another."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from deploy.cli import up
from deploy.packs import default_pack, default_pack_dir

ASKER: Any = object()


class Centre:
    def __init__(self, in_force: Any) -> None:
        self.in_force = in_force
        self.applied: list[str] = []

    async def pack_in_force(self, _: Any) -> Any:
        return self.in_force

    async def apply_pack(self, _: Any, pack: Any) -> None:
        self.applied.append(pack.version)

    async def apply_rosters(self, _: Any, rosters: Any) -> None:
        self.applied.append(f"{len(rosters)} rosters")


def centre(patch: pytest.MonkeyPatch, in_force: Any) -> Centre:
    made = Centre(in_force)
    for name in ("pack_in_force", "apply_pack", "apply_rosters"):
        patch.setattr(up, name, getattr(made, name))
    return made


@pytest.mark.parametrize("folder", [None, default_pack_dir()])
async def test_a_new_centre_gets_the_named_pack_or_the_sample(
    folder: Path | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = centre(monkeypatch, None)
    assert (await up._ensure_pack(ASKER, folder)).version == default_pack().version
    assert made.applied[0] == default_pack().version
    assert made.applied[1].endswith("rosters")


async def test_what_was_brought_in_since_is_not_undone_by_a_start(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = centre(monkeypatch, SimpleNamespace(version="approved-by-two"))
    assert (await up._ensure_pack(ASKER, default_pack_dir())).version == "approved-by-two"
    assert made.applied == []
    assert "muster centre apply" in capsys.readouterr().err


async def test_the_same_pack_again_is_not_worth_a_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    centre(monkeypatch, default_pack())
    await up._ensure_pack(ASKER, default_pack_dir())
    assert capsys.readouterr().err == ""
