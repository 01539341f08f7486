"""The import rules hold, and each of them is able to fail."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = Path(sys.executable).with_name("lint-imports")

VIOLATIONS = {
    "a service that imports another": ("services/intake/policy.py", "import services.dispatch.policy"),
    "a policy that imports a framework": ("services/dispatch/policy.py", "import sqlalchemy"),
    "a contract that imports a framework": ("shared/contracts/actors.py", "import nats"),
    "a shared module that imports a service": ("shared/infra/logs.py", "import services.intake.errors"),
    "a service that imports how it is deployed": ("services/intake/api.py", "import deploy.packs"),
    "a model that imports its operations": ("services/intake/model.py", "import services.intake.operations"),
    "errors that import infrastructure": ("shared/errors.py", "import shared.infra.logs"),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([LINT, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("services", "shared", "deploy"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "centres", "lock"))
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def test_the_import_rules_hold() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("violation", VIOLATIONS)
def test_a_planted_violation_is_seen(copy: Path, violation: str) -> None:
    file, line = VIOLATIONS[violation]
    path = copy / file
    if not path.exists():  # a policy may be a package
        path = copy / file.removesuffix(".py") / "__init__.py"
    path.write_text(path.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    done = lint(copy)
    assert done.returncode != 0, f"{violation} was not seen:\n{done.stdout}"
    assert "BROKEN" in done.stdout


def test_a_stray_module_in_a_service_is_seen(copy: Path) -> None:
    (copy / "services" / "intake" / "utils.py").write_text('"""Stray."""\n', encoding="utf-8")
    done = lint(copy)
    assert done.returncode != 0
    assert "services.intake.utils" in done.stdout
