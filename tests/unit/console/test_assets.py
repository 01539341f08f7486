"""Modules that need others have them named in the page."""

from pathlib import Path

import pytest

from services.console.web.assets import FOLDER, Assets


def test_what_a_module_needs_is_followed_down(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("import { b } from './b.js';\nimport './c.js';\nconst later = import('./d.js');\n")
    (tmp_path / "b.js").write_text("import { c } from './c.js';\n")
    (tmp_path / "c.js").write_text("import { a } from './a.js';\nimport { e } from './e.js';\n")
    (tmp_path / "d.js").write_text("")
    (tmp_path / "e.js").write_text("/** @param {import('./d.js').D} d */\n")
    assert Assets(tmp_path).modules_of("a.js") == ["b.js", "c.js", "e.js"]


def test_a_module_that_is_not_there_is_seen_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("import './b.js';\n")
    with pytest.raises(KeyError):
        Assets(tmp_path).modules_of("a.js")


@pytest.mark.parametrize("module", [path.name for path in sorted(FOLDER.glob("*.js"))])
def test_every_module_finds_what_it_needs(module: str) -> None:
    assets = Assets()
    assert all(assets.url(one) for one in assets.modules_of(module))
