"""Registers rows through the public request, many at once, each exactly once."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import uuid4

from pydantic import ValidationError

from deploy.importer.cases import Columns, RowUnfit, to_command, value
from deploy.importer.reading import NumberedRow, Rows
from shared.centre.pack import CentrePack
from shared.contracts.actors import Actor, Role
from shared.contracts.common import Health, ReadHealth
from shared.contracts.intake import CaseReceipt, RegisterCase, Source
from shared.errors import Refused, RemoteRefusal, Unavailable
from shared.infra.asking import Asker, refusal_of

AT_ONCE = 32
ROW_PATIENCE_S = 15.0
PATIENCE_S = 120.0
PACK_PATIENCE_S, PACK_POLL_S = 10.0, 0.1
PACK_NOT_THERE = frozenset({"no_centre_pack", "unknown_category", "unknown_place", "unknown_window"})


@dataclass(frozen=True, slots=True)
class RowRefusal:
    row: int
    field: str
    reason: str


@dataclass(slots=True)
class Report:
    """Every row is one of three: rows = registered + known + refused."""

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


async def take_rows(
    asker: Asker,
    rows: Rows,
    columns: Columns,
    pack: CentrePack,
    *,
    source: Source,
    owner: str,
    window: str | None,
    on_row: Callable[[], None],
    patience_s: float = PATIENCE_S,
) -> Report:
    """Rows are independent: one that is refused is reported and stops nobody else.

    Raises Unavailable where intake stays away for `patience_s`; what was registered stays so, and begun again the
    import knows it.
    """
    taking = _Taking(asker, columns, pack, source, Actor(staff=owner, role=Role.SYSTEM, window=window), patience_s)
    taking.report.rows = rows.total
    for number, reason in rows.broken:
        taking.refuse(number, "row", reason)
        on_row()
    todo = iter(rows.rows)
    contradicting = contradictions(rows.rows, columns)

    async def worker() -> None:
        for number, row in todo:
            if taking.over:
                return
            if number in contradicting:
                taking.refuse(
                    number, "reference", f"row {contradicting[number]} has the same number, with other content"
                )
            else:
                await taking.take(number, row)
            on_row()

    async with asyncio.TaskGroup() as group:
        workers = [group.create_task(worker()) for _ in range(AT_ONCE)]
        try:
            await asyncio.wait(workers)
        finally:
            taking.over = True  # Python 3.11 drops a cancellation that meets an answer: such a worker would go on
    return taking.finished()


def contradictions(rows: Iterable[NumberedRow], columns: Columns) -> dict[int, int]:
    """Rows that have the number of an earlier row but other content, and which row that is.

    The same content twice is a repetition, which does no harm. With other content one of the two would be lost.
    """
    first: dict[str, tuple[int, dict[str, str | None]]] = {}
    found: dict[int, int] = {}
    for number, row in rows:
        content = {name: value(row, columns, name) for name in columns}
        reference = content.get("reference")
        if reference is not None:
            earlier, said = first.setdefault(reference, (number, content))
            if said != content:
                found[number] = earlier
    return found


@dataclass(slots=True)
class _Taking:
    """One run over one file."""

    asker: Asker
    columns: Columns
    pack: CentrePack
    source: Source
    actor: Actor
    patience_s: float
    run: str = field(default_factory=lambda: uuid4().hex)
    report: Report = field(default_factory=Report)
    pack_there_by: float = field(default_factory=lambda: time.monotonic() + PACK_PATIENCE_S)
    away: Unavailable | None = None
    over: bool = False

    async def take(self, number: int, row: Mapping[str, str]) -> None:
        try:
            receipt = await self._register(self._command(number, row))
            self.report.known += receipt.known
            self.report.registered += not receipt.known
        except RowUnfit as unfit:
            self.refuse(number, unfit.field, str(unfit))
        except ValidationError as fault:
            self._refuse_as(number, refusal_of(fault))
        except Refused as refusal:
            self._refuse_as(number, refusal)
        except Unavailable as away:
            self.away, self.over = away, True

    def _command(self, number: int, row: Mapping[str, str]) -> RegisterCase:
        # One act per row and run: within a run a repeated question is answered the same, across runs and rows the
        # platform's own number tells what is known.
        key = f"import/{self.run}/{number}"
        return to_command(row, self.columns, self.pack, source=self.source, actor=self.actor, key=key)

    async def _register(self, command: RegisterCase) -> CaseReceipt:
        """Waits while intake is away. Where intake is well and still cannot take this row, it is the row's trouble."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self.patience_s
        while True:
            patience_s = max(0.0, min(ROW_PATIENCE_S, deadline - loop.time()))
            try:
                return await self._ask(command, patience_s)
            except Unavailable:
                well = await self._intake_is_well()
                if not well and loop.time() >= deadline:
                    raise
            if well:
                return await self._once_more(command)

    async def _ask(self, command: RegisterCase, patience_s: float) -> CaseReceipt:
        """A pack that was just put in force comes to intake a moment later, and rows are read by that pack already."""
        while True:
            try:
                return await self.asker.ask_patiently(command, CaseReceipt, patience_s=patience_s)
            except RemoteRefusal as refusal:
                if refusal.remote_code not in PACK_NOT_THERE or time.monotonic() > self.pack_there_by:
                    raise
            await asyncio.sleep(PACK_POLL_S)

    async def _once_more(self, command: RegisterCase) -> CaseReceipt:
        try:
            return await self.asker.ask(command, CaseReceipt)
        except Unavailable as away:
            raise RowUnfit("row", f"not taken: {away.message}; import the file again to try this row again") from away

    async def _intake_is_well(self) -> bool:
        try:
            await self.asker.ask(ReadHealth(actor=self.actor), Health, service="intake")
        except Unavailable:
            return False
        return True

    def refuse(self, number: int, field_name: str, reason: str) -> None:
        self.report.refusals.append(RowRefusal(number, field_name, reason))

    def _refuse_as(self, number: int, refusal: Refused) -> None:
        faults = refusal.facts.get("faults")  # of a form that does not fit: each names its field and its rule apart
        self.refuse(number, refusal.field or "row", faults[0]["rule"] if faults else refusal.message)

    def finished(self) -> Report:
        self.report.refusals.sort(key=lambda one: one.row)
        if self.away is None:
            return self.report
        safe = self.report.registered + self.report.known
        words = f"{self.away.message}. {safe} of {self.report.rows} rows are registered; import the file again"
        raise Unavailable(f"{words}, it continues where it stopped", retry_after_s=self.away.retry_after_s)
