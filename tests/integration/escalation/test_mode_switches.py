"""平战转换 and the clocks: what is owed goes by the mode of its time, what is open as the pack says, and back again."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.escalation.errors import GridNotAtWork
from services.escalation.model import Clock
from services.escalation.operations.record_verification import Verifying
from services.escalation.operations.switch_modes import look_at_switches
from services.escalation.queries.verifications import VerificationReads
from shared.contracts.actors import Actor, Role
from shared.contracts.dispatch import ExtensionApproved, ModeSwitched, SummonsUnitCalled
from shared.contracts.escalation import ListVerifications, RecordVerification, VerificationOutcome
from shared.contracts.intake import CaseClosed
from shared.vault import KeyRing
from tests.integration.escalation.given import Bench
from tests.unit.escalation.given import Story, at, quanzhou

pytestmark = pytest.mark.servers

SURGE = UUID(int=7)
MICRO_GRID = next(grid.code for grid in quanzhou().grids if grid.kind == "micro")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Switching:
    """The commander's acts as dispatch tells them."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.number = 1
        self.mode = "normal"

    async def to(self, mode: str, when: datetime) -> None:
        await self.hears_of(mode, when)
        await look_at_switches(self.bench.work)

    async def hears_of(self, mode: str, when: datetime) -> None:
        self.number += 1
        told = ModeSwitched.model_validate(
            {
                "number": self.number,
                "surge_id": SURGE,
                "mode": mode,
                "before": self.mode,
                "measures": (),
                "expected_end": None if mode == "normal" else when + DAY,
                "tells": (),
                "pack_version": quanzhou().version,
                "switched_at": when,
            }
        )
        self.mode = mode
        self.bench.clock.move_to(when)
        await self.bench.hears(told)


async def open_clocks(bench: Bench, story: Story) -> dict[str, Clock]:
    return {clock.stage: clock for clock in await bench.rows(story) if clock.ended_at is None}


async def goes_out(bench: Bench, story: Story, **given: Any) -> None:
    await bench.hears(story.registered(), story.accepted(), story.dispatched(**given))


async def test_there_and_back(bench: Bench) -> None:
    switching, old, new = Switching(bench), Story(), Story()
    await goes_out(bench, old)
    before = await open_clocks(bench, old)
    await switching.to("surge.II", at(60))
    during = await open_clocks(bench, old)
    assert during["report_back"].due_at == at(6) + 48 * HOUR, "counted from its original start"
    assert during["report_back"].started_at == at(6)
    assert during["sign_off"].due_at == at(6) + 4 * HOUR
    assert during["report_back"].limit_id == "report-back-surge"
    await goes_out(bench, new, dispatched_at=at(61))
    assert (await open_clocks(bench, new))["report_back"].due_at == at(61) + 48 * HOUR
    await bench.hears(old.signed_off())
    await switching.to("normal", at(120))
    after = await open_clocks(bench, old)
    assert after.keys() & {"sign_off", "report_back"} == {"report_back"}, (
        "the sign-off was met, under whatever key its clock was kept"
    )
    for fact in ("due_at", "limit_id", "provisional", "started_at", "owes"):
        assert getattr(after["report_back"], fact) == getattr(before["report_back"], fact)
    states = await bench.states(old)
    assert {key: state for key, state in states.items() if not key.startswith(("contact", "return"))} == {
        "accept": "met",
        "dispatch:0": "met",
        "sign_off": "cancelled: surge_limit",
        "sign_off:m2": "met",
        "report_back:1": "cancelled: surge_limit",
        "report_back:1:m2": "cancelled: limit_restored",
        "report_back:1:m3": "armed",
    }
    own = [one for one in await bench.events() if one["case_id"] == str(old.case_id)]
    told = [one for one in own if one.get("stage") == "report_back"]
    assert [(one["type"].removeprefix("escalation.clock."), one.get("reason", one.get("due_at"))) for one in told] == [
        ("armed", _written(before["report_back"].due_at)),
        ("cancelled", "surge_limit"),
        ("armed", _written(at(6) + 48 * HOUR)),
        ("cancelled", "limit_restored"),
        ("armed", _written(before["report_back"].due_at)),
    ], "each change an event, and the time it had first stays on record; nothing was overdue in between"
    await bench.balance()


