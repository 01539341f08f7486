"""One row as the request to register a case."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from shared.centre.pack import CentrePack
from shared.contracts.actors import Actor
from shared.contracts.intake import HandlingMode, RegisterCase, Requester, Source

Columns = Mapping[str, list[str]]
"""Field -> the columns it is made of."""

# Where a column was taken for another, a person's words stand in it: a report shows their beginning at most.
SHOWN_MAX = 40
# Spreadsheets save times without leading zeros, forms write them in words.
TIME_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d")
TO_DASHES = str.maketrans({"/": "-", ".": "-", "年": "-", "月": "-", "日": " "})


class RowUnfit(Exception):
    """This row cannot be registered; `field` is the one at fault."""

    def __init__(self, field_name: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field_name


def to_command(
    row: Mapping[str, str], columns: Columns, pack: CentrePack, *, source: Source, actor: Actor, key: str
) -> RegisterCase:
    """One row as a request. Raises RowUnfit or ValidationError, naming the field."""
    reference = value(row, columns, "reference")
    if not reference:
        raise RowUnfit("reference", "the row has no number of its own, so it could not be told from a repetition")
    matter = value(row, columns, "matter", joint="\n") or ""
    name, phone = value(row, columns, "requester_name"), value(row, columns, "requester_phone")
    return RegisterCase.model_validate(
        {
            "actor": actor,
            "idempotency_key": key,
            "source": source,
            "matter": matter,
            "category": _category(value(row, columns, "category"), pack),
            "place": _place(value(row, columns, "place"), matter, pack),
            "level": value(row, columns, "level") or "IV",
            "requester": Requester(name=name, phone=phone) if name or phone else None,
            "received_at": _received_at(value(row, columns, "received_at"), pack),
            "external_reference": reference,
            "accept_as": HandlingMode.FORWARD,
        }
    )


def value(row: Mapping[str, str], columns: Columns, name: str, *, joint: str = " ") -> str | None:
    """What the field's columns hold, joined; None where nothing does."""
    parts = [row.get(column, "") for column in columns.get(name, [])]
    return joint.join(part for part in parts if part) or None


def _category(text: str | None, pack: CentrePack) -> str | None:
    if text is None:
        return None
    found = pack.find_category(text)
    if found is None:
        raise RowUnfit("category", f"{_shown(text)} is not a category of this centre")
    return found.code


def _place(text: str | None, matter: str, pack: CentrePack) -> str | None:
    """The place column, else the first place of the centre that the matter names; None: a person will place it."""
    if text is not None:
        found = pack.place(text) or pack.find_place(text)
        if found is None:
            raise RowUnfit("place", f"{_shown(text)} is not a place of this centre")
        return found.code
    named = pack.find_place(matter)
    return named.code if named else None


def _received_at(text: str | None, pack: CentrePack) -> datetime | None:
    """Local time of the centre, unless the text says otherwise."""
    if text is None:
        return None
    at = _iso_time(text) or _written_time(text)
    if at is None:
        raise RowUnfit("received_at", f"{_shown(text)} is not a time; write 2026-11-22 09:30:00")
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(pack.timezone))


def _iso_time(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _written_time(text: str) -> datetime | None:
    plain = " ".join(text.translate(TO_DASHES).split())
    for form in TIME_FORMATS:
        try:
            return datetime.strptime(plain, form)  # noqa: DTZ007 - the caller knows the centre's time zone
        except ValueError:
            continue
    return None


def _shown(text: str) -> str:
    return repr(text if len(text) <= SHOWN_MAX else f"{text[:SHOWN_MAX]}…")
