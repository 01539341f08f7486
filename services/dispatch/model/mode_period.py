"""平战: what mode the centre is in, an unbroken chain of periods from the beginning on."""

from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.dispatch.model.base import Base
from shared.centre.standing import Switch
from shared.contracts.dispatch import Mode
from shared.infra.spine import DEFERRED

_TICK = timedelta(microseconds=1)
_MODES = "'normal', 'surge.I', 'surge.II', 'surge.III', 'surge.IV'"


class ModePeriod(Base):
    """One period. `follows` is the end of the one before: each begins exactly where that one ended.

    The two references hold the chain together from both sides, as those of the watch do: so one period is open, always.
    The first began with the epoch, in normal mode. Nothing of a period ever changes but that it ends, once.
    """

    __tablename__ = "mode_period"
    __table_args__ = (
        sa.CheckConstraint(f"mode in ({_MODES})", name="mode_period_mode"),
        sa.CheckConstraint("(mode = 'normal') = (surge_id is null)", name="surge_period_has_its_surge"),
        sa.CheckConstraint("(mode = 'normal') = (expected_end is null)", name="surge_period_has_an_expected_end"),
        sa.CheckConstraint("(number = 1) = (follows is null)", name="only_the_first_period_follows_none"),
        sa.CheckConstraint("follows is null or follows = began_at", name="period_begins_where_one_ended"),
        sa.CheckConstraint("ended_at > began_at", name="period_ends_after_it_began"),
        sa.UniqueConstraint("ended_at", name="one_period_ends_there"),
        sa.UniqueConstraint("follows", name="one_period_follows"),
        sa.ForeignKeyConstraint(
            ["follows"], ["dispatch.mode_period.ended_at"], name="period_follows_a_period", **DEFERRED
        ),
        sa.ForeignKeyConstraint(
            ["ended_at"], ["dispatch.mode_period.follows"], name="period_is_followed_by_a_period", **DEFERRED
        ),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    mode: Mapped[str]
    surge_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("dispatch.surge.surge_id", **DEFERRED))
    measures: Mapped[list[str]] = mapped_column(ARRAY(sa.Text))
    reason: Mapped[str | None]
    expected_end: Mapped[datetime | None]
    switched_by: Mapped[str]
    pack_version: Mapped[str | None]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    follows: Mapped[datetime | None]

    @property
    def is_in(self) -> Mode:
        return cast("Mode", self.mode)  # the database checks the column

    def switch(self) -> Switch:
        return Switch(self.number, self.is_in, self.began_at)

    def end(self, *, now: datetime) -> datetime:
        """A clock set back meanwhile does not stop a switch: time goes on where this period began."""
        ended_at = self.ended_at = max(now, self.began_at + _TICK)
        return ended_at

    def following(
        self,
        mode: Mode,
        *,
        at: datetime,
        by: str,
        reason: str,
        pack_version: str,
        surge_id: UUID | None = None,
        measures: tuple[str, ...] = (),
        expected_end: datetime | None = None,
    ) -> "ModePeriod":
        return ModePeriod(
            number=self.number + 1,
            mode=mode,
            surge_id=surge_id,
            measures=list(measures),
            reason=reason,
            expected_end=expected_end,
            switched_by=by,
            pack_version=pack_version,
            began_at=at,
            ended_at=None,
            follows=at,
        )


def mode_then(at: datetime) -> sa.Select[Mode]:
    """Of any instant; before the first period it was normal."""
    period = sa.select(ModePeriod.mode).where(ModePeriod.began_at <= at).order_by(ModePeriod.number.desc()).limit(1)
    found = sa.select(sa.func.coalesce(period.scalar_subquery(), "normal"))
    return cast("sa.Select[Mode]", found)  # the database checks the column
