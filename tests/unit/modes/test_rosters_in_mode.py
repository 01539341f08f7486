"""平战转换: the roster the pack names for the surge answers in the place of the ordinary one, and only then."""

import pytest

from services.notification.policy.mode_drafts import drafts
from services.notification.policy.recipients import recipients
from shared.centre.pack import Mode
from shared.contracts.dispatch import ModeSwitched, SituationReportDue, SurgeReminded
from shared.duty import answering
from tests.unit.dispatch.given import MONDAY, quanzhou
from tests.unit.duty.given import roster, rotation
from tests.unit.modes.given import DAY, ending, in_surge

ORDINARY = roster(rotation("commander.1"), code="leader", kind="leader")
SURGE = roster(rotation("deputy.1"), code="leader-surge", kind="leader")


@pytest.mark.parametrize(
    ("mode", "there", "told"),
    [
        ("normal", (ORDINARY, SURGE), ["commander.1"]),
        ("surge.I", (ORDINARY, SURGE), ["deputy.1"]),
        ("surge.III", (ORDINARY, SURGE), ["commander.1"]),  # the pack names no roster for this level
        ("surge.I", (ORDINARY,), ["commander.1"]),  # its stand-in is not there: nobody is on duty by a name alone
    ],
)
def test_who_is_meant_by_the_commander(mode: Mode, there: tuple[object, ...], told: list[str]) -> None:
    found = recipients("commander", None, rosters=there, pack=quanzhou(), at=MONDAY, mode=mode)  # type: ignore[arg-type]
    assert [one.staff for one in found] == told  # type: ignore[union-attr]


def test_a_roster_nobody_speaks_of_answers_always() -> None:
    assert answering(["a", "b"], str, instead={}, reserved=frozenset()) == ["a", "b"]
    assert answering(["a", "b"], str, instead={"a": "b"}, reserved=frozenset({"b"})) == ["b"]
    assert answering(["a"], str, instead={"a": "b"}, reserved=frozenset({"b"})) == ["a"]


def test_who_is_told_of_a_switch_a_reminder_and_a_report() -> None:
    _, (back,) = in_surge().end(ending(), quanzhou(), now=MONDAY + DAY)
    assert isinstance(back, ModeSwitched)
    told = [(one.facts.kind, one.facts.post, one.unit) for one in drafts(back)]
    assert told[:2] == [("surge_over", "commander", None), ("surge_over", "duty_director", None)]
    assert ("surge_over", "liaison_officer", "police") in told
    surge = in_surge().surge
    assert surge is not None
    (reminded,) = surge.remind(quanzhou().modes, now=MONDAY + DAY)
    assert isinstance(reminded, SurgeReminded)
    assert [(one.facts.kind, one.facts.post) for one in drafts(reminded)] == [
        ("surge_late", "commander"),
        ("surge_late", "duty_director"),
    ]
    (due,) = surge.ask_report(quanzhou().modes, now=MONDAY + DAY)
    assert isinstance(due, SituationReportDue)
    assert [(one.facts.kind, one.facts.post) for one in drafts(due)] == [("situation_report", "duty_director")]
