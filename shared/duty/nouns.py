"""The nouns of duty: rosters with their rotations and overrides, and the answers that are computed from them."""

from datetime import date, time
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]+([._:@-][A-Za-z0-9]+)*$", max_length=80)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]

RosterKind = Literal["duty_director", "presence", "liaison", "leader"]
"""轮值主任 · 轮驻部门在厅 · 联络员 · 值班领导: four registers that differ (DOMAIN: people and places)."""

Shift = Literal["primary", "backup"]


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
    unfairly. `opens` and `closes` bound the hours of a duty day; without them duty lasts until the next change.
    """

    id: Code
    shift: Shift = "primary"
    members: Annotated[tuple[Member, ...], Field(min_length=1, max_length=200)]
    every: Literal["daily", "weekly", "monthly"]
    length: int = Field(default=1, ge=1, le=366, description="a turn is so many days, weeks or months")
    starts_on: date
    ends_on: date | None = Field(default=None, description="the last day")
    changes_at: time = time(8, 0)
    opens: time | None = None
    closes: time | None = None
    weekdays: tuple[Annotated[int, Field(ge=0, le=6)], ...] = ()
    days: Literal["all", "workdays", "days_off"] = "all"
    counts_only_duty_days: bool = True


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
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    reason: Words
    origin: Literal["person", "swap", "substitution", "import"] = "person"
    made_by: str | None = None
    made_at: AwareDatetime | None = None


class Roster(Frozen):
    """Who takes turns at one duty. Stored facts only: who is on duty at an instant is computed, never written down."""

    code: Code
    kind: RosterKind
    unit: Code | None = Field(default=None, description="whose liaison or presence; none for the centre's own rotas")
    title: Words
    timezone: str = "Asia/Shanghai"
    rotations: tuple[Rotation, ...] = Field(default=(), max_length=20)
    overrides: tuple[Override, ...] = ()


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
