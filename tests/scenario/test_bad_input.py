"""Whatever is asked wrongly is refused in plain words that name the field and the rule, and changes nothing."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from nats.aio.client import Client

from deploy.embedded.running import ServerAddresses
from shared.codes import case_code
from shared.contracts.actors import Role
from shared.contracts.base import Done, Request
from shared.contracts.common import ReadHealth
from shared.contracts.intake import CaseReceipt, ReadCase, RegisterCase, Requester, Source
from shared.contracts.rights import ANY_STAFF, RIGHTS
from shared.contracts.subjects import SERVICES
from shared.errors import Unavailable
from shared.infra.asking import Asker
from shared.infra.messaging import ASKER, connect
from tests.scenario.asked_properly import every_request
from tests.scenario.asked_wrongly import (
    misfit_in,
    misfits,
    refusal_in,
    refused,
    send,
    swaps,
    wrong_digits,
)
from tests.scenario.one_centre import every_row, one_centre
from tests.support.centre import CentreUnderTest, key

pytestmark = pytest.mark.servers
UNKNOWN_CASE = case_code(2026, 9_999_999)
NO_UNIT = "police-of-mars"
OWN_WORDS = ("张测试", "13800009999", "我家住在测试路一号")
ANSWERED_EMPTY = {
    *("list_clocks", "read_timeline", "list_deferrals", "list_messages", "list_notices", "list_rulings"),
    *("list_supervision", "list_appeals", "list_referrals"),
    *("list_summonses", "list_work_orders"),
}
IDS = {
    *("case_code", "work_order_id", "summons_id", "verification_id", "deferral_id", "proposal_id", "swap_id"),
    *("order_id", "appeal_id", "referral_id"),
    *("handover_id", "message_id"),
}
FULL_WIDTH = {ord(str(digit)): ord("０") + digit for digit in range(10)}


@pytest.fixture(scope="module")
async def centre(addresses: ServerAddresses, data_root: Path) -> AsyncIterator[CentreUnderTest]:
    async with one_centre(addresses, data_root, console=True) as centre:
        yield centre


@pytest.fixture(scope="module")
async def client(addresses: ServerAddresses) -> AsyncIterator[Client]:
    client = await connect(addresses.nats_urls[ASKER], user=ASKER)
    yield client
    await client.close()


@pytest.fixture(scope="module")
async def proper(centre: CentreUnderTest) -> dict[str, Request[Any]]:
    waiting = (await centre.window_receives(accept_as=None)).case_code
    routed = (await centre.window_receives()).case_code
    order = (await centre.open_order(routed)).work_order_id
    await centre.window_receives(category=None)  # waits in triage
    summons = await centre.director_summons(routed, "police", centre.pack.units[0].code)
    return {request.NAME: request for request in every_request(centre, waiting, routed, order, summons)}


@pytest.fixture
async def nothing_changes(centre: CentreUnderTest, proper: object) -> AsyncIterator[None]:
    before = await every_row(centre)
    yield
    assert await every_row(centre) == before


def registration(centre: CentreUnderTest, **change: Any) -> RegisterCase:
    body = {"actor": centre.clerk, "idempotency_key": key(), "source": "window", "matter": "路灯不亮"}
    return RegisterCase.model_validate({**body, **change})


async def test_a_change_would_be_seen(centre: CentreUnderTest) -> None:
    before = await every_row(centre)
    receipt = await centre.window_receives(accept_as=None)
    changed = {table for table, rows in (await every_row(centre)).items() if rows != before[table]}
    assert {"intake.event", 'intake."case"', "intake.requester_vault", "escalation.clock"} <= changed
    before = await every_row(centre)
    await centre.fetch('update intake."case" set attempts = 5 where case_code = $1', receipt.case_code)
    assert [table for table, rows in (await every_row(centre)).items() if rows != before[table]] == ['intake."case"']


# -- every request there is --------------------------------------------------------------------------------------------


def test_this_file_knows_every_request(proper: dict[str, Request[Any]]) -> None:
    assert proper.keys() == RIGHTS.keys()


@pytest.mark.parametrize("name", sorted(RIGHTS))
@pytest.mark.usefixtures("nothing_changes")
async def test_what_is_no_request(
    name: str, centre: CentreUnderTest, client: Client, proper: dict[str, Request[Any]]
) -> None:
    for body in (b"", b"{", b"[]", b"null", b"5", b'"words"', b"\xff\xfe\x00", b'{"actor":"\xff"}', b"{}"):
        refusal = refusal_in(await send(client, centre, type(proper[name]), body))
        assert (refusal["code"], refusal["rule"]) == ("invalid_input", "the request must fit its form"), body


@pytest.mark.parametrize("name", sorted(RIGHTS))
@pytest.mark.usefixtures("nothing_changes")
async def test_a_form_that_does_not_fit(
    name: str, centre: CentreUnderTest, client: Client, proper: dict[str, Request[Any]]
) -> None:
    request = type(proper[name])
    body = proper[name].model_dump(mode="json")
    for field, misfit in misfits(request):
        refusal = refusal_in(await send(client, centre, request, misfit_in(body, field, misfit)))
        assert (refusal["code"], refusal["field"]) == ("invalid_input", field), misfit
    for field in request.model_json_schema()["required"]:
        less = {name: value for name, value in body.items() if name != field}
        assert refusal_in(await send(client, centre, request, less))["field"] == field


@pytest.mark.parametrize("name", sorted(name for name, roles in RIGHTS.items() if roles != ANY_STAFF))
@pytest.mark.usefixtures("nothing_changes")
async def test_a_role_without_the_right(
    name: str, centre: CentreUnderTest, client: Client, proper: dict[str, Request[Any]]
) -> None:
    body = proper[name].model_dump(mode="json")
    for role in set(Role) - RIGHTS[name]:
        someone = misfit_in(body, "actor.role", role)
        refusal = refusal_in(await send(client, centre, type(proper[name]), someone))
        assert (refusal["code"], refusal["field"]) == ("not_allowed", "actor.role")
        assert name in refusal["message"], "the form fitted, the role did not"


@pytest.mark.parametrize("name", sorted(RIGHTS))
@pytest.mark.usefixtures("nothing_changes")
async def test_about_what_does_not_exist(
    name: str, centre: CentreUnderTest, client: Client, proper: dict[str, Request[Any]]
) -> None:
    request, body = type(proper[name]), proper[name].model_dump(mode="json")
    for field in body.keys() & IDS:
        unknown = UNKNOWN_CASE if field == "case_code" else str(uuid4())
        reply = await send(client, centre, request, {**body, field: unknown})
        if name in ANSWERED_EMPTY:
            assert reply["ok"]
            assert not [found for found in reply["answer"].values() if isinstance(found, list) and found]
        else:
            refusal = refusal_in(reply)
            assert (refusal["code"], refusal["field"]) == (
                "case_unknown" if field == "case_code" else "not_found",
                field,
            )
            assert unknown in refusal["message"]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(b"{", "application/json"), (b"\xff\xfe", "text/plain"), (b"[" * 100_000, "")],
    ids=["says it is json", "says it is text", "very deep"],
)
@pytest.mark.usefixtures("nothing_changes")
async def test_what_is_no_request_whatever_it_says_it_is(
    centre: CentreUnderTest, client: Client, body: bytes, content_type: str
) -> None:
    headers = {"content-type": content_type} if content_type else {}
    assert refusal_in(await send(client, centre, RegisterCase, body, **headers))["code"] == "invalid_input"


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("register_case", {"external_reference": "P\0"}),
        ("register_case", {"idempotency_key": "k\0"}),
        ("register_case", {"received_at": "0001-01-01T00:00:00+08:00"}),
        ("reveal_requester", {"reason": "查\0"}),
        ("list_work_orders", {"unit": "police\0"}),
        ("list_dead_letters", {"id": 2**63}),
        ("retry_dead_letters", {"id": 10**30}),
        ("list_work_orders", {"unit": "police\ud800"}),
    ],
    ids=str,
)
@pytest.mark.usefixtures("nothing_changes")
async def test_what_no_database_can_hold(
    centre: CentreUnderTest, client: Client, proper: dict[str, Request[Any]], name: str, change: dict[str, Any]
) -> None:
    body = proper[name].model_dump(mode="json") | change
    assert refusal_in(await send(client, centre, type(proper[name]), body))["code"] == "invalid_input"


# -- what a window may get wrong ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"category": "天文"}, "unknown_category", "category"),
        ({"place": "火星"}, "unknown_place", "place"),
        ({"received_at": "+1h"}, "received_in_future", "received_at"),
        ({"window": "w-nowhere"}, "unknown_window", "actor.window"),
        ({"window": None}, "unknown_window", "actor.window"),
    ],
    ids=str,
)
@pytest.mark.usefixtures("nothing_changes")
async def test_a_registration_the_centre_does_not_know(
    centre: CentreUnderTest, change: dict[str, Any], code: str, field: str
) -> None:
    if "window" in change:
        change = {"actor": centre.clerk.model_copy(update=change)}
    if "received_at" in change:
        change = {"received_at": centre.clock.now() + timedelta(hours=1)}
    refusal = await refused(centre, registration(centre, **change), CaseReceipt)
    assert (refusal["code"], refusal["field"]) == (code, field)


@pytest.mark.usefixtures("nothing_changes")
async def test_every_wrong_digit_and_every_swap_of_a_code_is_seen(
    centre: CentreUnderTest, client: Client, proper: dict[str, Request[Any]]
) -> None:
    case = getattr(proper["read_case"], "case_code")  # noqa: B009
    body = proper["read_case"].model_dump(mode="json")
    for wrong in {*wrong_digits(case), *swaps(case)}:
        refusal = refusal_in(await send(client, centre, ReadCase, {**body, "case_code": wrong}))
        assert refusal["field"] == "case_code"
        assert "one digit is wrong or two are swapped; have it read out again" in refusal["message"]
        assert wrong not in refusal["message"]


async def test_a_code_is_understood_as_people_write_it(centre: CentreUnderTest) -> None:
    case = (await centre.window_receives()).case_code
    for written in (case.replace("-", ""), f" {case} ", case.replace("-", "—"), case.translate(FULL_WIDTH)):
        assert (await centre.case(written)).case_code == case


@pytest.mark.usefixtures("nothing_changes")
async def test_a_unit_nobody_knows(centre: CentreUnderTest, proper: dict[str, Request[Any]]) -> None:
    order = await centre.open_order(getattr(proper["redispatch_case"], "case_code"))  # noqa: B009
    waiting = (await centre.triage()).cases[0].case_code
    for name, change in {
        "redispatch_case": {"case_code": waiting, "unit": NO_UNIT},
        "ask_summons": {"units": ("police", NO_UNIT)},
        "return_work_order": {"actor": centre.liaison(order.unit), "suggested_unit": NO_UNIT},
    }.items():
        refusal = await refused(centre, proper[name].model_copy(update=change), Done)
        assert (refusal["code"], refusal["field"]) == ("unknown_unit", list(change)[-1])
        assert f"{NO_UNIT!r} is not a unit of this centre" in refusal["message"]


@pytest.mark.usefixtures("nothing_changes")
async def test_a_requesters_words_never_come_back(
    centre: CentreUnderTest, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    name, phone, address = OWN_WORDS
    requester = {"name": name, "phone": phone, "address": address}
    told = {
        **registration(centre, requester=requester).model_dump(mode="json"),
        "matter": f"{address}，{name}，{phone}",
    }
    for wrong in (
        {"level": "V"},
        {"category": "天文"},
        {"received_at": "9999-01-01T00:00:00Z"},
        {"matter": told["matter"] * 500},
        {"requester": {**requester, "name": name * 40}},
        {"requester": {**requester, "phone": [phone]}},
        {"requester": {**requester, "wechat": phone}},
        {"requester": f"{name} {phone}"},
        {"case_code": name},
        {"actor": {"staff": name, "role": "intake_clerk"}},
        {"source": address},
    ):
        reply = await send(client, centre, RegisterCase, {**told, **wrong})
        refusal_in(reply)
        said = json.dumps(reply, ensure_ascii=False) + caplog.text
        assert not [words for words in OWN_WORDS if words in said], wrong


async def test_a_matter_of_invisible_characters_is_empty(centre: CentreUnderTest, client: Client) -> None:
    body = registration(centre).model_dump(mode="json") | {"matter": "\u200b\u2060\ufeff"}
    assert refusal_in(await send(client, centre, RegisterCase, body))["field"] == "matter"


@pytest.mark.parametrize("change", [{"matter": " "}, {"case_code": "26-0000001-0"}], ids=str)
async def test_words_without_the_words_of_a_library(
    centre: CentreUnderTest, client: Client, proper: dict[str, Request[Any]], change: dict[str, Any]
) -> None:
    name = "register_case" if "matter" in change else "read_case"
    body = proper[name].model_dump(mode="json") | change
    assert "Value error" not in refusal_in(await send(client, centre, type(proper[name]), body))["message"]


# -- the same asked twice ----------------------------------------------------------------------------------------------


async def test_a_repeated_request_is_done_once_and_answered_the_same(centre: CentreUnderTest) -> None:
    request = registration(centre, requester=Requester(name="测试乙"), accept_as="forward")
    first = await centre.ask(request, CaseReceipt)
    await centre.settle()
    before = await every_row(centre)
    again = await asyncio.gather(*(centre.ask(request, CaseReceipt) for _ in range(10)))
    await centre.settle()
    assert all(one == first for one in again)
    assert await every_row(centre) == before
    assert (await centre.events(first.case_code)).count("intake.case.registered") == 1


async def test_the_same_asked_ten_times_at_once(centre: CentreUnderTest) -> None:
    request = registration(centre)
    answers = await asyncio.gather(*(centre.ask(request, CaseReceipt) for _ in range(10)))
    await centre.settle()
    assert len({one.case_code for one in answers}) == 1


async def test_one_push_of_a_platform_ten_times_at_once(centre: CentreUnderTest) -> None:
    pushes = [registration(centre, source=Source.PLATFORM_PUSH, external_reference="P-77") for _ in range(10)]
    answers = await asyncio.gather(*(centre.ask(push, CaseReceipt) for push in pushes))
    assert len({one.case_code for one in answers}) == 1
    await centre.settle()
    assert sorted(one.known for one in answers) == [False] + [True] * 9


async def test_the_same_key_with_other_content_is_refused(centre: CentreUnderTest) -> None:
    request = registration(centre)
    await centre.ask(request, CaseReceipt)
    await centre.settle()
    before = await every_row(centre)
    refusal = await refused(centre, request.model_copy(update={"matter": "井盖松动"}), CaseReceipt)
    assert (refusal["code"], refusal["field"]) == ("idempotency_key_reused", "idempotency_key")
    assert await every_row(centre) == before


async def test_a_refused_request_may_be_corrected_under_its_own_key(centre: CentreUnderTest) -> None:
    request = registration(centre, category="天文")
    await refused(centre, request, CaseReceipt)
    receipt = await centre.ask(request.model_copy(update={"category": None}), CaseReceipt)
    await centre.settle()
    assert (await centre.case(receipt.case_code)).state == "registered"


# -- nobody there ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("nothing_changes")
@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_that_does_not_run_is_told_so(client: Client, centre: CentreUnderTest, service: str) -> None:
    nowhere = Asker(client, "elsewhere")
    with pytest.raises(Unavailable, match=f"the {service} service is not running"):
        await nowhere.ask(ReadHealth(actor=centre.clerk), Done, service=service)
