"""`muster summons`: what it shows of a summons, a plan and a drill, and what it says to nonsense."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from uuid import uuid4

import pytest
from rich.console import Console, RenderableType
from typer.testing import CliRunner

from deploy.cli import summons
from deploy.cli.summons_words import DRILL_STATES, STATES, UNIT_STATES, drill_table, list_table, one_summons, plan_table
from deploy.packs import default_pack
from services.dispatch.policy.summoning import SummonsState
from shared.contracts.dispatch import (
    DrillResult,
    DrillUnit,
    PlannedUnit,
    SummonedUnit,
    Summonses,
    SummonsGround,
    SummonsPlan,
    SummonsView,
    UnitSummonsState,
)
from shared.story.teller import Names

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
NAMES = Names(default_pack())
RUN = CliRunner()


def printed(*parts: RenderableType) -> str:
    console = Console(file=StringIO(), width=200, highlight=False)
    for part in parts:
        console.print(part)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def view(*, drill: bool = False) -> SummonsView:
    came = SummonedUnit(
        unit="police",
        state=UnitSummonsState.ARRIVED,
        called_at=NOW,
        notified_at=NOW + timedelta(seconds=1),
        notified_on="sms",
        acknowledged_at=NOW + timedelta(minutes=1),
        arrived_at=NOW + timedelta(minutes=9),
        plan="p1",
        why="现场秩序",
    )
    cannot = SummonedUnit(
        unit="market",
        state=UnitSummonsState.CANNOT_COME,
        called_at=NOW,
        acknowledged_at=None,
        arrived_at=None,
        cannot_come_at=NOW,
        cannot_come_reason="另有险情",
    )
    coming = SummonedUnit(
        unit="fire-rescue",
        state=UnitSummonsState.SUBSTITUTE_SENT,
        called_at=NOW,
        acknowledged_at=NOW,
        arrived_at=None,
        expected_at=NOW + timedelta(minutes=12),
        substitute="fire-rescue.lead",
    )
    return SummonsView(
        summons_id=uuid4(),
        case_code="drill" if drill else "26-0000001-5",
        drill=drill,
        state="running",
        ground=SummonsGround.URGENT,
        asked_by="director.1",
        approved_by="commander.1",
        units=(came, cannot, coming),
        asked_at=NOW,
        approved_at=NOW,
        reason="现场人数较多 [bold]",
    )


def test_one_summons_says_who_came_who_cannot_and_why_they_were_called() -> None:
    said = printed(*one_summons(NAMES, view()))
    for words in (
        "进行中 running",
        "紧急",
        "11-23 09:00:01 sms",
        "到场 arrived",
        "by plan p1: 现场秩序",
        "cannot come: 另有险情",
        "expected 11-23 09:12:00; substitute fire-rescue.lead",
        "reason: 现场人数较多 [bold]",
        "approved by commander.1",
    ):
        assert words in said


def test_a_drill_is_marked_in_the_list() -> None:
    said = printed(list_table(NAMES, Summonses(summonses=(view(drill=True), view()))))
    assert "演练 drill" in said
    assert "26-0000001-5" in said
    assert "1 of 3 came" in said
    assert "3 of 3 answered" in said, "nobody comes to a drill"


def test_a_refused_summons_waits_for_nobodys_approval() -> None:
    named = SummonedUnit(
        unit="police", state=UnitSummonsState.NAMED, called_at=None, acknowledged_at=None, arrived_at=None
    )
    asked = view().model_copy(update={"state": "asked", "approved_by": None, "units": (named,)})
    assert "待批 named" in printed(*one_summons(NAMES, asked))
    refused = printed(*one_summons(NAMES, asked.model_copy(update={"state": "refused"})))
    assert "未吹哨 not called" in refused
    assert "待批" not in refused


def test_a_plan_says_who_and_why() -> None:
    units = (PlannedUnit(unit="police", plan="p1", why="现场秩序"), PlannedUnit(unit="market", plan="p2", why="检验"))
    said = printed(plan_table(NAMES, SummonsPlan(units=units, already_under_way=("market",))))
    assert "现场秩序" in said
    assert said.count("already called") == 1


def test_a_drill_says_what_was_measured() -> None:
    units = (
        DrillUnit(unit="police", notified_after_s=1.2, answered_after_s=95.0, would_have_come=True),
        DrillUnit(unit="market", notified_after_s=None, answered_after_s=None, would_have_come=False),
    )
    result = DrillResult(summons_id=uuid4(), state="incomplete", units=units, answered=1, would_have_come=1)
    said = printed(*drill_table(NAMES, result))
    assert "1:35" in said
    assert "1 of 2 answered, 1 would have come; 未全部应答 incomplete" in said


def test_every_state_has_words() -> None:
    assert set(STATES) == set(DRILL_STATES) == {state.value for state in SummonsState}
    assert set(UNIT_STATES) == set(UnitSummonsState)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("plan", "26-0000001-0"), "is not a case code"),
        (("list", "--case", "nonsense"), "is not a case code"),
        (("show", "not-an-id"), "Invalid value for 'summons'"),
        (("drill", "not-an-id"), "Invalid value for 'summons'"),
    ],
)
def test_nonsense_is_named(arguments: tuple[str, ...], words: str) -> None:
    result = RUN.invoke(summons.app, list(arguments))
    assert result.exit_code == 2
    assert words in result.output
    assert "Traceback" not in result.output


def test_a_level_nobody_knows() -> None:
    result = RUN.invoke(summons.app, ["plan", "26-0000001-0", "--level", "V"])
    assert result.exit_code == 2
    assert "there is no level 'V': I, II, III, IV" in result.output
