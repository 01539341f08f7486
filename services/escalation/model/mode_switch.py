"""Dispatch's switches of mode as they came (平战转换)."""

from datetime import datetime
from typing import cast

from sqlalchemy.orm import Mapped, mapped_column

from services.escalation.model.base import Base
from shared.centre.pack import Mode
from shared.centre.standing import Switch


class ModeSwitch(Base):
    __tablename__ = "mode_switch"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    mode: Mapped[str]
    switched_at: Mapped[datetime]

    def switch(self) -> Switch:
        return Switch(self.number, cast("Mode", self.mode), self.switched_at)
