"""超时申诉: in time, once, and decided by two people who are not the appellant."""

from datetime import datetime
from uuid import uuid4

import pytest

from services.escalation.errors.appeals import (
    AppealNotProposed,
    AppealStepDone,
    AppealTooLate,
    ClockDidNotFire,
    NotYourClock,
    OwnAppeal,
    ProposerMayNotDecide,
)
from services.escalation.model import Appeal, Clock
from shared.contracts.actors import Actor, Role
from shared.contracts.escalation import AppealReason, MakeAppeal
from tests.unit.escalation.given import UNIT, Story, at

LIAISON = Actor(staff="li.1", role=Role.LIAISON_OFFICER, unit=UNIT)
DIRECTOR = Actor(staff="director.1", role=Role.DUTY_DIRECTOR)
COMMANDER = Actor(staff="commander.1", role=Role.COMMANDER)
UNTIL = at(5 * 1440)


def fired(*, drill: bool = False) -> Clock:
    clock = Story().clock()
    clock.drill = drill
    clock.advance(at(21))
    return clock


def appealed(clock: Clock | None = None, *, now: datetime | None = None) -> Appeal:
    found = fired() if clock is None else clock
    ask = MakeAppeal(
        actor=LIAISON, idempotency_key="k", clock=found.key, reason=AppealReason.NOT_REACHED, words="当晚线路中断"
    )
    return Appeal.make(uuid4(), found, ask, until=UNTIL, now=now or at(60))


def proposed() -> Appeal:
    appeal = appealed()
    appeal.propose("support", None, by=DIRECTOR, now=at(70))
    return appeal


def test_granted_it_is_exempt_and_the_clock_is_as_it_was() -> None:
    clock = fired()
    before = {column: getattr(clock, column) for column in Clock.__table__.columns.keys()}  # noqa: SIM118
    appeal = appealed(clock)
    told = [appeal.made(), appeal.propose("oppose", "记录显示已送达", by=DIRECTOR, now=at(70))]
    told.append(appeal.grant(None, by=COMMANDER, now=at(80)))
    assert (appeal.state, appeal.exempted_at) == ("granted", at(80))
    assert {column: getattr(clock, column) for column in before} == before
    assert clock.fired_at == at(21)
    assert "线路" not in "".join(one.model_dump_json() for one in told)


def test_refused_it_exempts_nothing() -> None:
    appeal = proposed()
    appeal.refuse("理由不成立", by=COMMANDER, now=at(80))
    assert (appeal.state, appeal.exempted_at, appeal.decided_by) == ("refused", None, "commander.1")


def test_a_clock_that_did_not_fire() -> None:
    with pytest.raises(ClockDidNotFire):
        appealed(Story().clock())


def test_a_drill_is_not_scored_so_nothing_is_appealed() -> None:
    with pytest.raises(ClockDidNotFire, match="drill"):
        appealed(fired(drill=True))


def test_the_last_instant_is_in_time_and_the_next_is_not() -> None:
    assert appealed(now=UNTIL).state == "made"
    with pytest.raises(AppealTooLate) as refused:
        appealed(now=at(5 * 1440 + 1))
    assert refused.value.facts["until"] == UNTIL.isoformat()


@pytest.mark.parametrize(
    "by",
    [
        Actor(staff="li.2", role=Role.LIAISON_OFFICER, unit="police"),
        Actor(staff="li.3", role=Role.LIAISON_OFFICER),
    ],
    ids=["another unit", "no unit"],
)
def test_only_the_unit_that_owed_it(by: Actor) -> None:
    with pytest.raises(NotYourClock):
        Appeal.require_own(fired(), by)
    Appeal.require_own(fired(), LIAISON)


def test_nothing_is_decided_before_it_is_proposed() -> None:
    with pytest.raises(AppealNotProposed):
        appealed().grant(None, by=COMMANDER, now=at(80))


def test_the_proposer_does_not_decide() -> None:
    appeal = proposed()
    same = Actor(staff="director.1", role=Role.COMMANDER)
    with pytest.raises(ProposerMayNotDecide):
        appeal.grant(None, by=same, now=at(80))
    assert (appeal.state, appeal.exempted_at) == ("proposed", None)


@pytest.mark.parametrize(
    ("staff", "unit"), [("li.1", None), ("somebody", UNIT)], ids=["the appellant", "one of its unit"]
)
def test_the_appellant_s_side_has_no_say(staff: str, unit: str | None) -> None:
    with pytest.raises(OwnAppeal):
        appealed().propose("support", None, by=Actor(staff=staff, role=Role.DUTY_DIRECTOR, unit=unit), now=at(70))
    with pytest.raises(OwnAppeal):
        proposed().grant(None, by=Actor(staff=staff, role=Role.COMMANDER, unit=unit), now=at(80))


def test_each_step_is_done_once() -> None:
    appeal = proposed()
    with pytest.raises(AppealStepDone):
        appeal.propose("oppose", None, by=DIRECTOR, now=at(71))
    appeal.grant(None, by=COMMANDER, now=at(80))
    for again in (appeal.grant, appeal.refuse):
        with pytest.raises(AppealStepDone):
            again("x", by=Actor(staff="deputy.1", role=Role.DEPUTY_COMMANDER), now=at(81))
