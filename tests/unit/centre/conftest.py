import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.packs import default_pack
from shared.centre.errors import PackFaulty
from shared.centre.load import load_pack
from shared.centre.pack import CentrePack

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
QUANZHOU = ROOT / "deploy" / "centres" / "quanzhou-tic"
LETTERED = ROOT / "tests" / "packs" / "lettered-places"


@pytest.fixture(scope="session")
def quanzhou_folder() -> Path:
    return QUANZHOU


@pytest.fixture(scope="session")
def quanzhou() -> CentrePack:
    return default_pack()


@pytest.fixture(scope="session")
def lettered() -> CentrePack:
    return load_pack(LETTERED)


@pytest.fixture(scope="session")
def small() -> CentrePack:
    return load_pack(HERE / "small_pack")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small pack, to be broken."""
    return Path(shutil.copytree(HERE / "small_pack", tmp_path / "pack"))


@pytest.fixture
def plant(folder: Path) -> Callable[[str, str, str], Path]:
    """Replace a text that must occur in a file of the copy; returns the copy."""

    def replace(file: str, old: str, new: str) -> Path:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}: the plant would test nothing"
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return replace


@pytest.fixture
def assert_found(plant: Callable[[str, str, str], Path]) -> Callable[..., None]:
    """Plant one fault; exactly one finding says so, in the file and on the line of `at`."""

    def check(file: str, old: str, new: str, at: str, says: str, at_file: str | None = None) -> None:
        folder = plant(file, old, new)
        text = (folder / (at_file or file)).read_text(encoding="utf-8")
        with pytest.raises(PackFaulty) as refused:
            load_pack(folder)
        found = [(fault.file, fault.line) for fault in refused.value.faults if says in str(fault)]
        assert found == [(at_file or file, text[: text.index(at)].count("\n") + 1)], str(refused.value)
        assert all(fault.advice for fault in refused.value.faults)

    return check
