"""`muster route rulings`: what the duty director ruled, and each ruling as a rule for the pack."""

import io
from typing import Annotated, Any, cast
from zoneinfo import ZoneInfo

import typer
from ruamel.yaml import YAML

from deploy.cli.doctor import CentreOption, DataOption, JsonOption
from deploy.cli.words import fail, lines, out, print_json, run_async
from deploy.packs import pack_in_force
from deploy.session import Place, asking
from shared.centre.nouns import EVERY
from shared.centre.offered import OfferedRule, offered_rule
from shared.centre.pack import CentrePack
from shared.contracts.actors import OPERATOR
from shared.contracts.dispatch import ListRulings, Ruling, Rulings
from shared.story import Story


def rulings(
    category: Annotated[str | None, typer.Option(help="a category's code; those above and below it count")] = None,
    place: Annotated[str | None, typer.Option(help="a place's code")] = None,
    as_rules: Annotated[bool, typer.Option("--as-rules", help="as rows for jurisdiction.yaml, proved first")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    data: DataOption = None,
    centre: CentreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Rulings of the duty director (指定), newest first: precedents, and what the duty table might have said."""

    async def work() -> tuple[CentrePack, tuple[Ruling, ...]]:
        async with asking(Place.here(data, centre)) as asker:
            pack = await pack_in_force(asker)
            if pack is None:
                fail("no centre pack is in force yet: muster centre apply")
            request = ListRulings.model_validate(
                {"actor": OPERATOR, "category": category, "place": place, "limit": limit}
            )
            return pack, (await asker.ask(request, Rulings)).rulings

    pack, found = run_async(work())
    if as_json:
        print_json([one.model_dump(mode="json") for one in found])
    elif as_rules:
        _offer(pack, found)
    else:
        _print(Story(pack), found)


def _print(story: Story, found: tuple[Ruling, ...]) -> None:
    if not found:
        out.print("尚无裁定")
        return
    table = lines("时间", "案件", "类别", "地点", "指定", "此前", "依据")
    for one in found:
        before = story.units(one.instead_of)
        where = story.category(one.category), story.place(one.place)
        table.add_row(story.at(one.ruled_at), one.case_code, *where, story.unit(one.unit), before, one.ground)
    out.print(table)


def _offer(pack: CentrePack, found: tuple[Ruling, ...]) -> None:
    """The newest ruling of each category and place; a ruling on a case without a category says nothing of others."""
    newest: dict[tuple[str, str | None], Ruling] = {}
    for one in found:
        if one.category is not None:
            newest.setdefault((one.category, one.place), one)
    if not newest:
        out.print("没有可写成规则的裁定")
    for (category, place), one in newest.items():
        ruled_on = one.ruled_at.astimezone(ZoneInfo(pack.timezone)).date()
        offered = offered_rule(
            pack, category=category, place=place, unit=one.unit, case_code=one.case_code, ruled_on=ruled_on
        )
        out.print(as_yaml(offered), markup=False, highlight=False, soft_wrap=True)


def as_yaml(offered: OfferedRule) -> str:
    """Rows of jurisdiction.yaml with a comment that says where they belong."""
    rule = offered.rule
    row: dict[str, Any] = {"id": rule.id, "categories": list(rule.categories)}
    if rule.places != (EVERY,):
        row["places"] = list(rule.places)
    row |= {"unit": rule.unit, "source": rule.source}
    where = f"# 放在规则 {offered.before} 之前" if offered.before else "# 放在规则表末尾"
    doubts = [f"# 校验未通过：{fault}" for fault in offered.faults]
    text = io.StringIO()
    cast("Any", YAML()).dump([row], text)
    return "\n".join([where, *doubts, text.getvalue().rstrip()])
