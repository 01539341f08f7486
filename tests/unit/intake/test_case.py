"""The verbs of a case: what is possible in which state, and what is refused."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.errors import FollowUpIncomplete, NotFirstReceiver, NothingToCorrect, NotPossibleNow
from services.intake.model import Case, closed_loop
from services.intake.policy import POSSIBLE, CaseState
from shared.contracts.actors import Actor, Role, system
from shared.contracts.base import CaseEvent
from shared.contracts.intake import (
    CaseClosed,
    CaseCorrected,
    CaseReopened,
    DeclineReason,
    DissatisfactionCause,
    FollowUpCase,
    FollowUpKind,
    FollowUpMiss,
    HandlingMode,
    Satisfaction,
)
from shared.errors import Refused
from tests.unit.intake.given_loop import delay, explanation, quanzhou

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
OWNER = Actor(staff="clerk.1", role=Role.INTAKE_CLERK, window="general")
STRANGER = Actor(staff="clerk.2", role=Role.INTAKE_CLERK, window="other")


def case(state: CaseState = CaseState.REGISTERED, *, mode: HandlingMode | None = None) -> Case:
    return Case(
        case_id=uuid4(),
        case_code="26-0000001-4",
        source="window",
        category=None,
        place=None,
        level="IV",
        flags=["safety"],
        handling_mode=mode,
        state=state,
        owner=OWNER.staff,
        window=OWNER.window,
        round=1,
        attempts=0,
        misses=0,
        promises=0,
        handled_by=[],
        pack_version="v1",
        received_at=NOW,
        registered_at=NOW,
    )


def follow_up(
    *,
    actor: Actor = OWNER,
    contacted: bool = True,
    solved: bool | None = True,
    satisfaction: Satisfaction | None = Satisfaction.SATISFIED,
    cause: DissatisfactionCause | None = None,
) -> FollowUpCase:
    return FollowUpCase(
        actor=actor,
        idempotency_key="k",
        case_code="26-0000001-4",
        kind=FollowUpKind.TELEPHONE,
        contacted=contacted,
        solved=solved,
        satisfaction=satisfaction,
        cause=cause,
        missed=None if contacted else FollowUpMiss.NO_ANSWER,
        responded=True if contacted else None,
    )


def ask_requester(one: Case, asked: FollowUpCase, *, now: datetime = NOW) -> Sequence[CaseEvent]:
    return closed_loop.follow_up(one, asked, quanzhou(), now=now)


def close(one: Case, *, by: Actor = OWNER) -> CaseClosed:
    return one.close(closed_loop.rule_of(one, quanzhou()), by=by, now=NOW)


def correct(one: Case, *, by: Actor = OWNER, **values: Any) -> CaseCorrected:
    return one.correct(
        **{"category": None, "place": None, "level": None, "flags": None, "by": by, "now": NOW, **values}
    )


def swap_level(one: Case) -> CaseCorrected:
    """Always a change."""
    return correct(one, level="II" if one.level == "IV" else "IV")


VERBS = {
    "accept": lambda one: one.accept(HandlingMode.FORWARD, now=NOW),
    "correct": swap_level,
    "decline": lambda one: one.decline(DeclineReason.COURT, now=NOW),
    "finish": lambda one: one.finish_own(by=OWNER, now=NOW),
    "follow_up": lambda one: ask_requester(one, follow_up()),
    "explain": lambda one: closed_loop.explain(one, explanation(), now=NOW),
    "explain_delay": lambda one: closed_loop.explain_delay(one, delay(), quanzhou().closed_loop, now=NOW),
    "close": close,
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", CaseState)
def test_each_verb_is_possible_just_where_the_table_says(verb: str, state: CaseState) -> None:
    one = case(state, mode=HandlingMode.SELF)
    one.misses = 3
    one.outcome = "solved"
    if state in POSSIBLE[verb]:  # type: ignore[index]
        VERBS[verb](one)
        assert one.state != state or verb in ("follow_up", "correct", "explain_delay")
    else:
        with pytest.raises(NotPossibleNow) as refused:
            VERBS[verb](one)
        assert refused.value.field == "case_code"
        assert one.state == state, "a refusal changes nothing"


@pytest.mark.parametrize("verb", ["finish", "follow_up", "explain", "explain_delay", "close"])
def test_only_the_first_receiver_follows_up_and_closes(verb: str) -> None:
    state = min(POSSIBLE[verb])  # type: ignore[index]
    one = case(state, mode=HandlingMode.SELF)
    with pytest.raises(NotFirstReceiver):
        {
            "finish": lambda: one.finish_own(by=STRANGER, now=NOW),
            "follow_up": lambda: ask_requester(one, follow_up(actor=STRANGER)),
            "explain": lambda: closed_loop.explain(one, explanation(STRANGER), now=NOW),
            "explain_delay": lambda: closed_loop.explain_delay(one, delay(STRANGER), quanzhou().closed_loop, now=NOW),
            "close": lambda: close(one, by=STRANGER),
        }[verb]()


def test_a_colleague_at_the_same_window_may_follow_up() -> None:
    colleague = Actor(staff="clerk.9", role=Role.INTAKE_CLERK, window="general")
    one = case(CaseState.TO_FOLLOW_UP)
    ask_requester(one, follow_up(actor=colleague))
    assert one.state == CaseState.FOLLOWED_UP


@pytest.mark.parametrize(
    ("ask", "field"),
    [
        (follow_up(solved=None), "solved"),
        (follow_up(satisfaction=None), "satisfaction"),
        (follow_up(satisfaction=Satisfaction.DISSATISFIED), "cause"),
    ],
)
def test_a_requester_who_was_reached_is_asked_everything(ask: FollowUpCase, field: str) -> None:
    one = case(CaseState.TO_FOLLOW_UP)
    with pytest.raises(FollowUpIncomplete) as refused:
        ask_requester(one, ask)
    assert refused.value.field == field
    assert one.attempts == 0


def test_dissatisfied_with_the_unit_reopens_and_counts() -> None:
    one = case(CaseState.TO_FOLLOW_UP, mode=HandlingMode.FORWARD)
    ask = follow_up(satisfaction=Satisfaction.DISSATISFIED, solved=False, cause=DissatisfactionCause.UNIT)
    _, reopened = ask_requester(one, ask)
    assert isinstance(reopened, CaseReopened)
    assert (one.state, one.round, one.attempts) == (CaseState.HANDLING, 2, 0)


def test_dissatisfied_with_a_lawful_result_is_explained_not_reopened() -> None:
    one = case(CaseState.TO_FOLLOW_UP)
    ask = follow_up(satisfaction=Satisfaction.DISSATISFIED, solved=False, cause=DissatisfactionCause.LAWFUL_RESULT)
    ask_requester(one, ask)
    with pytest.raises(NotPossibleNow):
        close(one)
    closed_loop.explain(one, explanation(), now=NOW)
    assert close(one).outcome == "explained"


def test_nobody_reached_closes_only_after_three_attempts() -> None:
    one = case(CaseState.TO_FOLLOW_UP)
    for _ in range(2):
        ask_requester(one, follow_up(contacted=False, solved=None, satisfaction=None))
    with pytest.raises(NotPossibleNow):
        close(one)
    ask_requester(one, follow_up(contacted=False, solved=None, satisfaction=None))
    assert close(one).outcome == "unreachable"


def test_old_news_of_a_verification_changes_nothing() -> None:
    for state in set(CaseState) - {CaseState.HANDLING}:
        one = case(state)
        assert not one.verified()
        assert one.state == state


# -- flags and corrections ---------------------------------------------------------------------------------------------


def test_flags_go_with_the_case() -> None:
    one = case()
    assert one.registered().flags == ("safety",)
    assert one.accept(HandlingMode.FORWARD, now=NOW).flags == ("safety",)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"category": "lamp"}, ("lamp", None, "IV", ("safety",))),
        ({"place": "350521104"}, (None, "350521104", "IV", ("safety",))),
        ({"level": "II"}, (None, None, "II", ("safety",))),
        ({"flags": []}, (None, None, "IV", ())),
        ({"flags": ["safety", "crowd"], "level": "IV"}, (None, None, "IV", ("safety", "crowd"))),
    ],
)
def test_a_correction_tells_the_whole_new_values(values: dict[str, Any], expected: tuple[Any, ...]) -> None:
    one = case(CaseState.HANDLING)
    told = correct(one, **values)
    assert (told.category, told.place, told.level, told.flags) == expected
    assert (one.category, one.place, one.level, tuple(one.flags)) == expected
    assert (one.state, one.owner) == (CaseState.HANDLING, OWNER.staff), "who has the case does not change by itself"


@pytest.mark.parametrize("values", [{}, {"level": "IV"}, {"flags": ["safety"]}, {"level": "IV", "flags": ["safety"]}])
def test_what_is_so_already_is_no_correction(values: dict[str, Any]) -> None:
    one = case(CaseState.HANDLING)
    with pytest.raises(NothingToCorrect):
        correct(one, **values)
    assert one.category_chosen_by is None


def test_who_chose_the_category_is_kept_but_a_machine_is_nobody() -> None:
    one = case()
    one.choose_category("lamp", by=OWNER)
    assert (one.category, one.category_chosen_by) == ("lamp", OWNER.staff)
    one.choose_category("road", by=system("platform"))
    assert (one.category, one.category_chosen_by) == ("road", None)
    one.state = CaseState.HANDLING
    correct(one, category="lamp", by=STRANGER)
    assert one.category_chosen_by == STRANGER.staff


# -- whatever is tried -------------------------------------------------------------------------------------------------


@given(st.lists(st.sampled_from(sorted(VERBS)), max_size=12), st.booleans())
@settings(max_examples=300, deadline=None)
def test_whatever_is_tried_the_owner_stays_and_a_closed_case_stays_closed(verbs: list[str], own: bool) -> None:
    one = case()
    told: list[CaseEvent] = []
    for verb in verbs:
        closed = one.closed_at
        try:
            result = VERBS[verb](one)
        except Refused:
            assert one.closed_at == closed
            continue
        assert closed is None, "nothing is possible after the end"
        told += result if isinstance(result, list | tuple) else [result]
        if one.state == CaseState.HANDLING and not own:
            one.verified()
    assert one.owner == OWNER.staff
    assert sum(isinstance(event, CaseClosed) for event in told) <= 1
    assert (one.closed_at is not None) == (one.state in (CaseState.CLOSED, CaseState.NOT_ACCEPTED))
