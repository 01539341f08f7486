"""The right of one screen on a wall to show what goes on. The token itself is known to that screen only."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import BYTEA
from sqlalchemy.orm import Mapped, mapped_column

from services.console.model.base import Base


class WallToken(Base):
    __tablename__ = "wall_token"
    __table_args__ = (
        sa.Index("wall_token_in_use", "name", unique=True, postgresql_where=sa.text("revoked_at is null")),
    )

    token_hash: Mapped[bytes] = mapped_column(BYTEA, primary_key=True)
    name: Mapped[str]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
