"""The actors' way to the product, with a memory: what was answered must still be so, whatever was killed since."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel

from deploy.demo.floor import Asking
from shared.contracts.base import Command, Request

A = TypeVar("A", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Answered:
    """A command and what its asker was told."""

    service: str
    name: str
    key: str
    answer: dict[str, Any]


class Witness:
    """Asks on behalf of the actors. An act is repeated, with its key, for as long as an outage may last."""

    def __init__(self, asker: Asking, *, patience_s: float) -> None:
        self._asker = asker
        self._patience_s = patience_s
        self.answered: list[Answered] = []
        self.asked = Counter[str]()

    async def ask_patiently(
        self, request: Request[Any], answer_type: type[A], *, service: str | None = None, patience_s: float = 30.0
    ) -> A:
        patience_s = max(patience_s, self._patience_s) if isinstance(request, Command) else patience_s
        answer = await self._asker.ask_patiently(request, answer_type, service=service, patience_s=patience_s)
        self.remember(request, answer, service=service)
        return answer

    def remember(self, request: Request[Any], answer: BaseModel, *, service: str | None = None) -> None:
        self.asked[request.NAME] += 1
        if isinstance(request, Command) and request.REMEMBERED:
            told = answer.model_dump(mode="json")
            self.answered.append(Answered(service or request.SERVICE, request.NAME, request.idempotency_key, told))
