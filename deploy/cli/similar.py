"""`muster similar`: cases of the same matter in the same place and time. By contact it is asked at a window only."""

from typing import Annotated
from uuid import uuid4

import typer
from pydantic import ValidationError
from rich.text import Text

from deploy.cli.doctor import CentreOption, DataOption, JsonOption
from deploy.cli.words import REFUSED, fail, lines, out, print_json, run_async
from deploy.packs import pack_in_force
from deploy.session import Place, asking
from shared.centre.pack import CentrePack
from shared.contracts.actors import Actor, Role
from shared.contracts.intake import FindSimilarCases, SimilarCases
from shared.story import STATES, Story

ASKER = Actor(staff="operator", role=Role.DISPATCHER)
REASONS = {
    "same_category": "同类",
    "related_category": "相近类别",
    "same_place": "同地点",
    "near_place": "同乡镇",
    "same_contact": "同一联系方式",
}


def similar(
    category: Annotated[str, typer.Option(help="the category (事项类别), by code or name")],
    place: Annotated[str, typer.Option(help="the township or grid (乡镇、网格), by code")],
    data: DataOption = None,
    centre: CentreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Cases that may be the same matter: same category, place and time. Whether they are, a person decides."""
    try:
        command = FindSimilarCases(actor=ASKER, idempotency_key=uuid4().hex, category=category, place=place)
    except ValidationError as fault:
        wrong = fault.errors()[0]
        fail(f"--{wrong['loc'][0]}: {wrong['msg']}", code=REFUSED)

    async def work() -> tuple[SimilarCases, CentrePack | None]:
        async with asking(Place.here(data, centre)) as asker:
            return await asker.ask(command, SimilarCases), await pack_in_force(asker)

    found, pack = run_async(work())
    if as_json:
        print_json(found.model_dump(mode="json"))
    elif not found.cases or pack is None:
        out.print("没有相似案件")
    else:
        _print(Story(pack), found)


def _print(story: Story, found: SimilarCases) -> None:
    table = lines("案件", "事项", "地点", "状态", "承办", "已过", "随办", "相似在")
    for one in found.cases:
        table.add_row(
            one.case_code,
            Text(story.category(one.category)),
            Text(story.place(one.place)),
            STATES.get(one.state, one.state),
            Text(story.unit(one.unit)),
            f"{one.age_days} 天",
            str(one.joined or ""),
            "、".join(REASONS[reason] for reason in one.reasons),
        )
    out.print(table)
    out.print(f"未办结的，及 {found.days} 天内办结的；是否同一事项由人判断")
