"""`muster mode`: normal and surge (平战转换): shown, switched by the commander, and its whole history."""

from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from deploy.cli.doctor import CentreOption, DataOption, JsonOption
from deploy.cli.duty_asking import do, post, with_zone
from deploy.cli.duty_words import ReasonOption, instant_of, span_words
from deploy.cli.words import lines, out, print_json
from shared.contracts.actors import OPERATOR, Actor, Role
from shared.contracts.dispatch import (
    EndSurge,
    ListModePeriods,
    ModePeriods,
    ModeView,
    ProlongSurge,
    ReadMode,
    SurgeSummary,
    SwitchMode,
)
from shared.infra.asking import Asker
from shared.story.words import CENTRE_MODES

app = typer.Typer(help="Normal and surge mode (平战转换): one act of the commander, reversible, never by itself.")
AsOption = Annotated[str, typer.Option("--as", help="the acting commander's post, e.g. commander.1")]
DeputyOption = Annotated[bool, typer.Option("--deputy", help="the post is a deputy commander's")]
EndOption = Annotated[str, typer.Option("--until", help="expected end, e.g. '2026-12-01 18:00'; required")]


@app.callback(invoke_without_command=True)
def show(
    context: typer.Context,
    at: Annotated[str | None, typer.Option("--at", help="of an instant, e.g. '2026-12-01 09:00'")] = None,
    data: DataOption = None,
    centre: CentreOption = None,
    as_json: JsonOption = False,
) -> None:
    """What mode the centre is in, or was."""
    if context.invoked_subcommand is not None:
        return

    async def ask(asker: Asker, zone: ZoneInfo) -> tuple[ModeView, ZoneInfo]:
        then = None if at is None else instant_of(at, zone)
        return await asker.ask(ReadMode(actor=OPERATOR, at=then), ModeView), zone

    view, zone = with_zone(ask, data, centre)
    if as_json:
        print_json(view.model_dump(mode="json"))
        return
    _print(view, zone)


@app.command()
def surge(
    level: Annotated[str, typer.Option("--level", help="I (highest) to IV")],
    until: EndOption,
    reason: ReasonOption,
    as_post: AsOption,
    measure: Annotated[list[str] | None, typer.Option("--measure", help="a measure of the pack; repeat it")] = None,
    deputy: DeputyOption = False,
    data: DataOption = None,
    centre: CentreOption = None,
) -> None:
    """Into a surge, or to another level of it. An expected end is required; it never ends by itself."""
    by = _commander(as_post, deputy=deputy)

    async def ask(asker: Asker, zone: ZoneInfo) -> tuple[ModeView, ZoneInfo]:
        facts = {"level": level.upper(), "reason": reason, "measures": measure or (), "seen": await _seen(asker)}
        end = instant_of(until, zone)
        return await do(asker, SwitchMode, ModeView, by=by, expected_end=end, **facts), zone

    _done(*with_zone(ask, data, centre))


@app.command()
def prolong(
    until: EndOption,
    reason: ReasonOption,
    as_post: AsOption,
    deputy: DeputyOption = False,
    data: DataOption = None,
    centre: CentreOption = None,
) -> None:
    """The surge is expected to end later."""
    by = _commander(as_post, deputy=deputy)

    async def ask(asker: Asker, zone: ZoneInfo) -> tuple[ModeView, ZoneInfo]:
        end, seen = instant_of(until, zone), await _seen(asker)
        return await do(asker, ProlongSurge, ModeView, by=by, expected_end=end, reason=reason, seen=seen), zone

    _done(*with_zone(ask, data, centre))


@app.command()
def normal(
    reason: ReasonOption,
    as_post: AsOption,
    deputy: DeputyOption = False,
    data: DataOption = None,
    centre: CentreOption = None,
) -> None:
    """Back to normal. Limits, rosters and rhythms are as they were; a summary follows (muster mode history)."""
    by = _commander(as_post, deputy=deputy)

    async def ask(asker: Asker, zone: ZoneInfo) -> tuple[ModeView, ZoneInfo]:
        seen = await _seen(asker)
        return await do(asker, EndSurge, ModeView, by=by, reason=reason, seen=seen), zone

    _done(*with_zone(ask, data, centre))


@app.command()
def history(
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 20,
    data: DataOption = None,
    centre: CentreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Every period without a gap, newest first, and what each surge came to."""

    async def ask(asker: Asker, zone: ZoneInfo) -> tuple[ModePeriods, ZoneInfo]:
        return await asker.ask(ListModePeriods(actor=OPERATOR, limit=limit), ModePeriods), zone

    periods, zone = with_zone(ask, data, centre)
    if as_json:
        print_json(periods.model_dump(mode="json"))
        return
    table = lines("自 - 至", "状态", "由谁", "事由", "措施")
    for one in periods.periods:
        measures = "、".join(one.measures)
        span = span_words(one.began_at, one.ended_at, zone)
        table.add_row(span, CENTRE_MODES[one.mode], one.switched_by, one.reason or "", measures)
    out.print(table)
    for summary in periods.summaries:
        _print_summary(summary, zone)


def head_words(view: ModeView, zone: ZoneInfo) -> str:
    """One line: the mode, until when, and whether that is past."""
    word = CENTRE_MODES[view.mode]
    if view.expected_end is None:
        return word
    late = "（已过预计结束时间，尚未结束）" if view.late else ""
    return f"{word}，预计至 {view.expected_end.astimezone(zone):%m-%d %H:%M}{late}"


async def _seen(asker: Asker) -> int:
    """What the commander looks at when deciding: where another was quicker, the act is refused and says so."""
    return (await asker.ask(ReadMode(actor=OPERATOR), ModeView)).number


def _commander(code: str, *, deputy: bool) -> Actor:
    return post(code, role=Role.DEPUTY_COMMANDER if deputy else Role.COMMANDER)


def _done(view: ModeView, zone: ZoneInfo) -> None:
    out.print("[green]✓[/] ", end="")
    _print(view, zone)


def _print(view: ModeView, zone: ZoneInfo) -> None:
    out.print(f"{head_words(view, zone)}（第 {view.number} 段，{span_words(view.began_at, view.ended_at, zone)}）")
    if view.reason is not None:
        out.print(f"  事由 {view.reason}", markup=False)
    if view.measures:
        out.print(f"  措施 {'、'.join(view.measures)}", markup=False)


def _print_summary(summary: SurgeSummary, zone: ZoneInfo) -> None:
    figures = summary.figures
    out.print(
        f"战时小结 {span_words(summary.began_at, summary.ended_at, zone)}，最高{CENTRE_MODES[summary.highest]}："
        f"受理转办 {figures.cases_accepted} 件，办结 {figures.cases_closed} 件，工单 {figures.work_orders} 份，"
        f"超时 {figures.overdue} 份，吹哨 {figures.summonses} 起，"
        f"按时到场 {figures.arrived_in_time}/{figures.summoned}",
        soft_wrap=True,
    )
    if figures.units:
        table = lines("单位", "工单", "超时", "召集", "按时到场")
        for unit in figures.units:
            numbers = (unit.work_orders, unit.overdue, unit.summoned, unit.arrived_in_time)
            table.add_row(unit.unit, *(str(number) for number in numbers))
        out.print(table)
