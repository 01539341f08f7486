"""When the next word about a surge is due: before its end, at it, and again; reports at the pack's rhythm."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.dispatch.policy.modes import last_report, next_reminder, next_report
from shared.centre.modes import ModeTerms, SurgeLevel
from tests.unit.dispatch.given import MONDAY, minutes, quanzhou
from tests.unit.modes.given import DAY, in_surge

TERMS = ModeTerms(remind_minutes=120, remind_again_minutes=90)
END = MONDAY + DAY


def test_reminded_ahead_at_the_end_and_then_again_and_again() -> None:
    assert next_reminder(TERMS, END, after=MONDAY) == END - minutes(120)
    assert next_reminder(TERMS, END, after=END - minutes(120)) == END
    assert next_reminder(TERMS, END, after=END) == END + minutes(90)
    assert next_reminder(TERMS, END, after=END + minutes(90)) == END + minutes(180)
    assert next_reminder(TERMS, MONDAY + minutes(60), after=MONDAY) == MONDAY + minutes(60), "a short surge"


@given(gone=st.integers(-2_000, 100_000))
def test_there_is_always_a_next_reminder_and_it_lies_ahead(gone: int) -> None:
    after = END + minutes(gone)
    coming = next_reminder(TERMS, END, after=after)
    assert after < coming
    assert coming - after <= max(DAY * 2, timedelta(minutes=90))


def test_after_an_outage_one_reminder_is_told_not_all_that_were_missed() -> None:
    surge = in_surge().surge
    assert surge is not None
    terms = quanzhou().modes
    assert surge.remind(terms, now=END - minutes(121)) == ()
    (told,) = surge.remind(terms, now=END + 3 * DAY)
    assert (told.number, told.late) == (1, True)
    assert surge.remind(terms, now=END + 3 * DAY) == (), "each once"
    assert surge.remind_at is not None
    assert surge.remind_at > END + 3 * DAY


def test_reports_are_due_at_the_rhythm_since_the_switch_each_once() -> None:
    surge = in_surge("II").surge  # every eight hours
    assert surge is not None
    terms = quanzhou().modes
    assert surge.report_at == MONDAY + timedelta(hours=8)
    (first,) = surge.ask_report(terms, now=MONDAY + timedelta(hours=8))
    assert (first.number, first.report_at) == (1, MONDAY + timedelta(hours=8))
    assert surge.ask_report(terms, now=MONDAY + timedelta(hours=9)) == ()
    (later,) = surge.ask_report(terms, now=MONDAY + timedelta(hours=40, minutes=1))
    assert (later.number, later.report_at) == (5, MONDAY + timedelta(hours=40))


@given(gone=st.integers(0, 10_000), hours=st.integers(1, 168))
def test_between_the_last_report_and_the_next_lies_one_rhythm(gone: int, hours: int) -> None:
    level = SurgeLevel(level="I", report_hours=hours)
    now = MONDAY + minutes(gone)
    coming, last = next_report(level, MONDAY, after=now), last_report(level, MONDAY, now=now)
    assert coming is not None
    assert coming > now
    assert coming - timedelta(hours=hours) == (MONDAY if last is None else last[1])


def test_a_level_without_a_rhythm_asks_for_no_report() -> None:
    assert next_report(SurgeLevel(level="I"), MONDAY, after=MONDAY) is None
    assert next_report(None, MONDAY, after=MONDAY) is None
