"""Requests over NATS request-reply: one mapping from outcomes to answers, on both sides of the wire."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

import structlog
from pydantic import BaseModel, ValidationError
from sqlalchemy.exc import DBAPIError

from shared.contracts.base import Request
from shared.contracts.rights import require_right
from shared.errors import AlreadyHandled, Refused
from shared.infra.asking import refusal_of
from shared.infra.database import as_unavailable, describe, is_retryable
from shared.infra.event_record import new_id
from shared.infra.logs import get_log
from shared.infra.unit_of_work import UnitOfWork

A = TypeVar("A", bound=BaseModel)
R = TypeVar("R", bound=Request[Any])
R_contra = TypeVar("R_contra", bound=Request[Any], contravariant=True)
CONFLICT_TRIES_MAX = 5


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One row of a service's table of requests: decode, one operation, answer.

    Where there is a `prepare`, requests that come together are done together: it fetches at once what all of them need.
    """

    request: type[Request[Any]]
    operation: "Operation[Any]"
    prepare: "Prepare | None" = None


class Operation(Protocol[R_contra]):
    """What is done for a request: `(work, request, now=...)`, in one transaction."""

    async def __call__(self, work: UnitOfWork, request: R_contra, /, *, now: datetime) -> BaseModel: ...


Prepare = Callable[[UnitOfWork, Sequence[Any]], Awaitable[None]]
CarryOut = Callable[[Endpoint, UnitOfWork, Any], Awaitable[BaseModel]]


def serve(request: type[R], operation: Operation[R], prepare: Prepare | None = None) -> Endpoint:
    return Endpoint(request, operation, prepare)


async def carry_out(endpoint: Endpoint, work: UnitOfWork, request: Request[Any]) -> BaseModel:
    """Two people changing the same thing at once: the later one is simply done again."""
    for tried in range(1, CONFLICT_TRIES_MAX + 1):
        try:
            return await endpoint.operation(work, request, now=work.clock.now())
        except Exception as trouble:
            if tried == CONFLICT_TRIES_MAX or not is_retryable(trouble):
                raise
            await asyncio.sleep(0.01 * tried)
    raise AssertionError("unreachable")


async def answer(endpoint: Endpoint, work: UnitOfWork, body: bytes, carry_out: CarryOut = carry_out) -> bytes:
    """The reply to one request. Whatever happens, the asker gets words, never a stack trace."""
    trace = new_id().hex
    log = get_log("requests")
    name = endpoint.request.NAME
    try:
        request = endpoint.request.model_validate_json(body)
    except ValidationError as fault:
        return _reply(ok=False, refusal=refusal_of(fault).as_dict())
    trace = request.trace or trace
    try:
        with structlog.contextvars.bound_contextvars(trace_id=trace, request=name):
            require_right(request.actor, name)
            result = await carry_out(endpoint, work, request.model_copy(update={"trace": trace}))
        return _reply(ok=True, answer=result.model_dump(mode="json"))
    except AlreadyHandled as done:
        return _reply(ok=True, answer=done.answer)
    except Refused as refusal:
        return _reply(ok=False, refusal=refusal.as_dict())
    except Exception as trouble:
        away = as_unavailable(trouble)
        if away is not None:
            log.warning("unavailable", request=name, trace_id=trace, trouble=type(trouble).__name__)
            return _reply(ok=False, unavailable={"message": away.message, "retry_after_s": away.retry_after_s})
        where = None if isinstance(trouble, DBAPIError) else trouble  # its text may quote a whole row
        log.error("request failed", request=name, trace_id=trace, trouble=describe(trouble), exc_info=where)  # noqa: TRY400
        words = f"something went wrong here; nothing was changed. Tell support the code {trace[:8]}"
        return _reply(ok=False, unavailable={"message": words, "retry_after_s": 5.0})


def _reply(**parts: Any) -> bytes:
    return json.dumps(parts, ensure_ascii=False).encode()


def by_name(endpoints: Sequence[Endpoint]) -> Mapping[str, Endpoint]:
    table = {endpoint.request.NAME: endpoint for endpoint in endpoints}
    if len(table) != len(endpoints):
        raise ValueError("two endpoints answer the same request")
    return table
