"""The three ways an operation ends without doing what was asked."""

from typing import Any, ClassVar


class Refused(Exception):
    """The answer is no, for a reason the asker can act on; nothing was changed.

    Subclasses give `code` (stable, machine-readable) and `rule` (which rule says no). `field` names the input at fault.
    """

    code: ClassVar[str] = "refused"
    rule: ClassVar[str] = ""

    def __init__(self, message: str, *, field: str | None = None, **facts: Any) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.facts = facts

    def as_dict(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "field": self.field,
            "rule": self.rule,
            "message": self.message,
            "facts": self.facts,
        }


class RemoteRefusal(Refused):
    """A refusal another service gave, carried back to the asker word for word."""

    def __init__(self, refusal: dict[str, Any]) -> None:
        super().__init__(str(refusal["message"]), field=refusal.get("field"), **(refusal.get("facts") or {}))
        self.remote_code = str(refusal["code"])
        self.remote_rule = str(refusal.get("rule") or "")

    def as_dict(self) -> dict[str, Any]:
        return {**super().as_dict(), "code": self.remote_code, "rule": self.remote_rule}


class NotFound(Refused):
    code = "not_found"
    rule = "what is named must exist"


class NotAllowed(Refused):
    code = "not_allowed"
    rule = "each role does only what is its duty"


class InvalidInput(Refused):
    code = "invalid_input"
    rule = "the request must fit its form"


class IdempotencyKeyReused(Refused):
    code = "idempotency_key_reused"
    rule = "one idempotency key stands for one request"


def is_key_reused(refusal: Refused) -> bool:
    """Also where another service said so."""
    return refusal.as_dict()["code"] == IdempotencyKeyReused.code


class Unavailable(Exception):
    """Cannot be done now, may be done later: a server is away or a fact has not arrived yet. Nothing was changed."""

    def __init__(self, message: str, *, retry_after_s: float = 1.0) -> None:
        super().__init__(message)
        self.message = message
        self.retry_after_s = retry_after_s


class NotRunning(Unavailable):
    """Nobody listens to this request anywhere."""


class AlreadyHandled(Exception):
    """This request was done before under the same idempotency key; `answer` is what was answered then."""

    def __init__(self, answer: dict[str, Any]) -> None:
        super().__init__("already handled")
        self.answer = answer


def not_found(what: str, key: object, *, field: str | None = None) -> NotFound:
    return NotFound(f"{what} {key} does not exist", field=field, key=str(key))
