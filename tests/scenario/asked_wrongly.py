"""Ways to spoil a proper request, and what a refusal must look like."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from nats.aio.client import Client

from shared.contracts.base import Request
from shared.contracts.subjects import request_subject
from shared.errors import RemoteRefusal
from tests.support.centre import CentreUnderTest

Body = Mapping[str, Any]
ANSWER_S = 15
INSIDES = ("Traceback", 'File "', "sqlalchemy", "asyncpg", "pydantic", "psycopg", "select ", "NoneType")


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
    reply = await client.request(subject, raw, timeout=ANSWER_S, headers=headers or None)
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
