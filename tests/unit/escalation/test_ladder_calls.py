"""A ladder that calls for an order or a referral: at its own time, once, and never before."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from services.escalation.model import Clock
from services.escalation.policy.agenda import Told
from services.escalation.policy.obligations import Obligation
from shared.contracts.escalation import LadderCalled
from tests.unit.escalation.given import MONDAY, UNIT, Story

DAY = timedelta(days=1)


def report() -> Clock:
    story = Story()
    return story.clock(
        Obligation("report_back:x:1", "report_back", UNIT, MONDAY, story.grounds, unit=UNIT, work_order_id=UUID(int=1))
    )


def calls(events: tuple[object, ...]) -> list[tuple[str, str | None]]:
    return [(one.action, one.level) for one in events if isinstance(one, LadderCalled)]


def refer_at(clock: Clock) -> datetime:
    return next(step.at for step in clock.steps() if step.action == "refer" and step.at is not None)


def test_each_level_at_its_own_time_and_the_referral_last() -> None:
    clock = report()
    assert calls(clock.advance(clock.due_at)) == []
    assert calls(clock.advance(clock.due_at + DAY)) == [("supervise", "reminder")]
    assert calls(clock.advance(clock.due_at + DAY)) == []
    assert calls(clock.advance(clock.due_at + 3 * DAY)) == [("supervise", "written_order")]
    assert calls(clock.advance(refer_at(clock))) == [("refer", None)]
    assert clock.next_at is None


def test_after_an_outage_nothing_is_missed() -> None:
    clock = report()
    found = calls(clock.advance(clock.due_at + 30 * DAY))
    assert found == [("supervise", "reminder"), ("supervise", "written_order"), ("refer", None)]


@pytest.mark.parametrize("end", ["meet", "cancel"])
def test_so_late_that_a_referral_is_due_though_no_sweep_came_by(end: str) -> None:
    clock = report()
    at = refer_at(clock)
    events = clock.meet(at, now=at) if end == "meet" else clock.cancel("returned", at, now=at)
    assert calls(events) == [("refer", None)], "an order to finish is needless by now"


def test_late_but_not_that_late() -> None:
    clock = report()
    assert calls(clock.meet(clock.due_at + 2 * DAY, now=clock.due_at + 2 * DAY)) == []


def test_a_referral_that_was_called_for_is_not_called_for_again_at_the_end() -> None:
    clock = report()
    at = refer_at(clock)
    clock.advance(at)
    assert calls(clock.meet(at + DAY, now=at + DAY)) == []


def test_a_notice_that_reached_nobody_brings_no_order_before_its_time() -> None:
    clock = report()
    clock.advance(clock.due_at)
    overdue = next(step for step in clock.steps() if step.action == "overdue")
    events = [event for told in overdue.told for event in clock.reach_nobody(told, overdue.number, now=clock.due_at)]
    assert calls(tuple(events)) == []
    reminded = next(step for step in clock.steps() if step.action == "remind")
    for told in reminded.told:
        events += clock.reach_nobody(Told(post=told.post, unit=told.unit), reminded.number, now=clock.due_at)
    assert calls(tuple(events)) == []
    assert calls(clock.advance(clock.due_at + DAY)) == [("supervise", "reminder")]
