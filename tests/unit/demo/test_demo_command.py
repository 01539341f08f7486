"""`muster demo` tells what the day came to, as a table or one JSON object, and fails where the books do not balance."""

import json
from dataclasses import replace

import pytest
import typer

from deploy.cli.demo import NAMES, tell
from deploy.demo.finite import Outcome
from deploy.demo.floor import Tally
from deploy.demo.ledger import Ledger
from deploy.demo.summary import summary_of
from tests.unit.demo.books import sound_ledger

KEYS = {
    *(
        "registered",
        "accepted",
        "not_accepted",
        "routed",
        "triage",
        "designated",
        "work_orders",
        "supporting",
        "signed_off",
        "returned",
    ),
    *("reported_back", "verified", "closed", "reopened", "summons", "clocks", "lost", "duplicated", "dead_letters"),
    *("seconds", "simulated_hours", "balanced"),
}


def outcome(ledger: Ledger) -> Outcome:
    return Outcome(summary_of(ledger), seconds=61.04, simulated_hours=200.66, tally=Tally())


def test_the_json_object_is_one_line_with_its_keys(capsys: pytest.CaptureFixture[str]) -> None:
    tell(outcome(sound_ledger()), as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert set(told) == KEYS
    assert (told["seconds"], told["simulated_hours"], told["balanced"]) == (61.0, 200.7, True)
    assert set(told["summons"]) == {"issued", "arrived_in_time", "late", "unanswered", "awaited"}
    assert set(told["clocks"]) == {"armed", "met", "met_late", "cancelled", "open", "fired"}


def test_the_table_names_every_number_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    tell(outcome(sound_ledger()), as_json=False)
    text = capsys.readouterr().out
    assert all(chinese in text and key in text for key, chinese in NAMES.items())


def test_what_was_refused_along_the_way_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    refused = outcome(sound_ledger())
    refused.tally.refused["close_case: not_possible_now"] += 2
    tell(refused, as_json=False)
    assert "close_case: not_possible_now (2)" in capsys.readouterr().out


@pytest.mark.parametrize("as_json", [True, False])
def test_books_that_do_not_balance_end_with_1(as_json: bool, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended:
        tell(outcome(replace(sound_ledger(), dead_letters=2)), as_json=as_json)
    assert ended.value.exit_code == 1
    assert "dead letters: 2" in capsys.readouterr().err
