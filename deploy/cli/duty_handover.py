"""`muster duty handover`: the director's watch offered, accepted and shown (交接)."""

from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

import typer

from deploy.cli.doctor import CentreOption, DataOption, JsonOption
from deploy.cli.duty_asking import do, post, with_zone
from deploy.cli.duty_words import span_words
from deploy.cli.words import lines, out, print_json
from shared.contracts.actors import OPERATOR, Role
from shared.contracts.dispatch import AcceptHandover, HandoverView, OfferHandover, ReadWatch, WatchLog
from shared.infra.asking import Asker

app = typer.Typer(no_args_is_help=True, help="The director's watch (交接): handed over with the open list and a note.")
AsOption = Annotated[str, typer.Option("--as", help="the acting director's post")]


@app.command()
def offer(
    incoming: Annotated[str, typer.Argument(help="the director who takes over")],
    as_post: AsOption,
    note: Annotated[str, typer.Option("--note", help="what the next one has to know")],
    data: DataOption = None,
    centre: CentreOption = None,
) -> None:
    """Offers the watch to the next director, with all that is open."""
    by = post(as_post, role=Role.DUTY_DIRECTOR)

    async def ask(asker: Asker, _zone: ZoneInfo) -> HandoverView:
        return await do(asker, OfferHandover, HandoverView, by=by, incoming=incoming, note=note)

    offered = with_zone(ask, data, centre)
    out.print(f"[green]✓[/] offered to {offered.incoming}: {offered.handover_id}")
    _print_items(offered)


@app.command()
def accept(
    as_post: AsOption,
    handover_id: Annotated[UUID | None, typer.Argument(help="left out: the one that waits, or the first watch")] = None,
    data: DataOption = None,
    centre: CentreOption = None,
) -> None:
    """Takes the watch over; the first watch of a centre is taken without an offer."""
    by = post(as_post, role=Role.DUTY_DIRECTOR)

    async def ask(asker: Asker, _zone: ZoneInfo) -> HandoverView:
        chosen = handover_id
        if chosen is None:
            waiting = (await asker.ask(ReadWatch(actor=OPERATOR), WatchLog)).offered
            chosen = None if waiting is None else waiting.handover_id
        return await do(asker, AcceptHandover, HandoverView, by=by, handover_id=chosen)

    taken = with_zone(ask, data, centre)
    out.print(f"[green]✓[/] {taken.incoming} is on watch")
    _print_items(taken)


@app.command()
def show(
    limit: Annotated[int, typer.Option(min=1, max=500)] = 20,
    data: DataOption = None,
    centre: CentreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Who was on watch when, and the handover that waits."""

    async def ask(asker: Asker, zone: ZoneInfo) -> tuple[WatchLog, ZoneInfo]:
        return await asker.ask(ReadWatch(actor=OPERATOR, limit=limit), WatchLog), zone

    log, zone = with_zone(ask, data, centre)
    if as_json:
        print_json(log.model_dump(mode="json"))
        return
    if not log.watches:
        out.print("nobody has taken the watch yet: muster duty handover accept --as POST")
    table = lines("自 - 至", "轮值主任")
    for watch in log.watches:
        table.add_row(span_words(watch.began_at, watch.ended_at, zone), watch.director)
    out.print(table)
    if log.offered is not None:
        out.print(f"waiting: {log.offered.outgoing} -> {log.offered.incoming}: {log.offered.handover_id}")
        out.print(f"  {log.offered.note}", markup=False)
        _print_items(log.offered)


def _print_items(handover: HandoverView) -> None:
    items = handover.items
    out.print(
        f"  未了 {items.open_cases} 件，待分派 {len(items.triage)} 件，吹哨 {len(items.running_summonses)} 次，"
        f"待批延期挂账 {len(items.deferrals)} 件"
    )
    if items.triage:
        out.print(f"  待分派：{'、'.join(items.triage)}", soft_wrap=True)
