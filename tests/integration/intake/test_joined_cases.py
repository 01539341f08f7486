"""并案与拆案: one matter, several requesters, each with a case, a first receiver and a follow-up of their own."""

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.intake.errors import (
    AlreadyJoined,
    CannotJoinItself,
    CaseUnknown,
    JoinNeedsReason,
    LeaderIsClosed,
    LeadsOthers,
    NotFirstReceiver,
    NotJoined,
    NotPossibleNow,
    OthersFollow,
    UnitIsAtWork,
)
from services.intake.model import Case
from shared.codes import case_code
from shared.contracts.actors import Actor, Role
from shared.contracts.intake import (
    CaseAccepted,
    CaseJoined,
    CaseReopened,
    CaseSplit,
    LeaderReopened,
    LeaderSolved,
    Requester,
)
from shared.errors import Refused
from tests.integration.intake.given import Desk

pytestmark = pytest.mark.servers
UNKNOWN = case_code(2026, 9_999_999)
TOWN, OTHER_TOWN, ROAD = "350521104", "350521105", "road"
SECOND = Actor(staff="clerk.2", role=Role.INTAKE_CLERK)
DIRECTOR = Actor(staff="director.1", role=Role.DUTY_DIRECTOR)


async def brings(desk: Desk, **values: Any) -> str:
    asked = {"category": ROAD, "place": TOWN, "source": "grid_patrol", **values}
    return (await desk.registers(requester=Requester(phone="13800000001"), **asked)).case_code


async def leader_of(desk: Desk, code: str) -> str | None:
    return (await desk.reads(code)).joined_to


async def states(desk: Desk, *codes: str) -> list[str]:
    return [(await desk.reads(code)).state for code in codes]


async def test_a_joined_case_keeps_its_own_and_follows_the_leading_one(desk: Desk) -> None:
    leader = await brings(desk, accept_as="forward")
    at_once = await desk.registers(by=SECOND, category=ROAD, place=TOWN, source="grid_patrol", joins=leader)
    later = await brings(desk)
    assert (await desk.joins(later, leader)).leader == leader
    assert at_once.joined_to == leader
    assert at_once.owner == SECOND.staff
    assert (await desk.reads(leader)).joined == tuple(sorted([at_once.case_code, later]))
    assert await states(desk, at_once.case_code, later) == ["handling", "handling"]
    assert await desk.told(later, CaseAccepted) == [], "nothing for dispatch to route"
    assert [one.joined_to for one in (await desk.lists()).cases] == [None, leader, leader]

    await desk.hears_solved(leader)
    assert await states(desk, leader, later) == ["to_follow_up", "to_follow_up"]
    assert len(await desk.told(later, LeaderSolved)) == 1
    await desk.follows_up(leader)
    await desk.closes(leader)
    assert [one.case_code for one in (await desk.lists()).cases] == [at_once.case_code, later], "none is lost"
    with pytest.raises(NotFirstReceiver):
        await desk.follows_up(at_once.case_code)
    await desk.follows_up(later)
    await desk.closes(later)


async def test_to_join_a_joined_case_is_to_join_its_leader(desk: Desk) -> None:
    leader, second, third = [await brings(desk) for _ in range(3)]
    await desk.joins(second, leader)
    assert (await desk.joins(third, second)).leader == leader
    assert await leader_of(desk, third) == leader
    fourth = await desk.registers(category=ROAD, place=TOWN, joins=third)
    assert fourth.joined_to == leader


async def test_what_was_left_open_is_taken_from_the_leading_case(desk: Desk) -> None:
    leader = await brings(desk)
    case = await desk.registers(joins=leader)
    assert ((await desk.reads(case.case_code)).category, (await desk.reads(case.case_code)).place) == (ROAD, TOWN)


async def test_joined_to_what_is_solved_already_it_is_followed_up_at_once(desk: Desk) -> None:
    leader, case = await brings(desk, accept_as="forward"), await brings(desk)
    await desk.hears_solved(leader)
    await desk.joins(case, leader)
    assert await states(desk, case) == ["to_follow_up"]


