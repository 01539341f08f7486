"""`muster duty`: who answers now, then or in a month; rosters shown, checked, and given to a phone's calendar."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from deploy.cli import duty_changes, duty_handover, duty_sheets
from deploy.cli.doctor import CentreOption, DataOption, JsonOption
from deploy.cli.duty_asking import centre_pack
from deploy.cli.duty_words import KINDS, KindOption, instant_of, kind_of, span_words
from deploy.cli.words import fail, lines, out, print_json, run_async
from deploy.session import Place, asking
from shared.centre.pack import CentrePack
from shared.centre.working_time import calendar_of
from shared.clock import WallClock
from shared.contracts.actors import OPERATOR
from shared.contracts.dispatch import (
    CheckRosters,
    DutyFeed,
    ListRosters,
    ReadDutyFeed,
    Responsible,
    RosterFindings,
    Rosters,
    WhoIsResponsible,
)
from shared.contracts.notification import CheckContacts, UnreachablePosts
from shared.duty import SHIFTS, on_duty_between
from shared.errors import Refused, Unavailable
from shared.infra.asking import Asker

app = typer.Typer(no_args_is_help=True, help="Duty (值班): who answers now and why, rosters, swaps, the watch.")
app.command("import")(duty_sheets.import_sheet)
app.command("export")(duty_sheets.export_sheet)
app.command("set")(duty_sheets.set_rosters)
app.command("override")(duty_changes.override)
app.command("cancel")(duty_changes.cancel)
app.command("substitute")(duty_changes.substitute)
app.add_typer(duty_changes.swaps, name="swap")
app.add_typer(duty_handover.app, name="handover")

UnitOption = Annotated[str | None, typer.Option("--unit", help="a unit's code, e.g. police")]
DaysOption = Annotated[int, typer.Option("--days", min=1, max=366)]


@app.command()
def who(
    unit: UnitOption = None,
    kind: KindOption = "director",
    at: Annotated[str | None, typer.Option("--at", help="past or to come, e.g. '2026-12-01 09:00'")] = None,
    data: DataOption = None,
    centre: CentreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Who is responsible at an instant, and why (谁负责): of a unit its liaison, else a rota of the centre."""
    asked_kind = kind_of(kind)

    async def work() -> tuple[Responsible, CentrePack]:
        async with asking(Place.here(data, centre)) as asker:
            pack = await centre_pack(asker)
            instant = None if at is None else instant_of(at, ZoneInfo(pack.timezone))
            request = WhoIsResponsible(actor=OPERATOR, unit=unit, kind=asked_kind, at=instant)
            return await asker.ask(request, Responsible), pack

    answer, pack = run_async(work())
    if as_json:
        print_json(answer.model_dump(mode="json"))
        return
    zone = ZoneInfo(pack.timezone)
    out.print(f"{answer.at.astimezone(zone):%Y-%m-%d %H:%M}", highlight=False)
    if not answer.on_duty:
        out.print(f"  无人：{answer.why}", markup=False)
        return
    table = lines("班次", "岗位", "单位", "自 - 至", "依据")
    for each in answer.on_duty:
        table.add_row(
            SHIFTS[each.shift], each.staff, each.unit or "", span_words(each.since, each.until, zone), each.why
        )
    out.print(table)


@app.command()
def show(
    unit: UnitOption = None,
    kind: Annotated[str | None, typer.Option("--kind", help=" | ".join(KINDS))] = None,
    days: DaysOption = 14,
    data: DataOption = None,
    centre: CentreOption = None,
    as_json: JsonOption = False,
) -> None:
    """The rosters (排班) with everybody's stretches of the next days."""
    asked_kind = None if kind is None else kind_of(kind)

    async def work() -> tuple[Rosters, CentrePack]:
        async with asking(Place.here(data, centre)) as asker:
            request = ListRosters(actor=OPERATOR, kind=asked_kind, unit=unit)
            return await asker.ask(request, Rosters), await centre_pack(asker)

    listed, pack = run_async(work())
    if as_json:
        print_json(listed.model_dump(mode="json"))
        return
    if not listed.rosters:
        out.print("no rosters yet (没有排班): muster duty set, or muster duty import")
    now = WallClock().now()
    for roster in listed.rosters:
        of = f" · {roster.unit}" if roster.unit else ""
        out.print(f"[bold]{roster.code}[/]  {roster.title}{of}")
        table = lines("自 - 至", "班次", "岗位", "单位", "依据")
        zone = ZoneInfo(roster.timezone)
        for each in on_duty_between(roster, now, now + timedelta(days=days), calendar_of(pack)):
            span = span_words(each.since, each.until, zone)
            table.add_row(span, SHIFTS[each.shift], each.staff, each.unit or "", each.why)
        out.print(table)
    _print_swaps(listed, ZoneInfo(pack.timezone))


