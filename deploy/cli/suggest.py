"""`muster suggest`: what a typed matter is likely about. A person confirms; the text is not kept."""

from typing import Annotated
from uuid import uuid4

import typer
from pydantic import ValidationError
from rich.text import Text

from deploy.cli.doctor import CentreOption, DataOption, JsonOption
from deploy.cli.words import REFUSED, fail, lines, out, print_json, run_async
from deploy.session import Place, asking
from shared.contracts.actors import Actor, Role
from shared.contracts.intake import SuggestCategories, Suggestions

ASKER = Actor(staff="operator", role=Role.DISPATCHER)


def suggest(
    matter: Annotated[str, typer.Argument(help="the matter (诉求) as somebody told it")],
    data: DataOption = None,
    centre: CentreOption = None,
    as_json: JsonOption = False,
) -> None:
    """The three likeliest categories (事项类别) of a matter, each with its reason. A person confirms."""
    try:
        command = SuggestCategories(actor=ASKER, idempotency_key=uuid4().hex, matter=matter)
    except ValidationError as fault:
        fail(f"the matter {fault.errors()[0]['msg'].removeprefix('Value error, ')}", code=REFUSED)

    async def work() -> Suggestions:
        async with asking(Place.here(data, centre)) as asker:
            return await asker.ask(command, Suggestions)

    suggestions = run_async(work())
    if as_json:
        print_json(suggestions.model_dump(mode="json"))
    else:
        _print(suggestions)


def _print(found: Suggestions) -> None:
    if not found.suggestions:
        out.print("没有可供参考的类别，请人工选择")
        return
    table = lines("", "类别", "把握", "理由")
    for rank, one in enumerate(found.suggestions, start=1):
        table.add_row(str(rank), Text(f"{one.name} {one.category}"), f"{one.score:.0%}", Text(one.reason))
    out.print(table)
    out.print(f"仅供参考，由人确认 · 建议号 {found.suggestion_id}")
