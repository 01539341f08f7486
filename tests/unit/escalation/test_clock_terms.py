"""By when, and who is told: from the pack, frozen on the clock."""

from datetime import UTC, datetime, timedelta

import pytest

from services.escalation.policy.agenda import Told
from services.escalation.policy.obligations import CaseFacts, Grounds, Obligation
from services.escalation.policy.terms import posts, terms_of
from shared.calendar import Duration, Unit
from shared.centre.promised import shortened
from shared.centre.working_time import calendar_of
from shared.contracts.escalation import Stage
from tests.unit.escalation.given import CATEGORY, MONDAY, OWNER, UNIT, WINDOW, Story, at, quanzhou

ALL_ROLES = ("liaison_officer", "unit_lead", "duty_director", "commander", "first_receiver", "dispatcher")
FACTS = CaseFacts(owner=OWNER, window=WINDOW)


def obligation(
    stage: Stage, *, level: str = "IV", unit: str | None = None, shortened: bool = False, category: str = CATEGORY
) -> Obligation:
    grounds = Grounds(quanzhou().version, category, level)  # type: ignore[arg-type]
    return Obligation(f"{stage}:1", stage, unit or OWNER, MONDAY, grounds, unit=unit, shortened=shortened)


def test_a_summons_runs_for_twenty_minutes_and_tells_whom_the_ladder_names() -> None:
    terms = terms_of(quanzhou(), Story().arrival(), CaseFacts())
    assert terms.due_at == at(20)
    assert (terms.limit, terms.limit_id) == ("20 minute", "arrival")
    assert "84号" in terms.limit_source
    climbs = {one.number: one for one in terms.steps if one.kind == "climb"}
    assert climbs[1].told == (Told(post="liaison_officer", unit=UNIT),)
    assert climbs[2].told == (Told(post="liaison_officer", unit=UNIT), Told(post="unit_lead", unit=UNIT))
    assert (climbs[2].at, climbs[2].unless) == (at(3), "acknowledged")
    assert (climbs[3].at, climbs[3].minutes, climbs[3].unless) == (None, 10, "on_the_way")
    assert climbs[5].told == (Told(post="duty_director"), Told(post="commander"))
    assert climbs[6].action == "end"
    assert [(one.percent, one.at) for one in terms.steps if one.kind == "warn"] == [(50, at(10)), (80, at(16))]


@pytest.mark.parametrize(
    ("stage", "level", "due"),
    [
        ("accept", "IV", at(15)),
        ("dispatch", "IV", at(15)),
        ("report_back", "I", at(120)),
        ("report_back", "II", at(24 * 60)),
        # 5 working days from Monday end at close of business of the Monday after.
        ("report_back", "IV", datetime(2026, 11, 30, 9, 30, tzinfo=UTC)),
    ],
)
def test_the_most_fitting_limit_holds(stage: Stage, level: str, due: datetime) -> None:
    assert terms_of(quanzhou(), obligation(stage, level=level), FACTS).due_at == due


@pytest.mark.parametrize(("full", "half"), [(1, 1), (2, 1), (3, 2), (5, 3), (24, 12)])
def test_a_reopened_matter_gets_half_the_time_rounded_up(full: int, half: int) -> None:
    assert shortened(Duration(full, Unit.WORKING_DAY)) == Duration(half, Unit.WORKING_DAY)


def test_a_shortened_limit_says_so_and_ends_earlier() -> None:
    full = terms_of(quanzhou(), obligation("report_back", unit=UNIT), FACTS)
    half = terms_of(quanzhou(), obligation("report_back", unit=UNIT, shortened=True), FACTS)
    assert (full.limit, half.limit) == ("5 working_day", "3 working_day")
    assert half.due_at < full.due_at
    assert half.limit_id == full.limit_id
    assert half.limit_source.startswith(full.limit_source)
    assert half.limit_source != full.limit_source


def test_a_unit_that_owes_is_told_through_its_own_posts() -> None:
    told = posts(quanzhou(), obligation("report_back", unit="market"), FACTS, ALL_ROLES)
    assert told == (
        Told(post="liaison_officer", unit="market"),
        Told(post="unit_lead", unit="market"),
        Told(post="duty_director"),
        Told(post="commander"),
        Told(post=OWNER),
        Told(post="dispatcher"),
    )


@pytest.mark.parametrize(
    ("facts", "unit", "receiver"),
    [
        (FACTS, "labour-rights", OWNER),
        (CaseFacts(owner=OWNER), "command-centre", OWNER),
        (CaseFacts(), "command-centre", "first_receiver"),
    ],
)
def test_where_no_unit_owes_the_window_or_the_centre_is_told(facts: CaseFacts, unit: str, receiver: str) -> None:
    told = posts(quanzhou(), obligation("handle"), facts, ("liaison_officer", "first_receiver"))
    assert told == (Told(post="liaison_officer", unit=unit), Told(post=receiver))


def test_every_stage_and_level_of_the_default_pack_has_terms() -> None:
    for limit in quanzhou().limits:
        for level in ("I", "II", "III", "IV"):
            terms = terms_of(quanzhou(), obligation(limit.stage, level=level), FACTS)
            assert terms.due_at > MONDAY
            assert terms.limit_source
            fires, lapses = (sum(one.kind == kind for one in terms.steps) for kind in ("fire", "lapse"))
            assert (fires, lapses) == ((0, 1) if limit.stage == "return" else (1, 0))
            assert all(one.told or one.action for one in terms.steps if one.kind == "climb")


def test_the_pack_s_own_days_are_in_its_calendar() -> None:
    tuesday, saturday = datetime(2026, 11, 24).date(), datetime(2026, 11, 28).date()  # noqa: DTZ001
    closed = quanzhou().model_copy(update={"holidays": (tuesday,), "extra_workdays": (saturday,)})
    calendar = calendar_of(closed)
    assert calendar.extra_holidays == {tuesday}
    assert calendar.extra_workdays == {saturday}
    # Monday's working day ends on Wednesday: Tuesday is closed.
    plain = terms_of(quanzhou(), obligation("sign_off"), FACTS).due_at
    moved = terms_of(closed, obligation("sign_off"), FACTS).due_at
    assert moved - plain == timedelta(days=1)
    assert calendar_of(closed) is calendar
