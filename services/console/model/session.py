"""One browser signed in. The token itself is known to that browser only; here is its hash."""

import hashlib
import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import BYTEA
from sqlalchemy.orm import Mapped, mapped_column

from services.console.model.base import Base

TOKEN_BYTES = 32


class Session(Base):
    __tablename__ = "session"
    __table_args__ = (sa.Index("session_staff", "staff"), sa.Index("session_ends_at", "ends_at"))

    token_hash: Mapped[bytes] = mapped_column(BYTEA, primary_key=True)
    staff: Mapped[str] = mapped_column(sa.ForeignKey("console.account.staff"))
    csrf: Mapped[str]
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def new_csrf(staff: str) -> str:
    """Its end says whose pages carry it: no secret, and no proof of anything."""
    return f"{new_token()}.{hash_of(staff).hex()[:12]}"


def hash_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
