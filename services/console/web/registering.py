"""What the window typed, read once: the same fields go into the request, back into the form, and to the suggestions."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.datastructures import FormData

from services.console.errors import AlreadyRegistered, EndingIncomplete
from services.console.web.words import LEGAL_CHANNELS
from shared.contracts.intake import (
    CaseReceipt,
    DeclineCase,
    FinishOwnCase,
    HandlingMode,
    RegisterCase,
    Source,
)
from shared.errors import Refused, is_key_reused

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
    first try came. `received_at`: where it came in earlier than it is written down.

    Raises AlreadyRegistered where the form was changed after the first try: that case is brought to its end, no other
    is begun.
    """
    how, second = _acts(typed, ending)
    receipt, code = None, None
    try:
        receipt = await ask(RegisterCase, idempotency_key=key, **how, **typed.case(), received_at=received_at)
        code = receipt.case_code
        if second is not None:
            await _ends(ask, second, code, key)
    except Refused as fault:
        code = code or fault.facts.get("case_code")
        if not (is_key_reused(fault) and code):
            raise
        if receipt is None and second is not None:
            with suppress(Refused):  # it has ended already
                await _ends(ask, second, code, key)
        raise AlreadyRegistered(f"{code} was registered from this form already", case_code=code) from None
    return receipt


@dataclass(frozen=True, slots=True)
class Second:
    """What follows a registration that ends at the window."""

    name: str
    kind: type[FinishOwnCase | DeclineCase]
    fields: Mapping[str, Any]


def _acts(typed: Typed, ending: str) -> tuple[Mapping[str, Any], Second | None]:
    """How the case is registered, and what is done with it at once. Raises EndingIncomplete."""
    if ending == ANSWERED:
        if not typed.one("result"):
            raise EndingIncomplete("say what was answered", field="result")
        return {"accept_as": HandlingMode.SELF}, Second(ANSWERED, FinishOwnCase, {"result": typed.one("result")})
    if ending == DECLINED:
        reason = typed.one("reason")
        if reason not in LEGAL_CHANNELS:
            raise EndingIncomplete("say why it is not accepted", field="reason")
        told = typed.one("legal_channel") or LEGAL_CHANNELS[reason]
        said = {"reason": reason, "legal_channel": told, "note": typed.one("note") or None}
        return {}, Second(DECLINED, DeclineCase, said)
    if typed.joins:
        return {"joins": typed.joins, "join_reason": typed.one("join_reason") or None}, None
    return {"accept_as": HandlingMode.FORWARD}, None


async def _ends(ask: Asking, second: Second, code: str, key: str) -> None:
    await ask(second.kind, idempotency_key=f"{key}-{second.name}", case_code=code, **second.fields)
