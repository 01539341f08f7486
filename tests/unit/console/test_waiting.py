"""待办: everybody sees what is theirs to decide, the earliest first, and nothing that waits for another."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.console.policy.board import LiveRow, Row
from services.console.web.waiting import Gathered, may_judge, waiting_for
from shared.contracts.actors import Actor, Role
from shared.contracts.dispatch import SummonsGround, SummonsView, TriageCase
from shared.contracts.escalation import AppealReason, AppealView, ClockView, ReferralCause, ReferralView
from tests.unit.console import waiting as given


def actor(role: Role) -> Actor:
    return Actor(staff="x.1", role=role)


def triage(desk: Any) -> TriageCase:
    return TriageCase(
        case_code=given.CODE, category=None, place=None, level="IV", reason="x", returns=1, since=given.NOON, desk=desk
    )


def summons(state: str = "asked", *, drill: bool = False) -> SummonsView:
    return SummonsView(
        summons_id=given.number(9),
        case_code=given.CODE,
        drill=drill,
        state=state,
        ground=SummonsGround.URGENT,
        asked_by="duty_director:d.1",
        approved_by=None,
        units=(),
        asked_at=given.NOON,
    )


def appeal(state: Any) -> AppealView:
    known = dict.fromkeys(
        ("words", "advice", "proposed_by", "proposed_at", "decided_by", "decided_at", "exempted_at"), None
    )
    return AppealView(
        appeal_id=given.number(10),
        case_code=given.CODE,
        clock="k",
        stage="sign_off",
        unit="police",
        state=state,
        fired_at=given.NOON,
        reason=AppealReason.NOT_REACHED,
        made_by="liaison_officer:l",
        made_at=given.NOON,
        **known,  # type: ignore[arg-type]
    )


def referral(state: Any, *, waits: UUID | None = None) -> ReferralView:
    known = dict.fromkeys(
        ("decided_by", "decided_at", "reason", "result", "words", "answered_by", "answered_at", "closed_at"), None
    )
    return ReferralView(
        referral_id=given.number(11),
        case_code=given.CODE,
        unit="police",
        cause=ReferralCause.OVERDUE,
        state=state,
        evidence=(),
        waits_for_appeal=waits,
        proposed_at=given.NOON,
        **known,  # type: ignore[arg-type]
    )


def clock(key: str) -> ClockView:
    return ClockView(
        clock=key,
        case_code=given.CODE,
        stage="dispatch",
        owes="duty_director",
        state="running",
        started_at=given.NOON,
        due_at=given.NOON + timedelta(hours=1),
        limit="15 minute",
        limit_source="x",
        fired_at=None,
        ended_at=None,
    )


DECIDERS = (Role.DISPATCHER, Role.DUTY_DIRECTOR, Role.COMMANDER, Role.OVERSIGHT_OFFICE)


@pytest.mark.parametrize(
    ("told", "kind", "for_whom"),
    [
        (Gathered(triage=(triage("dispatcher"),)), "triage", {Role.DISPATCHER, Role.DUTY_DIRECTOR}),
        (Gathered(triage=(triage("duty_director"),)), "dispute", {Role.DUTY_DIRECTOR}),
        (Gathered(returned=(given.returned("police"),)), "support", {Role.DUTY_DIRECTOR}),
        (Gathered(summonses=(summons(),)), "summons", {Role.COMMANDER}),
        (Gathered(summonses=(summons(drill=True),)), "drill", {Role.COMMANDER}),
        (Gathered(summonses=(summons("running"),)), "summons", set()),
        (Gathered(supervision=(given.supervision("answered"),)), "answer", {Role.DUTY_DIRECTOR}),
        (Gathered(supervision=(given.supervision("open", late=True),)), "unanswered", {Role.DUTY_DIRECTOR}),
        (Gathered(supervision=(given.supervision("open"),)), "unanswered", set()),
        (Gathered(appeals=(appeal("made"),)), "appeal", {Role.DUTY_DIRECTOR}),
        (Gathered(appeals=(appeal("proposed"),)), "appeal", {Role.COMMANDER}),
        (Gathered(referrals=(referral("proposed"),)), "referral", {Role.COMMANDER}),
        (Gathered(referrals=(referral("proposed", waits=given.number(10)),)), "referral", set()),
        (Gathered(referrals=(referral("referred"),)), "referral", {Role.OVERSIGHT_OFFICE}),
        (Gathered(referrals=(referral("answered"),)), "referral", {Role.COMMANDER}),
        (Gathered(drafts=(given.draft(),)), "rules", {Role.DUTY_DIRECTOR, Role.COMMANDER}),
        (Gathered(drafts=(given.draft(by="x.1"),)), "rules", set()),
        (Gathered(drafts=(given.draft("approved"),)), "rules", set()),
        (Gathered(clocks=(clock("raised:x"),)), "raised", {Role.DUTY_DIRECTOR, Role.COMMANDER}),
        (Gathered(clocks=(clock("dispatch:x"),)), "raised", set()),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_each_thing_waits_for_whom_it_is_for(told: Gathered, kind: str, for_whom: set[Role]) -> None:
    seen = {role for role in DECIDERS if any(item.kind == kind for item in waiting_for(actor(role), told))}
    assert seen == for_whom


def test_what_is_due_first_stands_first_and_a_case_is_due_as_the_board_says() -> None:
    due = given.NOON - timedelta(minutes=5)
    row = LiveRow(id=given.number(1), version=1, row=Row(code=given.CODE, stage="dispatch", due_at=due, shown=True))
    told = Gathered(deferrals=(given.deferral(),), triage=(triage("duty_director"),), rows=(row,))
    items = waiting_for(actor(Role.DUTY_DIRECTOR), told)
    assert [(item.kind, item.due) for item in items] == [("dispute", due), ("deferral", given.NOON)]
    assert items[0].href == f"/cases/{given.CODE}/act/designate"


def test_only_what_no_window_registered_waits_to_be_accepted() -> None:
    def row(n: int, window: str | None) -> LiveRow:
        fields: dict[str, Any] = {"stage": "accept", "window": window, "registered_at": given.NOON, "shown": True}
        return LiveRow(id=given.number(n), version=1, row=Row(code=given.CODE, **fields))

    told = Gathered(rows=(row(1, None), row(2, "desk.general")))
    assert [item.kind for item in waiting_for(actor(Role.DISPATCHER), told)] == ["accept"]


@pytest.mark.parametrize(
    ("issuer", "judges"),
    [
        ("duty_director:d", {Role.DUTY_DIRECTOR}),
        ("commander:c", {Role.COMMANDER, Role.DEPUTY_COMMANDER}),
        ("deputy_commander:c", {Role.COMMANDER, Role.DEPUTY_COMMANDER}),
        ("system:escalation", {Role.DUTY_DIRECTOR}),
    ],
)
def test_an_answer_waits_for_the_issuers_rank(issuer: str, judges: set[Role]) -> None:
    order = given.supervision("answered", issued_by=issuer)
    roles = (Role.DUTY_DIRECTOR, Role.COMMANDER, Role.DEPUTY_COMMANDER)
    assert {role for role in roles if may_judge(actor(role), order)} == judges
