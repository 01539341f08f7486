"""What is left of a run that failed says what was done, what was found, and how to have it again."""

import json
from pathlib import Path
from typing import cast

import pytest

from benchmarks.chaos import SIZES, NotSound, one_run
from shared.clock import MovedClock
from tests.support.chaos.history import History
from tests.support.chaos.outcome import Outcome, Settings
from tests.support.times import MONDAY_MORNING


def test_a_history_is_kept_with_its_seed_and_the_logs(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "intake-1.log").write_text("a line")
    history = History(MovedClock(MONDAY_MORNING), {"seed": 3})
    history.note("struck", number=1, fault="kill intake", pids=[7])
    history.keep(tmp_path / "kept", found=["a case is gone"], logs=tmp_path / "logs", answered=[{"key": "k"}])
    told = json.loads((tmp_path / "kept" / "history.json").read_text())
    assert told["settings"] == {"seed": 3}
    assert told["found"] == ["a case is gone"]
    assert told["answered"] == [{"key": "k"}]
    assert told["history"][0]["fault"] == "kill intake"
    assert (tmp_path / "kept" / "logs" / "intake-1.log").read_text() == "a line"


class Unsound:
    """What a run comes to that found something."""

    def words(self) -> list[str]:
        return ["T-1 was answered to a window and there is no such case"]


async def unsound_run(settings: Settings, folder: Path, *, keep: Path | None) -> Outcome:
    assert settings.seed == 3
    return cast("Outcome", Unsound())


def test_a_failed_run_says_where_its_history_is_and_how_to_have_it_again() -> None:
    with pytest.raises(NotSound) as found:
        one_run(SIZES["short"], 3, ("benchmarks.chaos", "--short", "--seed", "3"), carry_out=unsound_run)
    assert ".chaos/short-3-" in str(found.value)
    assert "python -m benchmarks.chaos --short --seed 3" in str(found.value)
    assert "there is no such case" in str(found.value)
