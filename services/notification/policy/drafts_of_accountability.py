"""What is told of supervision orders, appeals and referrals, to whom, and what leaves nothing to say of them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.notification.policy.draft import Draft
from services.notification.policy.facts import NoticeFacts, NoticeKind
from services.notification.policy.settled import Fact
from shared.contracts.actors import Role
from shared.contracts.base import Event
from shared.contracts.escalation import (
    AppealGranted,
    AppealMade,
    AppealProposed,
    AppealRefused,
    ReferralDecided,
    ReferralDropped,
    ReferralProposed,
    SupervisionAnswered,
    SupervisionClosed,
    SupervisionEnded,
    SupervisionIssued,
    SupervisionRaised,
    SupervisionSentBack,
    SupervisionWithdrawn,
)
from shared.contracts.escalation.appeals import AppealEvent
from shared.contracts.escalation.referrals import ReferralEvent
from shared.contracts.escalation.supervision import SupervisionEvent

LIAISON, LEAD = Role.LIAISON_OFFICER.value, Role.UNIT_LEAD.value
DIRECTOR, COMMANDER, OFFICE = Role.DUTY_DIRECTOR.value, Role.COMMANDER.value, Role.OVERSIGHT_OFFICE.value
Drafts = tuple[Draft, ...]


def _owed(order_id: UUID, round_: int) -> str:
    return f"supervision:{order_id}:{round_}:owed"


def _waits(order_id: UUID) -> str:
    return f"supervision:{order_id}:over"


# -- supervision orders ------------------------------------------------------------------------------------------------


def on_issued(event: SupervisionIssued) -> Drafts:
    """The unit's liaison and its lead: an order is no matter of one person's desk."""
    return _to_unit(event, "supervision", 1, due_at=event.due_at, at=event.issued_at)


def on_sent_back(event: SupervisionSentBack) -> Drafts:
    return _to_unit(event, "supervision_again", event.round, due_at=event.due_at, at=event.sent_back_at)


def on_answered(event: SupervisionAnswered) -> Drafts:
    facts = _order(event, "supervision_answered", event.judge, due_at=None, at=event.answered_at)
    matter = f"supervision:{event.order_id}:{event.round}:answered"
    return (Draft(facts, matter, None, event.case_id, (_waits(event.order_id),)),)


def _to_unit(event: SupervisionEvent, kind: NoticeKind, round_: int, *, due_at: datetime, at: datetime) -> Drafts:
    settled_by = (_owed(event.order_id, round_), _waits(event.order_id))
    return tuple(
        Draft(
            _order(event, kind, post, due_at=due_at, at=at),
            f"supervision:{event.order_id}:{round_}:{post}",
            event.unit,
            event.case_id,
            settled_by,
        )
        for post in (LIAISON, LEAD)
    )


def _order(
    event: SupervisionEvent, kind: NoticeKind, post: str, *, due_at: datetime | None, at: datetime
) -> NoticeFacts:
    return NoticeFacts(
        kind=kind,
        post=post,
        unit=event.unit,
        case_code=event.case_code,
        stage="supervision",
        order=event.level.value,
        due_at=due_at,
        at=at,
    )


def answer_settles(event: SupervisionAnswered) -> tuple[Fact, ...]:
    return (Fact(_owed(event.order_id, event.round), "answered", event.answered_at),)


def _over(event: SupervisionEvent, why: str, at: datetime) -> tuple[Fact, ...]:
    return (Fact(_waits(event.order_id), why, at),)


# -- appeals -----------------------------------------------------------------------------------------------------------


def on_made(event: AppealMade) -> Drafts:
    return (_appeal(event, "appeal_made", DIRECTOR, event.made_at),)


def on_proposed(event: AppealProposed) -> Drafts:
    return (_appeal(event, "appeal_proposed", COMMANDER, event.proposed_at),)


def on_granted(event: AppealGranted) -> Drafts:
    return (_appeal(event, "appeal_granted", LIAISON, event.exempted_at),)


def on_refused(event: AppealRefused) -> Drafts:
    return (_appeal(event, "appeal_refused", LIAISON, event.refused_at),)


def _appeal(event: AppealEvent, kind: NoticeKind, post: str, at: datetime) -> Draft:
    facts = NoticeFacts(kind=kind, post=post, unit=event.unit, case_code=event.case_code, stage=event.stage, at=at)
    unit = event.unit if post == LIAISON else None
    return Draft(facts, f"appeal:{event.appeal_id}:{kind}", unit, event.case_id)


# -- referrals ---------------------------------------------------------------------------------------------------------


def on_referral_proposed(event: ReferralProposed) -> Drafts:
    decided = (_decided(event.referral_id),)
    return (_referral(event, "referral_proposed", COMMANDER, event.proposed_at, decided),)


def on_referral_decided(event: ReferralDecided) -> Drafts:
    """The office hears of what was referred to it, and of nothing else."""
    return (_referral(event, "referred", OFFICE, event.decided_at),) if event.referred else ()


def _referral(
    event: ReferralEvent, kind: NoticeKind, post: str, at: datetime, settled_by: tuple[str, ...] = ()
) -> Draft:
    facts = NoticeFacts(
        kind=kind, post=post, unit=event.unit, case_code=event.case_code, cause=event.cause.value, at=at
    )
    return Draft(facts, f"referral:{event.referral_id}:{kind}", None, event.case_id, settled_by)


def _decided(referral_id: UUID) -> str:
    return f"referral:{referral_id}:decided"


# -- the tables --------------------------------------------------------------------------------------------------------

DRAFTS: Mapping[type[Event], Callable[[Any], Drafts]] = {
    SupervisionIssued: on_issued,
    SupervisionSentBack: on_sent_back,
    SupervisionAnswered: on_answered,
    AppealMade: on_made,
    AppealProposed: on_proposed,
    AppealGranted: on_granted,
    AppealRefused: on_refused,
    ReferralProposed: on_referral_proposed,
    ReferralDecided: on_referral_decided,
}
SETTLES: Mapping[type[Event], Callable[[Any], tuple[Fact, ...]]] = {
    SupervisionAnswered: answer_settles,
    SupervisionClosed: lambda event: _over(event, "judged", event.closed_at),
    SupervisionRaised: lambda event: _over(event, "raised", event.raised_at),
    SupervisionWithdrawn: lambda event: _over(event, "taken_back", event.withdrawn_at),
    SupervisionEnded: lambda event: _over(event, "closed", event.ended_at),
    ReferralDecided: lambda event: (Fact(_decided(event.referral_id), "decided", event.decided_at),),
    ReferralDropped: lambda event: (Fact(_decided(event.referral_id), "decided", event.dropped_at),),
}
