"""By when a thing is promised: by the pack's limit, in half of it once reopened, and moved by approved facts only.

Pure, and the one place of this arithmetic: whoever decides on more time and whoever keeps the clock count the same.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shared.calendar import Due, Duration, Unit, due_at, working_time_between
from shared.calendar.span import advance
from shared.calendar.working import day_book
from shared.centre.nouns import Level, Limit, Mode, Stage
from shared.centre.pack import CentrePack
from shared.centre.working_time import calendar_of, duration_of

WORKED = frozenset({Unit.WORKING_MINUTE, Unit.WORKING_HOUR, Unit.WORKING_DAY})


@dataclass(frozen=True, slots=True)
class Promise:
    """What the pack gives for a stage: the limit it stands on, how long that is here, and when it ends (UTC).

    Where a statute gives the time, `service` is what the centre promises beside it: within that the requester hears.
    """

    limit: Limit
    duration: Duration
    due: Due
    service: "Promise | None" = None


def promised(
    pack: CentrePack,
    stage: Stage,
    category: str | None,
    level: Level,
    started_at: datetime,
    *,
    reopened: bool = False,
    mode: Mode = "normal",
) -> Promise:
    """LookupError where the pack has no general limit for the stage; a checked pack has them all.

    The requester is spoken with (`contact`) within its own limit, and never later than the service limit of the result:
    a statute may give the work more time, but nobody waits as long to hear of it (DOMAIN: clocks, 4).
    """

    def by(limit: Limit, service: Promise | None = None) -> Promise:
        duration = shortened(duration_of(limit)) if reopened else duration_of(limit)
        return Promise(limit, duration, due_at(calendar_of(pack), started_at, duration), service)

    limit = pack.limit_for(stage, category, level, mode)
    if limit.statutory:
        return by(limit, by(pack.service_limit_for(stage, category, level, mode)))
    if stage == "contact":
        result = by(pack.service_limit_for("report_back", category, level, mode))
        return min(by(limit), result, key=lambda promise: promise.due.at)
    return by(limit)


def shortened(duration: Duration) -> Duration:
    """Half of the limit, rounded up, at least 1: who handled a matter once needs less time to put it right.

    DOMAIN: closed loop, 4 (重办: a shorter clock). The unit of time stays, so a limit of one working day stays one.
    """
    return Duration(max(1, (duration.amount + 1) // 2), duration.unit, duration.style)


def extended(pack: CentrePack, due: datetime, days: int) -> Due:
    """延期: so many working days after the time promised before, to close of business (DOMAIN: clocks, 1)."""
    return due_at(calendar_of(pack), due, Duration(days, Unit.WORKING_DAY))


def asked_early(pack: CentrePack, due: datetime, days: int, *, now: datetime) -> bool:
    """Whether more time is asked for `days` whole working days before `due` (DOMAIN: presets, extension)."""
    if days == 0:
        return now < due
    return due_at(calendar_of(pack), now, Duration(days, Unit.WORKING_DAY)).at <= due


def resumed(pack: CentrePack, unit: Unit, due: datetime, *, stopped_at: datetime, resumed_at: datetime) -> Due:
    """挂账后续算: what was left when the clock stopped is what is left now; office time where the limit counts that.

    Never less than a minute: a clock that stopped in its last moment still ends after it begins again.
    """
    calendar = calendar_of(pack)
    if unit in WORKED:
        left = working_time_between(calendar, stopped_at, due)
        if left:
            run = advance(day_book(calendar), resumed_at.astimezone(UTC), left)
            return Due(run.at, any(day.provisional for day, _ in run.days), ())
    left = max(due - stopped_at, timedelta(minutes=1))
    return Due(resumed_at.astimezone(UTC) + left, False, ())
