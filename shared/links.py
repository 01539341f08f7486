"""Signed links: the answer of one post to one thing, for one purpose, until an instant. No session, no password."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from itsdangerous import BadData, URLSafeSerializer
from pydantic import BaseModel, ConfigDict, ValidationError

from shared.errors import Refused

SALT = "muster.answer-link"
Purpose = Literal["acknowledge", "on_the_way", "cannot_come"]


class LinkUnsigned(Refused):
    code = "link_unsigned"
    rule = "a link counts only with the centre's own signature"


class LinkExpired(Refused):
    code = "link_expired"
    rule = "a link counts until its time is up"


class LinkForeign(Refused):
    code = "link_foreign"
    rule = "a link of one centre counts in that centre only"


class AnswerLink(BaseModel):
    """What one link may do. `link_id` is used once."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    link_id: UUID
    centre: str
    purpose: Purpose
    summons_id: UUID
    unit: str
    staff: str
    expires_at: datetime


class LinkSigner:
    """Makes and reads tokens. Several secrets: the first signs, all of them are read, so that one can be replaced."""

    def __init__(self, secrets: tuple[str, ...], *, centre: str) -> None:
        if not secrets or any(len(secret) < 32 for secret in secrets):
            raise ValueError("a link secret has at least 32 characters")
        # The library takes the newest secret last.
        self._serializer = URLSafeSerializer(list(reversed(secrets)), salt=SALT)
        self._centre = centre

    def sign(self, link: AnswerLink) -> str:
        content = link.model_dump(mode="json") | {"expires_at": int(link.expires_at.timestamp())}
        return str(self._serializer.dumps(content))

    def read(self, token: str, *, now: datetime) -> AnswerLink:
        """Raises LinkUnsigned, LinkForeign or LinkExpired."""
        try:
            content: Mapping[str, Any] = self._serializer.loads(token)
            link = AnswerLink.model_validate(
                {**content, "expires_at": datetime.fromtimestamp(content["expires_at"], UTC)}
            )
        except (BadData, ValidationError, KeyError, TypeError, ValueError):
            raise LinkUnsigned("this link was not made by this centre, or it was cut short", field="token") from None
        if link.centre != self._centre:
            raise LinkForeign("this link belongs to another centre", field="token")
        if now >= link.expires_at:
            raise LinkExpired("the time of this link is up; answer in the program", field="token")
        return link
