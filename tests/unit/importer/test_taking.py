"""Every row of a file is registered, known already or refused with its reason: never two of these, never none."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from deploy.importer import taking
from deploy.importer.columns import guess_mapping
from deploy.importer.reading import Rows
from deploy.importer.taking import Report, take_rows
from shared.centre.load import load_pack
from shared.centre.pack import CentrePack
from shared.contracts.common import Health, ReadHealth
from shared.contracts.intake import CaseReceipt, RegisterCase, Source
from shared.errors import RemoteRefusal, Unavailable
from tests.support.times import MONDAY_MORNING

COLUMNS = ["reference", "matter", "category", "level", "received_at"]


def refusal(code: str, field: str | None, message: str) -> RemoteRefusal:
    return RemoteRefusal({"code": code, "rule": "so it is", "field": field, "message": message, "facts": {}})


class FakeIntake:
    """Answers as intake does: known by the platform's number, the same act once by its key."""

    def __init__(self) -> None:
        self.cases: dict[str, CaseReceipt] = {}
        self.keys: set[str] = set()
        self.away = False
        self.chokes_on: str | None = None
        self.has_pack = True
        self.asked = 0

    async def ask(self, request: Any, answer: type[Any], *, service: str | None = None) -> Any:
        await asyncio.sleep(0)
        self.asked += 1
        if self.away:
            raise Unavailable("the intake service is not running", retry_after_s=0.001)
        if isinstance(request, ReadHealth):
            return Health(service="intake", healthy=True, facts={})
        return self._register(request)

    async def ask_patiently(self, request: Any, answer: type[Any], *, patience_s: float) -> Any:
        deadline = asyncio.get_running_loop().time() + patience_s
        while True:
            try:
                return await self.ask(request, answer)
            except Unavailable:
                if asyncio.get_running_loop().time() >= deadline:
                    raise
                await asyncio.sleep(0.001)

    def _register(self, command: RegisterCase) -> CaseReceipt:
        reference = command.external_reference
        assert reference is not None
        assert command.idempotency_key not in self.keys, "two rows may not be one act"
        if reference == self.chokes_on:
            raise Unavailable("something went wrong here", retry_after_s=0.001)
        if not self.has_pack:
            raise refusal("no_centre_pack", None, "no centre pack is in force")
        self.keys.add(command.idempotency_key)
        if reference == "REFUSED":
            raise refusal("not_here", "place", "not here")
        if reference in self.cases:
            return self.cases[reference].model_copy(update={"known": True})
        self.cases[reference] = CaseReceipt(
            case_id=uuid4(), case_code="26-0000001-0", state="handling", owner="x", registered_at=MONDAY_MORNING
        )
        return self.cases[reference]


@pytest.fixture(scope="module")
def pack() -> CentrePack:
    return load_pack(Path(__file__).parents[2] / "packs" / "lettered-places")


@pytest.fixture
def intake(monkeypatch: pytest.MonkeyPatch) -> FakeIntake:
    monkeypatch.setattr(taking, "ROW_PATIENCE_S", 0.02)
    return FakeIntake()


def rows_of(*rows: Mapping[str, str], broken: tuple[tuple[int, str], ...] = ()) -> Rows:
    whole = [{"matter": "路灯不亮", **row} for row in rows]
    return Rows(COLUMNS, list(enumerate(whole, start=2)), list(broken), "utf-8")


async def take(intake: FakeIntake, pack: CentrePack, rows: Rows, patience_s: float = 0.1) -> tuple[Report, int]:
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1

    report = await take_rows(
        intake,  # type: ignore[arg-type]
        rows,
        guess_mapping(COLUMNS, {}),
        pack,
        source=Source.PLATFORM_PUSH,
        owner="desk.general",
        window=None,
        on_row=step,
        patience_s=patience_s,
    )
    assert report.rows == report.registered + report.known + report.refused
    return report, steps


async def test_rows_are_registered_once_and_known_the_second_time(intake: FakeIntake, pack: CentrePack) -> None:
    rows = rows_of(*({"reference": f"P{number}"} for number in range(100)))
    report, steps = await take(intake, pack, rows)
    assert (report.rows, report.registered, report.known, report.refused, steps) == (100, 100, 0, 0, 100)
    report, _ = await take(intake, pack, rows)
    assert (report.registered, report.known) == (0, 100)
    assert len(intake.cases) == 100


