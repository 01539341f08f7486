"""待办: what waits for one person's decision, each with its time and one step away from the act."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from starlette.requests import Request as WebRequest

from services.console.policy.board import LiveRow
from services.console.web.case_facts import RAISED, told_where_needed
from services.console.web.desk import actor_of, may
from shared.contracts.actors import Actor, Role
from shared.contracts.base import Command
from shared.contracts.dispatch import (
    AcceptHandover,
    ApprovePackDraft,
    ApproveSummons,
    DecideDeferral,
    DecideProposal,
    Deferral,
    DesignateUnit,
    HandoverView,
    ListDeferrals,
    ListPackVersions,
    ListProposals,
    ListSummonses,
    ListTriage,
    PackDraftView,
    Proposal,
    ReadWatch,
    RedispatchCase,
    ReleaseSupporter,
    ReturnedSupport,
    SummonsView,
    TriageCase,
)
from shared.contracts.escalation import (
    AnswerReferral,
    AppealView,
    ClockView,
    DecideAppeal,
    DecideReferral,
    JudgeSupervision,
    ListAppeals,
    ListClocks,
    ListReferrals,
    ListSupervision,
    ListVerifications,
    ProposeOnAppeal,
    ReferralView,
    SendVerificationAgain,
    SupervisionLevel,
    SupervisionOrderView,
    TakeUpRaised,
    VerificationTask,
)
from shared.contracts.intake import AcceptCase

COMMAND = frozenset({Role.COMMANDER, Role.DEPUTY_COMMANDER})
REFERRAL_STEPS: dict[str, type[Command[Any]]] = {
    "proposed": DecideReferral,
    "referred": AnswerReferral,
    "answered": DecideReferral,
}


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the services told whoever looks; nothing where it is no matter of theirs."""

    triage: tuple[TriageCase, ...] = ()
    returned: tuple[ReturnedSupport, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    deferrals: tuple[Deferral, ...] = ()
    summonses: tuple[SummonsView, ...] = ()
    supervision: tuple[SupervisionOrderView, ...] = ()
    appeals: tuple[AppealView, ...] = ()
    referrals: tuple[ReferralView, ...] = ()
    unfound: tuple[VerificationTask, ...] = ()
    clocks: tuple[ClockView, ...] = ()
    handover: HandoverView | None = None
    drafts: tuple[PackDraftView, ...] = ()
    rows: tuple[LiveRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """`due`: by when; where nothing is promised, None, and `since` says how long it waits."""

    kind: str
    code: str
    href: str
    since: datetime
    due: datetime | None = None
    unit: str | None = None
    row: LiveRow | None = field(default=None, compare=False)


async def gather(request: WebRequest, rows: tuple[LiveRow, ...]) -> Gathered:
    """Asked at once, as whoever is signed in. `rows`: those of the board that they see."""
    actor = actor_of(request)
    of_cases = asyncio.gather(
        told_where_needed(request, ListTriage, RedispatchCase, limit=1000),
        told_where_needed(request, ListProposals, DecideProposal),
        told_where_needed(request, ListDeferrals, DecideDeferral),
        told_where_needed(request, ListSummonses, ApproveSummons),
        told_where_needed(request, ListVerifications, SendVerificationAgain, state="not_found"),
        told_where_needed(request, ListClocks, TakeUpRaised, stage="dispatch", limit=1000),
    )
    appeals_for = ProposeOnAppeal if may(actor, ProposeOnAppeal) else DecideAppeal
    referrals_for = AnswerReferral if may(actor, AnswerReferral) else DecideReferral
    of_duties = asyncio.gather(
        told_where_needed(request, ListSupervision, JudgeSupervision),
        told_where_needed(request, ListAppeals, appeals_for),
        told_where_needed(request, ListReferrals, referrals_for),
        told_where_needed(request, ReadWatch, AcceptHandover, limit=1),
        told_where_needed(request, ListPackVersions, ApprovePackDraft, waiting=True),
    )
    cases, duties = await asyncio.gather(of_cases, of_duties)
    triage, proposals, deferrals, summonses, unfound, clocks = cases
    supervision, appeals, referrals, watch, rules = duties
    return Gathered(
        triage=triage.cases if triage else (),
        returned=triage.returned_support if triage else (),
        proposals=proposals.proposals if proposals else (),
        deferrals=deferrals.deferrals if deferrals else (),
        summonses=summonses.summonses if summonses else (),
        supervision=supervision.orders if supervision else (),
        appeals=appeals.appeals if appeals else (),
        referrals=referrals.referrals if referrals else (),
        unfound=unfound.tasks if unfound else (),
        clocks=clocks.clocks if clocks else (),
        handover=watch.offered if watch else None,
        drafts=rules.drafts if rules else (),
        rows=rows,
    )


def waiting_for(actor: Actor, told: Gathered) -> list[Item]:
    """What is for this person to decide, and nothing that waits for another: by its time, the oldest first."""
    rows = {live.row.code: live for live in told.rows}
    found = [*_of_the_board(actor, told), *_of_dispatch(actor, told), *_of_escalation(actor, told)]
    items = [Item(i.kind, i.code, i.href, i.since, i.due or _due(rows, i), i.unit, rows.get(i.code)) for i in found]
    return sorted(items, key=lambda item: (item.due or item.since, item.code))


def _due(rows: dict[str, LiveRow], item: Item) -> datetime | None:
    """A case that waits to be sent on is due as the board says."""
    live = rows.get(item.code)
    return live.row.due_at if live and item.kind in {"accept", "triage", "dispute"} else None


def _act(code: str, name: str) -> str:
    return f"/cases/{code}/act/{name}"


def _of_the_board(actor: Actor, told: Gathered) -> Iterator[Item]:
    """Registered by no window: nobody else accepts it."""
    if not may(actor, AcceptCase):
        return
    for live in told.rows:
        row = live.row
        if row.stage == "accept" and row.window is None and row.registered_at is not None:
            yield Item("accept", row.code, _act(row.code, "accept"), row.registered_at)


def _of_dispatch(actor: Actor, told: Gathered) -> Iterator[Item]:
    rules = may(actor, DesignateUnit)
    for case in told.triage:
        if case.desk == "duty_director" and rules:
            yield Item("dispute", case.case_code, _act(case.case_code, "designate"), case.since)
        elif case.desk == "dispatcher" and may(actor, RedispatchCase):
            yield Item("triage", case.case_code, _act(case.case_code, "dispatch"), case.since)
    for order in told.returned:
        if may(actor, ReleaseSupporter) and (rules or order.desk == "dispatcher"):
            act = "insist-supporter" if rules else "release-supporter"
            yield Item("support", order.case_code, _act(order.case_code, act), order.since, unit=order.unit)
    for one in told.proposals if may(actor, DecideProposal) else ():
        yield Item("proposal", one.case_code, _act(one.case_code, "proposal"), one.proposed_at, unit=one.unit)
    for one in told.deferrals if may(actor, DecideDeferral) else ():
        lapses = min(one.due_at, one.until) if one.until else one.due_at
        yield Item("deferral", one.case_code, _act(one.case_code, "deferral"), one.asked_at, lapses, one.unit)
    for one in told.summonses if may(actor, ApproveSummons) else ():
        if one.state == "asked" and one.asked_at is not None:
            yield Item("drill" if one.drill else "summons", one.case_code, f"/summonses/{one.summons_id}", one.asked_at)
    if told.handover is not None and told.handover.incoming == actor.staff:
        yield Item("handover", "", "/handover", told.handover.offered_at)
    for draft in told.drafts if may(actor, ApprovePackDraft) else ():
        if draft.state == "drafted" and draft.drafted_by != actor.staff:
            yield Item("rules", draft.version, f"/rules/proposals/{draft.draft_id}", draft.drafted_at)


def _of_escalation(actor: Actor, told: Gathered) -> Iterator[Item]:
    for order in told.supervision:
        if not (may(actor, JudgeSupervision) and may_judge(actor, order)):
            continue
        if order.state == "answered":
            since = order.answers[-1].answered_at if order.answers else order.issued_at
            yield Item("answer", order.case_code, _act(order.case_code, "judge"), since, unit=order.unit)
        elif order.late and order.level != SupervisionLevel.LISTED:
            raising = _act(order.case_code, "raise")
            yield Item("unanswered", order.case_code, raising, order.issued_at, order.due_at, order.unit)
    for appeal in told.appeals:
        step = {"made": ProposeOnAppeal, "proposed": DecideAppeal}.get(appeal.state)
        if step is not None and may(actor, step):
            address = f"/accountability/appeals/{appeal.appeal_id}"
            yield Item("appeal", appeal.case_code, address, appeal.proposed_at or appeal.made_at, unit=appeal.unit)
    for referral in told.referrals:
        step = REFERRAL_STEPS.get(referral.state)
        if step is not None and may(actor, step) and referral.waits_for_appeal is None:
            address = f"/accountability/referrals/{referral.referral_id}"
            since = referral.answered_at or referral.decided_at or referral.proposed_at
            yield Item("referral", referral.case_code, address, since, unit=referral.unit)
    for task in told.unfound if may(actor, SendVerificationAgain) else ():
        again = _act(task.case_code, "verify-again")
        yield Item("unfound", task.case_code, again, task.assigned_at, task.due_at, task.unit)
    for clock in told.clocks if may(actor, TakeUpRaised) else ():
        if clock.clock.startswith(RAISED) and clock.ended_at is None:
            yield Item("raised", clock.case_code, _act(clock.case_code, "take-up"), clock.started_at, clock.due_at)


def may_judge(actor: Actor, order: SupervisionOrderView) -> bool:
    """The issuer's rank judges, as escalation decides it; what a ladder issued is the director's."""
    issuer = order.issued_by.partition(":")[0]
    if issuer == Role.SYSTEM:
        return actor.role is Role.DUTY_DIRECTOR  # the commander may, but it is the director who is told
    return (issuer in COMMAND) is (actor.role in COMMAND)
