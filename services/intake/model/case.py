"""The case with its verbs."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.intake.errors import FollowUpIncomplete, NotFirstReceiver, NothingToCorrect, NotPossibleNow, NotYourCase
from services.intake.model.base import Base
from services.intake.policy import (
    ATTEMPTS_BEFORE_UNREACHABLE,
    POSSIBLE,
    CaseState,
    Outcome,
    Verb,
    must_reopen,
    outcome_of,
)
from shared.contracts.actors import UNIT_ROLES, Actor, Role
from shared.contracts.base import CaseEvent, Level
from shared.contracts.intake import (
    CaseAccepted,
    CaseClosed,
    CaseCorrected,
    CaseFollowedUp,
    CaseHandled,
    CaseNotAccepted,
    CaseRegistered,
    CaseReopened,
    DeclineReason,
    FollowUpCase,
    HandlingMode,
    Source,
)
from shared.infra.spine import DEFERRED


class _Ids(TypedDict):
    case_id: UUID
    case_code: str


class Case(Base):
    """A matter somebody brought, with its one accountable first receiver."""

    __tablename__ = "case"
    __table_args__ = (
        sa.UniqueConstraint("source", "external_reference"),
        sa.CheckConstraint("owner <> ''", name="case_has_an_owner"),
        sa.Index("case_open", "registered_at", postgresql_where=sa.text("closed_at is null")),
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
            **self._ids(),
            source=Source(self.source),
            category=self.category,
            place=self.place,
            level=self._level(),
            flags=tuple(self.flags),
            window=self.window,
            owner=self.owner,
            pack_version=self.pack_version,
            received_at=self.received_at,
            registered_at=self.registered_at,
        )

    def accept(self, mode: HandlingMode, *, now: datetime) -> CaseAccepted:
        self._require("accept")
        self.state = CaseState.HANDLING
        self.handling_mode = mode
        self.accepted_at = now
        return CaseAccepted(
            **self._ids(),
            source=Source(self.source),
            handling_mode=mode,
            category=self.category,
            place=self.place,
            level=self._level(),
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
        self._require("correct")
        marks = self.flags if flags is None else flags
        wanted = (category or self.category, place or self.place, level or self.level, frozenset(marks))
        if wanted == (self.category, self.place, self.level, frozenset(self.flags)):
            raise NothingToCorrect("nothing to correct: the case says all of this already", field="case_code")
        if category is not None:
            self.choose_category(category, by=by)
        self.place, self.level, self.flags = place or self.place, level or self.level, list(marks)
        return CaseCorrected(
            **self._ids(),
            category=self.category,
            place=self.place,
            level=self._level(),
            flags=tuple(self.flags),
            pack_version=self.pack_version,
            corrected_at=now,
        )

    def decline(self, reason: DeclineReason, *, now: datetime) -> CaseNotAccepted:
        self._require("decline")
        self.state = CaseState.NOT_ACCEPTED
        self.closed_at = now
        return CaseNotAccepted(**self._ids(), reason=reason, decided_at=now)

    def finish_own(self, *, by: Actor, now: datetime) -> CaseHandled:
        """自办: the window handled the matter on the spot."""
        self._require("finish")
        self._require_first_receiver(by)
        if self.handling_mode != HandlingMode.SELF:
            raise NotPossibleNow("this case was forwarded: its unit reports back", field="case_code", state=self.state)
        self.state = CaseState.TO_FOLLOW_UP
        return CaseHandled(
            **self._ids(),
            pack_version=self.pack_version,
            category=self.category,
            level=self._level(),
            owner=self.owner,
            handled_at=now,
        )

    def verified(self) -> bool:
        """The grid found it solved: now the first receiver asks the requester. False where that is old news."""
        if self.state != CaseState.HANDLING:
            return False
        self.state = CaseState.TO_FOLLOW_UP
        return True

    def follow_up(self, ask: FollowUpCase, *, now: datetime) -> tuple[CaseEvent, ...]:
        self._require("follow_up")
        self._require_first_receiver(ask.actor)
        _require_complete(ask)
        self.attempts += 1
        done = CaseFollowedUp(
            **self._ids(),
            attempt=self.attempts,
            kind=ask.kind,
            contacted=ask.contacted,
            solved=ask.solved,
            satisfaction=ask.satisfaction,
            cause=ask.cause,
            round=self.round,
            followed_up_at=now,
        )
        if not ask.contacted:
            return (done,)
        if must_reopen(ask.satisfaction, ask.cause):
            return (done, self.reopen(ask, now=now))
        self.state = CaseState.FOLLOWED_UP
        self.outcome = outcome_of(contacted=True, solved=ask.solved)
        return (done,)

    def reopen(self, ask: FollowUpCase, *, now: datetime) -> CaseReopened:
        assert ask.cause is not None
        assert self.handling_mode is not None
        self.state = CaseState.HANDLING
        self.round += 1
        self.attempts = 0
        return CaseReopened(
            **self._ids(),
            cause=ask.cause,
            handling_mode=HandlingMode(self.handling_mode),
            category=self.category,
            level=self._level(),
            owner=self.owner,
            pack_version=self.pack_version,
            round=self.round,
            reopened_at=now,
        )

    def close(self, *, by: Actor, now: datetime) -> CaseClosed:
        self._require("close")
        self._require_first_receiver(by)
        if self.state == CaseState.TO_FOLLOW_UP:
            if self.attempts < ATTEMPTS_BEFORE_UNREACHABLE:
                raise NotPossibleNow(
                    f"the requester has not been reached: {self.attempts} of {ATTEMPTS_BEFORE_UNREACHABLE} attempts",
                    field="case_code",
                    attempts=self.attempts,
                )
            self.outcome = outcome_of(contacted=False, solved=None)
        self.state = CaseState.CLOSED
        self.unit = None
        self.closed_at = now
        outcome = cast("Outcome", self.outcome)
        return CaseClosed(**self._ids(), outcome=outcome, round=self.round, closed_at=now)

    def may_be_revealed_to(self, actor: Actor) -> None:
        """A unit's staff read a requester's words only while the case is with their unit."""
        if actor.role in UNIT_ROLES and (actor.unit is None or actor.unit != self.unit):
            raise NotYourCase("this case is not with your unit", field="actor.unit", unit=actor.unit)

    # -- rules ---------------------------------------------------------------------------------------------------------

    def _require(self, verb: Verb) -> None:
        if CaseState(self.state) not in POSSIBLE[verb]:
            raise NotPossibleNow(
                f"{verb} is not possible: the case is {self.state}", field="case_code", state=self.state
            )

    def _require_first_receiver(self, actor: Actor) -> None:
        if actor.staff != self.owner and (self.window is None or actor.window != self.window):
            raise NotFirstReceiver(f"this case is answered for by {self.owner}", field="actor.staff", owner=self.owner)

    def _ids(self) -> "_Ids":
        return {"case_id": self.case_id, "case_code": self.case_code}

    def _level(self) -> Level:
        return cast("Level", self.level)  # the database checks the column


def _require_complete(ask: FollowUpCase) -> None:
    if not ask.contacted:
        return
    if ask.solved is None:
        raise FollowUpIncomplete("was it solved?", field="solved")
    if ask.satisfaction is None:
        raise FollowUpIncomplete("how satisfied is the requester?", field="satisfaction")
    if ask.satisfaction == "dissatisfied" and ask.cause is None:
        raise FollowUpIncomplete("what is the requester dissatisfied with?", field="cause")