async def test_unfit_rows_are_named_and_stop_nobody_else(intake: FakeIntake, pack: CentrePack) -> None:
    rows = rows_of(
        {"reference": "P1"},
        {"reference": ""},
        {"reference": "P2", "category": "天文"},
        {"reference": "P3", "received_at": "昨天"},
        {"reference": "P4", "level": "特急"},
        {"reference": "P5", "matter": ""},
        {"reference": "REFUSED"},
        {"reference": "P6"},
        broken=((40, "the row has 3 cells for 2 columns"),),
    )
    report, steps = await take(intake, pack, rows)
    assert (report.rows, report.registered, report.refused, steps) == (9, 2, 7, 9)
    assert [(one.row, one.field) for one in report.refusals] == [
        (3, "reference"),
        (4, "category"),
        (5, "received_at"),
        (6, "level"),
        (7, "matter"),
        (8, "place"),
        (40, "row"),
    ]
    reasons = {one.row: one.reason for one in report.refusals}
    assert "'II'" in reasons[6], "it says what it may be"
    assert not reasons[6].startswith("level"), "the field is said once"
    assert "must not be empty" in reasons[7]
    assert reasons[8] == "not here"
    assert report.as_dict()["refused"] == 7


async def test_the_same_row_twice_in_a_file_is_one_case(intake: FakeIntake, pack: CentrePack) -> None:
    report, _ = await take(intake, pack, rows_of({"reference": "P1"}, {"reference": "P1"}, {"reference": "P1"}))
    assert (report.registered, report.known, report.refused) == (1, 2, 0)


async def test_one_number_with_two_contents_is_told_and_not_lost(intake: FakeIntake, pack: CentrePack) -> None:
    rows = rows_of({"reference": "P1"}, {"reference": "P2"}, {"reference": "P1", "matter": "井盖松动"})
    report, _ = await take(intake, pack, rows)
    assert (report.registered, report.known) == (2, 0)
    [told] = report.refusals
    assert (told.row, told.field) == (4, "reference")
    assert "row 2 has the same number" in told.reason


async def test_a_row_intake_cannot_take_is_reported_and_stops_nobody_else(intake: FakeIntake, pack: CentrePack) -> None:
    intake.chokes_on = "P1"
    report, _ = await take(intake, pack, rows_of(*({"reference": f"P{number}"} for number in range(50))), 5.0)
    assert report.registered == 49
    [told] = report.refusals
    assert told.row == 3
    assert "something went wrong here" in told.reason


async def test_a_short_absence_is_waited_out(intake: FakeIntake, pack: CentrePack) -> None:
    intake.away = True
    asyncio.get_running_loop().call_later(0.1, setattr, intake, "away", False)
    report, _ = await take(intake, pack, rows_of({"reference": "P1"}, {"reference": "P2"}), 10.0)
    assert report.registered == 2


async def test_a_long_absence_ends_the_import_in_words(intake: FakeIntake, pack: CentrePack) -> None:
    rows = rows_of(*({"reference": f"P{number}"} for number in range(200)))
    await take(intake, pack, rows_of({"reference": "P0"}))
    intake.away, before = True, intake.asked
    with pytest.raises(Unavailable) as away:
        await take(intake, pack, rows)
    assert "not running. 0 of 200 rows are registered; import the file again" in away.value.message
    assert intake.asked > before
    intake.away = False
    report, _ = await take(intake, pack, rows)
    assert (report.registered, report.known) == (199, 1)


async def test_a_pack_that_has_not_arrived_at_intake_yet_is_waited_for(
    intake: FakeIntake, pack: CentrePack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "PACK_POLL_S", 0.001)
    intake.has_pack = False
    asyncio.get_running_loop().call_later(0.05, setattr, intake, "has_pack", True)
    report, _ = await take(intake, pack, rows_of({"reference": "P1"}, {"reference": "P2"}))
    assert report.registered == 2


async def test_a_pack_that_never_arrives_refuses_the_rows(
    intake: FakeIntake, pack: CentrePack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "PACK_PATIENCE_S", 0.05)
    monkeypatch.setattr(taking, "PACK_POLL_S", 0.001)
    intake.has_pack = False
    report, _ = await take(intake, pack, rows_of({"reference": "P1"}, {"reference": "P2"}))
    assert [one.reason for one in report.refusals] == ["no centre pack is in force"] * 2


class DeafIntake(FakeIntake):
    """Its answers come at the very moment of a cancellation, which is then lost on the way (as Python 3.11 does)."""

    async def ask(self, request: Any, answer: type[Any], *, service: str | None = None) -> Any:
        try:
            await asyncio.sleep(0.001)
        except asyncio.CancelledError:
            self.cancelled = True
        return await super().ask(request, answer, service=service)


async def test_broken_off_it_stops_even_where_a_cancellation_is_lost(pack: CentrePack) -> None:
    intake = DeafIntake()
    rows = rows_of(*({"reference": f"P{number}"} for number in range(2_000)))
    running = asyncio.ensure_future(take(intake, pack, rows))
    while len(intake.cases) < 50:
        await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert intake.cancelled
    assert len(intake.cases) < 200
