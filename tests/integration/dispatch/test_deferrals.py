"""延期与挂账 over a real database: facts beside the work order, decided once, ended once."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from services.dispatch.errors.deferrals import (
    AskedAlready,
    AskerMayNotDecide,
    DeferralDecided,
    DeferralLapsed,
    NotSuspended,
)
from services.dispatch.jobs import sweeps
from services.dispatch.model import RoutedCase, WorkOrder
from services.dispatch.operations.deferrals import (
    ask_extension,
    ask_suspension,
    decide_deferral,
    end_suspensions,
    resume_work_order,
)
from services.dispatch.operations.modes import end_surge, switch_mode
from services.dispatch.queries.deferrals import list_deferrals
from shared.contracts.actors import Actor, Role
from shared.contracts.dispatch import (
    Deferral,
    DeferralAsked,
    DeferralRefused,
    ExtensionApproved,
    ListDeferrals,
    SuspensionApproved,
    SuspensionEnded,
)
from shared.contracts.intake import CaseClosed
from shared.errors import AlreadyHandled, NotFound
from tests.integration.dispatch.given import Bench
from tests.unit.dispatch.given import DIRECTOR, LEAD, OTHER, accepted, quanzhou, staff_of
from tests.unit.dispatch.given_deferrals import DUE, INSURANCE, decision, extension, local, resuming, suspension
from tests.unit.modes.given import DAY, ending, surge_to

pytestmark = pytest.mark.servers


async def at_work(bench: Bench) -> tuple[RoutedCase, WorkOrder]:
    case = await bench.case_arrives(accepted(INSURANCE))
    order = await bench.lead(case.case_id)
    await bench.signs_off(order)
    return case, order


async def asks_extension(bench: Bench, order: WorkOrder, days: int = 3) -> Deferral:
    return await ask_extension(bench.work, extension(order, days), now=bench.now)


async def asks_suspension(bench: Bench, order: WorkOrder, until: datetime) -> Deferral:
    return await ask_suspension(bench.work, suspension(order, until), now=bench.now)


async def decides(bench: Bench, deferral_id: UUID, *, approve: bool = True, by: Actor = DIRECTOR) -> Deferral:
    return await decide_deferral(bench.work, decision(deferral_id, approve=approve, by=by), now=bench.now)


async def suspends(bench: Bench, order: WorkOrder, until: datetime) -> Deferral:
    asked = await asks_suspension(bench, order, until)
    return await decides(bench, asked.deferral_id)


async def listed(bench: Bench, code: str | None = None, *, by: Actor = DIRECTOR) -> list[Deferral]:
    request = ListDeferrals(actor=by, case_code=code)
    return list((await list_deferrals(bench.work, request, now=bench.now)).deferrals)


# -- asked and decided -------------------------------------------------------------------------------------------------


async def test_asked_approved_and_on_record(bench: Bench) -> None:
    case, order = await at_work(bench)
    asked = await asks_extension(bench, order)
    assert (asked.state, asked.due_at, asked.new_due_at) == ("asked", DUE, None)
    assert [one.deferral_id for one in await listed(bench)] == [asked.deferral_id]
    bench.passes(days=1)
    approved = await decides(bench, asked.deferral_id)
    assert (approved.state, approved.new_due_at, approved.decided_by) == (
        "approved", local("12-03 17:30"), DIRECTOR.staff,
    )  # fmt: skip
    assert await listed(bench) == []
    assert await listed(bench, case.case_code) == [approved]
    (told,) = await bench.event_data(case.case_code, ExtensionApproved)
    assert (told["number"], told["first_receiver"], told["work_order_id"]) == (1, "clerk.1", str(order.work_order_id))
    assert (told["category"], told["pack_version"]) == (case.category, quanzhou().version)
    assert len(await bench.event_data(case.case_code, DeferralAsked)) == 1
    assert (await bench.lead(case.case_id)).state == "signed_off"


async def test_more_time_is_counted_from_the_time_that_stands_when_it_is_granted(bench: Bench) -> None:
    """Asked for in a surge, granted when that was over: the time before the surge is back."""
    case, order = await at_work(bench)
    bench.passes(minutes=5)
    await switch_mode(bench.work, surge_to("II", until=bench.now + DAY), now=bench.now)
    bench.passes(hours=1)
    asked = await asks_extension(bench, order, days=1)
    assert asked.due_at < DUE
    bench.passes(hours=5)
    await end_surge(bench.work, ending(), now=bench.now)
    approved = await decides(bench, asked.deferral_id)
    assert approved.new_due_at == local("12-01 17:30")
    (told,) = await bench.event_data(case.case_code, ExtensionApproved)
    assert datetime.fromisoformat(told["due_at"]) == DUE


async def test_no_more_time_once_a_surge_has_made_the_time_pass(bench: Bench) -> None:
    _, order = await at_work(bench)
    asked = await asks_extension(bench, order)
    bench.passes(minutes=5)
    await switch_mode(bench.work, surge_to("II", until=bench.now + 4 * DAY), now=bench.now)
    bench.passes(days=3)
    with pytest.raises(DeferralLapsed):
        await decides(bench, asked.deferral_id)
    assert [one.state for one in await listed(bench)] == ["asked"]


async def test_refused_with_words_that_no_event_tells(bench: Bench) -> None:
    case, order = await at_work(bench)
    asked = await asks_extension(bench, order)
    refused = await decides(bench, asked.deferral_id, approve=False)
    assert (refused.state, refused.new_due_at) == ("refused", None)
    (told,) = await bench.event_data(case.case_code, DeferralRefused)
    assert "理由不足" not in str(told)
    async with bench.work.read() as session:
        kept = await session.scalar(sa.text("select decide_reason from dispatch.deferral"))
    assert kept == "理由不足"


async def test_the_unit_s_words_are_for_the_centre_and_the_unit(bench: Bench) -> None:
    case, order = await at_work(bench)
    await asks_extension(bench, order)
    words = {by.staff: (await listed(bench, case.case_code, by=by))[0].reason for by in _readers()}
    assert words == {"director.1": "需等待鉴定结论", f"handler.{LEAD}": "需等待鉴定结论", f"handler.{OTHER}": None}


def _readers() -> tuple[Actor, ...]:
    return DIRECTOR, staff_of(LEAD), staff_of(OTHER)


async def test_the_same_key_asks_once(bench: Bench) -> None:
    _, order = await at_work(bench)
    command = extension(order)
    first = await ask_extension(bench.work, command, now=bench.now)
    with pytest.raises(AlreadyHandled) as again:
        await ask_extension(bench.work, command, now=bench.now)
    assert again.value.answer["deferral_id"] == str(first.deferral_id)
    assert await bench.count("deferral") == 1


async def test_two_asking_at_once_leave_one_request(bench: Bench) -> None:
    _, order = await at_work(bench)
    results = await asyncio.gather(*(asks_extension(bench, order) for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(one, Deferral) for one in results) == 1
    assert sum(isinstance(one, AskedAlready) for one in results) == 3


async def test_two_deciding_at_once_decide_once(bench: Bench) -> None:
    case, order = await at_work(bench)
    asked = await asks_extension(bench, order)
    ways = (True, False, True, False)
    results = await asyncio.gather(
        *(decides(bench, asked.deferral_id, approve=way) for way in ways), return_exceptions=True
    )
    assert sum(isinstance(one, Deferral) for one in results) == 1
    assert sum(isinstance(one, DeferralDecided) for one in results) == 3
    approved = await bench.event_data(case.case_code, ExtensionApproved)
    refused = await bench.event_data(case.case_code, DeferralRefused)
    assert len(approved) + len(refused) == 1


async def test_the_asker_in_another_role_and_an_unknown_request(bench: Bench) -> None:
    _, order = await at_work(bench)
    asked = await asks_extension(bench, order)
    same = Actor(staff=f"handler.{LEAD}", role=Role.DUTY_DIRECTOR)
    with pytest.raises(AskerMayNotDecide):
        await decides(bench, asked.deferral_id, by=same)
    with pytest.raises(NotFound):
        await decides(bench, uuid4())


async def test_undecided_when_the_time_is_up_it_has_lapsed_and_cannot_be_approved(bench: Bench) -> None:
    case, order = await at_work(bench)
    asked = await asks_extension(bench, order)
    bench.clock.move_to(DUE)
    with pytest.raises(DeferralLapsed):
        await decides(bench, asked.deferral_id)
    assert await listed(bench) == []
    assert [one.state for one in await listed(bench, case.case_code)] == ["lapsed"]


@pytest.mark.parametrize("end", ["reported", "returned", "designated", "closed"])
async def test_with_the_unit_s_work_its_request_ends(bench: Bench, end: str) -> None:
    case, order = await at_work(bench)
    asked = await asks_extension(bench, order)
    if end == "reported":
        await bench.reports(order)
    elif end == "returned":
        await bench.returns(order)
    elif end == "designated":
        await bench.designates(case.case_code, OTHER)
    else:
        await bench.hears(
            CaseClosed(case_id=case.case_id, case_code=case.case_code, outcome="solved", round=1, closed_at=bench.now)
        )
    assert await listed(bench) == []
    assert [one.state for one in await listed(bench, case.case_code)] == ["lapsed"]
    with pytest.raises(DeferralLapsed):
        await decides(bench, asked.deferral_id)


# -- suspended ---------------------------------------------------------------------------------------------------------


async def test_suspended_and_resumed_by_the_unit(bench: Bench) -> None:
    case, order = await at_work(bench)
    bench.clock.move_to(local("11-25 17:30"))
    approved = await suspends(bench, order, local("12-20 09:00"))
    assert (approved.state, approved.new_due_at) == ("approved", None)
    (stopped,) = await bench.event_data(case.case_code, SuspensionApproved)
    assert datetime.fromisoformat(stopped["due_at"]) == DUE
    bench.clock.move_to(local("12-08 08:00"))
    await resume_work_order(bench.work, resuming(order), now=bench.now)
    (ended,) = await bench.event_data(case.case_code, SuspensionEnded)
    assert datetime.fromisoformat(ended["due_at"]) == local("12-10 17:30")
    (shown,) = await listed(bench, case.case_code)
    assert (shown.state, shown.new_due_at) == ("resumed", local("12-10 17:30"))
    with pytest.raises(NotSuspended):
        await resume_work_order(bench.work, resuming(order), now=bench.now)


async def test_at_its_end_it_ends_by_itself_once_however_many_copies_look(bench: Bench) -> None:
    cases = [await at_work(bench) for _ in range(6)]
    until = bench.now + timedelta(days=20)
    for _, order in cases:
        await suspends(bench, order, until)
    assert await end_suspensions(bench.work) == until
    bench.clock.move_to(until + timedelta(hours=5))
    assert await asyncio.gather(*(end_suspensions(bench.work) for _ in range(3))) == [None, None, None]
    for case, _ in cases:
        (ended,) = await bench.event_data(case.case_code, SuspensionEnded)
        assert datetime.fromisoformat(ended["resumed_at"]) == until
    bench.clock.move_to(until - timedelta(hours=1))
    await end_suspensions(bench.work)
    assert len(await bench.event_data(cases[0][0].case_code, SuspensionEnded)) == 1


async def test_the_sweep_is_among_those_of_dispatch(bench: Bench) -> None:
    case, order = await at_work(bench)
    await suspends(bench, order, bench.now + timedelta(days=2))
    bench.passes(days=3)
    (sweep,) = [one for one in sweeps(bench.work, timedelta(days=180)) if one.name == "dispatch-suspensions"]
    await sweep.tick()
    assert len(await bench.event_data(case.case_code, SuspensionEnded)) == 1


async def test_reported_while_suspended_it_ends_without_a_word(bench: Bench) -> None:
    case, order = await at_work(bench)
    await suspends(bench, order, bench.now + timedelta(days=2))
    await bench.reports(order)
    assert [one.state for one in await listed(bench, case.case_code)] == ["resumed"]
    bench.passes(days=3)
    assert await end_suspensions(bench.work) is None
    assert await bench.event_data(case.case_code, SuspensionEnded) == []


async def test_a_resume_and_the_sweep_at_once_end_it_once(bench: Bench) -> None:
    case, order = await at_work(bench)
    await suspends(bench, order, bench.now + timedelta(days=2))
    bench.passes(days=3)
    results = await asyncio.gather(
        end_suspensions(bench.work),
        resume_work_order(bench.work, resuming(order), now=bench.now),
        end_suspensions(bench.work),
        return_exceptions=True,
    )
    assert all(not isinstance(one, Exception) or isinstance(one, NotSuspended) for one in results)
    assert len(await bench.event_data(case.case_code, SuspensionEnded)) == 1


# -- the record --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("update dispatch.deferral set due_at = due_at + interval '1 day'", "never edited"),
        ("update dispatch.deferral set days = 99", "never edited"),
        ("update dispatch.deferral set reason = '另一个理由'", "never edited"),
        ("update dispatch.deferral set new_due_at = new_due_at + interval '1 day'", "promised time"),
        ("update dispatch.deferral set decided_by = 'somebody'", "that stays"),
        ("delete from dispatch.deferral", "stays on record"),
        ("update dispatch.deferral set state = 'resumed'", "violates check constraint"),
        ("update dispatch.deferral set state = 'asleep'", "violates check constraint"),
    ],
)
async def test_what_was_asked_and_granted_is_never_edited(bench: Bench, change: str, words: str) -> None:
    _, order = await at_work(bench)
    asked = await asks_extension(bench, order)
    await decides(bench, asked.deferral_id)
    with pytest.raises(DBAPIError, match=words):
        async with bench.work.begin() as tx:
            await tx.session.execute(sa.text(change))


async def test_the_database_keeps_the_asker_from_deciding(bench: Bench) -> None:
    _, order = await at_work(bench)
    await asks_extension(bench, order)
    change = "update dispatch.deferral set state = 'refused', decided_by = asked_by, decided_at = now()"
    with pytest.raises(DBAPIError, match="asker_does_not_decide"):
        async with bench.work.begin() as tx:
            await tx.session.execute(sa.text(change))
