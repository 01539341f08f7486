"""Kills while a centre is at work: nothing that was promised is missed, and nothing is done twice."""

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from deploy.packs import default_pack
from shared.contracts.subjects import SERVICES
from tests.support.chaos.kill_plan import Kill, Victim
from tests.support.chaos.outcome import Outcome, Settings
from tests.support.chaos.run import run
from tests.support.chaos.workload import compressed, plan_workload, sessions_of
from tests.support.times import MONDAY_MORNING

pytestmark = [pytest.mark.servers, pytest.mark.slow]
CASES, SEED, SPEED = 32, 11, 600.0
COPIES = {**dict.fromkeys(SERVICES, 1), "escalation": 2}
BLOWS = ((Victim.ESCALATION,), (Victim.POSTGRES,), (Victim.RELAY, Victim.ESCALATION), (Victim.NATS,))


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="muster-kills-") as name:
        Path(name).chmod(0o755)  # as root, PostgreSQL runs as somebody else who must reach its folder
        yield Path(name)


async def test_a_small_centre_survives_four_kills(folder: Path) -> None:
    pack = default_pack()
    opens = sessions_of(pack, MONDAY_MORNING, 1)[0][0]
    local = opens.astimezone(MONDAY_MORNING.tzinfo)
    plan = plan_workload(pack, first_day=MONDAY_MORNING, days=1, cases=CASES, seed=SEED)
    plan = compressed(plan, timedelta(hours=local.hour, minutes=local.minute), timedelta(minutes=90))
    kills = tuple(
        Kill(number, opens + timedelta(minutes=25 * number), victims, lot=number / 5)
        for number, victims in enumerate(BLOWS, start=1)
    )
    outcome = await run(Settings(SEED, plan, kills, opens, SPEED, COPIES, to_the_end=False), folder)
    the_books_are_sound(outcome)


def the_books_are_sound(outcome: Outcome) -> None:
    assert outcome.words() == []
    assert (outcome.missed, outcome.double) == (0, 0)
    assert len(outcome.felt_s) == len(BLOWS), "every blow was measured"
    assert outcome.ended == sum(map(len, BLOWS))
    assert len(outcome.books.cases) == CASES + len(BLOWS), "each planned case, and one for each blow"
    assert outcome.loud == []
