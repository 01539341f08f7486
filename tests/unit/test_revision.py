"""A result is called clean only where nothing changed from before the run to after it."""

import subprocess
from pathlib import Path

import pytest

from benchmarks.revision import Revision


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "product.py").write_text("1")
    git(tmp_path, "init", "-q")
    commit(tmp_path)
    return tmp_path


def git(tree: Path, *arguments: str) -> None:
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *arguments], cwd=tree, check=True)


def commit(tree: Path) -> None:
    git(tree, "add", "-A")
    git(tree, "commit", "-qm", "state", "--allow-empty")


def test_a_run_on_a_committed_tree_is_clean(tree: Path) -> None:
    judged = Revision.read(tree).judged(Revision.read(tree))
    assert judged["clean"] is True
    assert len(judged["commit"]) == 40


def test_results_may_be_written_meanwhile(tree: Path) -> None:
    before = Revision.read(tree)
    (tree / "benchmarks" / "results").mkdir(parents=True)
    (tree / "benchmarks" / "results" / "chaos.json").write_text("{}")
    assert before.judged(Revision.read(tree))["clean"] is True


def test_a_file_that_changes_meanwhile_is_named(tree: Path) -> None:
    before = Revision.read(tree)
    (tree / "product.py").write_text("2")
    judged = before.judged(Revision.read(tree))
    assert judged["clean"] is False
    assert judged["not_clean_because"] == ["files changed meanwhile: product.py"]


def test_a_changed_file_that_changes_again_is_seen(tree: Path) -> None:
    (tree / "product.py").write_text("2")
    before = Revision.read(tree)
    (tree / "product.py").write_text("3")
    assert len(before.judged(Revision.read(tree))["not_clean_because"]) == 2


def test_a_tree_that_was_not_committed_is_not_clean(tree: Path) -> None:
    (tree / "new.py").write_text("1")
    judged = Revision.read(tree).judged(Revision.read(tree))
    assert judged["not_clean_because"] == ["files were not committed: new.py"]


def test_another_commit_meanwhile_is_seen(tree: Path) -> None:
    before = Revision.read(tree)
    commit(tree)
    (reason,) = before.judged(Revision.read(tree))["not_clean_because"]
    assert reason.startswith("another revision was checked out meanwhile")


def test_without_a_repository_nothing_is_clean(tmp_path: Path) -> None:
    assert Revision.read(tmp_path / "nowhere").judged(Revision.read(tmp_path / "nowhere"))["clean"] is False
