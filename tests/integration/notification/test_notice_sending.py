"""From an event to a message on its way: whom it is for, on which channel, and what comes of it."""

from datetime import timedelta

import pytest

from shared.links import LinkSigner
from tests.integration.notification.given import (
    LEAD,
    LIAISON,
    PUBLIC_URL,
    SECRET,
    UNIT,
    Bench,
    Scripted,
    Whistle,
    address_of,
    down,
    refusal,
    roster,
    work_order,
)

pytestmark = pytest.mark.servers


async def test_a_whistle_goes_to_the_inbox_and_every_channel_at_once(bench: Bench) -> None:
    email, chat = Scripted("email"), Scripted("apprise")
    courier = bench.with_channels(email, chat)
    await bench.reaches(LIAISON, "email", "apprise")
    whistle = Whistle()
    await bench.hears(whistle.called(), whistle.rung())
    await courier.run()
    assert email.addresses == [address_of(LIAISON, "email")]
    assert chat.addresses == [address_of(LIAISON, "apprise")]
    assert await bench.states() == {
        f"{LIAISON} inbox": "delivered",
        f"{LIAISON} email": "sent",
        f"{LIAISON} apprise": "sent",
    }
    (told,) = await bench.events("notice.handed_over")
    assert told["channel"] in ("email", "apprise")
    assert (told["unit"], told["post"], told["step"]) == (UNIT, "liaison_officer", 1)
    assert told["summons_id"] == str(whistle.summons_id)


async def test_a_later_rung_uses_the_first_channel_only(bench: Bench) -> None:
    email, chat = Scripted("email"), Scripted("apprise")
    courier = bench.with_channels(email, chat)
    await bench.reaches(LEAD, "email", "apprise")
    await bench.hears(Whistle().rung(2, post="unit_lead"))
    await courier.run()
    assert email.addresses == [address_of(LEAD, "email")]
    assert chat.calls == 0


async def test_a_trouble_that_passes_is_tried_again(bench: Bench) -> None:
    email = Scripted("email", script=[down(), down()])
    courier = bench.with_channels(email)
    await bench.reaches(LIAISON, "email")
    await bench.hears(Whistle().rung())
    next_at = await courier.run()
    assert next_at is not None
    assert bench.clock.now() < next_at <= bench.clock.now() + timedelta(seconds=2)
    await bench.after(seconds=2)
    await bench.after(seconds=4)
    assert (email.calls, len(email.taken)) == (3, 1)
    assert [attempt.result for attempt in await bench.attempts()] == ["HTTP 500", "HTTP 500", "handed_over"]
    (sent,) = await bench.events("message.sent")
    assert sent["attempt"] == 3


async def test_a_refusal_goes_on_to_the_next_channel_at_once(bench: Bench) -> None:
    email, chat = Scripted("email", always=refusal), Scripted("apprise")
    courier = bench.with_channels(email, chat)
    await bench.reaches(LEAD, "email", "apprise")
    await bench.hears(Whistle().rung(2, post="unit_lead"))
    await courier.run()
    assert (email.calls, chat.addresses) == (1, [address_of(LEAD, "apprise")])
    (failed,) = await bench.events("message.failed")
    assert (failed["why"], failed["channel"], failed["attempts"]) == ("refused", "email", 1)


async def test_a_channel_that_fails_for_an_hour_is_left_at_the_deadline_and_the_order_is_kept(bench: Bench) -> None:
    email, chat, phone = Scripted("email", always=down), Scripted("apprise", always=down), Scripted("voice")
    bench.with_channels(email, chat, phone)
    await bench.reaches(LEAD, "email", "apprise", "voice")
    await bench.hears(Whistle().rung(2, post="unit_lead"))
    used: list[str] = []
    for _ in range(60):
        await bench.after(seconds=10 if len(used) < 4 else 60)
        used += [one.channel for one in await bench.messages() if one.channel not in used]
    assert used == ["inbox", "email", "apprise", "voice"]
    assert len(phone.taken) == 1
    assert email.calls > 3
    voice = (await bench.messages(channel="voice"))[0]
    late = voice.created_at - (await bench.messages(channel="email"))[0].created_at
    assert timedelta(seconds=120) <= late <= timedelta(seconds=150)
    assert [one["why"] for one in await bench.events("message.failed")] == ["deadline", "deadline"]


async def test_a_channel_that_hangs_is_given_up_in_time_and_holds_nobody(bench: Bench) -> None:
    hook, email = Scripted("webhook", timeout_s=3.0, always=lambda: 60.0), Scripted("email")
    courier = bench.with_channels(hook, email)
    await bench.reaches(LIAISON, "webhook", "email")
    await bench.hears(Whistle().rung())
    await courier.run()
    assert len(email.taken) == 1
    assert (await bench.states())[f"{LIAISON} webhook"] == "sending"
    await courier.finish()
    (hung,) = [one for one in await bench.attempts() if one.channel == "webhook"]
    assert hung.result == "no answer within 3 s"
    assert (await bench.states())[f"{LIAISON} webhook"] == "pending"


