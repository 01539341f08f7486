"""Requests over NATS request-reply: one mapping from outcomes to answers, on both sides of the wire."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

import nats.errors
import structlog
from nats.aio.client import Client
from pydantic import BaseModel, ValidationError

from shared.contracts.base import Request
from shared.contracts.rights import require_right
from shared.contracts.subjects import request_subject
from shared.errors import AlreadyHandled, InvalidInput, Refused, RemoteRefusal, Unavailable
from shared.infra.database import as_unavailable, is_retryable
from shared.infra.event_record import new_id
from shared.infra.logs import get_log
from shared.infra.unit_of_work import UnitOfWork

A = TypeVar("A", bound=BaseModel)
R = TypeVar("R", bound=Request[Any])
R_contra = TypeVar("R_contra", bound=Request[Any], contravariant=True)
CONFLICT_TRIES_MAX = 5
REQUEST_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One row of a service's table of requests: decode, one operation, answer."""

    request: type[Request[Any]]
    operation: "Operation[Any]"


class Operation(Protocol[R_contra]):
    """What is done for a request: `(work, request, now=...)`, in one transaction."""

    async def __call__(self, work: UnitOfWork, request: R_contra, /, *, now: datetime) -> BaseModel: ...


def serve(request: type[R], operation: Operation[R]) -> Endpoint:
    return Endpoint(request, operation)


def refusal_of(fault: ValidationError) -> InvalidInput:
    """The first fault in plain words; all of them as facts. Inputs are never echoed: they may be a requester's."""
    faults = [
        {"field": ".".join(map(str, one["loc"])), "rule": one["msg"]} for one in fault.errors(include_input=False)
    ]
    first = faults[0]
    return InvalidInput(f"{first['field'] or 'request'}: {first['rule']}", field=first["field"] or None, faults=faults)


async def answer(endpoint: Endpoint, work: UnitOfWork, body: bytes) -> bytes:
    """The reply to one request. Whatever happens, the asker gets words, never a stack trace."""
    trace = new_id().hex
    log = get_log("requests")
    name = endpoint.request.NAME
    try:
        request = endpoint.request.model_validate_json(body)
        trace = request.trace or trace
        with structlog.contextvars.bound_contextvars(trace_id=trace, request=name):
            require_right(request.actor, name)
            result = await _with_retries(endpoint, work, request.model_copy(update={"trace": trace}))
        return _reply(ok=True, answer=result.model_dump(mode="json"))
    except ValidationError as fault:
        return _reply(ok=False, refusal=refusal_of(fault).as_dict())
    except AlreadyHandled as done:
        return _reply(ok=True, answer=done.answer)
    except Refused as refusal:
        return _reply(ok=False, refusal=refusal.as_dict())
    except Exception as trouble:
        away = as_unavailable(trouble)
        if away is not None:
            log.warning("unavailable", request=name, trace_id=trace, trouble=type(trouble).__name__)
            return _reply(ok=False, unavailable={"message": away.message, "retry_after_s": away.retry_after_s})
        log.exception("request failed", request=name, trace_id=trace)
        words = f"something went wrong here; nothing was changed. Tell support the code {trace[:8]}"
        return _reply(ok=False, unavailable={"message": words, "retry_after_s": 5.0})


async def _with_retries(endpoint: Endpoint, work: UnitOfWork, request: Request[Any]) -> BaseModel:
    """Two people changing the same thing at once: the later one is simply done again."""
    for tried in range(1, CONFLICT_TRIES_MAX + 1):
        try:
            return await endpoint.operation(work, request, now=work.clock.now())
        except Exception as trouble:
            if tried == CONFLICT_TRIES_MAX or not is_retryable(trouble):
                raise
            await asyncio.sleep(0.01 * tried)
    raise AssertionError("unreachable")


def _reply(**parts: Any) -> bytes:
    return json.dumps(parts, ensure_ascii=False).encode()


class Asker:
    """Asks services. Raises Refused where the answer is no, Unavailable where there was none."""

    def __init__(self, client: Client, centre: str, *, timeout_s: float = REQUEST_TIMEOUT_S) -> None:
        self._client = client
        self._centre = centre
        self._timeout_s = timeout_s

    async def ask(self, request: Request[Any], answer_type: type[A], *, service: str | None = None) -> A:
        subject = request_subject(self._centre, service or request.SERVICE, request.NAME)
        try:
            reply = await self._client.request(subject, request.model_dump_json().encode(), timeout=self._timeout_s)
        except nats.errors.NoRespondersError as nobody:
            raise Unavailable(f"the {service or request.SERVICE} service is not running", retry_after_s=1) from nobody
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


def by_name(endpoints: Sequence[Endpoint]) -> Mapping[str, Endpoint]:
    table = {endpoint.request.NAME: endpoint for endpoint in endpoints}
    if len(table) != len(endpoints):
        raise ValueError("two endpoints answer the same request")
    return table
