"""回访, 说明, 承诺: in which way a requester is asked, how often a matter comes back, how far a promise reaches."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.errors import (
    FollowUpIncomplete,
    HandlerMayNotFollowUp,
    KindDoesNotCount,
    NotPossibleNow,
    PromiseOutOfBounds,
)
from services.intake.model import Case, closed_loop
from services.intake.policy import CaseState, leads_to, miss_counts, must_raise
from shared.centre.closed_loop import ClosedLoop, FollowUpRule
from shared.contracts.base import CaseEvent
from shared.contracts.intake import (
    CaseFollowedUp,
    CaseRaised,
    CaseReopened,
    DissatisfactionCause,
    FollowUpCase,
    FollowUpKind,
    FollowUpMiss,
    HandlingMode,
    Satisfaction,
)
from tests.unit.intake.given_loop import CODE, NOW, OWNER, delay, explanation, quanzhou
from tests.unit.intake.test_case import case

LOOP = quanzhou().closed_loop
UNIT, LAWFUL = DissatisfactionCause.UNIT, DissatisfactionCause.LAWFUL_RESULT


def forwarded(state: CaseState = CaseState.TO_FOLLOW_UP, level: str = "IV") -> Case:
    one = case(state, mode=HandlingMode.FORWARD)
    one.level = level
    return one


def asked(kind: FollowUpKind = FollowUpKind.TELEPHONE, **given: object) -> FollowUpCase:
    plain = {"contacted": True, "solved": True, "satisfaction": "satisfied", "responded": True}
    ask = {"actor": OWNER, "idempotency_key": "k", "case_code": CODE, "kind": kind}
    return FollowUpCase.model_validate({**ask, **plain, **given})


def missed(kind: FollowUpKind = FollowUpKind.TELEPHONE, why: FollowUpMiss = FollowUpMiss.NO_ANSWER) -> FollowUpCase:
    nothing = {"contacted": False, "solved": None, "satisfaction": None, "responded": None}
    return asked(kind, missed=why, **nothing)


def dissatisfied(cause: DissatisfactionCause = UNIT) -> FollowUpCase:
    return asked(satisfaction=Satisfaction.DISSATISFIED, solved=False, cause=cause)


def follow_up(one: Case, ask: FollowUpCase, *, now: datetime = NOW) -> Sequence[CaseEvent]:
    return closed_loop.follow_up(one, ask, quanzhou(), now=now)


# -- asked in a way that counts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "kind", "counts"),
    [
        ("I", FollowUpKind.VISIT, True),
        ("I", FollowUpKind.TELEPHONE, False),
        ("I", FollowUpKind.MESSAGE, False),
        ("II", FollowUpKind.TELEPHONE, True),
        ("II", FollowUpKind.MESSAGE, False),
        ("IV", FollowUpKind.MESSAGE, True),
    ],
)
def test_the_pack_says_which_way_of_asking_counts(level: str, kind: FollowUpKind, counts: bool) -> None:
    one = forwarded(level=level)
    for ask in (missed(kind), asked(kind)):
        if counts:
            follow_up(one, ask)
            continue
        with pytest.raises(KindDoesNotCount) as refused:
            follow_up(one, ask)
        assert refused.value.field == "kind"
        assert refused.value.facts["kinds"] == list(LOOP.follow_up_for((), level).kinds)  # type: ignore[arg-type]
    assert one.state == (CaseState.FOLLOWED_UP if counts else CaseState.TO_FOLLOW_UP)


def test_the_first_fitting_rule_holds_and_a_category_means_all_below_it() -> None:
    wages = FollowUpRule(categories=("labour",), kinds=("visit",), source="样例")
    grave = FollowUpRule(levels=("I",), kinds=("message",), source="样例")
    loop = ClosedLoop(follow_ups=(wages, grave))
    assert loop.follow_up_for(("labour.wages", "labour"), "I") is wages
    assert loop.follow_up_for(("noise",), "I") is grave
    assert set(loop.follow_up_for(("noise",), "IV").kinds) == {"telephone", "visit", "message"}


@pytest.mark.parametrize(
    ("spoilt", "field"),
    [
        ({"responded": None}, "responded"),
        ({"missed": "refused"}, "missed"),
        ({"contacted": False, "missed": None}, "missed"),
    ],
)
def test_what_is_missing_or_contradicts_itself_is_named(spoilt: dict[str, object], field: str) -> None:
    one = forwarded()
    with pytest.raises(FollowUpIncomplete) as refused:
        follow_up(one, asked(**spoilt))
    assert (refused.value.field, one.attempts) == (field, 0)


def test_whether_the_unit_spoke_with_the_requester_is_not_asked_of_the_windows_own() -> None:
    one = case(CaseState.TO_FOLLOW_UP, mode=HandlingMode.SELF)
    follow_up(one, asked(responded=None))
    assert one.state == CaseState.FOLLOWED_UP


def test_whoever_handled_or_verified_does_not_ask_about_it() -> None:
    one = forwarded()
    one.note_handler("grid.7")
    one.note_handler(OWNER.staff)
    with pytest.raises(HandlerMayNotFollowUp) as refused:
        follow_up(one, asked())
    assert (refused.value.field, one.attempts) == ("actor.staff", 0)
    colleague = OWNER.model_copy(update={"staff": "clerk.9"})
    follow_up(one, asked(actor=colleague))
    assert one.state == CaseState.FOLLOWED_UP


def test_what_the_window_handled_itself_it_also_asks_about() -> None:
    one = case(CaseState.TO_FOLLOW_UP, mode=HandlingMode.SELF)
    one.note_handler(OWNER.staff)
    follow_up(one, asked())
    assert one.state == CaseState.FOLLOWED_UP


# -- not reached -------------------------------------------------------------------------------------------------------


def test_attempts_of_one_day_count_once_where_the_pack_wants_days_between() -> None:
    one, rule = forwarded(level="I"), LOOP.follow_up_for((), "I")
    assert (rule.attempts, rule.days_apart) == (3, 1)
    for day in range(3):
        for hour in range(2):
            follow_up(one, missed(FollowUpKind.VISIT), now=NOW + timedelta(days=day, hours=hour))
        if day < 2:
            with pytest.raises(NotPossibleNow) as refused:
                one.close(rule, by=OWNER, now=NOW)
            assert f"{day + 1} of 3" in refused.value.message
    assert (one.attempts, one.misses) == (6, 3)
    assert one.close(rule, by=OWNER, now=NOW).outcome == "unreachable"


def test_days_are_those_of_the_place() -> None:
    before = datetime.fromisoformat("2026-11-23T23:50:00+08:00")
    after = datetime.fromisoformat("2026-11-24T00:10:00+08:00")
    zone = before.tzinfo
    assert zone is not None
    assert miss_counts(before, after, days_apart=1, zone=zone)
    assert not miss_counts(after, after + timedelta(hours=23), days_apart=1, zone=zone)


# -- dissatisfied ------------------------------------------------------------------------------------------------------


def test_it_comes_back_as_often_as_the_pack_allows_then_it_is_explained_and_over() -> None:
    one = forwarded()
    kinds: list[list[type[CaseEvent]]] = []
    for _ in range(3):
        one.state = CaseState.TO_FOLLOW_UP
        kinds.append([type(event) for event in follow_up(one, dissatisfied())])
    assert kinds == [
        [CaseFollowedUp, CaseReopened],
        [CaseFollowedUp, CaseReopened, CaseRaised],
        [CaseFollowedUp, CaseRaised],
    ]
    assert (one.state, one.round) == (CaseState.TO_EXPLAIN, 3)
    with pytest.raises(NotPossibleNow):
        one.close(closed_loop.rule_of(one, quanzhou()), by=OWNER, now=NOW)
    with pytest.raises(NotPossibleNow):
        follow_up(one, dissatisfied())
    told = closed_loop.explain(one, explanation(), now=NOW)
    assert "条例" not in told.model_dump_json()
    assert one.close(closed_loop.rule_of(one, quanzhou()), by=OWNER, now=NOW).outcome == "explained"


@pytest.mark.parametrize("cause", [LAWFUL, DissatisfactionCause.OTHER])
def test_the_same_facts_after_lawful_handling_are_explained_and_nobody_is_raised(cause: DissatisfactionCause) -> None:
    one = forwarded()
    (told,) = follow_up(one, dissatisfied(cause))
    assert isinstance(told, CaseFollowedUp)
    assert (told.leads_to, one.state) == ("to_explain", CaseState.TO_EXPLAIN)


@given(st.lists(st.sampled_from(DissatisfactionCause), max_size=12), st.integers(0, 4))
@settings(deadline=None)
def test_no_row_of_answers_reopens_for_ever(causes: list[DissatisfactionCause], most: int) -> None:
    reopenings = 0
    for cause in causes:
        led = leads_to(Satisfaction.DISSATISFIED, cause, reopenings=reopenings, reopenings_max=most)
        if led == "reopened":
            assert cause is UNIT
            reopenings += 1
        elif cause is UNIT:
            assert must_raise(cause, reopenings=reopenings, reopenings_max=most), "never ended in silence"
    assert reopenings <= most


# -- promises ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("promised_for", "words"),
    [
        (NOW, "past"),
        (NOW - timedelta(days=1), "past"),
        (NOW + timedelta(days=LOOP.promise_days_max, minutes=1), "most"),
    ],
)
def test_a_promise_lies_ahead_and_not_too_far(promised_for: datetime, words: str) -> None:
    one = forwarded(CaseState.HANDLING)
    with pytest.raises(PromiseOutOfBounds, match=words) as refused:
        closed_loop.explain_delay(one, delay(promised_for=promised_for), LOOP, now=NOW)
    assert (refused.value.field, one.promises, one.promised_for) == ("promised_for", 0, None)


def test_a_promise_is_renewed_a_bounded_number_of_times_and_only_to_a_later_date() -> None:
    one = forwarded(CaseState.HANDLING)
    for number in range(1, LOOP.promises_max + 1):
        date = NOW + timedelta(days=number)
        told = closed_loop.explain_delay(one, delay(promised_for=date), LOOP, now=NOW)
        assert (told.number, told.promised_for) == (number, date)
        with pytest.raises(PromiseOutOfBounds):
            closed_loop.explain_delay(one, delay(promised_for=date), LOOP, now=NOW)
    with pytest.raises(PromiseOutOfBounds) as refused:
        closed_loop.explain_delay(one, delay(promised_for=NOW + timedelta(days=9)), LOOP, now=NOW)
    assert refused.value.field == "case_code"


def test_whoever_was_spoken_with_is_promised_nothing_any_more() -> None:
    one = forwarded(CaseState.HANDLING)
    closed_loop.explain_delay(one, delay(), LOOP, now=NOW)
    one.verified()
    follow_up(one, missed())
    assert one.promised_for is not None
    follow_up(one, asked())
    assert (one.promised_for, one.promised_at) == (None, None)
