"""What a clock's limit was looked up by: enough to look it up again when the mode of the centre is switched."""

from typing import Self, cast

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.escalation.model.base import SCHEMA, Base
from services.escalation.model.clock import Clock
from services.escalation.policy.obligations import Grounds, Obligation, mode_key
from shared.centre.standing import Standing
from shared.contracts.base import Level
from shared.contracts.escalation import Stage
from shared.infra.spine import DEFERRED


class ClockGrounds(Base):
    """Beside the clock, for those a switch may give other terms.

    `base_key` is the obligation's own, whichever clock keeps it now; `began_in` the mode it began in, as far as known;
    `retimed_by` the switch its terms stand on (none: as promised first); `looked_at` the last switch that was
    looked at for it.
    """

    __tablename__ = "clock_grounds"

    key: Mapped[str] = mapped_column(sa.ForeignKey(f"{SCHEMA}.clock.key", **DEFERRED), primary_key=True)
    base_key: Mapped[str]
    category: Mapped[str | None]
    level: Mapped[str]
    unit: Mapped[str | None]
    shortened: Mapped[bool]
    began_in: Mapped[str]
    retimed_by: Mapped[int | None]
    looked_at: Mapped[int]

    @classmethod
    def of(cls, obligation: Obligation, stands: Standing, *, looked_at: int, base_key: str | None = None) -> Self:
        return cls(
            key=obligation.key,
            base_key=base_key or obligation.key,
            category=obligation.grounds.category,
            level=obligation.grounds.level,
            unit=obligation.unit,
            shortened=obligation.shortened,
            began_in=stands.began_in,
            retimed_by=stands.switched,
            looked_at=looked_at,
        )

    def fits(self, stands: Standing) -> bool:
        """Whether the clock has the terms it stands on: also where what it began in came to be known only later."""
        return (self.began_in, self.retimed_by) == (stands.began_in, stands.switched)

    def obligation(self, clock: Clock, *, switched: int | None = None) -> Obligation:
        """As it was armed; with `switched`, under the key it has since that switch."""
        return Obligation(
            clock.key if switched is None else mode_key(self.base_key, switched),
            cast("Stage", clock.stage),
            clock.owes,
            clock.started_at,
            Grounds(clock.pack_version, self.category, cast("Level", self.level)),
            unit=self.unit,
            work_order_id=clock.work_order_id,
            shortened=self.shortened,
        )
