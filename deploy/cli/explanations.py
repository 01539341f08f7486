"""`muster explanations`: what was explained to requesters as not yet possible (暂不能办结), and until when."""

from typing import Annotated

import typer
from rich.text import Text

from deploy.cli.doctor import CentreOption, DataOption, JsonOption
from deploy.cli.words import lines, out, print_json, run_async
from deploy.packs import pack_in_force
from deploy.session import Place, asking
from shared.contracts.actors import OPERATOR
from shared.contracts.intake import ListPromises, Promises
from shared.story import Story


def explanations(
    data: DataOption = None,
    centre: CentreOption = None,
    owner: Annotated[str | None, typer.Option(help="only one first receiver's, e.g. clerk.1")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 40,
    as_json: JsonOption = False,
) -> None:
    """Dates promised to requesters, the nearest first: by then the window is back with them."""

    async def work() -> None:
        async with asking(Place.here(data, centre)) as asker:
            found = await asker.ask(ListPromises(actor=OPERATOR, owner=owner, limit=limit), Promises)
            pack = await pack_in_force(asker)
        if as_json:
            print_json(found.model_dump(mode="json"))
        elif not found.promises or pack is None:
            out.print("当前没有承诺待答复的事项")
        else:
            _print(Story(pack), found)

    run_async(work())


def _print(story: Story, found: Promises) -> None:
    table = lines("承诺答复", "案件", "首接", "类别", "地点", "第几次", "说明于")
    for one in found.promises:
        table.add_row(
            Text(story.at(one.promised_for), style="red" if one.late else ""),
            one.case_code,
            one.owner,
            story.category(one.category),
            story.place(one.place),
            str(one.number),
            story.at(one.explained_at),
        )
    out.print(table)
    out.print(f"承诺待答复 {found.total} 件，列出 {len(found.promises)} 件")
