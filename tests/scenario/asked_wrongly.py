"""One proper request of every kind, ways to spoil it, and what a refusal must look like."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID, uuid4

import pytest
from nats.aio.client import Client

from shared.contracts import dispatch, escalation, intake
from shared.contracts.actors import Actor, Role
from shared.contracts.base import Request
from shared.contracts.common import ListDeadLetters, ReadHealth, ReadTimeline, RepublishEvents, RetryDeadLetters
from shared.contracts.subjects import request_subject
from shared.errors import RemoteRefusal
from tests.support.centre import CentreUnderTest

Body = Mapping[str, Any]
INSIDES = ("Traceback", 'File "', "sqlalchemy", "asyncpg", "pydantic", "psycopg", "select ", "NoneType")


# -- proper requests ---------------------------------------------------------------------------------------------------


def every_request(
    centre: CentreUnderTest, waiting: str, routed: str, order: UUID, summons: UUID
) -> Iterator[Request[Any]]:
    """Each fits its form, is about something that exists, and is asked by somebody who may."""
    yield from intake_requests(centre, waiting)
    yield from work_order_requests(centre, routed, order)
    yield from summons_requests(centre, routed, summons)
    yield from other_requests(centre, waiting)


def intake_requests(centre: CentreUnderTest, waiting: str) -> Iterator[Request[Any]]:
    ask: dict[str, Any] = {"actor": centre.clerk, "idempotency_key": "k"}
    case = {**ask, "case_code": waiting}
    yield intake.RegisterCase.model_validate({**ask, "source": "window", "matter": "路灯不亮"})
    yield intake.AcceptCase.model_validate({**case, "handling_mode": "forward"})
    yield intake.DeclineCase.model_validate({**case, "reason": "court", "legal_channel": "人民法院"})
    yield intake.FinishOwnCase.model_validate({**case, "result": "已答复"})
    yield intake.FollowUpCase.model_validate({**case, "kind": "visit", "contacted": False})
    yield intake.CloseCase.model_validate(case)
    yield intake.ReadCase(actor=centre.clerk, case_code=waiting)
    yield intake.RevealRequester.model_validate({**case, "reason": "核实"})
    yield intake.RotateVault.model_validate({**ask, "actor": operator()})
    yield intake.ListOpenCases(actor=centre.clerk)


def work_order_requests(centre: CentreUnderTest, routed: str, order: UUID) -> Iterator[Request[Any]]:
    ask: dict[str, Any] = {"actor": centre.liaison("police"), "idempotency_key": "k", "work_order_id": order}
    report = {"outcome": "solved", "result": "已修复", "replied_to_requester": True}
    sent = {"actor": centre.director, "idempotency_key": "k", "case_code": routed, "unit": "police", "reason": "改派"}
    yield dispatch.SignOffWorkOrder.model_validate(ask)
    yield dispatch.ReturnWorkOrder.model_validate({**ask, "reason": "not_our_duty", "ground": "三定方案未列"})
    yield dispatch.ReportBack.model_validate({**ask, **report})
    yield dispatch.RedispatchCase.model_validate(sent)
    yield dispatch.ListWorkOrders(actor=centre.clerk)
    yield dispatch.ListTriage(actor=centre.clerk)


def summons_requests(centre: CentreUnderTest, routed: str, summons: UUID) -> Iterator[Request[Any]]:
    ask: dict[str, Any] = {"actor": centre.director, "idempotency_key": "k", "summons_id": summons}
    asked = {"actor": centre.director, "idempotency_key": "k", "case_code": routed, "ground": "urgent"}
    commanded = {**ask, "actor": centre.commander}
    yield dispatch.AskSummons.model_validate({**asked, "units": ["police"], "reason": "现场需要"})
    yield dispatch.ApproveSummons.model_validate(commanded)
    yield dispatch.RefuseSummons.model_validate({**commanded, "reason": "已处置"})
    yield dispatch.AcknowledgeSummons.model_validate({**ask, "actor": centre.liaison("police")})
    yield dispatch.CheckInArrival.model_validate({**ask, "unit": "police"})
    yield dispatch.StandDownSummons.model_validate({**ask, "reason": "已处置"})
    yield dispatch.ListSummonses(actor=centre.clerk)


def other_requests(centre: CentreUnderTest, waiting: str) -> Iterator[Request[Any]]:
    ask: dict[str, Any] = {"actor": operator(), "idempotency_key": "k"}
    verified = {"verification_id": uuid4(), "outcome": "solved"}
    yield dispatch.ApplyCentrePack.model_validate({**ask, "pack": {}})
    yield dispatch.ReadCentrePack(actor=centre.clerk)
    yield escalation.RecordVerification.model_validate({**ask, "actor": centre.grid_worker, **verified})
    yield escalation.ListVerifications(actor=centre.clerk)
    yield escalation.ListClocks(actor=centre.clerk)
    yield ReadTimeline(actor=centre.clerk, case_code=waiting)
    yield ReadHealth(actor=centre.clerk)
    yield ListDeadLetters(actor=operator())
    yield RetryDeadLetters.model_validate({**ask, "id": 1})
    yield RepublishEvents.model_validate(ask)


def operator() -> Actor:
    return Actor(staff="operator", role=Role.ADMINISTRATOR)


# -- spoilt ones -------------------------------------------------------------------------------------------------------


def misfits(request: type[Request[Any]]) -> Iterator[tuple[str, Any]]:
    """Fields with a value that does not fit, by what the request's own schema says of them."""
    schema = request.model_json_schema()
    yield "colour", "red"
    yield "actor.colour", "red"
    yield "actor.role", "boss"
    yield "actor.staff", "王小明"
    for field, form in schema["properties"].items():
        for either in form.get("anyOf", [form]):
            part = {**either, **schema["$defs"].get(either.get("$ref", "").rpartition("/")[2], {})}
            yield from ((field, misfit) for misfit in values_beside(field, part))