async def test_one_dissatisfied_reopens_the_matter_and_follow_ups_done_stay(desk: Desk) -> None:
    leader = await brings(desk, accept_as="forward")
    satisfied, dissatisfied, not_yet_asked = [await brings(desk, joins=leader) for _ in range(3)]
    await desk.hears_solved(leader)
    await desk.follows_up(satisfied)
    await desk.follows_up(leader)
    await desk.follows_up(dissatisfied, satisfied=False)
    assert await states(desk, leader, satisfied, dissatisfied, not_yet_asked) == [
        "handling",
        "followed_up",
        "handling",
        "handling",
    ]
    assert [one["round"] for one in await desk.told(leader, CaseReopened)] == [2]
    assert len(await desk.told(not_yet_asked, LeaderReopened)) == 1
    assert await desk.told(satisfied, LeaderReopened) == []
    await desk.hears_solved(leader)
    assert await states(desk, leader, satisfied, dissatisfied) == ["to_follow_up", "followed_up", "to_follow_up"]


async def test_the_leaders_own_dissatisfaction_lets_the_others_wait_again(desk: Desk) -> None:
    leader = await brings(desk, accept_as="forward")
    joined = await brings(desk, joins=leader)
    await desk.hears_solved(leader)
    await desk.follows_up(leader, satisfied=False)
    assert await states(desk, leader, joined) == ["handling", "handling"]


async def test_dissatisfied_after_the_leading_case_was_closed_it_goes_a_way_of_its_own(desk: Desk) -> None:
    leader = await brings(desk, accept_as="forward")
    joined = await brings(desk, joins=leader)
    await desk.hears_solved(leader)
    await desk.follows_up(leader)
    await desk.closes(leader)
    await desk.follows_up(joined, satisfied=False)
    assert await leader_of(desk, joined) is None
    [split] = await desk.told(joined, CaseSplit)
    assert (split["cause"], split["leader"], split["handling_mode"]) == ("leader_closed", leader, "forward")
    assert (await desk.reads(leader)).state == "closed"


async def test_what_the_window_handles_itself_is_solved_for_all(desk: Desk) -> None:
    leader = await brings(desk, accept_as="self")
    joined = await brings(desk, joins=leader)
    with pytest.raises(NotPossibleNow):
        await desk.finishes(joined)
    await desk.finishes(leader)
    assert await states(desk, joined) == ["to_follow_up"]


async def test_a_split_case_is_accepted_and_routed_by_its_own_facts(desk: Desk) -> None:
    leader = await brings(desk, accept_as="forward")
    joined = await brings(desk, joins=leader)
    with pytest.raises(NotFirstReceiver):
        await desk.splits(joined, by=SECOND)
    desk.passes(hours=1)
    await desk.splits(joined, by=DIRECTOR)
    [split] = await desk.told(joined, CaseSplit)
    assert (split["category"], split["place"], split["splits"]) == (ROAD, TOWN, 1)
    assert split["split_at"] == desk.now.isoformat().replace("+00:00", "Z")
    assert [about for about, _, words in await desk.notes(joined) if words == "不是同一件事"] == ["split"]
    assert await states(desk, joined) == ["handling"]
    await desk.joins(joined, leader)
    assert [one["splits"] for one in await desk.told(joined, CaseJoined)] == [0, 1]


# -- refused -----------------------------------------------------------------------------------------------------------


async def refuses(refusal: type[Refused], desk: Desk, code: str, leader: str, **values: Any) -> dict[str, Any]:
    stored = await desk.everything_stored()
    with pytest.raises(refusal) as refused:
        await desk.joins(code, leader, **values)
    assert await desk.everything_stored() == stored
    return refused.value.as_dict()


async def test_not_to_itself_nor_to_what_is_unknown_joined_or_over(desk: Desk) -> None:
    leader, case, third = [await brings(desk) for _ in range(3)]
    await refuses(CannotJoinItself, desk, case, case)
    await refuses(CaseUnknown, desk, case, UNKNOWN)
    await desk.joins(case, leader)
    await refuses(CannotJoinItself, desk, leader, case)
    assert (await refuses(AlreadyJoined, desk, case, third))["field"] == "case_code"
    assert (await refuses(LeadsOthers, desk, leader, third))["facts"] == {"joined": 1}

    closed = await brings(desk, accept_as="self")
    await desk.finishes(closed)
    await refuses(NotPossibleNow, desk, closed, leader)
    await desk.follows_up(closed)
    await desk.closes(closed)
    assert (await refuses(LeaderIsClosed, desk, third, closed))["field"] == "leader"
    with pytest.raises(LeaderIsClosed):
        await brings(desk, joins=closed)


