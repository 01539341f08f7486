"""`muster appeals`: appeals against an overdue clock (超时申诉)."""

from typing import Annotated
from uuid import UUID

import typer

from deploy.cli.accountability_asking import (
    AsOption,
    CaseOption,
    EveryOption,
    RoleOption,
    act,
    acting,
    case_code,
    read,
    tell,
)
from deploy.cli.doctor import CentreOption, DataOption, JsonOption
from deploy.cli.words import lines, out
from shared.contracts.escalation import Appeals, AppealView, DecideAppeal, ListAppeals, MakeAppeal, ProposeOnAppeal
from shared.story.teller import Names
from shared.story.words import ADVICE, APPEAL_REASONS, APPEAL_STATES, STAGES

app = typer.Typer(
    no_args_is_help=True, help="Appeals (超时申诉): an overdue that should not count, decided by two people."
)
AppealArgument = Annotated[UUID, typer.Argument(help="the appeal's id, as `muster appeals list` prints it")]
WordsOption = Annotated[str | None, typer.Option("--words", help="told to the centre's staff and the unit only")]


@app.command("list")
def list_(
    case: CaseOption = None,
    every: EveryOption = False,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 40,
    data: DataOption = None,
    centre: CentreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Appeals that wait, oldest first."""
    facts = {"case_code": case_code(case), "only_open": not every, "limit": limit}
    found, names = read(ListAppeals, Appeals, data, centre, facts)
    empty = None if found.appeals else "没有申诉" if every else "没有待办的申诉"
    tell(found, lambda: _print(names, found.appeals), as_json=as_json, empty=empty)


@app.command()
def make(
    clock: Annotated[str, typer.Argument(help="the clock's key, as `muster queue --json` or `muster case` tells it")],
    reason: Annotated[str, typer.Argument(help=" | ".join(APPEAL_REASONS))],
    words: Annotated[str, typer.Option("--words", help="the unit's words")],
    unit: Annotated[str, typer.Option("--unit", help="the unit that appeals")],
    as_post: AsOption,
    role: RoleOption = "liaison_officer",
    data: DataOption = None,
    centre: CentreOption = None,
) -> None:
    """The unit appeals, once per clock and in time."""
    facts = {"clock": clock, "reason": reason, "words": words}
    _done(*act(MakeAppeal, AppealView, data, centre, acting(as_post, role, unit), facts))


@app.command()
def propose(
    appeal: AppealArgument,
    as_post: AsOption,
    support: Annotated[bool, typer.Option("--support/--oppose", help="the director's advice")],
    words: WordsOption = None,
    data: DataOption = None,
    centre: CentreOption = None,
) -> None:
    """The first step, by the duty director."""
    facts = {"appeal_id": appeal, "support": support, "words": words}
    _done(*act(ProposeOnAppeal, AppealView, data, centre, acting(as_post, "duty_director"), facts))


@app.command()
def decide(
    appeal: AppealArgument,
    as_post: AsOption,
    grant: Annotated[bool, typer.Option("--grant/--refuse", help="granted: it does not count, and stays on record")],
    words: WordsOption = None,
    role: RoleOption = "commander",
    data: DataOption = None,
    centre: CentreOption = None,
) -> None:
    """The second step, by a commander or deputy."""
    facts = {"appeal_id": appeal, "grant": grant, "words": words}
    _done(*act(DecideAppeal, AppealView, data, centre, acting(as_post, role), facts))


def _done(appeal: AppealView, _names: Names) -> None:
    out.print(f"[green]✓[/] {appeal.appeal_id} {APPEAL_STATES[appeal.state]}")


def _print(names: Names, appeals: tuple[AppealView, ...]) -> None:
    table = lines("编号", "案件", "单位", "环节", "超时", "理由", "状态", "意见")
    for one in appeals:
        advice = "" if one.advice is None else ADVICE[one.advice]
        about = names.unit(one.unit), STAGES[one.stage], names.at(one.fired_at), APPEAL_REASONS[one.reason]
        table.add_row(str(one.appeal_id), one.case_code, *about, APPEAL_STATES[one.state], advice)
    out.print(table)
