"""Flags of a case and corrections of it, on a real database."""

from typing import Any

import pytest
import sqlalchemy as sa

from services.intake.errors import (
    CaseUnknown,
    NothingToCorrect,
    NotPossibleNow,
    UnknownCategory,
    UnknownFlag,
    UnknownPlace,
)
from shared.contracts.intake import CaseAccepted, CaseCorrected, CaseRegistered
from shared.errors import Refused
from tests.integration.intake.given import CLERK, DISPATCHER, PLATFORM, Desk
from tests.unit.suggest.history import pack

pytestmark = pytest.mark.servers

TOWN = pack().townships[0].code


async def test_flags_are_stored_told_and_read(desk: Desk) -> None:
    receipt = await desk.registers(flags=["crowd", "safety", "crowd"], accept_as="forward")
    assert (await desk.case(receipt.case_code)).flags == ["safety", "crowd"], "each once, in the order of the pack"
    for kind in (CaseRegistered, CaseAccepted):
        [event] = await desk.told(receipt.case_code, kind)
        assert event["flags"] == ["safety", "crowd"]
    assert (await desk.reads(receipt.case_code)).flags == ("safety", "crowd")


async def test_an_unknown_flag_is_refused_by_name_and_registers_nothing(desk: Desk) -> None:
    with pytest.raises(UnknownFlag, match="'poor'") as refused:
        await desk.registers(flags=["safety", "poor"])
    assert refused.value.field == "flags"
    async with desk.work.read() as session:
        assert await session.scalar(sa.text("select count(*) from intake.event")) == 0


async def test_a_correction_changes_the_case_and_tells_it(desk: Desk) -> None:
    receipt = await desk.registers(category="road", accept_as="forward")
    await desk.corrects(receipt.case_code, by=DISPATCHER, category="路灯不亮", place=TOWN, level="II", flags=["safety"])
    [event] = await desk.told(receipt.case_code, CaseCorrected)
    assert (event["category"], event["place"], event["level"], event["flags"]) == ("lamp", TOWN, "II", ["safety"])
    assert event["pack_version"] == pack().version
    case = await desk.case(receipt.case_code)
    assert (case.category, case.place, case.level, case.flags) == ("lamp", TOWN, "II", ["safety"])
    assert (case.category_chosen_by, case.owner) == (DISPATCHER.staff, CLERK.staff)


async def test_the_reason_is_sealed_and_in_no_event(desk: Desk) -> None:
    receipt = await desk.registers(category="road", accept_as="forward")
    await desk.corrects(receipt.case_code, level="III", reason="王小明说家里还有老人")
    [(about, stored, opened)] = await desk.notes(receipt.case_code)
    assert (about, opened) == ("correction", "王小明说家里还有老人")
    assert stored is not None
    assert stored.startswith("v1.")
    assert "王小明" not in await desk.everything_stored()


@pytest.mark.parametrize(
    ("values", "refusal", "field"),
    [
        ({}, NothingToCorrect, "category"),
        ({"category": "road", "level": "IV", "flags": []}, NothingToCorrect, "case_code"),
        ({"category": "nothing"}, UnknownCategory, "category"),
        ({"place": "nowhere"}, UnknownPlace, "place"),
        ({"flags": ["poor"]}, UnknownFlag, "flags"),
        ({"level": "II", "category": "nothing"}, UnknownCategory, "category"),
    ],
)
async def test_a_refused_correction_changes_nothing(
    desk: Desk, values: dict[str, Any], refusal: type[Refused], field: str
) -> None:
    receipt = await desk.registers(category="road", accept_as="forward")
    with pytest.raises(refusal) as refused:
        await desk.corrects(receipt.case_code, **values)
    assert refused.value.field == field
    assert await desk.told(receipt.case_code, CaseCorrected) == []
    assert await desk.notes(receipt.case_code) == []
    assert (await desk.case(receipt.case_code)).level == "IV"


async def test_before_acceptance_accepting_corrects(desk: Desk) -> None:
    receipt = await desk.registers(category="road")
    with pytest.raises(NotPossibleNow, match="correct is not possible: the case is registered"):
        await desk.corrects(receipt.case_code, category="lamp")
    await desk.accepts(receipt.case_code, category="lamp")
    assert (await desk.case(receipt.case_code)).category == "lamp"


async def test_a_case_nobody_registered_is_not_corrected(desk: Desk) -> None:
    with pytest.raises(CaseUnknown):
        await desk.corrects("26-0000042-5", level="II")


async def test_only_a_person_chooses(desk: Desk) -> None:
    pushed = await desk.registers(by=PLATFORM, category="road")
    assert (await desk.case(pushed.case_code)).category_chosen_by is None
    await desk.accepts(pushed.case_code, category="road")
    assert (await desk.case(pushed.case_code)).category_chosen_by == CLERK.staff
