"""Routing by level, source, flags and time, and joint routing: the same as a clerk reading the table, and explained."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.centre.check_reach import unreachable_rules
from shared.centre.conditions import SOURCES
from shared.centre.jurisdiction import Route, route
from shared.centre.load import load_pack
from shared.centre.locations import Locations
from shared.centre.nouns import LEVELS, Level, Rule
from shared.centre.pack import CentrePack

SMALL = load_pack(Path(__file__).parent / "small_pack")
SHANGHAI = ZoneInfo("Asia/Shanghai")
# The small pack's own list: Monday 3 March 2025 is a holiday, Saturday 8 March a workday.
HOLIDAYS, WORKDAYS = {date(2025, 3, 3)}, {date(2025, 3, 8)}
FRIDAY_NOON = datetime(2025, 3, 7, 12, 0, tzinfo=SHANGHAI)


def _rule(code: str, **conditions: Any) -> Rule:
    return Rule(**{"id": code, "categories": ("noise",), "unit": "police", "source": "样例"} | conditions)


def _route(*rules: Rule, place: str = "east.g1", **case: Any) -> Route:
    pack = SMALL.model_copy(update={"rules": rules, "fallbacks": SMALL.fallbacks})
    facts = {"category": "noise", "source": "window", "level": "IV"} | case
    return route(pack, place=place, **facts)


def _local(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2025, month, day, hour, minute, tzinfo=SHANGHAI)


NIGHT = {"opens": time(17, 30), "closes": time(8)}

HOLDS: list[tuple[dict[str, Any], dict[str, Any], str | None]] = [
    # condition, case, why it does not hold (None: it does)
    ({"levels": ("I", "II")}, {"level": "II"}, None),
    ({"levels": ("I", "II")}, {"level": "III"}, "只适用于I、II级事项"),
    ({"sources": ("window", "grid_patrol")}, {"source": "grid_patrol"}, None),
    ({"sources": ("window", "grid_patrol")}, {"source": "platform_push"}, "只适用于窗口受理、网格巡查的事项"),
    ({"flags": ("danger",)}, {"flags": ("crowd", "danger")}, None),
    ({"flags": ("danger", "crowd")}, {"flags": ("danger",)}, "只适用于标有“有危险”、“多户”的事项"),
    ({"flags": ("danger",)}, {}, "只适用于标有“有危险”的事项"),
    ({"days": "workdays"}, {"at": FRIDAY_NOON}, None),
    ({"days": "workdays"}, {"at": _local(3, 8, 12)}, None),  # a make-up workday
    ({"days": "workdays"}, {"at": _local(3, 3, 12)}, "只在工作日适用"),  # a closure
    ({"days": "days_off"}, {"at": _local(3, 9, 12)}, None),
    ({"days": "days_off"}, {"at": FRIDAY_NOON}, "只在休息日适用"),
    ({"days": "days_off"}, {"at": datetime(2025, 10, 1, 12, tzinfo=SHANGHAI)}, None),  # a public holiday
    (NIGHT, {"at": _local(3, 7, 17, 30)}, None),
    (NIGHT, {"at": _local(3, 8, 7, 59)}, None),
    (NIGHT, {"at": _local(3, 8, 8)}, "只在17:30至次日08:00适用"),
    (NIGHT | {"days": "workdays"}, {"at": _local(3, 9, 2)}, None),  # still the night of Saturday's make-up workday
    (NIGHT | {"days": "workdays"}, {"at": _local(3, 9, 20)}, "只在工作日适用"),
    (NIGHT | {"days": "days_off"}, {"at": _local(3, 10, 2)}, None),  # still Sunday's night
    (NIGHT | {"days": "days_off"}, {"at": _local(3, 9, 2)}, "只在休息日适用"),
    ({"opens": time(9), "closes": time(17)}, {"at": _local(3, 7, 17)}, "只在09:00至17:00适用"),
    ({"opens": time(20)}, {"at": _local(3, 7, 23, 59)}, None),
    ({"opens": time(20)}, {"at": _local(3, 8, 0)}, "只在20:00至24:00适用"),
    ({"opens": time(20), "closes": time(0)}, {"at": _local(3, 7, 23, 59)}, None),
    ({"closes": time(6)}, {"at": _local(3, 8, 0)}, None),
    ({"closes": time(6)}, {"at": _local(3, 8, 6)}, "只在00:00至06:00适用"),
    ({"valid_from": date(2025, 3, 7)}, {"at": FRIDAY_NOON}, None),
    ({"valid_from": date(2025, 3, 8)}, {"at": FRIDAY_NOON}, "自2025年3月8日起才适用"),
    ({"valid_until": date(2025, 3, 7)}, {"at": _local(3, 7, 23, 59)}, None),
    ({"valid_until": date(2025, 3, 6)}, {"at": FRIDAY_NOON}, "2025年3月6日后不再适用"),
    ({"valid_from": date(2025, 3, 8)}, {"at": datetime(2025, 3, 7, 16, tzinfo=UTC)}, None),  # midnight here
    ({"days": "workdays"}, {}, "受理时间未定，无法适用限时规则"),
    (NIGHT, {}, "受理时间未定，无法适用限时规则"),
    ({"valid_from": date(2025, 1, 1)}, {}, "受理时间未定，无法适用限时规则"),
]


@pytest.mark.parametrize(("condition", "case", "why_not"), HOLDS)
def test_a_rule_holds_where_every_condition_is_met(
    condition: dict[str, Any], case: dict[str, Any], why_not: str | None
) -> None:
    decided = _route(_rule("narrow", **condition), **case)

    assert decided.rule_id == ("narrow" if why_not is None else None)
    assert [each.why_not for each in decided.considered] == ([] if why_not is None else [why_not])


def test_runners_up_say_why_each_lost() -> None:
    decided = _route(
        _rule("emergencies", levels=("I",)),
        _rule("winner"),
        _rule("elsewhere", places=("west",)),
        _rule("dangers", flags=("danger",), unit="labour"),
        _rule("general", unit="territory"),
    )

    assert decided.rule_id == "winner"
    assert [(each.rule_id, each.unit, each.why_not) for each in decided.considered] == [
        ("emergencies", "police", "只适用于I级事项"),
        ("dangers", "labour", "只适用于标有“有危险”的事项"),
        ("general", "east-office", "排在先匹配的规则“winner”之后"),
        ("elsewhere", "police", "适用地点不含此地"),
    ]


def test_a_joint_rule_names_its_supporters_at_the_place() -> None:
    decided = _route(_rule("joint", supporters=("territory", "labour")), place="west.g1")

    assert (decided.unit, decided.supporters) == ("police", ("west-office", "labour"))
    assert "由公安主办、西镇政府、劳动协办（联办）（依据：样例）。" in decided.reason


def test_the_lead_never_supports_itself_and_nobody_supports_twice() -> None:
    rule = _rule("joint", unit="territory", supporters=("east-office", "territory", "police", "police"))

    at_home, next_door = _route(rule, place="east"), _route(rule, place="west")

    assert (at_home.unit, at_home.supporters) == ("east-office", ("police",))
    assert (next_door.unit, next_door.supporters) == ("west-office", ("east-office", "police"))


def test_a_single_unit_and_the_fallback_have_no_supporters() -> None:
    assert _route(_rule("single")).supporters == ()
    assert _route(_rule("joint", supporters=("labour",)), category="help").supporters == ()


def test_an_instant_without_zone_is_refused_whether_or_not_a_rule_asks_for_it() -> None:
    with pytest.raises(ValueError, match="time zone"):
        _route(_rule("any"), at=FRIDAY_NOON.replace(tzinfo=None))


def test_a_decision_kept_before_there_were_supporters_can_still_be_read() -> None:
    kept = _route(_rule("any")).model_dump(mode="json")
    del kept["supporters"]

    assert Route.model_validate(kept).supporters == ()


RULES = st.lists(
    st.builds(
        Rule,
        id=st.just("r"),
        categories=st.sampled_from([("noise",), ("*",)]),
        places=st.sampled_from([("*",), ("east",), ("west.g1",)]),
        levels=st.sets(st.sampled_from(LEVELS), max_size=2).map(tuple),
        sources=st.sets(st.sampled_from(SOURCES), max_size=2).map(tuple),
        flags=st.sets(st.sampled_from(["danger", "crowd"])).map(tuple),
        days=st.sampled_from(["all", "workdays", "days_off"]),
        opens=st.none() | st.integers(1, 23).map(time),
        closes=st.none() | st.integers(1, 23).map(time),
        valid_from=st.none() | st.dates(date(2025, 3, 1), date(2025, 3, 10)),
        valid_until=st.none() | st.dates(date(2025, 3, 1), date(2025, 3, 10)),
        unit=st.sampled_from(["territory", "police", "labour"]),
        supporters=st.lists(st.sampled_from(["territory", "police", "labour", "east-office"]), max_size=3).map(tuple),
        source=st.just("样例"),
    ),
    max_size=8,
).map(lambda rules: tuple(rule.model_copy(update={"id": f"r{n}"}) for n, rule in enumerate(rules)))


@settings(max_examples=300, deadline=None)
@given(
    rules=RULES,
    place=st.sampled_from(["east", "east.g1", "west", "west.g1"]),
    level=st.sampled_from(LEVELS),
    source=st.sampled_from(SOURCES),
    flags=st.sets(st.sampled_from(["danger", "crowd"])).map(tuple),
    at=st.none() | st.integers(0, 12 * 1440).map(lambda minutes: _local(2, 28, 0) + timedelta(minutes=minutes)),
)
def test_routing_equals_a_clerk_reading_the_table(
    rules: tuple[Rule, ...], place: str, level: Level, source: str, flags: tuple[str, ...], at: datetime | None
) -> None:
    pack = SMALL.model_copy(update={"rules": rules})

    decided = route(pack, category="noise", place=place, level=level, source=source, flags=flags, at=at)

    expected = next((rule for rule in rules if _clerk_says(rule, place, level, source, flags, at)), None)
    assert decided.rule_id == (None if expected is None else expected.id)
    assert decided.unit not in decided.supporters
    assert len(set(decided.supporters)) == len(decided.supporters)
    assert all(pack.unit(code) is not None for code in (str(decided.unit), *decided.supporters))
    assert all(each.why_not and each.rule_id != decided.rule_id for each in decided.considered)
    assert decided.rule_id not in _dead(pack), "a rule that decides is never called unreachable"


def _clerk_says(rule: Rule, place: str, level: str, source: str, flags: tuple[str, ...], at: datetime | None) -> bool:
    """With the printed rule, a wall calendar and a clock; minute by minute, no arithmetic of stretches."""
    here = rule.places == ("*",) or place in rule.places or place.split(".")[0] in rule.places
    marked = all(flag in flags for flag in rule.flags)
    if not here or not marked or level not in (rule.levels or LEVELS) or source not in (rule.sources or SOURCES):
        return False
    timed = (rule.days, rule.opens, rule.closes, rule.valid_from, rule.valid_until) != ("all", None, None, None, None)
    if not timed:
        return True
    if at is None or not (rule.valid_from or date.min) <= at.date() <= (rule.valid_until or date.max):
        return False
    begun = _begun_on(rule, at)
    return begun is not None and (rule.days == "all" or (rule.days == "workdays") == _works(begun))


def _begun_on(rule: Rule, at: datetime) -> date | None:
    """The day on which the rule's stretch of hours around `at` began."""
    opens = datetime.combine(at.date(), rule.opens or time(0))
    closes = datetime.combine(at.date(), rule.closes) if rule.closes else opens.replace(hour=0) + timedelta(days=1)
    if rule.opens == rule.closes and rule.opens is not None:
        return None
    if closes < opens:
        closes += timedelta(days=1)
    wall = at.replace(tzinfo=None)
    for back in (timedelta(0), timedelta(days=1)):
        if opens - back <= wall < closes - back:
            return (opens - back).date()
    return None


def _works(day: date) -> bool:
    return day in WORKDAYS or (day.weekday() < 5 and day not in HOLIDAYS)


def _dead(pack: CentrePack) -> set[str]:
    return {fault.what.split("'")[1] for fault in unreachable_rules(pack, Locations())}
