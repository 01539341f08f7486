"""What is told of which event, to whom, and what settles it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.notification.policy.drafts import Draft, drafts
from services.notification.policy.facts import NoticeFacts
from services.notification.policy.settled import Fact, arrival_settled_by, needless, order_settled_by, unit_key
from services.notification.policy.settling import settles
from services.notification.subscribers import HANDLERS
from shared.contracts import dispatch, escalation
from shared.contracts.base import Event

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
UNIT, FIRST = "labour-rights", "clerk.1"
ORDER, SUMMONS = uuid4(), uuid4()

PLAIN: dict[str, Any] = {
    "case_id": uuid4(),
    "case_code": "drill",
    "unit": UNIT,
    "goes_to": "dispatcher",
    "round": 1,
    "number": 1,
    "work_order_id": ORDER,
    "summons_id": SUMMONS,
    "deferral_id": uuid4(),
    "handover_id": uuid4(),
    "ruling_id": uuid4(),
    "notice_id": uuid4(),
    "kind": "extension",
    "first_receiver": FIRST,
    "instead_of": (),
    "role": "lead",
    "reached_by": "desk",
    "category": None,
    "place": None,
    "level": "IV",
    "pack_version": "0" * 12,
    "provisional": False,
    "returns": 0,
    "outgoing": "director.1",
    "incoming": "director.2",
    "open_cases": 1,
    "running_summonses": 0,
    "roster": "liaisons",
    "clock": "sign_off:x",
    "stage": "sign_off",
    "owes": UNIT,
    "step": 1,
    "post": "duty_director",
    "action": "overdue",
    "outcome": "solved",
    "reason": "not_our_duty",
    "suggested_unit": None,
    "cause": "released",
    "reported_by": "li.1",
    "substitute": "li.2",
    "order_id": uuid4(),
    "appeal_id": uuid4(),
    "referral_id": uuid4(),
    "issued_by": "director.1",
    "answered_by": "li.1",
    "judged_by": "director.1",
    "judge": "duty_director",
    "raised_by": "commander.1",
    "raised_to": "listed",
    "withdrawn_by": "director.1",
    "answered": False,
    "made_by": "li.1",
    "advice": "support",
    "proposed_by": "director.1",
    "decided_by": "commander.1",
    "referred": True,
    "evidence": (),
}


# The same names, other words: those of orders and referrals.
OF_ORDERS = {"level": "reminder", "instead_of": None, "outcome": "accepted", "cause": "overdue"}


def made(event: type[Event], **given: Any) -> Event:
    instants = {name: NOW for name in event.model_fields if name.endswith(("_at", "_to", "_since")) or name == "until"}
    known = PLAIN | OF_ORDERS if event.TYPE.split(".")[1] in ("supervision", "referral") else PLAIN
    plain = {name: value for name, value in known.items() if name in event.model_fields}
    return event.model_validate({**instants, **plain, **given})


def told(event: Event) -> list[tuple[str, str, str | None]]:
    return [(draft.facts.kind, draft.facts.post, draft.unit) for draft in drafts(event)]


LIAISON = ("liaison_officer", UNIT)
CASES: list[tuple[Event, list[tuple[str, str, str | None]]]] = [
    (made(dispatch.WorkOrderDispatched), [("work_order", *LIAISON)]),
    (made(dispatch.WorkOrderDispatched, designated=True), [("designated", *LIAISON)]),
    (made(dispatch.CaseDesignated), [("designated", *LIAISON)]),
    (made(dispatch.WorkOrderReopened, cause="not_verified"), [("reopened", *LIAISON)]),
    (made(dispatch.SummonsUnitCannotCome), [("cannot_come", "duty_director", None)]),
    (
        made(dispatch.DutyGapFound, kind="liaison"),
        [("duty_gap", "duty_director", None), ("duty_gap", "dispatcher", None)],
    ),
    (made(dispatch.HandoverOffered), [("handover", "director.2", None)]),
    (made(dispatch.DeferralAsked), [("extension_asked", "duty_director", None)]),
    (made(dispatch.DeferralAsked, kind="suspension"), [("suspension_asked", "duty_director", None)]),
    (made(dispatch.DeferralRefused), [("deferral_refused", *LIAISON), ("deferral_refused", FIRST, None)]),
    (made(dispatch.ExtensionApproved), [("extended", *LIAISON), ("extended", FIRST, None)]),
    (made(dispatch.SuspensionApproved), [("suspended", *LIAISON), ("suspended", FIRST, None)]),
    (made(dispatch.SuspensionEnded), [("resumed", *LIAISON), ("resumed", FIRST, None)]),
    (made(escalation.NoticeIssued, unit=None, summons_id=None), [("clock", "duty_director", None)]),
    (
        made(escalation.NoticeIssued, unit=None, work_order_id=None, stage="arrival"),
        [("summons", "duty_director", None)],
    ),
    (made(dispatch.SummonsUnitArrived), []),
    (made(escalation.SupervisionIssued), [("supervision", *LIAISON), ("supervision", "unit_lead", UNIT)]),
    (made(escalation.SupervisionSentBack), [("supervision_again", *LIAISON), ("supervision_again", "unit_lead", UNIT)]),
    (made(escalation.SupervisionAnswered, judge="commander"), [("supervision_answered", "commander", None)]),
    (made(escalation.SupervisionClosed), []),
    (made(escalation.AppealMade, reason="not_reached"), [("appeal_made", "duty_director", None)]),
    (made(escalation.AppealProposed), [("appeal_proposed", "commander", None)]),
    (made(escalation.AppealGranted), [("appeal_granted", *LIAISON)]),
    (made(escalation.AppealRefused), [("appeal_refused", *LIAISON)]),
    (made(escalation.ReferralProposed), [("referral_proposed", "commander", None)]),
    (made(escalation.ReferralDecided), [("referred", "oversight_office", None)]),
    (made(escalation.ReferralDecided, referred=False), []),
]


@pytest.mark.parametrize(("event", "expected"), CASES, ids=lambda one: getattr(one, "TYPE", ""))
def test_who_is_told_what(event: Event, expected: list[tuple[str, str, str | None]]) -> None:
    assert told(event) == expected


def test_every_event_that_is_told_is_heard() -> None:
    assert {event.TYPE for event, expected in CASES if expected} <= HANDLERS.keys()


SETTLING = [
    (dispatch.SummonsUnitAcknowledged, {"acknowledged"}),
    (dispatch.SummonsUnitOnTheWay, {"acknowledged", "on_the_way"}),
    (dispatch.SummonsUnitSubstituteSent, {"acknowledged", "on_the_way"}),
    (dispatch.SummonsUnitCannotCome, {"acknowledged"}),
    (dispatch.SummonsUnitArrived, {"arrived"}),
    (dispatch.SummonsUnitNotArrived, {"not_arrived"}),
    (dispatch.WorkOrderSignedOff, {"signed_off"}),
    (dispatch.WorkOrderReturned, {"returned"}),
    (dispatch.WorkOrderWithdrawn, {"withdrawn"}),
    (dispatch.WorkOrderReportedBack, {"reported_back"}),
    (dispatch.DeferralRefused, {"decided"}),
    (dispatch.ExtensionApproved, {"decided"}),
    (dispatch.SuspensionApproved, {"decided"}),
    (dispatch.HandoverAccepted, {"accepted"}),
    (dispatch.CaseDesignated, set[str]()),
    (escalation.SupervisionAnswered, {"answered"}),
    (escalation.SupervisionClosed, {"judged"}),
    (escalation.SupervisionRaised, {"raised"}),
    (escalation.SupervisionWithdrawn, {"taken_back"}),
    (escalation.SupervisionEnded, {"closed"}),
    (escalation.ReferralDropped, {"decided"}),
]


@pytest.mark.parametrize(("event", "words"), SETTLING, ids=lambda one: getattr(one, "TYPE", ""))
def test_what_settles_what(event: type[Event], words: set[str]) -> None:
    facts = settles(made(event))
    assert {fact.why for fact in facts} == words
    assert event.TYPE in HANDLERS
    assert len({fact.key for fact in facts}) == len(words)


@pytest.mark.parametrize("outcome", ["assembled", "incomplete", "stood_down"])
@pytest.mark.parametrize(("action", "late"), [(None, False), ("remind", False), ("overdue", True), ("end", True)])
def test_the_end_of_a_summons_settles_its_rungs(outcome: str, action: str | None, late: bool) -> None:
    (fact,) = settles(made(dispatch.SummonsEnded, outcome=outcome))
    named = arrival_settled_by(SUMMONS, UNIT, action=action)
    spared = needless(named, {fact.key: fact}, issued_at=NOW)
    assert spared == (None if late and outcome == "incomplete" else outcome)


@pytest.mark.parametrize(
    ("stage", "act", "needless_now"),
    [
        ("sign_off", "signed_off", True),
        ("sign_off", "reported_back", True),
        ("report_back", "signed_off", False),
        ("report_back", "reported_back", True),
        ("report_back", "withdrawn", True),
        ("verify", "reported_back", False),
        (None, "reported_back", False),
    ],
)
def test_a_stage_is_settled_by_its_own_acts(stage: str | None, act: str, needless_now: bool) -> None:
    key = f"work_order:{ORDER}:{act}"
    assert (key in order_settled_by(ORDER, stage)) is needless_now


def test_on_the_way_counts_for_what_was_issued_before_it() -> None:
    key = unit_key(SUMMONS, UNIT, "on_the_way")
    fact = {key: Fact(key, "on_the_way", NOW)}
    named = arrival_settled_by(SUMMONS, UNIT, action="remind", unless="on_the_way")
    assert needless(named, fact, issued_at=NOW - timedelta(minutes=1)) == "on_the_way"
    assert needless(named, fact, issued_at=NOW + timedelta(minutes=1)) is None


def test_one_unit_never_silences_another() -> None:
    facts = {fact.key: fact for fact in settles(made(dispatch.SummonsUnitArrived))}
    assert needless(arrival_settled_by(SUMMONS, UNIT, action=None), facts, issued_at=None) == "arrived"
    assert needless(arrival_settled_by(SUMMONS, "legal-aid", action=None), facts, issued_at=None) is None
    assert needless(arrival_settled_by(uuid4(), UNIT, action=None), facts, issued_at=None) is None


def test_each_reopening_is_a_matter_of_its_own_and_a_sign_off_does_not_silence_it() -> None:
    (second,) = drafts(made(dispatch.WorkOrderReopened, cause="not_verified", round=2))
    (third,) = drafts(made(dispatch.WorkOrderReopened, cause="not_verified", round=3))
    (order,) = drafts(made(dispatch.WorkOrderDispatched))
    assert len({second.matter, third.matter, order.matter}) == 3
    assert f"work_order:{ORDER}:signed_off" not in second.settled_by


def test_designation_and_its_work_order_are_one_matter() -> None:
    (order,) = drafts(made(dispatch.WorkOrderDispatched, designated=True))
    (ruling,) = drafts(made(dispatch.CaseDesignated))
    assert order.matter == ruling.matter


def test_facts_come_back_from_the_table_as_they_were() -> None:
    for event, _ in CASES:
        for draft in drafts(event):
            kept = draft.facts.model_dump(mode="json", exclude_defaults=True)
            assert NoticeFacts.model_validate(kept) == draft.facts


def test_only_a_rung_is_a_word_about_the_summons_itself() -> None:
    """Dispatch marks a unit notified by it."""
    summons: list[Draft] = [draft for event, _ in CASES for draft in drafts(event) if draft.summons_id is not None]
    assert [draft.facts.kind for draft in summons] == ["summons"]
