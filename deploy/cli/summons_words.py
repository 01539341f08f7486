"""How summonses look on a terminal."""

from collections.abc import Mapping
from datetime import datetime

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from deploy.cli.words import lines
from shared.contracts.dispatch import (
    DrillResult,
    SummonedUnit,
    Summonses,
    SummonsPlan,
    SummonsView,
    UnitSummonsState,
)
from shared.story.teller import Names
from shared.story.words import SUMMONS_GROUNDS

STATES: Mapping[str, str] = {
    "asked": "待批 asked",
    "running": "进行中 running",
    "refused": "未获批准 refused",
    "assembled": "全部到场 assembled",
    "incomplete": "未到齐 incomplete",
    "stood_down": "撤销 stood down",
}
DRILL_STATES: Mapping[str, str] = {
    **STATES,
    "assembled": "全部应答 all answered",
    "incomplete": "未全部应答 incomplete",
}
UNIT_STATES: Mapping[UnitSummonsState, str] = {
    UnitSummonsState.NAMED: "待批 named",
    UnitSummonsState.CALLED: "已吹哨 called",
    UnitSummonsState.ACKNOWLEDGED: "已收到 acknowledged",
    UnitSummonsState.ON_THE_WAY: "在途 on the way",
    UnitSummonsState.SUBSTITUTE_SENT: "另派人员 substitute sent",
    UnitSummonsState.CANNOT_COME: "不能到场 cannot come",
    UnitSummonsState.ARRIVED: "到场 arrived",
    UnitSummonsState.NOT_ARRIVED: "未到场 not arrived",
    UnitSummonsState.STOOD_DOWN: "撤销 stood down",
}
ALARMING = frozenset({UnitSummonsState.NOT_ARRIVED, UnitSummonsState.CANNOT_COME})


def list_table(names: Names, found: Summonses) -> Table:
    table = lines("asked", "case", "state", "units", "id")
    table.columns[-1].no_wrap = True  # an id over two lines cannot be copied
    for one in found.summonses:
        table.add_row(
            _at(names, one.asked_at),
            "演练 drill" if one.drill else one.case_code,
            state_words(one.state, drill=one.drill),
            _how_many(one),
            str(one.summons_id),
        )
    return table


def one_summons(names: Names, one: SummonsView) -> list[RenderableType]:
    what = "演练 drill" if one.drill else f"case {one.case_code}, {SUMMONS_GROUNDS[one.ground]}"
    head = [
        f"{what}: {state_words(one.state, drill=one.drill)}",
        f"asked by {one.asked_by} at {_at(names, one.asked_at)}",
        f"approved by {one.approved_by or '—'} at {_at(names, one.approved_at)}, ended {_at(names, one.ended_at)}",
    ]
    if one.reason:
        head.append(f"reason: {one.reason}")
    table = lines("unit", "state", "notified", "acknowledged", "arrived", "more")
    for unit in one.units:
        table.add_row(
            names.unit(unit.unit),
            Text(_unit_words(one, unit), style="red" if unit.state in ALARMING else ""),
            f"{_at(names, unit.notified_at)} {unit.notified_on or ''}".strip(),
            _at(names, unit.acknowledged_at),
            _at(names, unit.arrived_at),
            _more(names, unit),
        )
    return [*(Text(line) for line in head), table]


def plan_table(names: Names, planned: SummonsPlan) -> Table:
    table = lines("unit", "plan", "why", "")
    for one in planned.units:
        called = "already called" if one.unit in planned.already_under_way else ""
        table.add_row(names.unit(one.unit), one.plan, one.why, called)
    return table


def drill_table(names: Names, result: DrillResult) -> list[RenderableType]:
    table = lines("unit", "notified after", "answered after", "would have come")
    for one in result.units:
        came = Text("yes") if one.would_have_come else Text("no", style="red")
        table.add_row(names.unit(one.unit), _span(one.notified_after_s), _span(one.answered_after_s), came)
    counted = f"{result.answered} of {len(result.units)} answered, {result.would_have_come} would have come"
    return [table, Text(f"{counted}; {state_words(result.state, drill=True)}")]


def state_words(state: str, *, drill: bool) -> str:
    return (DRILL_STATES if drill else STATES).get(state, state)


def _how_many(one: SummonsView) -> str:
    """Nobody comes to a drill: there it counts who answered."""
    if one.drill:
        answers = ((unit.acknowledged_at, unit.cannot_come_at, unit.arrived_at) for unit in one.units)
        return f"{sum(any(times) for times in answers)} of {len(one.units)} answered"
    return f"{sum(unit.state is UnitSummonsState.ARRIVED for unit in one.units)} of {len(one.units)} came"


def _unit_words(one: SummonsView, unit: SummonedUnit) -> str:
    if one.state == "refused" and unit.state is UnitSummonsState.NAMED:
        return "未吹哨 not called"
    return UNIT_STATES[unit.state]


def _more(names: Names, unit: SummonedUnit) -> str:
    said = (
        f"expected {names.at(unit.expected_at)}" if unit.expected_at and unit.arrived_at is None else "",
        f"substitute {unit.substitute}" if unit.substitute else "",
        f"cannot come: {unit.cannot_come_reason}" if unit.cannot_come_reason else "",
        f"by plan {unit.plan}: {unit.why}" if unit.plan else "",
    )
    return "; ".join(part for part in said if part)


def _span(seconds: float | None) -> str:
    if seconds is None:
        return "—"
    return f"{int(seconds // 60)}:{int(seconds % 60):02d}"


def _at(names: Names, instant: datetime | None) -> str:
    return "—" if instant is None else names.at(instant)
