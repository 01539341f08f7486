"""Registers rows through the public request, many at once, each exactly once."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from deploy.importer.reading import Rows
from shared.centre.pack import CentrePack
from shared.contracts.actors import Actor, Role
from shared.contracts.intake import CaseReceipt, HandlingMode, RegisterCase, Requester, Source
from shared.errors import Refused
from shared.infra.asking import Asker, refusal_of

AT_ONCE = 32
PATIENCE_S = 120.0

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RowRefusal:
    row: int
    field: str
    reason: str


@dataclass(slots=True)
class Report:
    rows: int = 0
    registered: int = 0
    known: int = 0
    refusals: list[RowRefusal] = field(default_factory=list[RowRefusal])

    @property
    def refused(self) -> int:
        return len(self.refusals)

    def as_dict(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "registered": self.registered,
            "known": self.known,
            "refused": self.refused,
            "refusals": [asdict(one) for one in self.refusals],
        }


class RowUnfit(Exception):
    def __init__(self, field_name: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field_name


async def take_rows(
    asker: Asker,
    rows: Rows,
    columns: Mapping[str, list[str]],
    pack: CentrePack,
    *,
    source: Source,
    owner: str,
    window: str | None,
    on_row: Callable[[], None],
) -> Report:
    """Rows are independent: one that is refused is reported and stops nobody else."""
    report = Report(rows=len(rows.rows))
    actor = Actor(staff=owner, role=Role.SYSTEM, window=window)
    todo = iter(rows.rows)
    run = uuid4().hex  # one act per row and run; across runs the row's own reference tells what is known

    async def worker() -> None:
        for number, row in todo:
            try:
                command = to_command(row, columns, pack, source=source, actor=actor, run=run)
                receipt = await asker.ask_patiently(command, CaseReceipt, patience_s=PATIENCE_S)
                report.known += receipt.known
                report.registered += not receipt.known
            except RowUnfit as unfit:
                report.refusals.append(RowRefusal(number, unfit.field, str(unfit)))
            except ValidationError as fault:
                refusal = refusal_of(fault)
                report.refusals.append(RowRefusal(number, refusal.field or "row", refusal.message))
            except Refused as refusal:
                report.refusals.append(RowRefusal(number, refusal.field or "row", refusal.message))
            on_row()

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(worker())
    report.refusals.sort(key=lambda one: one.row)
    return report


def to_command(
    row: Row, columns: Mapping[str, list[str]], pack: CentrePack, *, source: Source, actor: Actor, run: str
) -> RegisterCase:
    """One row as a request. Raises RowUnfit or ValidationError, naming the field."""
    reference = _value(row, columns, "reference")
    if not reference:
        raise RowUnfit("reference", "the row has no number of its own, so it could not be told from a repetition")
    matter = _value(row, columns, "matter", joint="\n")
    name, phone = _value(row, columns, "requester_name"), _value(row, columns, "requester_phone")
    return RegisterCase.model_validate(
        {
            "actor": actor,
            "idempotency_key": f"import/{run}/{reference}"[:200],
            "source": source,
            "matter": matter or "",
            "category": _category(_value(row, columns, "category"), pack),
            "place": _place(_value(row, columns, "place"), matter or "", pack),
            "level": _value(row, columns, "level") or "IV",
            "requester": Requester(name=name, phone=phone) if name or phone else None,
            "received_at": _received_at(_value(row, columns, "received_at"), pack),
            "external_reference": reference,
            "accept_as": HandlingMode.FORWARD,
        }
    )


def _value(row: Row, columns: Mapping[str, list[str]], name: str, *, joint: str = " ") -> str | None:
    parts = [row.get(column, "") for column in columns.get(name, [])]
    return joint.join(part for part in parts if part) or None


def _category(text: str | None, pack: CentrePack) -> str | None:
    if text is None:
        return None
    found = pack.find_category(text)
    if found is None:
        raise RowUnfit("category", f"{text!r} is not a category of this centre")
    return found.code


def _place(text: str | None, matter: str, pack: CentrePack) -> str | None:
    """The place column, else the first place of the centre that the matter names; None: a person will place it."""
    if text is not None:
        found = pack.place(text) or pack.find_place(text)
        if found is None:
            raise RowUnfit("place", f"{text!r} is not a place of this centre")
        return found.code
    named = pack.find_place(matter)
    return named.code if named else None


def _received_at(text: str | None, pack: CentrePack) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        raise RowUnfit("received_at", f"{text!r} is not a time; write 2026-11-22 09:30:00") from None
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(pack.timezone))
