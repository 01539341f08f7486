"""What somebody is writing and has not sent: theirs alone, and gone when sent or after a day."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from services.console.model.base import Base


class Draft(Base):
    """`sealed`: it may hold what a requester entrusted, so it lies encrypted as that does; empty once it was sent.

    `sent_key`: the key of the form that was sent last. What was on its way for that very form is not kept any more.
    """

    __tablename__ = "draft"

    staff: Mapped[str] = mapped_column(primary_key=True)
    form: Mapped[str] = mapped_column(primary_key=True)
    sealed: Mapped[str]
    saved_at: Mapped[datetime]
    sent_key: Mapped[str | None]
