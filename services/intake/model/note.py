"""What staff wrote about a case."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.intake.model.base import Base
from shared.infra.event_record import new_id
from shared.infra.spine import DEFERRED
from shared.vault import KeyRing, needs_rotation, open_sealed, reseal, seal

NoteAbout = Literal[
    "decline", "legal_channel", "own_result", "follow_up", "correction", "join", "split", "explanation", "delay"
]


class Note(Base):
    """What staff wrote about a case repeats what a requester said: it is sealed and erased like their own words."""

    __tablename__ = "note"

    note_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("intake.case.case_id", **DEFERRED), index=True)
    about: Mapped[str]
    text: Mapped[str | None]
    at: Mapped[datetime]

    @classmethod
    def sealing(cls, keys: KeyRing, case_id: UUID, about: NoteAbout, text: str, *, at: datetime) -> "Note":
        note = cls(note_id=new_id(), case_id=case_id, about=about, at=at)
        note.text = seal(keys, text, context=note.context())
        return note

    def context(self) -> str:
        return f"{self.case_id}/note/{self.note_id}"

    def opened(self, keys: KeyRing) -> str | None:
        return open_sealed(keys, self.text, context=self.context()) if self.text else None

    def reseal(self, keys: KeyRing) -> bool:
        if not self.text or not needs_rotation(keys, self.text):
            return False
        self.text = reseal(keys, self.text, context=self.context())
        return True
