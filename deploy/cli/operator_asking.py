"""How the commands about accounts and screens ask: one request, as the operator, of whatever runs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from pydantic import BaseModel, ValidationError

from deploy.cli.words import run_async
from deploy.session import Place, asking
from shared.contracts.actors import OPERATOR
from shared.contracts.base import Request
from shared.contracts.subjects import EVERY_SERVICE
from shared.infra.asking import refusal_of

A = TypeVar("A", bound=BaseModel)


def ask(kind: type[Request[A]], fields: Mapping[str, Any], answer: type[A], data: Path | None, centre: str | None) -> A:
    """Its answer; what does not fit the form is refused in words before anything is sent."""

    async def work() -> A:
        known = {"idempotency_key": uuid4().hex} if "idempotency_key" in kind.model_fields else {}
        try:
            request = kind.model_validate({"actor": OPERATOR, **known, **fields})
        except ValidationError as fault:
            raise refusal_of(fault) from None
        async with asking(Place.here(data, centre), names=EVERY_SERVICE) as asker:
            return await asker.ask(request, answer)

    return run_async(work())
