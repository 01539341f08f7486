"""`muster centre draft`, `approve`, `withdraw`, `history`: the pack changed by two persons, on record."""

from pathlib import Path
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

import typer

from deploy.cli.doctor import CentreOption, DataOption, JsonOption
from deploy.cli.duty_asking import do, post, with_zone
from deploy.cli.duty_words import instant_of
from deploy.cli.words import lines, out, print_json
from shared.centre.load import load_pack
from shared.contracts.actors import OPERATOR, Actor, Role
from shared.contracts.dispatch import (
    ApprovePackDraft,
    CentrePackInForce,
    DraftCentrePack,
    ListPackVersions,
    PackChange,
    PackDraftView,
    PackHistory,
    ReadCentrePack,
    WithdrawPackDraft,
)
from shared.infra.asking import Asker

DraftArgument = Annotated[UUID, typer.Argument(help="as muster centre draft and history tell it")]
DrafterOption = Annotated[
    str | None, typer.Option("--as", help="the acting administrator's account", show_default="operator")
]
STATES = {
    "drafted": "待批准",
    "approved": "已批准，待生效",
    "in_force": "已生效",
    "withdrawn": "已撤回",
    "overtaken": "已被取代，未启用",
}


def draft(
    pack: Annotated[Path, typer.Argument(help="the pack's folder")],
    note: Annotated[str, typer.Option("--note", help="what is changed, and why")],
    effective: Annotated[
        str | None, typer.Option("--effective", help="e.g. '2026-12-01 00:00'", show_default="once approved")
    ] = None,
    as_post: DrafterOption = None,
    data: DataOption = None,
    centre: CentreOption = None,
) -> None:
    """Proposes a pack, proved complete, in the place of the one in force. Another person has to approve it."""

    async def ask(asker: Asker, zone: ZoneInfo) -> PackDraftView:
        content = load_pack(pack).model_dump(mode="json")
        based_on = (await asker.ask(ReadCentrePack(actor=OPERATOR), CentrePackInForce)).version
        facts = {"pack": content, "based_on": based_on, "note": note}
        at = None if effective is None else instant_of(effective, zone)
        return await do(asker, DraftCentrePack, PackDraftView, by=_drafter(as_post), effective_at=at, **facts)

    drafted = with_zone(ask, data, centre)
    out.print(f"[green]✓[/] drafted: {drafted.draft_id} (version {drafted.version}): {change_counts(drafted.changes)}")
    out.print(f"  another person approves it: muster centre approve {drafted.draft_id} --as POST", soft_wrap=True)


def approve(
    draft_id: DraftArgument,
    as_post: Annotated[str, typer.Option("--as", help="who approves: another than the drafter, e.g. director.1")],
    role: Annotated[
        str, typer.Option("--role", help="administrator | duty_director | commander | deputy_commander")
    ] = Role.DUTY_DIRECTOR.value,
    data: DataOption = None,
    centre: CentreOption = None,
) -> None:
    """Approves a draft: it is in force from its instant on, at once where that is past or none was given."""
    by = post(as_post, role=role)

    async def ask(asker: Asker, zone: ZoneInfo) -> tuple[PackDraftView, ZoneInfo]:
        return await do(asker, ApprovePackDraft, PackDraftView, by=by, draft_id=draft_id), zone

    view, zone = with_zone(ask, data, centre)
    assert view.effective_at is not None
    since = f"{view.effective_at.astimezone(zone):%Y-%m-%d %H:%M}"
    out.print(f"[green]✓[/] approved: version {view.version} is in force from {since}", highlight=False)


def withdraw(
    draft_id: DraftArgument, as_post: DrafterOption = None, data: DataOption = None, centre: CentreOption = None
) -> None:
    """Withdraws a draft that is not in force yet; it stays on record."""

    async def ask(asker: Asker, _zone: ZoneInfo) -> PackDraftView:
        return await do(asker, WithdrawPackDraft, PackDraftView, by=_drafter(as_post), draft_id=draft_id)

    with_zone(ask, data, centre)
    out.print(f"[green]✓[/] withdrawn: {draft_id}")


def history(
    limit: Annotated[int, typer.Option(min=1, max=100)] = 20,
    data: DataOption = None,
    centre: CentreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Which version was in force when, who drafted and approved it, what it changed; and every draft."""

    async def ask(asker: Asker, zone: ZoneInfo) -> tuple[PackHistory, ZoneInfo]:
        return await asker.ask(ListPackVersions(actor=OPERATOR, limit=limit), PackHistory), zone

    told, zone = with_zone(ask, data, centre)
    if as_json:
        print_json(told.model_dump(mode="json"))
        return
    table = lines("版本", "自", "至", "起草", "批准", "变化")
    for term in told.terms:
        until = "现行" if term.until is None else f"{term.until.astimezone(zone):%Y-%m-%d %H:%M}"
        drafter = term.draft.drafted_by if term.draft else "命令行直接启用"
        since = f"{term.since.astimezone(zone):%Y-%m-%d %H:%M}"
        table.add_row(term.version, since, until, drafter, term.applied_by, change_counts(term.changes))
    out.print(table)
    if told.drafts:
        drafts = lines("草案", "版本", "状态", "起草", "批准", "说明", "变化")
        for one in told.drafts:
            by = one.drafted_by, one.approved_by or ""
            drafts.add_row(str(one.draft_id), one.version, STATES[one.state], *by, one.note, change_counts(one.changes))
        out.print(drafts)


def change_counts(changes: tuple[PackChange, ...]) -> str:
    """`units +1 ~2 -1`"""
    signs = (("added", "+"), ("changed", "~"), ("removed", "-"))
    told = (
        " ".join([one.section, *(f"{sign}{getattr(one, name)}" for name, sign in signs if getattr(one, name))])
        for one in changes
    )
    return ", ".join(told)


def _drafter(as_post: str | None) -> Actor:
    return OPERATOR if as_post is None else post(as_post, role=Role.ADMINISTRATOR)
