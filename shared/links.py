"""Signed links: the answer of one post to one thing, for one purpose, until an instant. No session, no password."""

import os
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, NoReturn, Self
from uuid import UUID

from itsdangerous import BadData, URLSafeSerializer
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.errors import Refused

SALT = "muster.answer-link"
SECRETS_VARIABLE = "MUSTER_LINK_SECRETS"
SECRET_CHARACTERS_MIN = 32
Purpose = Literal["acknowledge", "on_the_way", "cannot_come"]
Answering = Literal["liaison_officer", "unit_lead"]
"""The posts of a unit that answer for it."""


class LinkUnsigned(Refused):
    code = "link_unsigned"
    rule = "a link counts only with the centre's own signature"


class LinkExpired(Refused):
    code = "link_expired"
    rule = "a link counts until its time is up"


class LinkForeign(Refused):
    code = "link_foreign"
    rule = "a link of one centre counts in that centre only"


class LinkSecretsWrong(ValueError):
    """The secrets cannot be used; says why, never what stands there."""


class AnswerLink(BaseModel):
    """What one link may do. `link_id` is used once."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    link_id: UUID
    centre: str
    purpose: Purpose
    summons_id: UUID
    unit: str
    role: Answering = "liaison_officer"
    staff: str = Field(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9_.:@-]+$")
    expires_at: datetime


class LinkSigner:
    """Makes and reads tokens. Several secrets: the first signs, all of them are read, so that one can be replaced."""

    __slots__ = ("_centre", "_serializer")

    def __init__(self, secrets: tuple[str, ...], *, centre: str) -> None:
        if not secrets or any(len(secret) < SECRET_CHARACTERS_MIN for secret in secrets):
            raise LinkSecretsWrong(f"a link secret has at least {SECRET_CHARACTERS_MIN} characters")
        # The library takes the newest secret last.
        self._serializer = URLSafeSerializer(list(reversed(secrets)), salt=SALT)
        self._centre = centre

    @classmethod
    def load(cls, path: Path | None, *, centre: str, environ: Mapping[str, str] | None = None) -> Self:
        """The secrets of the environment's MUSTER_LINK_SECRETS where that is set, else of the file."""
        text = (os.environ if environ is None else environ).get(SECRETS_VARIABLE)
        return cls(link_secrets(text or _read(path)), centre=centre)

    def sign(self, link: AnswerLink) -> str:
        content = link.model_dump(mode="json") | {"expires_at": int(link.expires_at.timestamp())}
        return str(self._serializer.dumps(content))

    def read(self, token: str, *, now: datetime) -> AnswerLink:
        """Raises LinkUnsigned, LinkForeign or LinkExpired."""
        link = self.opened(token)
        require_in_time(link, now=now)
        return link

    def opened(self, token: str) -> AnswerLink:
        """What a token of this centre says, in time or not. Raises LinkUnsigned or LinkForeign."""
        try:
            content: Mapping[str, Any] = self._serializer.loads(token)
            link = AnswerLink.model_validate(
                {**content, "expires_at": datetime.fromtimestamp(content["expires_at"], UTC)}
            )
        except (BadData, ValidationError, KeyError, TypeError, ValueError, OverflowError, OSError):
            raise LinkUnsigned("this link was not made by this centre, or it was cut short", field="token") from None
        if link.centre != self._centre:
            raise LinkForeign("this link belongs to another centre", field="token")
        return link

    def __repr__(self) -> str:
        return f"LinkSigner(centre={self._centre!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a LinkSigner is not pickled: load the secrets again where they are needed")


def require_in_time(link: AnswerLink, *, now: datetime) -> None:
    if now >= link.expires_at:
        raise LinkExpired("the time of this link is up; answer in the program", field="token")


def link_secrets(text: str) -> tuple[str, ...]:
    """Secrets apart by spaces or lines, the first one signs; `#` begins a comment. LinkSecretsWrong otherwise."""
    found = tuple(secret for line in text.splitlines() for secret in line.partition("#")[0].split())
    if not found:
        raise LinkSecretsWrong("there is no secret among the link secrets; make one with new_link_secret()")
    short = next((number for number, one in enumerate(found, start=1) if len(one) < SECRET_CHARACTERS_MIN), None)
    if short is not None:
        raise LinkSecretsWrong(f"link secret {short} is too short: it needs {SECRET_CHARACTERS_MIN} characters")
    return found


def new_link_secret(existing: str = "") -> str:
    """Key-file text with a new secret first, above the `existing` ones, whose links go on counting."""
    return f"{secrets.token_urlsafe(32)}\n{existing}"


def _read(path: Path | None) -> str:
    if path is None:
        raise LinkSecretsWrong(f"no link secrets: neither a key file nor {SECRETS_VARIABLE} is given")
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as unread:
        raise LinkSecretsWrong(f"the link key file {path} cannot be read: {type(unread).__name__}") from None
