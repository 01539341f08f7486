"""What is to be told of an event, and to which posts. Pure: who a post is, is found when the notice is planned."""

from datetime import datetime
from functools import singledispatch
from uuid import UUID

from services.notification.policy import drafts_of_accountability as accountability
from services.notification.policy.draft import Draft
from services.notification.policy.facts import NoticeFacts, NoticeKind
from services.notification.policy.settled import (
    ORDER_ENDS,
    arrival_settled_by,
    deferral_key,
    handover_key,
    order_arrival_settled_by,
    order_key,
    order_settled_by,
)
from shared.contracts.actors import Role
from shared.contracts.base import Event
from shared.contracts.dispatch import (
    CaseDesignated,
    DeferralAsked,
    DeferralKind,
    DeferralRefused,
    DutyGapFound,
    ExtensionApproved,
    HandoverOffered,
    SummonsUnitCannotCome,
    SuspensionApproved,
    SuspensionEnded,
    WorkOrderDispatched,
    WorkOrderReopened,
)
from shared.contracts.dispatch.work_orders import DeferralEvent
from shared.contracts.escalation import NoticeIssued

LIAISON, DIRECTOR, DISPATCHER = Role.LIAISON_OFFICER.value, Role.DUTY_DIRECTOR.value, Role.DISPATCHER.value
URGENT: frozenset[NoticeKind] = frozenset({"summons", "cannot_come", "stood_down"})
"""They go first, never wait for company, and reach for the next channel after a minute."""

_UNIT_STAGES = frozenset({"contact", "sign_off", "return", "handle", "report_back", "arrival", "supervision"})


@singledispatch
def drafts(_event: Event) -> tuple[Draft, ...]:
    """Nothing, for events nobody has to be told of."""
    return ()


@drafts.register
def _(event: NoticeIssued) -> tuple[Draft, ...]:
    summons = event.summons_id is not None
    about = event.owes if event.stage in _UNIT_STAGES else None
    settled_by = (
        arrival_settled_by(event.summons_id, event.owes, action=event.action)
        if event.summons_id is not None
        else ()
        if event.work_order_id is None
        else order_settled_by(event.work_order_id, event.stage)
    )
    facts = NoticeFacts(
        kind="summons" if summons else "clock",
        post=event.post,
        unit=event.unit or about,
        case_code=event.case_code,
        stage=event.stage,
        due_at=event.due_at,
        step=event.step,
        action=event.action,
        why=event.why,
        summons_id=event.summons_id,
        work_order_id=event.work_order_id,
        drill=event.drill,
        at=event.issued_at,
    )
    matter = f"{event.clock}:{event.step}:{event.why}"
    draft = Draft(facts, matter, event.unit, event.case_id, settled_by, event.clock, notice_id=event.notice_id)
    return (draft,)


@drafts.register
def _(event: WorkOrderDispatched) -> tuple[Draft, ...]:
    facts = NoticeFacts(
        kind="designated" if event.designated else "work_order",
        post=LIAISON,
        unit=event.unit,
        case_code=event.case_code,
        category=event.category,
        place=event.place,
        level=event.level,
        pack_version=event.pack_version,
        work_order_id=event.work_order_id,
        role=event.role,
        at=event.dispatched_at,
    )
    settled_by = order_arrival_settled_by(event.work_order_id)
    return (Draft(facts, _order_matter(event.case_id, event.unit), event.unit, event.case_id, settled_by),)


@drafts.register
def _(event: CaseDesignated) -> tuple[Draft, ...]:
    """The work order that goes with it tells the same: whichever comes first is told."""
    facts = NoticeFacts(
        kind="designated",
        post=LIAISON,
        unit=event.unit,
        case_code=event.case_code,
        category=event.category,
        place=event.place,
        at=event.designated_at,
    )
    return (Draft(facts, _order_matter(event.case_id, event.unit), event.unit, event.case_id),)


@drafts.register
def _(event: WorkOrderReopened) -> tuple[Draft, ...]:
    """重办: it was signed off once, so only another end of it leaves nothing to say."""
    facts = NoticeFacts(
        kind="reopened",
        post=LIAISON,
        unit=event.unit,
        case_code=event.case_code,
        category=event.category,
        place=event.place,
        level=event.level,
        pack_version=event.pack_version,
        work_order_id=event.work_order_id,
        cause=event.cause.value,
        at=event.reopened_at,
    )
    matter = f"reopened:{event.work_order_id}:{event.round}"
    settled_by = tuple(order_key(event.work_order_id, end) for end in ORDER_ENDS)
    return (Draft(facts, matter, event.unit, event.case_id, settled_by),)


