"""A right lapses, a request nobody decided on is overdue and lapses; a plan moves with its due time. Pure."""

from datetime import timedelta

import pytest

from services.escalation.policy.agenda import Step
from services.escalation.policy.obligations import CaseFacts, Obligation
from services.escalation.policy.owed import Kept, findings
from services.escalation.policy.recounting import Counted, counted_again, moved_plan, warnings_of
from services.escalation.policy.terms import terms_of
from shared.contracts.escalation import ClockCancelled, ClockOverdue, Stage
from tests.unit.escalation.given import MONDAY, UNIT, WAGES, Story, at, quanzhou

DAY = 24 * 60.0


def owed(stage: Stage, **given: object) -> Obligation:
    story = Story(category=str(given.pop("category", "city.order.stalls")))
    return Obligation(f"{stage}:1", stage, UNIT, MONDAY, story.grounds, unit=UNIT, **given)  # type: ignore[arg-type]


def test_a_right_does_not_fire_and_climbs_nothing_from_its_limit_on() -> None:
    terms = terms_of(quanzhou(), owed("return"), CaseFacts())
    assert [step.kind for step in terms.steps] == ["warn", "warn", "lapse"]
    clock = Story().clock(owed("return"))
    (lapsed,) = clock.advance(at(30 * DAY))
    assert isinstance(lapsed, ClockCancelled)
    assert (lapsed.reason, lapsed.cancelled_at, clock.fired_at) == ("lapsed", terms.due_at, None)


def test_nothing_is_done_any_more_once_it_lapsed() -> None:
    clock = Story().clock(owed("deferral", lapses_at=at(30)))
    told = clock.advance(at(30 * DAY))
    assert [type(one) for one in told if not one.TYPE.endswith("issued")] == [ClockOverdue, ClockCancelled]
    assert [one.step for one in told if one.TYPE.endswith("issued")] == [1, 1]  # type: ignore[attr-defined]
    assert (clock.due_at, clock.state, clock.next_at) == (at(30), "cancelled", None)


@pytest.mark.parametrize("level", ["I", "IV"])
def test_a_statute_gives_the_time_and_the_requester_hears_within_the_centre_s_own(level: str) -> None:
    story = Story(category=WAGES, level=level)
    result, contact = (
        terms_of(quanzhou(), Obligation(stage, stage, UNIT, MONDAY, story.grounds, unit=UNIT), CaseFacts())
        for stage in ("report_back", "contact")
    )
    assert result.limit == "60 working_day"
    assert result.service_due_at is not None
    assert contact.due_at <= result.service_due_at < result.due_at


def test_who_hears_of_an_emergency_is_never_told_later_than_its_own_result_is_due() -> None:
    slow = quanzhou().limit_for("contact", None, "IV").model_copy(update={"amount": 30})
    pack = quanzhou()
    limits = tuple(slow if one.id == slow.id else one for one in pack.limits if one.id != "contact-urgent")
    terms = terms_of(pack.model_copy(update={"limits": limits}), owed("contact"), CaseFacts())
    assert terms.limit == "5 working_day"


def test_steps_keep_their_places_and_what_counts_from_the_due_time_moves_with_it() -> None:
    plan = (
        Step(at=at(10), kind="warn", percent=50),
        Step(at=at(12), kind="climb", number=1),
        Step(at=at(20), kind="fire"),
        Step(at=at(25), kind="climb", number=2),
        Step(at=at(90), kind="lapse"),
        Step(minutes=3, kind="climb", number=3),
    )
    moved = moved_plan(
        "report_back", plan, before=at(20), due=at(40), warns=lambda percent, until: MONDAY + (until - MONDAY) / 2
    )
    assert [step.at for step in moved] == [at(20), at(12), at(40), at(45), at(90), None]
    right = (Step(at=at(20), kind="lapse"),)
    assert moved_plan("return", right, before=at(20), due=at(40), warns=lambda *_: at(0))[0].at == at(40)


def test_what_it_was_moved_by_must_be_on_record_to_be_counted_again() -> None:
    stood = Counted(MONDAY, at(DAY), "extended", "5 working_day", None, None)
    told_before_days_were_kept = Counted(at(DAY), None, None, "5 working_day", "stood", None)
    assert counted_again(quanzhou(), told_before_days_were_kept, {"stood": stood}) is None
    assert counted_again(quanzhou(), told_before_days_were_kept, {}) is None
    plain = counted_again(quanzhou(), stood, {})
    assert plain is not None
    days = Counted(at(DAY), None, None, "5 working_day", "stood", 2)
    later = counted_again(quanzhou(), days, {"stood": stood})
    assert later is not None
    assert later.at == plain.at + timedelta(days=2)
    assert MONDAY < warnings_of(quanzhou(), stood)(50, plain.at) < plain.at


def test_a_promise_whose_terms_a_switch_of_mode_changed_is_kept_by_its_last_clock() -> None:
    before, since = (
        Kept(key, "report_back", UNIT, open=is_open, lapsed=False)
        for key, is_open in (("report_back:1", False), ("report_back:1:m2", True))
    )
    assert findings([owed("report_back")], [before, since]) == ()
    assert [one.kind for one in findings([], [before, since])] == ["dead"]
    assert [one.kind for one in findings([owed("report_back")], [before])] == ["ended"]


def test_the_audit_tells_apart_what_is_missing_dead_and_ended() -> None:
    wanted = [owed("sign_off"), owed("report_back"), owed("return"), owed("contact")]
    clocks = [
        Kept("report_back:1", "report_back", UNIT, open=False, lapsed=False),
        Kept("return:1", "return", UNIT, open=False, lapsed=True),
        Kept("contact:1", "contact", UNIT, open=True, lapsed=False),
        Kept("accept:1", "accept", UNIT, open=True, lapsed=False),
        Kept("dispatch:1", "dispatch", UNIT, open=False, lapsed=False),
    ]
    found = [(one.kind, one.stage) for one in findings(wanted, clocks)]
    assert found == [("missing", "sign_off"), ("ended", "report_back"), ("dead", "accept")]
