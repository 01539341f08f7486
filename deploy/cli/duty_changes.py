"""`muster duty override`, `cancel`, `substitute`, `swap`: what changes who is on duty for a stretch of time."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import typer

from deploy.cli.doctor import CentreOption, DataOption
from deploy.cli.duty_asking import do, now_in, with_zone
from deploy.cli.duty_words import FromOption, ReasonOption, RosterArgument, UntilOption, instant_of, span_words
from deploy.cli.words import out
from shared.contracts.base import Done
from shared.contracts.dispatch import (
    AnswerSwap,
    AskSwap,
    CancelOverride,
    MakeOverride,
    OverrideMade,
    SubstituteAbsent,
    SwapAsked,
)
from shared.infra.asking import Asker

swaps = typer.Typer(no_args_is_help=True, help="Swaps (换班): asked by one post, accepted by the other.")


def override(
    roster: RosterArgument,
    action: Annotated[str, typer.Argument(help="add | remove | replace | temporary")],
    staff: Annotated[str, typer.Argument(help="the post")],
    until: UntilOption,
    reason: ReasonOption,
    begins: FromOption = None,
    instead_of: Annotated[str | None, typer.Option("--instead-of", help="whom a replace stands in for")] = None,
    backup: Annotated[bool, typer.Option("--backup", help="in the backup shift (副班)")] = False,
    data: DataOption = None,
    centre: CentreOption = None,
) -> None:
    """Adds, takes out or replaces a post for a stretch of time, or makes a temporary roster for it."""

    async def ask(asker: Asker, zone: ZoneInfo) -> str:
        facts: dict[str, Any] = {
            "action": action,
            "staff": staff,
            "instead_of": instead_of,
            "shift": "backup" if backup else "primary",
            "starts_at": _begins(begins, zone),
            "ends_at": instant_of(until, zone),
            "reason": reason,
        }
        return _made(await do(asker, MakeOverride, OverrideMade, roster=roster, override=facts), zone)

    out.print(with_zone(ask, data, centre), soft_wrap=True)


def substitute(
    roster: RosterArgument,
    absent: Annotated[str, typer.Argument(help="the primary post (主班) that is absent")],
    until: UntilOption,
    reason: ReasonOption,
    begins: FromOption = None,
    data: DataOption = None,
    centre: CentreOption = None,
) -> None:
    """The backup of the same unit stands in (副班顶岗), to the end of the stretch or of the turn."""

    async def ask(asker: Asker, zone: ZoneInfo) -> str:
        facts: dict[str, Any] = {
            "starts_at": _begins(begins, zone),
            "ends_at": instant_of(until, zone),
            "reason": reason,
        }
        return _made(await do(asker, SubstituteAbsent, OverrideMade, roster=roster, absent=absent, **facts), zone)

    out.print(with_zone(ask, data, centre), soft_wrap=True)


def cancel(
    roster: RosterArgument,
    override_id: Annotated[UUID, typer.Argument(help="as it was told when it was made; all of them: show --json")],
    reason: ReasonOption,
    data: DataOption = None,
    centre: CentreOption = None,
) -> None:
    """Cancels what is still to come of an override; what was stays on record."""

    async def ask(asker: Asker, _zone: ZoneInfo) -> Done:
        return await do(asker, CancelOverride, Done, roster=roster, override_id=override_id, reason=reason)

    with_zone(ask, data, centre)
    out.print(f"[green]✓[/] cancelled: {override_id}")


def _begins(text: str | None, zone: ZoneInfo) -> datetime:
    return now_in(zone) if text is None else instant_of(text, zone)


def _made(made: OverrideMade, zone: ZoneInfo) -> str:
    span = "" if made.starts_at is None else f", {span_words(made.starts_at, made.ends_at, zone)}"
    return f"[green]✓[/] made: {made.override_id}{span}"


# -- swaps -------------------------------------------------------------------------------------------------------------


@swaps.command("ask")
def ask_swap(
    roster: RosterArgument,
    gives: Annotated[str, typer.Argument(help="the post that gives its duty away")],
    takes: Annotated[str, typer.Argument(help="the post that is asked to take it")],
    begins: Annotated[str, typer.Option("--from", help="e.g. '2026-12-01 08:00'")],
    until: UntilOption,
    returned_from: Annotated[str | None, typer.Option("--returned-from", help="taken in return, from")] = None,
    returned_until: Annotated[str | None, typer.Option("--returned-until", help="taken in return, until")] = None,
    data: DataOption = None,
    centre: CentreOption = None,
) -> None:
    """Asks for a swap. Nothing changes until the other post, or its unit, accepts."""

    async def ask(asker: Asker, zone: ZoneInfo) -> SwapAsked:
        facts: dict[str, Any] = {
            "gives": gives,
            "takes": takes,
            "starts_at": instant_of(begins, zone),
            "ends_at": instant_of(until, zone),
            "returned_starts_at": None if returned_from is None else instant_of(returned_from, zone),
            "returned_ends_at": None if returned_until is None else instant_of(returned_until, zone),
        }
        return await do(asker, AskSwap, SwapAsked, roster=roster, **facts)

    out.print(f"[green]✓[/] asked: {with_zone(ask, data, centre).swap_id}")


@swaps.command("accept")
def accept_swap(swap_id: UUID, data: DataOption = None, centre: CentreOption = None) -> None:
    """Accepts a swap for the post that was asked."""

    async def ask(asker: Asker, _zone: ZoneInfo) -> Done:
        return await do(asker, AnswerSwap, Done, swap_id=swap_id, accept=True)

    with_zone(ask, data, centre)
    out.print(f"[green]✓[/] accepted: {swap_id}")


@swaps.command("decline")
def decline_swap(swap_id: UUID, data: DataOption = None, centre: CentreOption = None) -> None:
    """Declines a swap; nothing changes."""

    async def ask(asker: Asker, _zone: ZoneInfo) -> Done:
        return await do(asker, AnswerSwap, Done, swap_id=swap_id, accept=False)

    with_zone(ask, data, centre)
    out.print(f"[green]✓[/] declined: {swap_id}")
