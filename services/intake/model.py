"""The nouns of intake with their verbs: each checks, changes and returns the events that tell of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, TypedDict, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.intake.errors import FollowUpIncomplete, NotFirstReceiver, NotPossibleNow, NotYourCase
from services.intake.policy import (
    ATTEMPTS_BEFORE_UNREACHABLE,
    POSSIBLE,
    CaseState,
    Outcome,
    Verb,
    must_reopen,
    outcome_of,
)
from shared.contracts.actors import UNIT_ROLES, Actor
from shared.contracts.base import CaseEvent, Level
from shared.contracts.intake import (
    CaseAccepted,
    CaseClosed,
    CaseFollowedUp,
    CaseHandled,
    CaseNotAccepted,
    CaseRegistered,
    CaseReopened,
    DeclineReason,
    FollowUpCase,
    HandlingMode,
    RequesterErased,
    RequesterRevealed,
    Source,
)
from shared.infra.event_record import new_id
from shared.infra.spine import DEFERRED, Spine
from shared.vault import KeyRing, needs_rotation, open_sealed, reseal, seal

SCHEMA = "intake"
NoteAbout = Literal["decline", "legal_channel", "own_result", "follow_up"]
CASE_NUMBER = sa.Sequence("case_number", schema=SCHEMA)


class _Ids(TypedDict):
    case_id: UUID
    case_code: str


class Base(DeclarativeBase):
    metadata = sa.MetaData(schema=SCHEMA)
    type_annotation_map = {datetime: sa.DateTime(timezone=True), str: sa.Text}  # noqa: RUF012 - SQLAlchemy's own form


SPINE = Spine(Base.metadata, SCHEMA)


class Case(Base):
    """A matter somebody brought, with its one accountable first receiver."""

    __tablename__ = "case"
    __table_args__ = (
        sa.UniqueConstraint("source", "external_reference"),
        sa.CheckConstraint("owner <> ''", name="case_has_an_owner"),
        sa.Index("case_open", "registered_at", postgresql_where=sa.text("closed_at is null")),
    )

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_code: Mapped[str] = mapped_column(unique=True)
    source: Mapped[str]
    category: Mapped[str | None]
    place: Mapped[str | None]
    level: Mapped[str]
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

    # -- verbs ---------------------------------------------------------------------------------------------------------

    def registered(self) -> CaseRegistered:
        return CaseRegistered(
            **self._ids(),
            source=Source(self.source),
            category=self.category,
            place=self.place,
            level=self._level(),
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
            owner=self.owner,
            pack_version=self.pack_version,
            registered_at=self.registered_at,
            accepted_at=now,
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
            return (done, self._reopen(ask, now=now))
        self.state = CaseState.FOLLOWED_UP
        self.outcome = outcome_of(contacted=True, solved=ask.solved)
        return (done,)

    def _reopen(self, ask: FollowUpCase, *, now: datetime) -> CaseReopened:
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


class RequesterVault(Base):
    """What the requester entrusted to this one case: every field sealed, erased after the retention time."""

    __tablename__ = "requester_vault"
    __table_args__ = (
        sa.Index("requester_vault_expiring", "expires_at", postgresql_where=sa.text("expires_at is not null")),
    )

    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("intake.case.case_id", **DEFERRED), primary_key=True)
    matter: Mapped[str | None]
    name: Mapped[str | None]
    phone: Mapped[str | None]
    id_number: Mapped[str | None]
    address: Mapped[str | None]
    expires_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]

    @classmethod
    def sealing(cls, keys: KeyRing, case_id: UUID, words: Mapping[str, str | None]) -> "RequesterVault":
        vault = cls(case_id=case_id)
        for field in SEALED_FIELDS:
            value = words.get(field)
            setattr(vault, field, seal(keys, value, context=vault.context(field)) if value else None)
        return vault

    def opened(self, keys: KeyRing) -> dict[str, str | None]:
        """Every field in the clear. Whoever calls this masks the result or has put the reading on record."""
        tokens: dict[str, str | None] = {field: getattr(self, field) for field in SEALED_FIELDS}
        return {
            field: open_sealed(keys, token, context=self.context(field)) if token else None
            for field, token in tokens.items()
        }

    def reseal(self, keys: KeyRing) -> bool:
        """Under the newest key. True where anything was under an older one."""
        old = [field for field in SEALED_FIELDS if getattr(self, field) and needs_rotation(keys, getattr(self, field))]
        for field in old:
            setattr(self, field, reseal(keys, getattr(self, field), context=self.context(field)))
        return bool(old)

    def context(self, field: str) -> str:
        """Binds a sealed value to its case and field: moved elsewhere it cannot be opened."""
        return f"{self.case_id}/{field}"

    def erase(self, case_code: str, *, now: datetime) -> RequesterErased:
        for field in SEALED_FIELDS:
            setattr(self, field, None)
        self.expires_at = None
        self.erased_at = now
        return RequesterErased(case_id=self.case_id, case_code=case_code, erased_at=now)


SEALED_FIELDS = ("matter", "name", "phone", "id_number", "address")


class Reveal(Base):
    """Who read what was masked, when and why."""

    __tablename__ = "reveal"

    reveal_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("intake.case.case_id", **DEFERRED))
    actor: Mapped[str]
    reason: Mapped[str]
    fields: Mapped[list[str]] = mapped_column(ARRAY(sa.Text))
    at: Mapped[datetime]

    def revealed(self, case_code: str) -> RequesterRevealed:
        return RequesterRevealed(
            case_id=self.case_id, case_code=case_code, fields=tuple(self.fields), revealed_at=self.at
        )


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
