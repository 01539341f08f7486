"""Rosters on record: set, overridden, substituted; who answers at any instant; nothing that was is lost."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from services.dispatch.operations.presence import is_in_hall
from services.dispatch.operations.rosters import cancel_override, make_override, set_roster, substitute_absent
from services.dispatch.queries.duty import check_rosters, list_rosters, read_duty_feed, who_is_responsible
from services.dispatch.queries.duty_records import PACK_CHAIN
from shared.contracts.actors import OPERATOR, Actor, Role
from shared.contracts.dispatch import (
    CancelOverride,
    CentrePackApplied,
    CheckRosters,
    ListRosters,
    MakeOverride,
    OverrideMade,
    ReadDutyFeed,
    Responsible,
    RosterChanged,
    SetRoster,
    SubstituteAbsent,
    WhoIsResponsible,
)
from shared.duty import Member, Override, Roster, Rotation
from shared.errors import Refused
from tests.integration.dispatch.given import Bench
from tests.unit.dispatch.given import COMMANDER, MONDAY, quanzhou, staff_of

pytestmark = pytest.mark.servers

LOCAL = ZoneInfo("Asia/Shanghai")
UNITS = quanzhou().directors
DIRECTOR = Actor(staff="director.1", role=Role.DUTY_DIRECTOR)


def rota(code: str = "director", **changes: Any) -> Roster:
    def members(post: str) -> tuple[Member, ...]:
        return tuple(Member(staff=f"{unit}.{post}") for unit in UNITS)

    monday = date(2026, 11, 23)
    plan: dict[str, Any] = {
        "code": code,
        "kind": "duty_director",
        "title": "轮值主任",
        "rotations": (
            Rotation(id="primary", members=members("director"), every="weekly", starts_on=monday),
            Rotation(id="backup", shift="backup", members=members("deputy"), every="weekly", starts_on=monday),
        ),
    }
    return Roster(**(plan | changes))


def local(day: int, hour: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=LOCAL)


async def sets(bench: Bench, roster: Roster, by: Actor = DIRECTOR) -> None:
    await set_roster(bench.work, SetRoster(actor=by, idempotency_key=uuid4().hex, roster=roster), now=bench.now)


async def overrides(bench: Bench, roster: str = "director", **override: Any) -> OverrideMade:
    command = MakeOverride(
        actor=DIRECTOR,
        idempotency_key=uuid4().hex,
        roster=roster,
        override=Override(**({"reason": "临时有事", "starts_at": bench.now} | override)),
    )
    return await make_override(bench.work, command, now=bench.now)


async def who(bench: Bench, at: datetime | None = None, by: Actor = OPERATOR, **asked: Any) -> Responsible:
    return await who_is_responsible(bench.work, WhoIsResponsible(actor=by, at=at, **asked), now=bench.now)


def posts(answer: Responsible) -> list[str]:
    return [each.staff for each in answer.on_duty]


async def test_who_is_responsible_now_and_in_any_week_to_come(bench: Bench) -> None:
    await sets(bench, rota())
    assert posts(await who(bench)) == [f"{UNITS[0]}.director", f"{UNITS[0]}.deputy"]
    assert posts(await who(bench, local(30, 9))) == [f"{UNITS[1]}.director", f"{UNITS[1]}.deputy"]
    (primary, _) = (await who(bench, local(30, 7))).on_duty
    assert primary.unit == UNITS[0]
    assert primary.until == local(30, 8)
    assert "第1轮" in primary.why


async def test_a_roster_set_anew_answers_for_its_own_time_only(bench: Bench) -> None:
    await sets(bench, rota())
    bench.passes(days=1)
    before = await who(bench, MONDAY)
    turned = tuple(rotation.model_copy(update={"members": rotation.members[::-1]}) for rotation in rota().rotations)
    await sets(bench, rota(rotations=turned))
    assert posts(await who(bench)) == [f"{UNITS[-1]}.director", f"{UNITS[-1]}.deputy"]
    after = await who(bench, MONDAY)
    assert posts(after) == posts(before) == [f"{UNITS[0]}.director", f"{UNITS[0]}.deputy"]
    assert after.on_duty[0].until == bench.now, "from here on another version answers"
    assert await bench.count("roster_version") == 2


async def test_before_any_roster_was_set_nobody_is_on_record(bench: Bench) -> None:
    assert (await who(bench)).why == "该时点没有轮值主任排班在案"
    bench.passes(hours=1)
    await sets(bench, rota())
    assert (await who(bench, MONDAY)).on_duty == ()


async def test_the_same_roster_again_changes_nothing(bench: Bench) -> None:
    await sets(bench, rota())
    bench.passes(hours=1)
    await sets(bench, rota())
    assert await bench.count("roster_version") == 1
    assert await bench.events("roster:director") == ["roster.changed"]


async def test_each_change_tells_the_whole_roster_without_what_people_wrote(bench: Bench) -> None:
    await sets(bench, rota())
    made = await overrides(bench, action="add", staff="police.reserve", ends_at=bench.now + timedelta(hours=4))
    told = await bench.event_data("roster:director", RosterChanged)
    assert len(told) == 2
    (override,) = Roster.model_validate(told[1]["roster"]).overrides
    assert (override.override_id, override.staff, override.unit) == (made.override_id, "police.reserve", "police")
    assert override.reason == "人工调整"
    assert "临时有事" not in str(told)
    bench.passes(days=40)
    await sets(bench, rota(title="轮值主任表"))
    assert (await bench.event_data("roster:director", RosterChanged))[2]["roster"]["overrides"] == []


async def test_an_override_begins_no_sooner_than_it_is_made(bench: Bench) -> None:
    await sets(bench, rota())
    bench.passes(hours=2)
    primary = f"{UNITS[0]}.director"
    made = await overrides(
        bench, action="replace", staff="police.reserve", instead_of=primary, starts_at=MONDAY, ends_at=local(24, 8)
    )
    assert made.starts_at == bench.now
    assert posts(await who(bench, MONDAY))[0] == primary
    now = await who(bench)
    assert posts(now)[0] == "police.reserve"
    assert "临时有事" in now.why
    assert "临时有事" not in (await who(bench, by=staff_of("market"))).why, "what people wrote is the centre's own"


async def test_a_cancelled_override_loses_what_was_to_come_and_keeps_what_was(bench: Bench) -> None:
    await sets(bench, rota())
    primary = f"{UNITS[0]}.director"
    made = await overrides(bench, action="replace", staff="police.a", instead_of=primary, ends_at=local(25, 8))
    bench.passes(hours=5)
    command = CancelOverride(
        actor=DIRECTOR, idempotency_key=uuid4().hex, roster="director", override_id=made.override_id, reason="已返岗"
    )
    await cancel_override(bench.work, command, now=bench.now)
    assert posts(await who(bench))[0] == primary
    assert posts(await who(bench, MONDAY + timedelta(hours=4)))[0] == "police.a"
    again = command.model_copy(update={"idempotency_key": uuid4().hex})
    with pytest.raises(Refused, match="over or cancelled"):
        await cancel_override(bench.work, again, now=bench.now)


async def test_overlapping_overrides_that_contradict_are_refused_with_both_named(bench: Bench) -> None:
    await sets(bench, rota())
    primary = f"{UNITS[0]}.director"
    made = await overrides(bench, action="replace", staff="police.a", instead_of=primary, ends_at=local(25, 8))
    with pytest.raises(Refused) as refused:
        await overrides(bench, action="replace", staff="market.b", instead_of=primary, ends_at=local(24, 8))
    assert refused.value.code == "overrides_contradict"
    assert str(made.override_id) in refused.value.message
    assert "police.a" in refused.value.message
    assert "market.b" in refused.value.message
    assert await bench.count("roster_override") == 1
    await overrides(
        bench, action="replace", staff="market.b", instead_of=primary, starts_at=local(25, 8), ends_at=local(26, 8)
    )


@pytest.mark.parametrize(
    ("override", "code"),
    [
        ({"action": "add", "staff": "polise.a", "ends_at": local(25, 8)}, "unknown_post"),
        ({"action": "remove", "staff": "market.director", "ends_at": local(25, 8)}, "not_on_duty_then"),
        ({"action": "add", "staff": "police.a", "starts_at": local(20, 8), "ends_at": local(21, 8)}, "stretch_is_past"),
        ({"action": "add", "staff": "police.a", "ends_at": local(25, 8) + timedelta(days=400)}, "stretch_too_long"),
    ],
)
async def test_an_override_that_cannot_be_is_refused(bench: Bench, override: dict[str, Any], code: str) -> None:
    await sets(bench, rota())
    with pytest.raises(Refused) as refused:
        await overrides(bench, **override)
    assert refused.value.code == code


async def test_a_row_for_an_unknown_post_is_named(bench: Bench) -> None:
    wrong = Rotation(
        id="primary",
        members=(Member(staff="police.director"), Member(staff="polise.director")),
        every="weekly",
        starts_on=date(2026, 11, 23),
    )
    with pytest.raises(Refused, match=r"roster director, rotation primary, row 2: 'polise\.director'") as refused:
        await sets(bench, rota(rotations=(wrong,)))
    assert refused.value.code == "unknown_post"
    assert await bench.count("roster") == 0


async def test_the_backup_of_the_same_unit_stands_in(bench: Bench) -> None:
    await sets(bench, rota())
    command = SubstituteAbsent(
        actor=DIRECTOR,
        idempotency_key=uuid4().hex,
        roster="director",
        absent=f"{UNITS[0]}.director",
        starts_at=bench.now,
        ends_at=local(30, 12, 12),
        reason="外出开会",
    )
    made = await substitute_absent(bench.work, command, now=bench.now)
    assert made.ends_at == local(30, 8), "with the turn at the latest"
    now = await who(bench)
    assert posts(now)[0] == f"{UNITS[0]}.deputy"
    assert "副班顶岗" in now.on_duty[0].why
    only_primary = rota().rotations[:1]
    await sets(bench, rota("second", rotations=only_primary))
    again = command.model_copy(update={"roster": "second", "idempotency_key": uuid4().hex})
    with pytest.raises(Refused) as refused:
        await substitute_absent(bench.work, again, now=bench.now)
    assert refused.value.code == "no_backup_of_unit"


async def test_a_unit_without_a_liaison_roster_has_its_liaison_post(bench: Bench) -> None:
    answer = await who(bench, unit="police")
    assert posts(answer) == ["police.liaison"]
    assert answer.why.startswith("没有排班，按规则包由联络员岗位负责")
    rotation = Rotation(id="a", members=(Member(staff="police.x"),), every="daily", starts_on=date(2026, 11, 1))
    await sets(
        bench, Roster(code="police-liaison", kind="liaison", unit="police", title="公安联络", rotations=(rotation,))
    )
    assert posts(await who(bench, unit="police")) == ["police.x"]
    with pytest.raises(Refused) as refused:
        await who(bench, unit="polise")
    assert refused.value.code == "unknown_unit"
    with pytest.raises(Refused) as refused:
        await who(bench, datetime(2999, 1, 1, tzinfo=LOCAL))
    assert refused.value.code == "instant_out_of_reach"


async def test_who_sits_in_the_hall(bench: Bench) -> None:
    async def in_hall(unit: str, at: datetime) -> bool:
        async with bench.work.begin() as tx:
            return await is_in_hall(tx, quanzhou(), unit, at)

    assert not await in_hall("police", bench.now)
    desk = Rotation.model_validate(
        {
            "id": "police",
            "members": [{"staff": "police.desk"}],
            "every": "daily",
            "starts_on": "2026-11-01",
            "opens": "08:00",
            "closes": "17:30",
            "weekdays": [0, 2],
        }
    )
    await sets(bench, Roster(code="hall", kind="presence", title="轮驻", rotations=(desk,)))
    assert await in_hall("police", local(23, 9))
    assert not await in_hall("police", local(23, 18))
    assert not await in_hall("police", local(24, 9))
    assert not await in_hall("court", local(23, 9))
    assert posts(await who(bench, local(23, 9), unit="police", kind="presence")) == ["police.desk"]


async def test_the_feed_of_a_post_is_a_calendar_whose_marks_stay(bench: Bench) -> None:
    await sets(bench, rota())
    post = f"{UNITS[1]}.director"

    async def feed() -> list[Any]:
        read = await read_duty_feed(bench.work, ReadDutyFeed(actor=OPERATOR, post=post, days=120), now=bench.now)
        return list(Calendar.from_ical(read.calendar).walk("VEVENT"))

    first = await feed()
    assert [event.decoded("dtstart") for event in first] == [local(30, 8), local(30, 8) + timedelta(weeks=9)]
    assert first[0].decoded("dtend") == local(30, 8) + timedelta(weeks=1)
    bench.passes(days=2)
    assert [str(event["uid"]) for event in await feed()][:2] == [str(event["uid"]) for event in first]


async def test_gaps_and_overloads_are_found(bench: Bench) -> None:
    ending = tuple(rotation.model_copy(update={"ends_on": date(2026, 11, 29)}) for rotation in rota().rotations)
    await sets(bench, rota(rotations=ending))
    findings = await check_rosters(bench.work, CheckRosters(actor=COMMANDER, days=14), now=bench.now)
    (gap,) = findings.gaps
    assert (gap.starts_at, gap.ends_at) == (local(30, 8), findings.until)
    assert findings.overloads == ()


async def test_rosters_are_listed_as_they_stand(bench: Bench) -> None:
    await sets(bench, rota())
    await overrides(bench, action="add", staff="police.a", ends_at=local(25, 8))
    listed = await list_rosters(bench.work, ListRosters(actor=OPERATOR), now=bench.now)
    assert [each.reason for each in listed.rosters[0].overrides] == ["临时有事"]
    listed = await list_rosters(bench.work, ListRosters(actor=staff_of("market")), now=bench.now)
    assert [each.reason for each in listed.rosters[0].overrides] == ["人工调整"]
    assert (await list_rosters(bench.work, ListRosters(actor=OPERATOR, kind="leader"), now=bench.now)).rosters == ()


async def test_a_roster_keeps_its_kind_and_takes_no_overrides_along(bench: Bench) -> None:
    await sets(bench, rota())
    with pytest.raises(Refused) as refused:
        await sets(bench, rota(kind="leader"))
    assert refused.value.code == "roster_keeps_kind"
    override = Override(action="add", staff="police.a", starts_at=bench.now, ends_at=local(25, 8), reason="临时有事")
    with pytest.raises(Refused) as refused:
        await sets(bench, rota(overrides=(override,)))
    assert refused.value.code == "overrides_apart"


async def test_only_one_version_is_in_force(bench: Bench) -> None:
    await sets(bench, rota())
    copy = """insert into dispatch.roster_version
        select gen_random_uuid(), roster, content, set_by, in_force_from, null from dispatch.roster_version"""
    with pytest.raises(sa.exc.IntegrityError, match="one_roster_in_force"):
        async with bench.work.begin() as tx:
            await tx.session.execute(sa.text(copy))


async def test_a_holiday_entered_later_does_not_change_who_was_on_duty(bench: Bench) -> None:
    from services.dispatch.operations.packs import apply_centre_pack
    from shared.contracts.dispatch import ApplyCentrePack

    assert CentrePackApplied(name="n", version="v", applied_at=MONDAY, pack={}).chain == PACK_CHAIN
    daily = Rotation(
        id="primary",
        members=tuple(Member(staff=f"{unit}.director") for unit in UNITS),
        every="daily",
        days="workdays",
        starts_on=date(2026, 11, 23),
    )
    await sets(bench, rota(rotations=(daily,)))
    bench.passes(days=3)
    tuesday = local(24, 9)
    before = await who(bench, tuesday)
    closed = quanzhou().model_copy(update={"holidays": (date(2026, 11, 23), date(2026, 11, 24))})
    command = ApplyCentrePack(actor=OPERATOR, idempotency_key=uuid4().hex, pack=closed.model_dump(mode="json"))
    await apply_centre_pack(bench.work, command, now=bench.now)
    assert posts(await who(bench, tuesday)) == posts(before) == [f"{UNITS[1]}.director"]
    assert posts(await who(bench)) == [f"{UNITS[1]}.director"], "counted by the calendar in force now"