def _print_swaps(listed: Rosters, zone: ZoneInfo) -> None:
    if not listed.swaps:
        return
    table = lines("换班", "排班", "让出", "接班", "自 - 至", "状态")
    for swap in listed.swaps:
        span = span_words(swap.starts_at, swap.ends_at, zone)
        table.add_row(str(swap.swap_id), swap.roster, swap.gives, swap.takes, span, swap.state)
    out.print(table)


@app.command()
def check(
    days: DaysOption = 14,
    data: DataOption = None,
    centre: CentreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Gaps (缺班), overload (过劳) and posts that cannot be reached, in the next days. Ends with 1 where duty fails."""

    async def work() -> tuple[RosterFindings, UnreachablePosts | str, CentrePack]:
        async with asking(Place.here(data, centre)) as asker:
            pack = await centre_pack(asker)
            findings = await asker.ask(CheckRosters(actor=OPERATOR, days=days), RosterFindings)
            return findings, await _unreachable(asker, days), pack

    findings, unreachable, pack = run_async(work())
    posts = () if isinstance(unreachable, str) else unreachable.posts
    if as_json:
        told = unreachable if isinstance(unreachable, str) else unreachable.model_dump(mode="json")
        print_json({"rosters": findings.model_dump(mode="json"), "unreachable": told})
    else:
        _print_findings(findings, unreachable, ZoneInfo(pack.timezone), days)
    if findings.gaps or posts:
        raise typer.Exit(1)


async def _unreachable(asker: Asker, days: int) -> UnreachablePosts | str:
    """What notification says of the contacts; why not, where it cannot be asked."""
    try:
        return await asker.ask(CheckContacts(actor=OPERATOR, days=days), UnreachablePosts)
    except (Refused, Unavailable) as trouble:
        return trouble.message


def _print_findings(findings: RosterFindings, unreachable: UnreachablePosts | str, zone: ZoneInfo, days: int) -> None:
    for gap in findings.gaps:
        whose = f" {gap.unit}" if gap.unit else ""
        span = span_words(gap.starts_at, gap.ends_at, zone)
        out.print(f"[red]✗[/] gap (缺班): {gap.roster}{whose}, nobody on duty {span}")
    for load in findings.overloads:
        span = span_words(load.starts_at, load.ends_at, zone)
        out.print(f"[yellow]![/] overload (过劳): {load.staff} in {load.roster}, {span}: {load.why}")
    if isinstance(unreachable, str):
        out.print(f"[yellow]![/] contacts were not checked: {unreachable}")
    else:
        for post in unreachable.posts:
            first = f"{post.first_duty_at.astimezone(zone):%Y-%m-%d %H:%M}"
            out.print(
                f"[red]✗[/] unreachable (联系不上): {post.staff} ({post.roster}), on duty from {first}: {post.why}"
            )
    if not findings.gaps and not findings.overloads:
        out.print(f"[green]✓[/] no gaps and no overload in the next {days} days")


@app.command()
def feed(
    post: Annotated[str, typer.Argument(help="the post, e.g. police.director")],
    file: Annotated[
        Path | None, typer.Option("-o", "--output", help="where to write it", show_default="POST.ics")
    ] = None,
    days: DaysOption = 60,
    data: DataOption = None,
    centre: CentreOption = None,
) -> None:
    """The shifts of one post as a calendar (iCalendar) that any phone can read."""

    async def work() -> DutyFeed:
        async with asking(Place.here(data, centre)) as asker:
            return await asker.ask(ReadDutyFeed(actor=OPERATOR, post=post, days=days), DutyFeed)

    calendar = run_async(work()).calendar
    target = file or Path(f"{post}.ics")
    try:
        target.write_bytes(calendar.encode())
    except OSError as trouble:
        fail(f"cannot write {target}: {trouble.strerror}")
    out.print(f"[green]✓[/] {calendar.count('BEGIN:VEVENT')} shifts of {post} in {target}", soft_wrap=True)
