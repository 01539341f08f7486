"""The nouns of duty: rosters with their rotations and overrides, and the answers that are computed from them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Literal, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]+([._:@-][A-Za-z0-9]+)*$", max_length=80)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]

RosterKind = Literal["duty_director", "presence", "liaison", "leader"]
"""轮值主任 · 轮驻部门在厅 · 联络员 · 值班领导: four registers that differ (DOMAIN: people and places)."""

Shift = Literal["primary", "backup"]

# Working days are counted one by one from the first turn on; beyond these years a date is a slip of the hand.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
DutyDate = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]


def _known_timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"no time zone is called '{name}'") from error
    return name


def _in_utc(at: datetime) -> datetime:
    """One time zone for all: they are compared by the hundred, and the same instant is written the same way."""
    try:
        return at.astimezone(UTC)
    except OverflowError as beyond:
        raise ValueError("is beyond the calendar") from beyond


Timezone = Annotated[str, AfterValidator(_known_timezone)]
UtcInstant = Annotated[AwareDatetime, AfterValidator(_in_utc)]


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Member(Frozen):
    """A post that takes turns, never a person. In a presence roster `staff` is the post that sits in the hall."""

    staff: Code
    unit: Code | None = None


class Rotation(Frozen):
    """Members take turns in this order, from `starts_on`; each turn begins at `changes_at`, local time of the centre.

    `every` is the length of a turn: a day, a week (from the weekday of `starts_on`), a month (from its day of the
    month; a month without that day begins its turn on its last). `weekdays` (0 is Monday) bounds the days on which
    there is duty at all; `days` bounds them to workdays or days off, make-up workdays (调休) respected.
    With `counts_only_duty_days` a day without duty does not use up a turn (daily rotations only): nobody is skipped
    unfairly. `opens` and `closes` bound the hours of a duty day, from `opens` on that day to `closes` on it or, where
    that is not later, on the next day; without them duty lasts from `changes_at` until the next change. A duty day is
    the one it begins on: a night from Friday to Saturday is Friday's.
    """

    id: Code
    shift: Shift = "primary"
    members: Annotated[tuple[Member, ...], Field(min_length=1, max_length=200)]
    every: Literal["daily", "weekly", "monthly"]
    length: int = Field(default=1, ge=1, le=366, description="a turn is so many days, weeks or months")
    starts_on: DutyDate
    ends_on: DutyDate | None = Field(default=None, description="the last day")
    changes_at: time = time(8, 0)
    opens: time | None = None
    closes: time | None = None
    weekdays: tuple[Annotated[int, Field(ge=0, le=6)], ...] = ()
    days: Literal["all", "workdays", "days_off"] = "all"
    counts_only_duty_days: bool = True

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise ValueError(f"the rotation '{self.id}' ends on {self.ends_on}, before it starts")
        if (self.opens is None) != (self.closes is None):
            raise ValueError(f"the rotation '{self.id}' has only one of 'opens' and 'closes': write both, or neither")
        if any(each is not None and each.tzinfo is not None for each in (self.changes_at, self.opens, self.closes)):
            raise ValueError(f"the rotation '{self.id}' has a time of day with an offset: write local time, e.g. 08:00")
        if len(set(self.weekdays)) != len(self.weekdays):
            raise ValueError(f"the rotation '{self.id}' names a weekday twice")
        return self


class Override(Frozen):
    """A stretch of time in which the rotations do not decide alone.

    `add` puts `staff` beside them, `remove` takes `staff` out, `replace` puts `staff` in the place of `instead_of`,
    `temporary` leaves the rotations aside wholly: with others of the same stretch it is the roster for that time.
    """

    override_id: UUID | None = Field(default=None, description="given by dispatch")
    action: Literal["add", "remove", "replace", "temporary"]
    staff: Code
    unit: Code | None = None
    instead_of: Code | None = None
    shift: Shift = "primary"
    starts_at: UtcInstant
    ends_at: UtcInstant
    reason: Words
    origin: Literal["person", "swap", "substitution", "import"] = "person"
    made_by: str | None = None
    made_at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise ValueError("an override ends after it starts")
        if (self.action == "replace") != (self.instead_of is not None):
            raise ValueError(
                "'instead_of' says whom a 'replace' stands in for: it belongs to that action, and only to it"
            )
        if self.instead_of == self.staff:
            raise ValueError(f"{self.staff} cannot stand in for itself")
        return self


class Roster(Frozen):
    """Who takes turns at one duty. Stored facts only: who is on duty at an instant is computed, never written down.

    `expects` says when somebody should be there: `always`, or in the hours the rotations plan. Left out it is `always`
    for duty directors and leaders, who are called day and night, and `planned` for the others.
    """

    code: Code
    kind: RosterKind
    unit: Code | None = Field(default=None, description="whose liaison or presence; none for the centre's own rotas")
    title: Words
    timezone: Timezone = "Asia/Shanghai"
    expects: Literal["always", "planned"] | None = None
    rotations: tuple[Rotation, ...] = Field(default=(), max_length=20)
    overrides: tuple[Override, ...] = ()

    @property
    def always(self) -> bool:
        return self.kind in ("duty_director", "leader") if self.expects is None else self.expects == "always"

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        twice = _first_twice(rotation.id for rotation in self.rotations)
        if twice is not None:
            raise ValueError(f"two rotations of the roster '{self.code}' are called '{twice}'")
        if self.kind == "liaison" and self.unit is None:
            raise ValueError(f"the liaison roster '{self.code}' does not say of which unit it is")
        return self


class OnDuty(Frozen):
    """Somebody on duty at an instant, since when and until when without a change, and why."""

    staff: Code
    unit: Code | None
    shift: Shift
    roster: Code
    since: AwareDatetime
    until: AwareDatetime | None
    why: str = Field(description="a Chinese sentence: the rotation's turn, or the override with its reason")


class Gap(Frozen):
    """A stretch in which a roster that should have somebody has nobody."""

    roster: Code
    kind: RosterKind
    unit: Code | None
    starts_at: AwareDatetime
    ends_at: AwareDatetime


class Overload(Frozen):
    """Somebody with more duty than is good: more consecutive hours, or far more than the fair share."""

    staff: Code
    roster: Code
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    hours: float
    why: str


def _first_twice(names: Iterable[Any]) -> Any | None:
    seen: set[Any] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None
