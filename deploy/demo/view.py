"""The live terminal view: one page of a centre at work. Calm: nothing is red but what is overdue."""

from collections import Counter
from datetime import datetime, timedelta

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from deploy.demo.board import Board
from deploy.demo.words import UNIT_STATES, Words, span
from shared.contracts.base import Envelope
from shared.contracts.dispatch import SummonedUnit, UnitSummonsState

ALARM = "bold red"
QUIET = "dim"
WAITED_FOR = (UnitSummonsState.CALLED, UnitSummonsState.ACKNOWLEDGED)
FRAME_LINES = 10
ROWS_MIN = 5
HINT = "另开终端：muster queue · muster case 编号 · Ctrl-C 停止"


def render(board: Board, words: Words, *, arrival_limit: timedelta, height: int = 30, note: str = "") -> RenderableType:
    """One page, as high as told, whatever happens: panels keep their places and their size."""
    rows = max(ROWS_MIN, (height - FRAME_LINES) // 2)
    grid = Table.grid(expand=True, padding=0)
    grid.add_column(ratio=1)
    grid.add_column(ratio=1)
    grid.add_row(_summonses(board, words, arrival_limit, rows), _events(board, words, rows))
    grid.add_row(_due_next(board, words, rows), _unsigned(board, words, rows))
    return Group(_header(board, words, note), _stages(board), grid, Text(HINT, style=QUIET, no_wrap=True))


def plain_line(board: Board, words: Words, *, note: str = "") -> str:
    """The page in one line, for where there is no terminal."""
    parts = [words.day_and_time(board.at)]
    parts += [f"{name} {number}" for name, number in _stage_numbers(board)]
    parts += [f"逾期 {len(board.overdue)}", f"召集中 {len(board.summonses)}"]
    told = next((line for line in map(words.tell, reversed(board.events)) if line), None)
    return " · ".join((*parts, *([f"最新：{told}"] if told else []), *([note] if note else [])))


def _header(board: Board, words: Words, note: str) -> Table:
    header = Table.grid(expand=True)
    header.add_column()
    header.add_column(justify="right")
    left = Text.assemble((words.title, "bold"), "  ", (words.day_and_time(board.at), QUIET))
    header.add_row(left, Text(note, style=QUIET))
    return header


def _stage_numbers(board: Board) -> list[tuple[str, int]]:
    total, now = board.totals, board.open_cases
    return [
        ("登记", total.get("intake.case.registered", 0)),
        ("待受理", now.get("registered", 0)),
        ("待分派", board.in_triage),
        ("待签收", len(board.unsigned)),
        ("办理中", now.get("handling", 0)),
        ("待核查", board.to_verify),
        ("待回访", now.get("to_follow_up", 0)),
        ("办结", total.get("intake.case.closed", 0)),
        ("不予受理", total.get("intake.case.not_accepted", 0)),
    ]


def _stages(board: Board) -> Panel:
    numbers = [*_stage_numbers(board), ("逾期", len(board.overdue))]
    table = Table.grid(expand=True)
    for _ in numbers:
        table.add_column(justify="center", ratio=1)
    table.add_row(*(_number(name, number) for name, number in numbers))
    table.add_row(*(Text(name, style=QUIET) for name, _ in numbers))
    return Panel(table, title="各环节", title_align="left", border_style=QUIET)


def _number(name: str, number: int) -> Text:
    if name == "逾期":
        return Text(str(number), style=ALARM if number else QUIET)
    return Text(str(number), style="bold" if number else QUIET)


def _panel(title: str, table: Table, used: int, rows: int, *, empty: str) -> Panel:
    """Always `rows` lines high."""
    if used == 0:
        table.add_row(Text(empty, style=QUIET))
    return Panel(table, title=title, title_align="left", border_style=QUIET, height=rows + 2)


def _lines(*ratios: int | None) -> Table:
    table = Table.grid(expand=True, padding=(0, 1))
    for ratio in ratios:
        table.add_column(ratio=ratio, no_wrap=True, overflow="ellipsis")
    return table


def _summonses(board: Board, words: Words, limit: timedelta, rows: int) -> Panel:
    """Who was called and is awaited comes first, each unit with its own state and its own minutes."""
    table = _lines(None, 2, None, None)
    units = [(summons, unit) for summons in board.summonses for unit in summons.units]
    units.sort(key=lambda pair: (pair[1].state not in WAITED_FOR, pair[1].called_at or board.at))
    for summons, unit in units[:rows]:
        state = Text(UNIT_STATES[unit.state], style="" if unit.state in WAITED_FOR else QUIET)
        table.add_row(
            Text(summons.case_code, style=QUIET), words.unit(unit.unit), state, _countdown(unit, board.at, limit)
        )
    title = f"吹哨报到 · {limit.seconds // 60} 分钟到场"
    return _panel(title, table, len(units), rows, empty="没有正在进行的召集")


def _countdown(unit: SummonedUnit, at: datetime, limit: timedelta) -> Text:
    if unit.called_at is None:
        return Text("")
    if unit.arrived_at is not None:
        return Text(f"用时 {span(unit.arrived_at - unit.called_at)}", style=QUIET)
    if unit.state not in WAITED_FOR:
        return Text("")
    left = unit.called_at + limit - at
    return Text(f"剩 {span(left)}") if left > timedelta(0) else Text(f"超 {span(left)}", style=ALARM)


def _due_next(board: Board, words: Words, rows: int) -> Panel:
    """What is to be done next; of the overdue, which come first, never more than a third of the page."""
    overdue, ahead = board.overdue, [clock for clock in board.clocks if clock.due_at > board.at]
    shown = [*overdue[: max(1, rows // 3)], *ahead]
    table = _lines(None, None, 2, None)
    for clock in shown[:rows]:
        left = clock.due_at - board.at
        when = Text(f"剩 {span(left)}") if left > timedelta(0) else Text(f"超 {span(left)}", style=ALARM)
        table.add_row(Text(clock.case_code, style=QUIET), words.stage(clock.stage), words.owes(clock.owes), when)
    return _panel(f"即将到期 · 在途时限 {board.clocks_open}", table, len(shown), rows, empty="没有在途时限")


def _unsigned(board: Board, words: Words, rows: int) -> Panel:
    """Units whose tray is not empty, the fullest first, with the age of the oldest work order in it."""
    waiting = Counter(order.unit for order in board.unsigned)
    oldest: dict[str, datetime] = {}
    for order in board.unsigned:
        oldest[order.unit] = min(order.dispatched_at, oldest.get(order.unit, order.dispatched_at))
    table = _lines(2, None, None)
    for unit, number in waiting.most_common(rows):
        table.add_row(words.unit(unit), f"{number} 件", Text(f"最早 {span(board.at - oldest[unit])} 前", style=QUIET))
    return _panel(f"待签收工单 · {len(board.unsigned)}", table, len(waiting), rows, empty="没有待签收的工单")


def _events(board: Board, words: Words, rows: int) -> Panel:
    told: list[tuple[Envelope, str]] = []
    for event in sorted(board.events, key=lambda one: one.time, reverse=True):
        line = words.tell(event)
        if line is not None:
            told.append((event, line))
    table = _lines(None, None, 1)
    for event, line in told[:rows]:
        late = event.type.endswith(".overdue")
        table.add_row(
            Text(words.time(event.time), style=QUIET),
            Text(event.subject, style=QUIET),
            Text(line, style=ALARM if late else ""),
        )
    return _panel("最新动态", table, len(told), rows, empty="还没有动态")
