"""The end of the loop in clocks: what each event owes whom, and by when."""

from typing import Any

from services.escalation.policy import effects
from services.escalation.policy.obligations import Arm, CaseFacts, Meet, NoteHandler, Obligation, Which
from services.escalation.policy.terms import terms_of
from shared.contracts.dispatch import WorkOrderDelayed
from shared.contracts.intake import CaseDelayExplained, CaseExplained, CaseFollowedUp, CaseRaised
from tests.unit.escalation.given import OWNER, UNIT, Story, at, quanzhou

STORY = Story()
FACTS = CaseFacts(owner=OWNER, grounds=STORY.grounds)


def armed(found: tuple[Any, ...]) -> list[Obligation]:
    return [one.obligation for one in found if isinstance(one, Arm)]


def met(found: tuple[Any, ...]) -> list[Which]:
    return [one.which for one in found if isinstance(one, Meet)]


def test_who_was_not_reached_is_still_to_be_asked() -> None:
    event = STORY.tell(CaseFollowedUp, contacted=False, solved=None, satisfaction=None, missed="no_answer")
    assert effects.on_case_followed_up(event, FACTS) == ()


def test_a_requester_who_stays_dissatisfied_is_owed_an_explanation_until_it_is_given() -> None:
    event = STORY.tell(CaseFollowedUp, satisfaction="dissatisfied", leads_to="to_explain", round=2)
    [owed] = armed(effects.on_case_followed_up(event, FACTS))
    assert (owed.stage, owed.owes, owed.started_at) == ("follow_up", OWNER, at(120))
    explained = STORY.tell(CaseExplained, given_by="visit", round=2, explained_at=at(150))
    assert met(effects.on_case_explained(explained, FACTS)) == [Which(key=owed.key)]


def test_a_satisfied_one_is_owed_nothing_and_every_promise_is_kept() -> None:
    found = effects.on_case_followed_up(STORY.tell(CaseFollowedUp, leads_to="followed_up"), FACTS)
    assert (armed(found), met(found)) == ([], [Which(stage="follow_up"), Which(stage="handle")])


def promise(number: int) -> tuple[Any, ...]:
    event = STORY.tell(
        CaseDelayExplained, number=number, promised_for=at(5_000), given_by="telephone", explained_at=at(200)
    )
    return effects.on_case_delay_explained(event, FACTS)


def test_a_promise_runs_to_its_date_beside_the_units_clock_and_keeps_the_one_before() -> None:
    [first], [second] = armed(promise(1)), armed(promise(2))
    assert first.key != second.key
    assert Which(key=first.key) in met(promise(2))
    terms = terms_of(quanzhou(), second, FACTS)
    assert (second.owes, second.unit, terms.due_at) == (OWNER, None, at(5_000))
    assert effects.PROMISED in terms.limit_source


def test_a_units_delay_is_the_windows_to_explain() -> None:
    event = STORY.tell(WorkOrderDelayed, number=1, proposed_for=at(9_000), first_receiver=OWNER, delayed_at=at(100))
    [owed] = armed(effects.on_work_order_delayed(event, FACTS))
    assert (owed.stage, owed.owes, owed.work_order_id) == ("follow_up", OWNER, STORY.order)
    assert Which(stage="follow_up") in met(promise(1))


def test_what_came_back_too_often_is_the_directors_each_time() -> None:
    keys = set[str]()
    for led_to in ("reopened", "to_explain"):
        event = STORY.tell(CaseRaised, reopenings=2, led_to=led_to, round=3, raised_at=at(300))
        [owed] = armed(effects.on_case_raised(event, FACTS))
        assert owed.owes == "duty_director"
        keys.add(owed.key)
    assert len(keys) == 2


def test_whoever_has_it_in_hand_has_handled_it() -> None:
    assert NoteHandler(UNIT) in effects.on_work_order_signed_off(STORY.signed_off(), FACTS)
    for role in ("lead", "support"):
        found = effects.on_work_order_reported_back(STORY.reported_back(role=role), FACTS)
        assert NoteHandler(UNIT, "handler.1") in found