@pytest.mark.provokes_errors
async def test_a_channel_with_a_fault_of_its_own_stops_nobody(bench: Bench) -> None:
    broken, email = Scripted("webhook", always=lambda: KeyError("host")), Scripted("email")
    courier = bench.with_channels(broken, email)
    await bench.reaches(LIAISON, "webhook", "email")
    await bench.hears(Whistle().rung())
    await courier.run()
    assert len(email.taken) == 1
    (attempt,) = [one for one in await bench.attempts() if one.channel == "webhook"]
    assert attempt.result == "the channel itself failed (KeyError)"


async def test_nobody_on_duty_is_said_at_once(bench: Bench) -> None:
    courier = bench.with_channels(Scripted())
    whistle = Whistle()
    await bench.hears(roster(), whistle.rung())
    await courier.run()
    (told,) = await bench.events("notice.unreached")
    assert (told["why"], told["unit"], told["step"]) == ("nobody_on_duty", UNIT, 1)
    assert await bench.messages() == []


async def test_the_liaison_on_duty_is_told(bench: Bench) -> None:
    courier = bench.with_channels(Scripted())
    await bench.hears(roster("li.1", "li.2"), Whistle().rung())
    bench.clock.move(timedelta(days=1))
    await courier.run()
    assert await bench.states() == {"li.2 inbox": "delivered"}


async def test_a_unit_nobody_knows_has_no_contact(bench: Bench) -> None:
    courier = bench.with_channels()
    await bench.hears(Whistle(unit="nowhere").rung())
    await courier.run()
    (told,) = await bench.events("notice.unreached")
    assert told["why"] == "no_contact"


async def test_a_summons_that_failed_on_every_channel_has_reached_nobody(bench: Bench) -> None:
    courier = bench.with_channels(Scripted("email", always=refusal), Scripted("apprise", always=refusal))
    await bench.reaches(LIAISON, "email", "apprise")
    await bench.hears(Whistle().rung())
    await courier.run()
    (told,) = await bench.events("notice.unreached")
    assert told["why"] == "all_channels_failed"
    assert await bench.events("notice.handed_over") == []
    assert await bench.states() == {
        f"{LIAISON} inbox": "delivered",
        f"{LIAISON} email": "failed",
        f"{LIAISON} apprise": "failed",
    }


async def test_a_summons_is_handed_over_by_the_inbox_where_there_is_nothing_else(bench: Bench) -> None:
    courier = bench.with_channels(Scripted("email"))
    await bench.hears(Whistle().rung())
    await courier.run()
    (told,) = await bench.events("notice.handed_over")
    assert told["channel"] == "inbox"


async def test_an_ordinary_notice_is_in_the_inbox_whatever_the_channels_do(bench: Bench) -> None:
    bench.with_channels(Scripted("email", always=refusal))
    await bench.reaches(LIAISON, "email")
    await bench.hears(work_order())
    await bench.after(seconds=0)
    await bench.after(seconds=11)
    assert await bench.states() == {f"{LIAISON} inbox": "delivered", f"{LIAISON} email": "failed"}
    assert await bench.events("notice.unreached") == []


async def test_answer_links_are_signed_for_the_unit_and_its_post(bench: Bench) -> None:
    email = Scripted("email")
    courier = bench.with_channels(email)
    await bench.reaches(LIAISON, "email")
    whistle = Whistle()
    await bench.hears(whistle.called(), whistle.rung())
    await courier.run()
    links = email.taken[0].text.links
    prefix = f"{PUBLIC_URL}/a/"
    assert len(links) == 3
    assert all(url.startswith(prefix) for _, url in links)
    signer = LinkSigner((SECRET,), centre="qz")
    read = [signer.read(url.removeprefix(prefix), now=bench.clock.now()) for _, url in links]
    assert [link.purpose for link in read] == ["acknowledge", "on_the_way", "cannot_come"]
    assert {(link.unit, link.staff, link.summons_id) for link in read} == {(UNIT, LIAISON, whistle.summons_id)}
    assert {link.expires_at - bench.clock.now() for link in read} == {timedelta(minutes=80)}
    assert len({link.link_id for link in read}) == 3


async def test_no_event_and_no_attempt_holds_an_address(bench: Bench) -> None:
    courier = bench.with_channels(Scripted("email", script=[down()], always=refusal))
    await bench.reaches(LIAISON, "email")
    await bench.hears(Whistle().rung())
    await courier.run()
    await bench.after(seconds=5)
    said = [str(one) for one in await bench.events()] + [one.result for one in await bench.attempts()]
    assert len(said) > 3
    assert not [one for one in said if "example" in one]
