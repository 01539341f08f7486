"""换班: only the asked post makes a swap, and only in time."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.dispatch.operations.swaps import answer_swap, ask_swap, lapse_swaps
from services.dispatch.queries.duty import list_rosters
from shared.contracts.actors import OPERATOR, Actor, Role
from shared.contracts.dispatch import AnswerSwap, AskSwap, ListRosters
from shared.errors import Refused
from tests.integration.dispatch.given import Bench
from tests.integration.dispatch.test_duty_rosters import DIRECTOR, UNITS, local, overrides, posts, rota, sets, who
from tests.unit.dispatch.given import staff_of

pytestmark = pytest.mark.servers

GIVES, TAKES = f"{UNITS[1]}.director", f"{UNITS[2]}.director"
NEXT_WEEK, WEEK_AFTER = (local(30, 8), local(30, 8) + timedelta(days=7)), (local(7, 8, 12), local(14, 8, 12))


async def asks(bench: Bench, by: Actor | None = None, **changes: Any) -> UUID:
    asked: dict[str, Any] = {
        "actor": by or staff_of(UNITS[1]),
        "idempotency_key": uuid4().hex,
        "roster": "director",
        "gives": GIVES,
        "takes": TAKES,
        "starts_at": NEXT_WEEK[0],
        "ends_at": NEXT_WEEK[1],
    }
    return (await ask_swap(bench.work, AskSwap(**(asked | changes)), now=bench.now)).swap_id


async def answers(bench: Bench, swap_id: UUID, by: Actor, *, accept: bool = True) -> None:
    command = AnswerSwap(actor=by, idempotency_key=uuid4().hex, swap_id=swap_id, accept=accept)
    await answer_swap(bench.work, command, now=bench.now)


async def state(bench: Bench, swap_id: UUID) -> str:
    swaps = (await list_rosters(bench.work, ListRosters(actor=OPERATOR), now=bench.now)).swaps
    return next(swap.state for swap in swaps if swap.swap_id == swap_id)


async def test_an_accepted_swap_is_an_override_each_way(bench: Bench) -> None:
    await sets(bench, rota())
    swap_id = await asks(bench, returned_starts_at=WEEK_AFTER[0], returned_ends_at=WEEK_AFTER[1])
    assert posts(await who(bench, NEXT_WEEK[0]))[0] == GIVES, "asking changes nothing"
    await answers(bench, swap_id, staff_of(UNITS[2]))
    swapped = await who(bench, NEXT_WEEK[0])
    assert posts(swapped)[0] == TAKES
    assert swapped.on_duty[0].unit == UNITS[2]
    assert posts(await who(bench, WEEK_AFTER[0]))[0] == GIVES
    assert await state(bench, swap_id) == "accepted"
    with pytest.raises(Refused) as refused:
        await answers(bench, swap_id, staff_of(UNITS[2]))
    assert refused.value.code == "swap_decided"


async def test_a_declined_swap_changes_nothing(bench: Bench) -> None:
    await sets(bench, rota())
    swap_id = await asks(bench)
    await answers(bench, swap_id, Actor(staff=TAKES, role=Role.DUTY_DIRECTOR), accept=False)
    assert await state(bench, swap_id) == "declined"
    assert posts(await who(bench, NEXT_WEEK[0]))[0] == GIVES


@pytest.mark.parametrize("by", [staff_of(UNITS[1]), staff_of("court"), DIRECTOR])
async def test_nobody_but_the_asked_post_or_its_unit_accepts(bench: Bench, by: Actor) -> None:
    await sets(bench, rota())
    swap_id = await asks(bench)
    with pytest.raises(Refused) as refused:
        await answers(bench, swap_id, by)
    assert refused.value.code == "not_your_duty"
    assert posts(await who(bench, NEXT_WEEK[0]))[0] == GIVES


async def test_a_unit_asks_for_its_own_posts_only(bench: Bench) -> None:
    await sets(bench, rota())
    with pytest.raises(Refused) as refused:
        await asks(bench, by=staff_of(UNITS[2]))
    assert refused.value.code == "not_your_duty"
    await asks(bench, by=DIRECTOR)
    await asks(bench, by=OPERATOR)


async def test_a_swap_lapses_when_its_stretch_begins(bench: Bench) -> None:
    await sets(bench, rota())
    swap_id = await asks(bench)
    assert await lapse_swaps(bench.work) == NEXT_WEEK[0]
    bench.passes(days=8)
    assert await state(bench, swap_id) == "lapsed"
    with pytest.raises(Refused) as refused:
        await answers(bench, swap_id, staff_of(UNITS[2]))
    assert refused.value.code == "swap_lapsed"
    assert await lapse_swaps(bench.work) is None
    assert await state(bench, swap_id) == "lapsed"


async def test_a_swap_that_contradicts_an_override_is_not_half_made(bench: Bench) -> None:
    await sets(bench, rota())
    swap_id = await asks(bench, returned_starts_at=WEEK_AFTER[0], returned_ends_at=WEEK_AFTER[1])
    await overrides(
        bench,
        action="replace",
        staff="court.a",
        instead_of=TAKES,
        starts_at=WEEK_AFTER[0],
        ends_at=WEEK_AFTER[1],
    )
    with pytest.raises(Refused) as refused:
        await answers(bench, swap_id, staff_of(UNITS[2]))
    assert refused.value.code == "overrides_contradict"
    assert await bench.count("roster_override") == 1
    assert await state(bench, swap_id) == "asked"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"takes": GIVES}, "swap_with_itself"),
        ({"takes": "polise.a"}, "unknown_post"),
        ({"gives": TAKES, "takes": GIVES, "actor": OPERATOR}, "not_on_duty_then"),
        ({"starts_at": local(20, 8)}, "swap_lapsed"),
        ({"returned_starts_at": WEEK_AFTER[0]}, "swap_half_returned"),
        ({"roster": "nowhere"}, "not_found"),
    ],
)
async def test_a_swap_that_cannot_be_is_refused(bench: Bench, changes: dict[str, Any], code: str) -> None:
    await sets(bench, rota())
    with pytest.raises(Refused) as refused:
        await asks(bench, **changes)
    assert refused.value.code == code
