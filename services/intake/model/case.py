"""The case with its verbs."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.intake.errors import NotFirstReceiver, NothingToCorrect, NotPossibleNow, NotYourCase
from services.intake.model.base import Base
from services.intake.policy import (
    POSSIBLE,
    CaseState,
    Outcome,
    Verb,
    outcome_of,
)
from shared.centre.closed_loop import FollowUpRule
from shared.contracts.actors import UNIT_ROLES, Actor, Role
from shared.contracts.base import Level
from shared.contracts.intake import (
    CaseAccepted,
    CaseClosed,
    CaseCorrected,
    CaseHandled,
    CaseNotAccepted,
    CaseRegistered,
    DeclineReason,
    HandlingMode,
    Source,
)
from shared.infra.spine import DEFERRED


class CaseIds(TypedDict):
    case_id: UUID
    case_code: str


class Case(Base):
    """A matter somebody brought, with its one accountable first receiver.

    `attempts` of this round to reach the requester; `misses` of them count, the last at `missed_at`. `promised_for` is
    the date that stands (暂不能办结), the `promises`-th given, at `promised_at`. `handled_by`: posts that handled or
    verified it.
    """

    __tablename__ = "case"
    __table_args__ = (
        sa.UniqueConstraint("source", "external_reference"),
        sa.CheckConstraint("owner <> ''", name="case_has_an_owner"),
        sa.Index("case_open", "registered_at", postgresql_where=sa.text("closed_at is null")),
        sa.CheckConstraint("(promised_for is null) = (promised_at is null)", name="promise_has_its_time"),
        sa.Index("case_promised", "promised_for", postgresql_where=sa.text("promised_for is not null")),
        sa.Index("case_category_chosen", "case_id", postgresql_where=sa.text("category_chosen_by is not null")),
        # A case is joined to a leading one, never to one that is joined itself: no chain, no circle, and not to itself.
        sa.UniqueConstraint("case_id", "leads", name="case_leads"),
        sa.ForeignKeyConstraint(
            ["joined_to", "joined_to_leader"],
            ["intake.case.case_id", "intake.case.leads"],
            name="joined_case_follows_a_leader",
            **DEFERRED,
        ),
        sa.CheckConstraint("(joined_to is null) = (joined_at is null)", name="case_joined_at_a_time"),
        sa.Index("case_joined", "joined_to", postgresql_where=sa.text("joined_to is not null")),
        sa.Index(
            "case_matter",
            "category",
            "place",
            sa.text("coalesce(closed_at, 'infinity')"),
            postgresql_where=sa.text("joined_to is null and state <> 'not_accepted'"),
        ),
    )

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_code: Mapped[str] = mapped_column(unique=True)
    source: Mapped[str]
    category: Mapped[str | None]
    category_chosen_by: Mapped[str | None]
    place: Mapped[str | None]
    level: Mapped[str]
    flags: Mapped[list[str]] = mapped_column(ARRAY(sa.Text), server_default=sa.text("'{}'"))
    handling_mode: Mapped[str | None]
    state: Mapped[str]
    owner: Mapped[str]
    window: Mapped[str | None]
    unit: Mapped[str | None]
    round: Mapped[int]
    attempts: Mapped[int]
    misses: Mapped[int]
    missed_at: Mapped[datetime | None]
    promises: Mapped[int]
    promised_for: Mapped[datetime | None]
    promised_at: Mapped[datetime | None]
    handled_by: Mapped[list[str]] = mapped_column(ARRAY(sa.Text), server_default=sa.text("'{}'"))
    outcome: Mapped[str | None]
    pack_version: Mapped[str]
    external_reference: Mapped[str | None]
    received_at: Mapped[datetime]
    registered_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    taken_on: Mapped[bool] = mapped_column(default=False)
    joined_to: Mapped[UUID | None]
    joined_at: Mapped[datetime | None]
    splits: Mapped[int] = mapped_column(default=0)
    leads: Mapped[bool] = mapped_column(sa.Computed("joined_to is null", persisted=True))
    joined_to_leader: Mapped[bool | None] = mapped_column(
        sa.Computed("case when joined_to is not null then true end", persisted=True)
    )

    # -- verbs ---------------------------------------------------------------------------------------------------------

    def registered(self) -> CaseRegistered:
        return CaseRegistered(
            **self.ids(),
            source=Source(self.source),
            category=self.category,
            place=self.place,
            level=self.its_level(),
            flags=tuple(self.flags),
            window=self.window,
            owner=self.owner,
            pack_version=self.pack_version,
            received_at=self.received_at,
            registered_at=self.registered_at,
        )

    def accept(self, mode: HandlingMode, *, now: datetime) -> CaseAccepted:
        self.require("accept")
        self.state = CaseState.HANDLING
        self.handling_mode = mode
        self.accepted_at = now
        return CaseAccepted(
            **self.ids(),
            source=Source(self.source),
            handling_mode=mode,
            category=self.category,
            place=self.place,
            level=self.its_level(),
            flags=tuple(self.flags),
            owner=self.owner,
            pack_version=self.pack_version,
            registered_at=self.registered_at,
            accepted_at=now,
        )

    def choose_category(self, code: str, *, by: Actor) -> None:
        """A machine that passes a case on gives it a category, too; what a person chose is what may be learned from."""
        self.category = code
        self.category_chosen_by = None if by.role is Role.SYSTEM else by.staff

    def correct(
        self,
        *,
        category: str | None,
        place: str | None,
        level: Level | None,
        flags: Sequence[str] | None,
        by: Actor,
        now: datetime,
    ) -> CaseCorrected:
        """Codes known to the case's pack; None leaves a value as it is. Before acceptance, accepting corrects."""
        self.require("correct")
        marks = self.flags if flags is None else flags
        wanted = (category or self.category, place or self.place, level or self.level, frozenset(marks))
        if wanted == (self.category, self.place, self.level, frozenset(self.flags)):
            raise NothingToCorrect("nothing to correct: the case says all of this already", field="case_code")
        if category is not None:
            self.choose_category(category, by=by)
        self.place, self.level, self.flags = place or self.place, level or self.level, list(marks)
        return CaseCorrected(
            **self.ids(),
            category=self.category,
            place=self.place,
            level=self.its_level(),
            flags=tuple(self.flags),
            pack_version=self.pack_version,
            corrected_at=now,
        )

    def decline(self, reason: DeclineReason, *, now: datetime) -> CaseNotAccepted:
        self.require("decline")
        self.state = CaseState.NOT_ACCEPTED
        self.closed_at = now
        return CaseNotAccepted(**self.ids(), reason=reason, decided_at=now)

    def finish_own(self, *, by: Actor, now: datetime) -> CaseHandled:
        """自办: the window handled the matter on the spot."""
        self.require("finish")
        self.require_first_receiver(by)
        if self.handling_mode != HandlingMode.SELF:
            raise NotPossibleNow("this case was forwarded: its unit reports back", field="case_code", state=self.state)
        self.state = CaseState.TO_FOLLOW_UP
        self.keep_promise()
        return CaseHandled(
            **self.ids(),
            pack_version=self.pack_version,
            category=self.category,
            level=self.its_level(),
            owner=self.owner,
            handled_at=now,
        )

    def verified(self) -> bool:
        """The grid found it solved: now the first receiver asks the requester. False where that is old news."""
        if self.state != CaseState.HANDLING:
            return False
        self.state = CaseState.TO_FOLLOW_UP
        return True

    def close(self, rule: FollowUpRule, *, by: Actor, now: datetime) -> CaseClosed:
        """`rule`: how the requester of such a matter is asked, and how often before they count as unreachable."""
        self.require("close")
        self.require_first_receiver(by)
        if self.state == CaseState.TO_FOLLOW_UP:
            if self.misses < rule.attempts:
                apart = f", each {rule.days_apart} day(s) or more after the other" if rule.days_apart else ""
                raise NotPossibleNow(
                    f"the requester has not been reached: {self.misses} of {rule.attempts} attempts that count{apart}",
                    field="case_code",
                    attempts=self.misses,
                )
            self.outcome = outcome_of(contacted=False, solved=None)
        self.state = CaseState.CLOSED
        self.unit = None
        self.keep_promise()
        self.closed_at = now
        outcome = cast("Outcome", self.outcome)
        return CaseClosed(**self.ids(), outcome=outcome, round=self.round, closed_at=now)

    def keep_promise(self) -> None:
        """The requester was spoken with, or the case is over: no date stands any more."""
        self.promised_for = None
        self.promised_at = None

    def ask_anew(self) -> None:
        """Whoever was not reached before is asked from the beginning."""
        self.attempts = 0
        self.misses = 0
        self.missed_at = None

    def note_handler(self, staff: str) -> None:
        if staff not in self.handled_by:
            self.handled_by = [*self.handled_by, staff]

    def may_be_revealed_to(self, actor: Actor) -> None:
        """A unit's staff read a requester's words only while the case is with their unit."""
        if actor.role in UNIT_ROLES and (actor.unit is None or actor.unit != self.unit):
            raise NotYourCase("this case is not with your unit", field="actor.unit", unit=actor.unit)

    # -- rules ---------------------------------------------------------------------------------------------------------

    def require(self, verb: Verb) -> None:
        if CaseState(self.state) not in POSSIBLE[verb]:
            raise NotPossibleNow(
                f"{verb} is not possible: the case is {self.state}", field="case_code", state=self.state
            )

    def require_first_receiver(self, actor: Actor) -> None:
        if actor.staff != self.owner and (self.window is None or actor.window != self.window):
            raise NotFirstReceiver(f"this case is answered for by {self.owner}", field="actor.staff", owner=self.owner)

    def ids(self) -> CaseIds:
        return {"case_id": self.case_id, "case_code": self.case_code}

    def its_level(self) -> Level:
        return cast("Level", self.level)  # the database checks the column
