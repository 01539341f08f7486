"""How a routing is shown: the decision first, then what did not decide, whom a plan calls, what was ruled before."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from deploy.cli.words import lines, out
from shared.contracts.dispatch import RouteExplained, Routing, Ruling
from shared.story import Story
from shared.story.words import SOURCES

if TYPE_CHECKING:
    from deploy.cli.route import Inputs, Tried

BY: Mapping[str, str] = {"rule": "规则", "fallback": "属地兜底", "triage": "人工分派", "person": "人工指定"}
CASE_STATES: Mapping[str, str] = {"triage": "待人工分派", "dispatched": "已派单", "closed": "已办结"}


def print_tried(tried: "Tried") -> None:
    story, decided = Story(tried.pack), tried.route
    out.print(_inputs_words(story, tried), markup=False)
    owner = f"{'主办' if decided.supporters else '承办'} {story.unit(decided.unit)}"
    out.print(f"[bold]{escape(owner)}[/]  ({decided.unit})")
    if decided.supporters:
        out.print(f"协办 {story.units(decided.supporters)}", markup=False)
    out.print(f"依据 {_ground(tried)} · 规则包 {decided.pack_version}", markup=False)
    out.print(decided.reason, markup=False)
    _print_table("未选", _considered(story, (each.model_dump() for each in decided.considered)))
    _print_table(f"{tried.inputs.level} 级出动预案", _plan(story, tried))
    _print_precedents(story, tried.precedents)


def print_explained(story: Story, told: RouteExplained) -> None:
    state = CASE_STATES.get(told.state, told.state)
    owner = escape(story.unit(told.owner))
    out.print(f"[bold]{told.case_code}[/]  {state} · 现由 {owner} 负责 · 转办 {told.hops} 次")
    for routing in told.routings:
        _print_routing(story, routing)
    if told.proposal is not None:
        one = told.proposal
        joins = one.unit == one.instead_of
        what = (
            f"增加协办 {story.units(one.supporters)}"
            if joins
            else f"{story.unit(one.instead_of)} → {story.unit(one.unit)}"
        )
        out.print(f"[yellow]待确认改派[/] {escape(f'{what}：{one.reason}')}")
    _print_precedents(story, told.precedents)


def _inputs_words(story: Story, tried: "Tried") -> str:
    asked: Inputs = tried.inputs
    flags = f" · {story.flags(asked.flags)}" if asked.flags else ""
    where = f"{story.category(asked.category)}  {story.place(asked.place)}  {asked.level} 级"
    return f"{where} · {SOURCES[asked.source]}{flags} · {asked.at:%Y-%m-%d %H:%M}"


def _ground(tried: "Tried") -> str:
    rule = next((each for each in tried.pack.rules if each.id == tried.route.rule_id), None)
    if rule is None:
        return BY[tried.route.by]
    return f"规则 {rule.id}" + (f"（jurisdiction.yaml 第 {rule.line} 行）" if rule.line else "")


def _print_routing(story: Story, one: Routing) -> None:
    rule = f" {one.rule}" if one.rule else ""
    by = "" if one.decided_by == "table" else f" · 决定人 {one.decided_by}"
    out.print(f"\n第 {one.number} 次  {story.at(one.routed_at)}  {BY.get(one.by, one.by)}{rule}{by}", markup=False)
    joint = f"，协办 {story.units(one.supporters)}" if one.supporters else ""
    out.print(f"[bold]{escape(story.unit(one.unit))}[/]{escape(joint)}")
    flags = f" · 标记 {story.flags(one.flags)}" if one.flags else ""
    where = f"{story.category(one.category)}，{story.place(one.place)}，{one.level} 级"
    out.print(f"{where} · {SOURCES.get(one.source, one.source)}{flags} · 规则包 {one.pack_version}", markup=False)
    out.print(one.reason, markup=False)
    if one.words:
        out.print(f"理由：{one.words}", markup=False)
    _print_table("未选", _considered(story, one.considered))


def _considered(story: Story, considered: Iterable[Mapping[str, str | None]]) -> Table:
    table = lines("规则", "单位", "为何未选")
    for each in considered:
        table.add_row(each.get("rule_id"), story.unit(each.get("unit")), each.get("why_not"))
    return table


def _plan(story: Story, tried: "Tried") -> Table:
    table = lines("单位", "预案", "为何")
    for each in tried.plan:
        table.add_row(story.unit(each.unit), each.plan, each.why)
    return table


def _print_precedents(story: Story, rulings: tuple[Ruling, ...] | None) -> None:
    if rulings is None:
        out.print("先例：服务未运行，无法查询")
        return
    table = lines("案件", "指定", "此前", "依据", "时间")
    for one in rulings:
        before = story.units(one.instead_of)
        table.add_row(one.case_code, story.unit(one.unit), before, one.ground, story.at(one.ruled_at))
    _print_table("先例", table)


def _print_table(title: str, table: Table) -> None:
    if table.row_count == 0:
        out.print(f"{title}：无", markup=False)
        return
    out.print(f"{title}：", markup=False)
    out.print(table)
