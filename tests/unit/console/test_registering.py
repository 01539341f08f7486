"""What the window typed: read once, wherever it goes. And how its key is the case's own."""

from typing import Any

import pytest
from starlette.datastructures import FormData

from services.console.errors import AlreadyRegistered, EndingIncomplete
from services.console.web.registering import ANSWERED, DECLINED, FORWARD, Typed, register
from shared.contracts.actors import Actor, Role
from shared.contracts.base import Command
from shared.contracts.intake import CaseReceipt, RegisterCase
from shared.errors import IdempotencyKeyReused
from tests.support.times import MONDAY_MORNING

CLERK = Actor(staff="clerk.1", role=Role.INTAKE_CLERK, window="w1")
RECEIPT = CaseReceipt.model_validate(
    {
        "case_id": "00000000-0000-0000-0000-000000000001",
        "case_code": "26-0000104-5",
        "state": "handling",
        "owner": "clerk.1",
        "registered_at": MONDAY_MORNING,
    }
)
FORM = [("matter", "路灯不亮"), ("requester_phone", "13800001234"), ("flags", "safety"), ("offered", "26-0000104-5")]


def typed(*more: tuple[str, str]) -> Typed:
    return Typed.of(FormData([*FORM, *more]))


class Asked(list[tuple[str, dict[str, Any]]]):
    """What the services were asked; each request is checked by its own form. `used`: under whose key something else was
    done before."""

    def __init__(self, *used: str) -> None:
        super().__init__()
        self._used = used

    async def __call__(self, kind: type[Command[Any]], /, **fields: Any) -> CaseReceipt:
        kind.model_validate({"actor": CLERK, **fields})
        self.append((kind.NAME, fields))
        if kind.NAME in self._used:
            known = {"case_code": RECEIPT.case_code} if kind is RegisterCase else {}
            raise IdempotencyKeyReused("used for something else", field="idempotency_key", **known)
        return RECEIPT


def test_what_was_typed_fits_the_request() -> None:
    case = typed().case()
    command = RegisterCase.model_validate({"actor": CLERK, "idempotency_key": "k", **case})
    assert command.requester is not None
    assert (command.requester.phone, command.requester.name) == ("13800001234", None)
    assert (command.source, command.level, command.flags) == ("window", "IV", ("safety",))
    assert command.offered == ("26-0000104-5",)


def test_nobody_named_is_no_requester() -> None:
    assert Typed.of(FormData([("matter", "x"), ("requester_name", "  ")])).case()["requester"] is None


def test_begun_is_what_would_be_missed() -> None:
    assert typed().begun
    assert not Typed.of(FormData([("level", "II"), ("source", "window"), ("matter", " ")])).begun


async def test_sent_on_or_joined() -> None:
    asked = Asked()
    await register(asked, typed(("joins", "-")), FORWARD, "k")
    await register(asked, typed(("joins", "26-0000104-5")), FORWARD, "k")
    alone, joined = (fields for _, fields in asked)
    assert alone["accept_as"] == "forward"
    assert "joins" not in alone
    assert joined["joins"] == "26-0000104-5"
    assert "accept_as" not in joined


async def test_both_acts_of_an_ending_have_the_key_of_the_form() -> None:
    asked = Asked()
    await register(asked, typed(("result", "已告知")), ANSWERED, "k")
    await register(asked, typed(("reason", "court")), DECLINED, "k")
    keys = [(name, fields["idempotency_key"]) for name, fields in asked]
    assert keys == [
        ("register_case", "k"),
        ("finish_own_case", "k-answered"),
        ("register_case", "k"),
        ("decline_case", "k-declined"),
    ]
    assert asked[3][1]["legal_channel"] == "向人民法院起诉，或在原诉讼程序中提出"


@pytest.mark.parametrize(("ending", "field"), [(ANSWERED, "result"), (DECLINED, "reason")])
async def test_an_ending_that_says_nothing_registers_nothing(ending: str, field: str) -> None:
    asked = Asked()
    with pytest.raises(EndingIncomplete) as refused:
        await register(asked, typed((field, " ")), ending, "k")
    assert refused.value.as_dict()["field"] == field
    assert not asked


@pytest.mark.parametrize(
    ("ending", "used", "asked_for"),
    [
        (FORWARD, ("register_case",), ["register_case"]),
        (ANSWERED, ("register_case",), ["register_case", "finish_own_case"]),
        (ANSWERED, ("finish_own_case",), ["register_case", "finish_own_case"]),
        (DECLINED, ("register_case", "decline_case"), ["register_case", "decline_case"]),
    ],
)
async def test_a_form_that_was_changed_after_its_answer_was_lost_is_told_its_case(
    ending: str, used: tuple[str, ...], asked_for: list[str]
) -> None:
    """And that case is brought to its end: nobody else would do it."""
    asked = Asked(*used)
    with pytest.raises(AlreadyRegistered) as told:
        await register(asked, typed(("result", "已告知"), ("reason", "court")), ending, "k")
    assert told.value.facts == {"case_code": RECEIPT.case_code}
    assert [name for name, _ in asked] == asked_for
