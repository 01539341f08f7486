"""`muster summons`: who is whistled for, who answered, who came; whom the plans would call; what a drill measured."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, TypeVar
from uuid import UUID

import typer
from pydantic import BaseModel
from rich.console import RenderableType

from deploy.cli.doctor import CentreOption, DataOption, JsonOption
from deploy.cli.summons_words import drill_table, list_table, one_summons, plan_table
from deploy.cli.words import fail, out, print_json, run_async
from deploy.packs import pack_in_force
from deploy.session import Place, asking
from shared.centre.pack import LEVELS
from shared.codes import CodeWrong, parse_case_code
from shared.contracts.actors import OPERATOR
from shared.contracts.base import Query
from shared.contracts.dispatch import DrillResult, ListSummonses, PlanSummons, ReadDrill, Summonses, SummonsPlan
from shared.story.teller import Names

A = TypeVar("A", bound=BaseModel)
app = typer.Typer(no_args_is_help=True, help="The whistle (吹哨报到): summonses, response plans, drills.")
IdArgument = Annotated[UUID, typer.Argument(help="the summons' id, as `muster summons list` prints it")]


@app.command("list")
def list_(
    every: Annotated[bool, typer.Option("--all", help="ended ones too")] = False,
    case: Annotated[str | None, typer.Option(help="only of this case, e.g. 26-0000104-5")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 40,
    data: DataOption = None,
    centre: CentreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Summonses (吹哨) asked for or running, newest first. Drills (演练) are marked."""
    code = None if case is None else _case_code(case)
    query = ListSummonses(actor=OPERATOR, only_running=not every, case_code=code, limit=limit)
    found, names = _ask(query, Summonses, data, centre)
    if as_json:
        print_json(found.model_dump(mode="json"))
    elif not found.summonses:
        out.print("there is no summons" if every else "no summons is under way")
    else:
        out.print(list_table(names, found))


@app.command()
def show(
    summons: IdArgument, data: DataOption = None, centre: CentreOption = None, as_json: JsonOption = False
) -> None:
    """One summons, unit by unit: notified, answered, came, and by which plan it was called."""
    query = ListSummonses(actor=OPERATOR, only_running=False, summons_id=summons)
    found, names = _ask(query, Summonses, data, centre)
    if not found.summonses:
        fail(f"there is no summons {summons}", code=2)
    (one,) = found.summonses
    _tell(one, one_summons(names, one), as_json=as_json)


@app.command()
def plan(
    code: Annotated[str, typer.Argument(help="the case code, e.g. 26-0000104-5")],
    level: Annotated[str | None, typer.Option(help="as if the case had this level: I, II, III or IV")] = None,
    data: DataOption = None,
    centre: CentreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Whom the response plans (出动预案) would call for a case. Nobody is called."""
    if level is not None and level not in LEVELS:
        fail(f"there is no level {level!r}: {', '.join(LEVELS)}", code=2)
    query = PlanSummons.model_validate({"actor": OPERATOR, "case_code": _case_code(code), "level": level})
    planned, names = _ask(query, SummonsPlan, data, centre)
    _tell(planned, [plan_table(names, planned)], as_json=as_json)


@app.command()
def drill(
    summons: IdArgument, data: DataOption = None, centre: CentreOption = None, as_json: JsonOption = False
) -> None:
    """What a drill (演练) measured: when each unit was notified, when it answered, whether it would have come."""
    result, names = _ask(ReadDrill(actor=OPERATOR, summons_id=summons), DrillResult, data, centre)
    _tell(result, drill_table(names, result), as_json=as_json)


def _ask(query: Query[Any], answer: type[A], data: Path | None, centre: str | None) -> tuple[A, Names]:
    async def work() -> tuple[A, Names]:
        async with asking(Place.here(data, centre)) as asker:
            answered = await asker.ask(query, answer)
            pack = await pack_in_force(asker)
        if pack is None:
            fail("no centre pack is in force: put one in force with muster centre apply")
        return answered, Names(pack)

    return run_async(work())


def _tell(answer: BaseModel, words: Iterable[RenderableType], *, as_json: bool) -> None:
    if as_json:
        print_json(answer.model_dump(mode="json"))
        return
    for each in words:
        out.print(each)


def _case_code(text: str) -> str:
    try:
        return parse_case_code(text)
    except CodeWrong as wrong:
        fail(f"{text!r} is not a case code: {wrong}", code=2)
