"""Words, options and instants that the commands about duty share."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from deploy.cli.words import fail
from shared.duty import RosterKind
from shared.rosters.rows import local_instant

KINDS: Mapping[str, RosterKind] = {
    "director": "duty_director",
    "leader": "leader",
    "presence": "presence",
    "liaison": "liaison",
}
STORED: Mapping[str, RosterKind] = {kind: kind for kind in KINDS.values()}
KindOption = Annotated[str, typer.Option("--kind", help=" | ".join(KINDS))]
RosterArgument = Annotated[str, typer.Argument(help="the roster's code, e.g. director")]
FromOption = Annotated[str | None, typer.Option("--from", help="begins, e.g. '2026-12-01 09:00'; now if left out")]
UntilOption = Annotated[str, typer.Option("--until", help="ends, e.g. '2026-12-02 09:00'")]
ReasonOption = Annotated[str, typer.Option("--reason", help="why (事由)")]


def kind_of(word: str) -> RosterKind:
    known = KINDS.get(word) or STORED.get(word)
    if known is None:
        fail(f"there is no kind of duty {word!r}: {', '.join(KINDS)}", code=2)
    return known


def instant_of(text: str, zone: ZoneInfo) -> datetime:
    """Local time of the centre, unless the text carries its own offset."""
    try:
        return local_instant(text, zone)
    except ValueError as wrong:
        fail(str(wrong), code=2)


def span_words(since: datetime, until: datetime | None, zone: ZoneInfo) -> str:
    begins = f"{since.astimezone(zone):%Y-%m-%d %H:%M}"
    return f"{begins} 起" if until is None else f"{begins} - {until.astimezone(zone):%Y-%m-%d %H:%M}"
