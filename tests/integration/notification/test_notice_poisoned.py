"""What cannot be stored of one message is set aside, and holds up no other."""

from datetime import timedelta

import pytest

from services.notification.channels.base import HandedOver
from services.notification.operations import courier as courier_module
from shared.errors import Unavailable
from tests.integration.notification.given import (
    LEAD,
    LIAISON,
    OTHER_UNIT,
    Bench,
    Scripted,
    Whistle,
    address_of,
    work_order,
)

pytestmark = pytest.mark.servers
OTHER = f"{OTHER_UNIT}.liaison"


def poisoned() -> HandedOver:
    """As a plug-in may hand it back: no database takes NUL."""
    taken = HandedOver("r-1")
    object.__setattr__(taken, "remote_id", "r\x00")
    return taken


@pytest.mark.provokes_errors
async def test_an_outcome_that_cannot_be_stored_holds_up_no_other(bench: Bench) -> None:
    courier = bench.with_channels(Scripted("email", script=[poisoned()]))
    for staff in (LIAISON, OTHER):
        await bench.reaches(staff, "email")
    await bench.hears(Whistle().rung(), Whistle(unit=OTHER_UNIT).rung())
    await courier.run()
    states = [one.state for one in await bench.messages(channel="email")]
    assert sorted(states) == ["failed", "sent"]
    (failed,) = [one for one in await bench.messages(channel="email") if one.state == "failed"]
    assert failed.why is not None
    assert "could not be written down" in failed.why
    await courier.run()
    assert len(await bench.events("message.failed")) == 1


@pytest.mark.provokes_errors
async def test_what_is_set_aside_goes_on_to_the_next_channel(bench: Bench) -> None:
    chat = Scripted("apprise")
    courier = bench.with_channels(Scripted("email", script=[poisoned()]), chat)
    await bench.reaches(LEAD, "email", "apprise")
    await bench.hears(Whistle().rung(2, post="unit_lead"))
    await courier.run()
    assert chat.addresses == [address_of(LEAD, "apprise")]


@pytest.mark.provokes_errors
async def test_a_bundle_that_cannot_be_stored_is_set_aside_letter_by_letter(bench: Bench) -> None:
    courier = bench.with_channels(Scripted("email", script=[poisoned()]))
    await bench.reaches(LIAISON, "email")
    await bench.hears(work_order(), work_order())
    await courier.run()
    await bench.after(seconds=11)
    assert [one.state for one in await bench.messages(channel="email")] == ["failed", "failed"]
    assert await bench.after(hours=3) is None


async def test_where_the_database_is_away_nothing_is_set_aside(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    courier = bench.with_channels(Scripted("email"))
    await bench.reaches(LIAISON, "email")
    await bench.hears(Whistle().rung())

    async def away(*_: object) -> None:
        raise Unavailable("the database does not answer")

    with monkeypatch.context() as patched:
        patched.setattr(courier_module, "store_outcomes", away)
        with pytest.raises(Unavailable):
            await courier.run()
    bench.clock.move(timedelta(seconds=1))
    await courier.run()
    assert (await bench.states())[f"{LIAISON} email"] == "sent"
