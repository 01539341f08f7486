"""平战转换: the open period and its surge, taken together. What is done to the mode of the centre is done here.

No database is needed for any verb. Each answers with the rows to keep and the events to record.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from services.dispatch.errors.modes import AtThisLevelAlready, ModeChangedMeanwhile, NotInSurge
from services.dispatch.model.base import Base
from services.dispatch.model.mode_period import ModePeriod
from services.dispatch.model.surge import Surge
from services.dispatch.policy.modes import SURGE_AT, known_level, require_end, require_later, require_measures
from shared.centre.pack import CentrePack
from shared.contracts.base import Event
from shared.contracts.dispatch import EndSurge, ModeSwitched, ModeView, ProlongSurge, SwitchMode

Acts = tuple[tuple[Base, ...], tuple[Event, ...]]


class ModeBook:
    """The centre's mode under its lock; `surge` is the open one, None in normal mode."""

    def __init__(self, period: ModePeriod, surge: Surge | None) -> None:
        self.period = period
        self.surge = surge

    def switch(self, ask: SwitchMode, pack: CentrePack, *, new_id: Callable[[], UUID], now: datetime) -> Acts:
        """Into a surge, or to another level of the one that is on."""
        self._require_seen(ask.seen)
        level = known_level(pack.modes, ask.level)
        measures = require_measures(pack.modes, ask.measures)
        require_end(pack.modes, ask.expected_end, now=now)
        mode = SURGE_AT[ask.level]
        if self.period.mode == mode:
            raise AtThisLevelAlready(
                f"the centre is in a surge at level {ask.level} already, by {self.period.switched_by} "
                f"since {self.period.began_at.isoformat()}; prolong it, or name another level",
                field="level",
                by=self.period.switched_by,
                number=self.period.number,
            )
        before, at = self.period, self.period.end(now=now)
        if self.surge is None:
            self.surge = Surge.begin(new_id(), mode, ask.expected_end, pack.modes, pack_version=pack.version, at=at)
        else:
            self.surge.go_to(mode, ask.expected_end, pack.modes, pack_version=pack.version, at=at)
        self.period = before.following(
            mode,
            at=at,
            by=ask.actor.staff,
            reason=ask.reason,
            pack_version=pack.version,
            surge_id=self.surge.surge_id,
            measures=measures,
            expected_end=ask.expected_end,
        )
        return (self.surge, self.period), (self._switched(before, self.surge, level.tells, pack.version),)

    def prolong(self, ask: ProlongSurge, pack: CentrePack, *, now: datetime) -> Acts:
        self._require_seen(ask.seen)
        surge = self._open_surge()
        require_end(pack.modes, ask.expected_end, now=now)
        require_later(ask.expected_end, surge.expected_end)
        kept, told = surge.prolong(ask, pack.modes, now=now)
        return (kept,), (told,)

    def end(self, ask: EndSurge, pack: CentrePack, *, now: datetime) -> Acts:
        """Back to normal. Whom the level that ends told, hears of it."""
        self._require_seen(ask.seen)
        surge = self._open_surge()
        level = pack.modes.of(surge.is_in)
        before, at = self.period, self.period.end(now=now)
        surge.end(at=at)
        self.period = before.following(
            "normal", at=at, by=ask.actor.staff, reason=ask.reason, pack_version=pack.version
        )
        told = self._switched(before, surge, () if level is None else level.tells, pack.version)
        self.surge = None
        return (self.period,), (told,)

    def view(self, *, now: datetime, with_words: bool) -> ModeView:
        return view_of(self.period, self.surge, now=now, with_words=with_words)

    # -- pieces --------------------------------------------------------------------------------------------------------

    def _require_seen(self, seen: int | None) -> None:
        if seen is not None and seen != self.period.number:
            raise ModeChangedMeanwhile(
                f"{self.period.switched_by} switched the centre to {self.period.mode} meanwhile, "
                f"at {self.period.began_at.isoformat()}; look at it and decide again",
                field="seen",
                by=self.period.switched_by,
                mode=self.period.mode,
                number=self.period.number,
            )

    def _open_surge(self) -> Surge:
        if self.surge is None:
            raise NotInSurge("the centre is in normal mode", number=self.period.number)
        return self.surge

    def _switched(self, before: ModePeriod, surge: Surge, tells: tuple[str, ...], pack_version: str) -> ModeSwitched:
        return ModeSwitched(
            number=self.period.number,
            surge_id=surge.surge_id,
            mode=self.period.is_in,
            before=before.is_in,
            measures=tuple(self.period.measures),
            expected_end=self.period.expected_end,
            tells=tells,
            pack_version=pack_version,
            switched_at=self.period.began_at,
        )


def view_of(period: ModePeriod, surge: Surge | None, *, now: datetime, with_words: bool) -> ModeView:
    """`surge`: the one the period belongs to, or belonged to. An open one has the expected end as it stands now."""
    current = surge is not None and period.ended_at is None
    expected_end = surge.expected_end if surge is not None and current else period.expected_end
    return ModeView(
        number=period.number,
        mode=period.is_in,
        measures=tuple(period.measures),
        reason=period.reason if with_words else None,
        switched_by=period.switched_by,
        began_at=period.began_at,
        ended_at=period.ended_at,
        expected_end=expected_end,
        late=current and expected_end is not None and expected_end <= now,
        prolonged=0 if surge is None else surge.prolonged,
    )
