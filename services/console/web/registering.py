"""What the window typed, read once: the same fields go into the request, back into the form, and to the suggestions."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.datastructures import FormData

from services.console.errors import EndingIncomplete
from services.console.web.words import LEGAL_CHANNELS
from shared.contracts.intake import (
    CaseReceipt,
    DeclineCase,
    FinishOwnCase,
    HandlingMode,
    RegisterCase,
    Source,
)

FORWARD, ANSWERED, DECLINED = "forward", "answered", "declined"
REQUESTER = {"name": "requester_name", "phone": "requester_phone", "id_number": "requester_id"}
NO_JOINING = "-"
PLAIN = {"source": Source.WINDOW.value, "level": "IV"}
"""What a form begins with."""

Fields = Mapping[str, list[str]]
Asking = Callable[..., Awaitable[Any]]
"""A request and its fields, asked as whoever is signed in."""


@dataclass(frozen=True, slots=True)
class Typed:
    """One form in either state: as a draft kept it, or as it was just sent."""

    fields: Fields

    @staticmethod
    def of(form: FormData) -> "Typed":
        fields: dict[str, list[str]] = {}
        for name, value in form.multi_items():
            if isinstance(value, str):
                fields.setdefault(name, []).append(value)
        return Typed(fields)

    def one(self, name: str) -> str:
        return next(iter(self.fields.get(name, [])), PLAIN.get(name, "")).strip()

    def several(self, name: str) -> list[str]:
        return [value for value in self.fields.get(name, []) if value]

    @property
    def begun(self) -> bool:
        """Something is written that would be missed."""
        return any(self.one(name) for name in ("matter", "category", "place", *REQUESTER.values()))

    @property
    def joins(self) -> str | None:
        chosen = self.one("joins")
        return chosen if chosen and chosen != NO_JOINING else None

    def case(self) -> dict[str, Any]:
        """The fields of RegisterCase, without what becomes of the case."""
        requester = {field: self.one(name) or None for field, name in REQUESTER.items()}
        return {
            "source": self.one("source"),
            "matter": self.one("matter"),
            "category": self.one("category") or None,
            "place": self.one("place") or None,
            "level": self.one("level"),
            "flags": self.several("flags"),
            "suggestion_id": self.one("suggestion_id") or None,
            "requester": requester if any(requester.values()) else None,
            "offered": self.several("offered"),
        }


async def register(
    ask: Asking, typed: Typed, ending: str, key: str, *, received_at: datetime | None = None
) -> CaseReceipt:
    """One case: sent on, joined, answered on the spot or not accepted. The same key twice is one case, however far the
    first try came. `received_at`: where it came in earlier than it is written down."""
    case = {**typed.case(), "received_at": received_at}
    if ending == ANSWERED:
        if not typed.one("result"):
            raise EndingIncomplete("say what was answered", field="result")
        receipt = await ask(RegisterCase, idempotency_key=key, accept_as=HandlingMode.SELF, **case)
        done = {"case_code": receipt.case_code, "result": typed.one("result")}
        await ask(FinishOwnCase, idempotency_key=f"{key}-answered", **done)
        return receipt
    if ending == DECLINED:
        reason = typed.one("reason")
        if reason not in LEGAL_CHANNELS:
            raise EndingIncomplete("say why it is not accepted", field="reason")
        receipt = await ask(RegisterCase, idempotency_key=key, **case)
        told = typed.one("legal_channel") or LEGAL_CHANNELS[reason]
        said = {"reason": reason, "legal_channel": told, "note": typed.one("note") or None}
        await ask(DeclineCase, idempotency_key=f"{key}-declined", case_code=receipt.case_code, **said)
        return receipt
    if typed.joins:
        joined = {"joins": typed.joins, "join_reason": typed.one("join_reason") or None}
        return await ask(RegisterCase, idempotency_key=key, **joined, **case)
    return await ask(RegisterCase, idempotency_key=key, accept_as=HandlingMode.FORWARD, **case)
