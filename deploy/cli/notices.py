"""`muster notices`: which message reached whom, why another did not, and where posts are reached."""

from collections.abc import Sequence
from typing import Annotated
from uuid import uuid4
from zoneinfo import ZoneInfo

import typer
from rich.text import Text

from deploy.cli.doctor import CentreOption, DataOption, JsonOption
from deploy.cli.notice_words import NOTICE_KINDS, STATES, UNREACHED, WHY_UNREACHABLE, history, local, why_of
from deploy.cli.words import fail, lines, out, print_json, run_async
from deploy.packs import pack_in_force
from deploy.session import Place, asking
from shared.codes import CodeWrong, parse_case_code
from shared.contracts.actors import OPERATOR
from shared.contracts.base import Done
from shared.contracts.notification import (
    CheckContacts,
    Contact,
    Contacts,
    ListContacts,
    ListMessages,
    ListNotices,
    Messages,
    MessageState,
    Notices,
    NoticeView,
    RemoveContact,
    SetContact,
    UnreachablePosts,
)
from shared.infra.asking import Asker

app = typer.Typer(no_args_is_help=True, help="Messages to posts (通知): what arrived, and why the rest did not.")
contacts = typer.Typer(no_args_is_help=True, help="Where posts are reached (联系方式). Posts only, never requesters.")
app.add_typer(contacts, name="contacts")


