"""Dispatch's switches of mode as they came: the mode of any instant is computed from them."""

from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.notification.model.base import Base
from shared.centre.pack import Mode
from shared.centre.standing import Switch


class ModeCopy(Base):
    __tablename__ = "mode_copy"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    mode: Mapped[str]
    switched_at: Mapped[datetime]

    def switch(self) -> Switch:
        return Switch(self.number, cast("Mode", self.mode), self.switched_at)


def every_switch() -> sa.Select[ModeCopy]:
    return sa.select(ModeCopy).order_by(ModeCopy.number)