def values_beside(field: str, form: Mapping[str, Any]) -> Iterator[Any]:
    if form.get("type") not in {"null", "array"}:
        yield [[]]
    if "enum" in form or form.get("format") in {"uuid", "date-time"}:
        yield "no-such-thing"
    if form.get("type") in {"boolean", "integer", "object", "array"}:
        yield "many"
    if "maximum" in form:
        yield from (form["minimum"] - 1, form["maximum"] + 1, 10**30)
    if "maxLength" in form and form.get("type") == "string":
        yield "长" * (form["maxLength"] + 1)
        yield ""
    if form.get("maxLength") in {500, 8000}:
        yield " \n\t\u3000"
    if field == "case_code":
        yield from ("26-0000001-0", "26-000001-4", "2６-OOOOOO1-4", "two-six", "26-0000010-4")


def misfit_in(body: Body, field: str, misfit: Any) -> dict[str, Any]:
    outer, _, inner = field.partition(".")
    return {**body, outer: {**body[outer], inner: misfit} if inner else misfit}


def wrong_digits(code: str) -> Iterator[str]:
    for at, digit in enumerate(code):
        yield from (code[:at] + other + code[at + 1 :] for other in "0123456789" if digit != "-" and other != digit)


def swaps(code: str) -> Iterator[str]:
    digits = code.replace("-", "")
    for at in range(len(digits) - 1):
        swapped = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
        if swapped != digits:
            yield swapped


# -- what comes back ---------------------------------------------------------------------------------------------------


async def send(
    client: Client, centre: CentreUnderTest, request: type[Request[Any]], body: bytes | Body, **headers: str
) -> dict[str, Any]:
    """The reply to a body as any program could send it, without our own classes in between."""
    subject = request_subject(centre.name, request.SERVICE.replace("*", "intake"), request.NAME)
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    reply = await client.request(subject, raw, timeout=1, headers=headers or None)
    return json.loads(reply.data)


def refusal_in(reply: Mapping[str, Any]) -> dict[str, Any]:
    """The refusal, proved to be one a person can act on."""
    assert reply["ok"] is False, reply
    refusal = reply["refusal"]
    assert set(refusal) == {"code", "field", "rule", "message", "facts"}
    assert refusal["code"].isidentifier()
    assert len(refusal["rule"]) > 10
    assert len(refusal["message"]) > 10
    said = json.dumps(reply, ensure_ascii=False)
    assert not [inside for inside in INSIDES if inside in said], said
    return refusal


async def refused(centre: CentreUnderTest, request: Request[Any], answer: type[Any]) -> dict[str, Any]:
    with pytest.raises(RemoteRefusal) as raised:
        await centre.ask(request, answer)
    return refusal_in({"ok": False, "refusal": raised.value.as_dict()})