@app.command("list")
def list_(
    case: Annotated[str | None, typer.Option(help="only of this case, e.g. 26-0000104-5")] = None,
    staff: Annotated[str | None, typer.Option(help="only to this post")] = None,
    channel: Annotated[str | None, typer.Option(help="only on this channel, e.g. email")] = None,
    state: Annotated[MessageState | None, typer.Option(help="only in this state")] = None,
    unarrived: Annotated[bool, typer.Option("--unarrived", help="only what did not arrive")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 100,
    data: DataOption = None,
    centre: CentreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Messages, newest first, each with why it did or did not arrive; and notices that reached nobody."""
    code = _case_code(case)

    async def work() -> tuple[Messages, Notices, ZoneInfo]:
        asked = ListMessages(
            actor=OPERATOR,
            case_code=code,
            staff=staff,
            channel=channel,
            state=state,
            only_unarrived=unarrived,
            limit=limit,
        )
        async with asking(Place.here(data, centre)) as asker:
            messages = await asker.ask(asked, Messages)
            nobody = Notices(notices=())
            if staff is None and channel is None and state is None:  # a notice that reached nobody has none of these
                unreached = ListNotices(actor=OPERATOR, case_code=code, only_unreached=True, limit=limit)
                nobody = await asker.ask(unreached, Notices)
            return messages, nobody, await _zone(asker)

    messages, nobody, zone = run_async(work())
    if as_json:
        print_json({**messages.model_dump(mode="json"), "unreached": nobody.model_dump(mode="json")["notices"]})
        return
    _print_messages(messages, zone)
    _print_unreached(nobody.notices, zone)


def _case_code(text: str | None) -> str | None:
    try:
        return None if text is None else parse_case_code(text)
    except CodeWrong as wrong:
        fail(f"{text!r} is not a case code: {wrong}", code=2)


async def _zone(asker: Asker) -> ZoneInfo:
    """Local time of the centre; before it has a pack there is nothing to tell the time of."""
    pack = await pack_in_force(asker)
    return ZoneInfo("UTC" if pack is None else pack.timezone)


def _print_messages(found: Messages, zone: ZoneInfo) -> None:
    if not found.messages:
        out.print("no messages")
        return
    table = lines("made", "case", "to", "channel", "state", "subject", "why")
    for one in found.messages:
        style = "red" if one.state is MessageState.FAILED else ""
        to = one.staff if one.unit is None else f"{one.staff} ({one.unit})"
        why = "\n".join((why_of(one, zone), *history(one, zone)))
        table.add_row(
            local(one.created_at, zone),
            one.case_code or "—",
            Text(to),
            one.channel,
            Text(STATES[one.state], style=style),
            Text(one.subject),
            Text(why),
        )
    out.print(table)
    if found.total > len(found.messages):
        out.print(f"{len(found.messages)} of {found.total}; the others: --limit")


def _print_unreached(notices: Sequence[NoticeView], zone: ZoneInfo) -> None:
    if not notices:
        return
    out.print("[red]reached nobody (无人收到)[/]")
    table = lines("made", "case", "about", "for", "why")
    for one in notices:
        about = NOTICE_KINDS.get(one.kind, one.kind)
        whom = one.post if one.unit is None else f"{one.post} ({one.unit})"
        why = "" if one.unreached is None else UNREACHED[one.unreached]
        table.add_row(local(one.created_at, zone), one.case_code or "—", about, Text(whom), why)
    out.print(table)


# -- contacts ----------------------------------------------------------------------------------------------------------


@contacts.command("list")
def list_contacts(
    staff: Annotated[str | None, typer.Argument(help="only this post")] = None,
    data: DataOption = None,
    centre: CentreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Where posts are reached, in the order the channels are used."""

    async def work() -> tuple[tuple[Contact, ...], ZoneInfo]:
        async with asking(Place.here(data, centre)) as asker:
            found = await asker.ask(ListContacts(actor=OPERATOR, staff=staff), Contacts)
            return found.contacts, await _zone(asker)

    found, zone = run_async(work())
    if as_json:
        print_json([one.model_dump(mode="json") for one in found])
        return
    if not found:
        out.print("no contacts; every post has its inbox in the program all the same")
        return
    table = lines("post", "order", "channel", "address", "works", "last failure", "checked")
    for one in found:
        works = Text("yes") if one.working else Text("no", style="red")
        checked = "—" if one.checked_at is None else local(one.checked_at, zone)
        table.add_row(
            Text(one.staff), str(one.position), one.channel, Text(one.address), works, one.last_failure or "", checked
        )
    out.print(table)


@contacts.command("set")
def set_contact(
    staff: Annotated[str, typer.Argument(help="the post, e.g. police.liaison")],
    channel: Annotated[str, typer.Argument(help="email, webhook, apprise, sms, voice, or a plug-in's name")],
    address: Annotated[str, typer.Argument(help="in the channel's form; - asks for it and does not show it")],
    position: Annotated[int, typer.Option(min=1, max=20, help="the order in which channels are used")] = 1,
    data: DataOption = None,
    centre: CentreOption = None,
) -> None:
    """Says where a post is reached on one channel."""
    if address == "-":
        address = typer.prompt("address", hide_input=True)

    async def work() -> None:
        command = SetContact(
            actor=OPERATOR,
            idempotency_key=uuid4().hex,
            staff=staff,
            channel=channel,
            address=address,
            position=position,
        )
        async with asking(Place.here(data, centre)) as asker:
            await asker.ask(command, Done)

    run_async(work())
    out.print(f"{staff} is reached on {channel}, as number {position}", markup=False)


@contacts.command("remove")
def remove_contact(staff: str, channel: str, data: DataOption = None, centre: CentreOption = None) -> None:
    """Takes one channel of a post away."""

    async def work() -> None:
        command = RemoveContact(actor=OPERATOR, idempotency_key=uuid4().hex, staff=staff, channel=channel)
        async with asking(Place.here(data, centre)) as asker:
            await asker.ask(command, Done)

    run_async(work())
    out.print(f"{staff} is no longer reached on {channel}", markup=False)


@contacts.command("check")
def check_contacts(
    days: Annotated[int, typer.Option(min=1, max=366, help="how far ahead")] = 14,
    data: DataOption = None,
    centre: CentreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Who is on duty in the next days and cannot be reached outside the program. Exit code 1: there is somebody."""

    async def work() -> tuple[UnreachablePosts, ZoneInfo]:
        async with asking(Place.here(data, centre)) as asker:
            return await asker.ask(CheckContacts(actor=OPERATOR, days=days), UnreachablePosts), await _zone(asker)

    found, zone = run_async(work())
    if as_json:
        print_json(found.model_dump(mode="json")["posts"])
    elif not found.posts:
        out.print(f"everybody on duty in the next {days} days can be reached")
    else:
        table = lines("post", "roster", "first on duty", "why")
        for one in found.posts:
            table.add_row(Text(one.staff), one.roster, local(one.first_duty_at, zone), WHY_UNREACHABLE[one.why])
        out.print(table)
    if found.posts:
        raise typer.Exit(1)
