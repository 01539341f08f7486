"""Asking a service: the other side of `shared.infra.requests`, light enough for a command that only asks."""

import asyncio
import json
import re
from typing import Any, TypeVar

import nats.errors
from nats.aio.client import Client
from pydantic import BaseModel, ValidationError

from shared.contracts.base import Request
from shared.contracts.subjects import request_subject
from shared.errors import InvalidInput, NotRunning, RemoteRefusal, Unavailable

A = TypeVar("A", bound=BaseModel)
REQUEST_TIMEOUT_S = 10.0
FIELD_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_\[\]{},.|()=-]{0,59}")
"""How fields of requests are named, and how the library names the branches of a choice between several kinds."""
UNNAMED = "(a field nobody knows)"


class Asker:
    """Asks services. Raises Refused where the answer is no, Unavailable where there was none."""

    def __init__(self, client: Client, centre: str, *, timeout_s: float = REQUEST_TIMEOUT_S) -> None:
        self._client = client
        self._centre = centre
        self._timeout_s = timeout_s

    async def ask(
        self, request: Request[Any], answer_type: type[A], *, service: str | None = None, timeout_s: float | None = None
    ) -> A:
        subject = request_subject(self._centre, service or request.SERVICE, request.NAME)
        try:
            reply = await self._client.request(
                subject, request.model_dump_json().encode(), timeout=timeout_s or self._timeout_s
            )
        except nats.errors.MaxPayloadError:
            raise InvalidInput("the request is larger than the broker carries; send fewer or smaller photos") from None
        except nats.errors.NoRespondersError as nobody:
            raise NotRunning(f"the {service or request.SERVICE} service is not running", retry_after_s=1) from nobody
        except (nats.errors.Error, TimeoutError) as silence:
            raise Unavailable("no answer in time; repeating it is safe", retry_after_s=1) from silence
        return read_reply(reply.data, answer_type)

    async def ask_patiently(
        self, request: Request[Any], answer_type: type[A], *, service: str | None = None, patience_s: float = 30.0
    ) -> A:
        """Asks again while the service is away. Safe for commands: their idempotency key makes it one act."""
        deadline = asyncio.get_running_loop().time() + patience_s
        while True:
            try:
                return await self.ask(request, answer_type, service=service)
            except Unavailable as away:
                if asyncio.get_running_loop().time() + away.retry_after_s > deadline:
                    raise
                await asyncio.sleep(min(away.retry_after_s, 2.0))


def read_reply(body: bytes, answer_type: type[A]) -> A:
    reply = json.loads(body)
    if reply["ok"]:
        return answer_type.model_validate(reply["answer"])
    if "refusal" in reply:
        raise RemoteRefusal(reply["refusal"])
    raise Unavailable(reply["unavailable"]["message"], retry_after_s=reply["unavailable"]["retry_after_s"])


def refusal_of(fault: ValidationError) -> InvalidInput:
    """The first fault in plain words; all of them as facts. Inputs are never echoed: they may be a requester's.

    Nor is a field that nobody named so: whoever builds a request wrongly may have put words in the place of a name.
    """
    faults = [
        {"field": ".".join(map(_named, one["loc"])), "rule": one["msg"].removeprefix("Value error, ")}
        for one in fault.errors(include_input=False)
    ]
    first = faults[0]
    return InvalidInput(f"{first['field'] or 'request'}: {first['rule']}", field=first["field"] or None, faults=faults)


def _named(part: int | str) -> str:
    return str(part) if isinstance(part, int) or FIELD_NAME.fullmatch(part) else UNNAMED