async def test_nobody_is_overdue_by_the_switch_itself_and_what_is_overdue_stays(bench: Bench) -> None:
    switching, story, late = Switching(bench), Story(), Story()
    await goes_out(bench, story)
    await bench.hears(late.registered())  # to be accepted within fifteen minutes of office time
    await bench.sweep(at(6 * 60))
    overdue = (await open_clocks(bench, late))["accept"]
    await switching.to("surge.II", at(6 * 60))
    await bench.sweep(at(6 * 60))
    during = await open_clocks(bench, story)
    assert during["sign_off"].due_at == at(7 * 60), "four hours are over: an hour from now"
    assert during["sign_off"].fired_at is None
    assert (await open_clocks(bench, late))["accept"].key == overdue.key
    await bench.sweep(at(7 * 60 + 1))
    await switching.to("normal", at(8 * 60))
    fired = (await open_clocks(bench, story))["sign_off"]
    assert (fired.key, fired.state) == (during["sign_off"].key, "overdue"), "an overdue fact is never erased"
    await bench.balance()


async def test_a_time_that_passed_before_the_switch_was_looked_at_is_overdue(bench: Bench) -> None:
    """Escalation was away: the switch made the time shorter, and that was up when it came back."""
    switching, story = Switching(bench), Story()
    await goes_out(bench, story)
    await switching.hears_of("surge.II", at(6 * 60))
    bench.clock.move_to(at(9 * 60))
    await look_at_switches(bench.work)
    await bench.sweep(at(9 * 60))
    late = (await open_clocks(bench, story))["sign_off"]
    assert (late.due_at, late.state) == (at(7 * 60), "overdue")
    await bench.balance()


async def test_an_approved_extension_outranks_the_switch(bench: Bench) -> None:
    switching, story = Switching(bench), Story()
    await goes_out(bench, story)
    extended = story.tell(
        ExtensionApproved,
        deferral_id=uuid4(),
        kind="extension",
        first_receiver="clerk.1",
        due_at=at(600),
        extended_to=at(20_000),
        provisional=False,
        number=1,
        approved_at=at(30),
    )
    await bench.hears(extended)
    await switching.to("surge.I", at(60))
    assert (await open_clocks(bench, story))["report_back"].due_at == at(20_000)
    await switching.to("normal", at(90))
    assert (await open_clocks(bench, story))["report_back"].key.endswith(":x1")


async def test_a_summons_that_runs_keeps_its_ladder(bench: Bench) -> None:
    switching, story = Switching(bench), Story()
    await bench.hears(story.tell(SummonsUnitCalled, drill=False))
    (before,) = await bench.rows(story)
    await switching.to("surge.I", at(1))
    (after,) = await bench.rows(story)
    assert (after.key, after.due_at, after.plan) == (before.key, before.due_at, before.plan)


async def test_a_verification_whose_limit_was_changed_is_listed_recorded_and_dropped_as_ever(bench: Bench) -> None:
    switching, story = Switching(bench), Story()
    await goes_out(bench, story)
    await bench.hears(story.reported_back())
    ask = ListVerifications(actor=Actor(staff="g", role=Role.GRID_WORKER))
    of_a_micro_grid = ListVerifications(actor=Actor(staff="g", role=Role.GRID_WORKER, grid=MICRO_GRID))
    reads = VerificationReads(KeyRing.from_text(KeyRing.generate()))
    assert not (await reads.list_verifications(bench.work, of_a_micro_grid, now=at(69))).tasks
    await switching.to("surge.I", at(70))
    assert (await reads.list_verifications(bench.work, of_a_micro_grid, now=at(70))).tasks
    (task,) = (await reads.list_verifications(bench.work, ask, now=at(70))).tasks
    assert task.due_at == at(60) + 24 * HOUR
    await bench.hears(story.tell(CaseClosed))
    assert not await open_clocks(bench, story)
    assert (await bench.tasks(story))[0].state == "cancelled"


