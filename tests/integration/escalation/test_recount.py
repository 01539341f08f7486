"""Days of a year are published: what rested on a guess is counted again, on record; what came of it stays."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.escalation.operations import recount_clocks
from services.escalation.operations.recount_clocks import Recount
from shared.centre.office_days import DaysOff, HolidayYear
from shared.centre.pack import CentrePack
from shared.contracts.dispatch import ExtensionApproved, SuspensionApproved, SuspensionEnded
from tests.integration.escalation.given import Bench
from tests.unit.escalation.given import Story, quanzhou

pytestmark = pytest.mark.servers
# Tuesday 30 December 2031, 10:00 there: no notice for 2032 is published by any library.
LATE = datetime(2031, 12, 30, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)
THIS_YEAR = HolidayYear(
    year=2031,
    notice="测试通知",
    days_off=(DaysOff(name="国庆", **{"from": date(2031, 10, 1)}, to=date(2031, 10, 7)),),
    workdays=(),
)
NEXT_YEAR = HolidayYear(
    year=2032,
    notice="测试通知",
    days_off=(DaysOff(name="元旦", **{"from": date(2032, 1, 1)}, to=date(2032, 1, 9)),),
    workdays=(),
)


async def publish(bench: Bench) -> CentrePack:
    pack = quanzhou().model_copy(update={"holiday_years": (THIS_YEAR, NEXT_YEAR)})
    async with bench.work.begin() as tx:
        content = pack.model_dump(mode="json")
        await bench.work.packs.store(tx.session, name=pack.name, version=pack.version, content=content, at=LATE)
    return pack


async def sent(bench: Bench, count: int = 1) -> list[Story]:
    bench.clock.move_to(LATE)
    stories = [Story() for _ in range(count)]
    await bench.deliver("dispatch", [bench.envelope(one.dispatched(dispatched_at=LATE)) for one in stories])
    return stories


async def dues(bench: Bench, story: Story) -> dict[str, tuple[datetime, bool]]:
    return {clock.stage: (clock.due_at, clock.provisional) for clock in await bench.rows(story) if clock.open}


async def test_a_published_year_moves_what_rested_on_it_with_its_coming_steps_and_says_so(bench: Bench) -> None:
    (story,) = await sent(bench)
    before = await dues(bench, story)
    assert before["report_back"][1], "a guess, as long as nobody has published the year"
    await publish(bench)
    recount = Recount(bench.work)
    await recount.run()
    after = await dues(bench, story)
    assert after["report_back"][0] > before["report_back"][0]
    events = {one["stage"]: one for one in await bench.events("escalation.clock.recomputed")}
    told, (row,) = events["report_back"], [one for one in await bench.rows(story) if one.stage == "report_back"]
    assert (told["old_due_at"], told["first_due_at"]) == (told["first_due_at"], told["old_due_at"])
    assert (row.first_due_at, row.due_at) == (before["report_back"][0], after["report_back"][0])
    assert datetime.fromisoformat(told["due_at"]) == row.due_at
    fires = [step.at for step in row.steps() if step.kind == "fire"]
    assert fires == [row.due_at]
    await recount.run()
    await Recount(bench.work).run()
    assert len(await bench.events("escalation.clock.recomputed")) == len(events), "done once, whoever looks again"
    await bench.sweep(before["report_back"][0] + timedelta(minutes=1))
    fired = [one["stage"] for one in await bench.events("escalation.clock.overdue")]
    assert "report_back" not in fired, "not by the time that was a guess"
    await bench.sweep(row.due_at)
    assert "report_back" in [one["stage"] for one in await bench.events("escalation.clock.overdue")]
    await bench.balance()


async def test_what_fired_by_the_guess_stays_fired(bench: Bench) -> None:
    (story,) = await sent(bench)
    due = (await dues(bench, story))["report_back"][0]
    await bench.sweep(due)
    await publish(bench)
    await Recount(bench.work).run()
    (row,) = [one for one in await bench.rows(story) if one.stage == "report_back"]
    assert (row.state, row.due_at, row.first_due_at) == ("overdue", due, due)


async def test_cut_short_it_goes_on_where_it_stopped(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    await sent(bench, 8)
    guessed = sum(clock.provisional for clock in await bench.rows())
    assert guessed >= 8
    await publish(bench)
    monkeypatch.setattr(recount_clocks, "CLAIM_MAX", 3)
    with monkeypatch.context() as cut:
        cut.setattr(recount_clocks, "ROUNDS_MAX", 1)
        cut_short = Recount(bench.work)
        await cut_short.run()
        assert sum(clock.provisional for clock in await bench.rows()) == guessed - 3
    await cut_short.run()
    assert not [clock for clock in await bench.rows() if clock.provisional]
    assert len(await bench.events("escalation.clock.recomputed")) == guessed


async def test_a_clock_armed_after_the_notice_counts_by_it_though_its_case_began_with_the_old_pack(
    bench: Bench,
) -> None:
    (before,) = await sent(bench)
    await publish(bench)
    await Recount(bench.work).run()
    (after,) = await sent(bench)
    assert await dues(bench, before) == await dues(bench, after)
    assert {clock.pack_version for clock in await bench.rows(after)} == {quanzhou().version}


async def test_extended_and_resumed_promises_are_counted_again_by_the_steps_that_led_to_them(bench: Bench) -> None:
    extended, suspended = await sent(bench, 2)
    guess = (await dues(bench, extended))["report_back"][0]
    plain = {"first_receiver": "clerk.1", "due_at": guess}
    guessed = {**plain, "provisional": True, "number": 1}
    approved = {"deferral_id": extended.summons, "kind": "extension", "days": 2, "approved_at": LATE}
    waits = {"deferral_id": suspended.summons, "kind": "suspension"}
    bench.clock.move_to(LATE + DAY)
    await bench.hears(
        extended.tell(ExtensionApproved, **guessed, **approved, extended_to=guess + 2 * DAY),
        suspended.tell(SuspensionApproved, **waits, **plain, until=LATE + DAY, suspended_at=LATE),
        suspended.tell(SuspensionEnded, **{**guessed, **waits, "due_at": guess + DAY, "resumed_at": LATE + DAY}),
    )
    await publish(bench)
    await Recount(bench.work).run()
    moved = {story.code: (await dues(bench, story))["report_back"] for story in (extended, suspended)}
    # Five working days after 30 December are 31 December and four from 12 January on (10 and 11 are a weekend).
    assert moved[extended.code][0] == datetime(2032, 1, 19, 9, 30, tzinfo=UTC)
    assert moved[suspended.code][0] > guess + DAY
    assert {provisional for _, provisional in moved.values()} == {False}


async def test_a_due_time_is_not_moved_by_hand(bench: Bench) -> None:
    import sqlalchemy as sa
    from sqlalchemy.exc import DBAPIError

    await sent(bench)
    for change in ("due_at = due_at + interval '1 day'", "first_due_at = first_due_at + interval '1 day'"):
        with pytest.raises(DBAPIError, match="never edited"):
            async with bench.work.begin() as tx:
                await tx.session.execute(sa.text(f"update escalation.clock set {change} where provisional"))