async def test_not_when_a_unit_has_signed_off(desk: Desk) -> None:
    leader, case = await brings(desk, accept_as="forward"), await brings(desk, accept_as="forward")
    await desk.hears_sign_off(case)
    assert (await refuses(UnitIsAtWork, desk, case, leader))["code"] == "unit_is_at_work"
    await desk.hears_sign_off(leader)
    await desk.joins(await brings(desk, accept_as="forward"), leader)


async def test_of_another_category_or_township_only_with_a_reason(desk: Desk) -> None:
    leader = await brings(desk)
    lamp, elsewhere = await brings(desk, category="lamp"), await brings(desk, place=OTHER_TOWN)
    await refuses(JoinNeedsReason, desk, lamp, leader)
    await refuses(JoinNeedsReason, desk, elsewhere, leader)
    with pytest.raises(JoinNeedsReason):
        await brings(desk, category="lamp", joins=leader)
    await desk.joins(lamp, leader, reason="同一路段同一施工造成")
    await desk.joins(elsewhere, leader, reason="跨镇同一路段")
    told = [(await desk.told(code, CaseJoined))[0] for code in (lamp, elsewhere)]
    assert [one["differs"] for one in told] == [["category"], ["township"]]
    assert "同一施工" not in await desk.everything_stored(), "words are sealed"
    assert (await desk.reads(lamp)).category == "lamp", "its own category stays its own"


async def test_register_and_join_is_not_register_and_accept(desk: Desk) -> None:
    leader = await brings(desk)
    with pytest.raises(NotPossibleNow):
        await brings(desk, joins=leader, accept_as="forward")


async def test_a_split_needs_a_join_and_one_whom_others_wait_for_is_not_declined(desk: Desk) -> None:
    leader = await brings(desk)
    with pytest.raises(NotJoined):
        await desk.splits(leader)
    joined = await brings(desk, joins=leader)
    with pytest.raises(OthersFollow):
        await desk.declines(leader)
    await desk.splits(joined)
    await desk.declines(leader)
    again = await brings(desk, accept_as="self")
    late = await brings(desk, joins=again)
    await desk.finishes(again)
    await desk.follows_up(late)
    with pytest.raises(NotPossibleNow):
        await desk.splits(late)


# -- what the database refuses, whatever the code does -----------------------------------------------------------------


async def points(desk: Desk, code: str, leader: UUID | None) -> None:
    async with desk.work.begin() as tx:
        values = {"joined_to": leader, "joined_at": None if leader is None else desk.now}
        await tx.session.execute(sa.update(Case).where(Case.case_code == code).values(values))


async def test_the_database_knows_no_chain_no_circle_and_no_self(desk: Desk) -> None:
    first, second, third = [await brings(desk) for _ in range(3)]
    ids = {code: (await desk.case(code)).case_id for code in (first, second, third)}
    with pytest.raises(sa.exc.IntegrityError, match="joined_case_follows_a_leader"):
        await points(desk, first, ids[first])
    await points(desk, second, ids[first])
    for code, leader in ((third, second), (first, third), (first, second)):
        with pytest.raises(sa.exc.IntegrityError, match="joined_case_follows_a_leader"):
            await points(desk, code, ids[leader])


async def test_the_database_lets_nobody_wait_for_a_closed_case(desk: Desk) -> None:
    leader = await brings(desk)
    await brings(desk, joins=leader)
    close = sa.update(Case).where(Case.case_code == leader).values(state="closed", closed_at=desk.now)
    with pytest.raises(sa.exc.DBAPIError, match="still wait"):
        async with desk.work.begin() as tx:
            await tx.session.execute(close)


async def test_a_joined_case_has_one_first_receiver_for_ever(desk: Desk) -> None:
    joined = await brings(desk, joins=await brings(desk))
    with pytest.raises(sa.exc.DBAPIError, match="stays answerable"):
        async with desk.work.begin() as tx:
            await tx.session.execute(sa.update(Case).where(Case.case_code == joined).values(owner="x"))