async def test_a_micro_grid_records_what_it_found_as_long_as_the_surge_calls_upon_it(bench: Bench) -> None:
    switching, story = Switching(bench), Story()
    await goes_out(bench, story)
    await bench.hears(story.reported_back())
    (task,) = await bench.tasks(story)
    command = RecordVerification(
        actor=Actor(staff="g", role=Role.GRID_WORKER, grid=MICRO_GRID),
        idempotency_key=uuid4().hex,
        verification_id=task.verification_id,
        outcome=VerificationOutcome.SOLVED,
    )
    record = Verifying(KeyRing.from_text(KeyRing.generate())).record_verification
    with pytest.raises(GridNotAtWork):
        await record(bench.work, command, now=at(69))
    await switching.to("surge.I", at(70))
    await record(bench.work, command, now=at(71))
    assert [one.verified_by for one in await bench.tasks(story)] == ["g"]


async def test_a_clock_armed_before_the_news_of_the_switch_came_is_looked_at_all_the_same(bench: Bench) -> None:
    """The streams may interleave: what began in the surge is told before the switch is."""
    switching, story = Switching(bench), Story()
    await goes_out(bench, story, dispatched_at=at(61))
    await switching.to("surge.II", at(60))
    assert (await open_clocks(bench, story))["report_back"].due_at == at(61) + 48 * HOUR
    await bench.balance()


FOLLOWED = ("sign_off", "report_back")
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["surge.I", "surge.II", "surge.III", "normal", "case", "sign_off", "report", "look"]),
        st.integers(1, 400),
    ),
    max_size=14,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
async def test_no_switching_loses_a_clock_nor_changes_who_owes(bench: Bench, acts: list[tuple[str, int]]) -> None:
    """Invariant 9. `owed` is the plain list of what stories say is owed; the clocks must be just those."""
    switching = Switching(bench)
    row = max((clock for clock in await bench.rows()), key=lambda clock: clock.armed_at, default=None)
    now = bench.clock.now() if row is None else max(bench.clock.now(), row.armed_at)
    switching.number = max((await _numbers(bench), 1))
    stories: list[Story] = []
    owed: set[tuple[UUID, str, str]] = set()
    for act, gone in acts:
        now += timedelta(minutes=gone)
        bench.clock.move_to(now)
        if act == "case":
            story = Story()
            stories.append(story)
            await bench.hears(
                story.tell(type(story.registered()), received_at=now, registered_at=now),
                story.accepted(accepted_at=now),
                story.dispatched(dispatched_at=now, accepted_at=now),
            )
            owed |= {(story.case_id, stage, story.unit) for stage in FOLLOWED}
        elif act in ("sign_off", "report"):
            for story in stories[:1]:
                await _does(bench, story, act, now, owed)
        elif act == "look":
            await look_at_switches(bench.work)
        elif act != switching.mode:
            await switching.to(act, now)
        found = [clock for clock in await bench.rows() if clock.ended_at is None and clock.stage in FOLLOWED]
        kept = {(clock.case_id, clock.stage, clock.owes) for clock in found}
        assert kept == owed
        assert len(found) == len(kept), "never two clocks for one promise"
    for story in stories:
        await _does(bench, story, "report", now, owed)
    if switching.mode != "normal":
        await switching.to("normal", now + timedelta(minutes=1))
    await bench.balance()


def _written(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")


async def _numbers(bench: Bench) -> int:
    async with bench.work.read() as session:
        return await session.scalar(sa.text("select max(number) from escalation.mode_switch")) or 1


async def _does(bench: Bench, story: Story, act: str, now: datetime, owed: set[tuple[UUID, str, str]]) -> None:
    if act == "sign_off":
        await bench.hears(story.signed_off().model_copy(update={"signed_off_at": now}))
        owed.discard((story.case_id, "sign_off", story.unit))
        return
    await bench.hears(story.tell(CaseClosed, closed_at=now))
    for stage in FOLLOWED:
        owed.discard((story.case_id, stage, story.unit))