@drafts.register
def _(event: SummonsUnitCannotCome) -> tuple[Draft, ...]:
    """At once to the duty director: somebody has to be found in time (DOMAIN: duty and summons, 3)."""
    facts = NoticeFacts(
        kind="cannot_come",
        post=DIRECTOR,
        unit=event.unit,
        case_code=event.case_code,
        summons_id=event.summons_id,
        drill=event.drill,
        at=event.told_at,
    )
    settled_by = arrival_settled_by(event.summons_id, event.unit, action=None)
    matter = f"cannot_come:{event.summons_id}:{event.unit}"
    return (Draft(facts, matter, None, event.case_id, settled_by),)


@drafts.register
def _(event: DutyGapFound) -> tuple[Draft, ...]:
    return tuple(_gap(event, post) for post in (DIRECTOR, DISPATCHER))


def _gap(event: DutyGapFound, post: str) -> Draft:
    facts = NoticeFacts(
        kind="duty_gap",
        post=post,
        unit=event.unit,
        roster=event.roster,
        roster_kind=event.kind,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        at=event.found_at,
    )
    return Draft(facts, f"duty_gap:{event.roster}:{event.starts_at.isoformat()}:{post}")


@drafts.register
def _(event: HandoverOffered) -> tuple[Draft, ...]:
    facts = NoticeFacts(
        kind="handover",
        post=event.incoming,
        outgoing=event.outgoing,
        open_cases=event.open_cases,
        running_summonses=event.running_summonses,
        at=event.offered_at,
    )
    return (Draft(facts, f"handover:{event.handover_id}", settled_by=(handover_key(event.handover_id),)),)


# -- more time for a work order ----------------------------------------------------------------------------------------


@drafts.register
def _(event: DeferralAsked) -> tuple[Draft, ...]:
    kind: NoticeKind = "extension_asked" if event.kind is DeferralKind.EXTENSION else "suspension_asked"
    facts = _deferral(event, kind, DIRECTOR, due_at=event.due_at, at=event.asked_at)
    matter = f"deferral:{event.deferral_id}:asked"
    return (Draft(facts, matter, None, event.case_id, (deferral_key(event.deferral_id),)),)


@drafts.register
def _(event: DeferralRefused) -> tuple[Draft, ...]:
    return _decided(event, "deferral_refused", due_at=event.due_at, ends_at=None, at=event.refused_at)


@drafts.register
def _(event: ExtensionApproved) -> tuple[Draft, ...]:
    return _decided(event, "extended", due_at=event.due_at, ends_at=event.extended_to, at=event.approved_at)


@drafts.register
def _(event: SuspensionApproved) -> tuple[Draft, ...]:
    return _decided(event, "suspended", due_at=event.due_at, ends_at=event.until, at=event.suspended_at)


@drafts.register
def _(event: SuspensionEnded) -> tuple[Draft, ...]:
    return _decided(event, "resumed", due_at=event.due_at, ends_at=None, at=event.resumed_at)


def _decided(
    event: DeferralEvent, kind: NoticeKind, *, due_at: datetime, ends_at: datetime | None, at: datetime
) -> tuple[Draft, ...]:
    """To the unit, and to the first receiver, whom the requester asks."""
    matter = f"deferral:{event.deferral_id}:{kind}"
    unit = _deferral(event, kind, LIAISON, due_at=due_at, ends_at=ends_at, at=at)
    first = _deferral(event, kind, event.first_receiver, due_at=due_at, ends_at=ends_at, at=at)
    return (
        Draft(unit, matter, event.unit, event.case_id),
        Draft(first, matter, None, event.case_id),
    )


def _deferral(
    event: DeferralEvent,
    kind: NoticeKind,
    post: str,
    *,
    due_at: datetime,
    at: datetime,
    ends_at: datetime | None = None,
) -> NoticeFacts:
    return NoticeFacts(
        kind=kind,
        post=post,
        unit=event.unit,
        case_code=event.case_code,
        stage="report_back",
        due_at=due_at,
        ends_at=ends_at,
        work_order_id=event.work_order_id,
        first_receiver=event.first_receiver,
        at=at,
    )


def _order_matter(case_id: UUID, unit: str) -> str:
    return f"order:{case_id}:{unit}"


# -- supervision, appeals, referrals -----------------------------------------------------------------------------------

for _told, _drafts_of in accountability.DRAFTS.items():
    drafts.register(_told, _drafts_of)
