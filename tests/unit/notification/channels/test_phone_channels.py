"""Short messages and calls over a fake phone, and over a gateway behind HTTP."""

import asyncio

import pytest

from services.notification.channels.base import ChannelRefused, ChannelUnavailable, HandedOver, Rendered
from services.notification.channels.http_gateway import HttpPhoneGateway
from services.notification.channels.phone import SmsChannel, VoiceChannel
from services.notification.channels.wording import SMS_UNITS_MAX, clip, clip_bytes, one_part, units
from tests.support.fake_phone import FakePhone
from tests.support.web_sink import web_sink
from tests.unit.notification.channels.given import TEXT, client, message

NUMBER = "13900000000"


async def test_a_short_message_is_one_part_with_one_link() -> None:
    phone = FakePhone()
    handed = await SmsChannel(phone).send(message("+86 139-0000-0000"))
    assert handed == HandedOver(remote_id="fake-1")
    (words,) = phone.words_to("+8613900000000")
    assert words == "吹哨报到：资规建交局请于09:20前到场 http://10.0.0.8/c/26-0000104-7"
    assert units(words) <= SMS_UNITS_MAX


async def test_a_call_speaks_no_links() -> None:
    phone = FakePhone()
    voice = VoiceChannel(phone)
    await voice.send(message(NUMBER))
    assert phone.told[0].how == "call"
    assert "http" not in phone.told[0].words
    await voice.close()
    assert phone.closed


async def test_a_phone_does_what_it_is_bidden() -> None:
    sms = SmsChannel(FakePhone({NUMBER: ["is_away", "refuses", "hangs", "takes"]}))
    with pytest.raises(ChannelUnavailable):
        await sms.send(message(NUMBER))
    with pytest.raises(ChannelRefused):
        await sms.send(message(NUMBER))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await sms.send(message(NUMBER))
    for _ in range(2):
        await sms.send(message(NUMBER))


@pytest.mark.parametrize(
    "text",
    [
        Rendered("很长的标题" * 30, "x", link="http://10.0.0.8/c/26-0000104-7"),
        Rendered("很长的标题" * 30, "x", link="http://10.0.0.8/" + "a" * 400),
        Rendered("𠮷" * 60, "x"),  # outside the basic plane each takes two units
        Rendered("短", "x", link="http://10.0.0.8/" + "a" * 52),
    ],
)
def test_one_part_holds_whatever_comes(text: Rendered) -> None:
    words = one_part(text)
    assert 0 < units(words) <= SMS_UNITS_MAX
    assert text.link is None or text.link in words or "http" not in words, "half a link leads nowhere"


def test_nothing_is_cut_in_the_middle_of_a_character() -> None:
    assert clip("𠮷𠮷𠮷", 4) == "𠮷…"
    assert clip_bytes("吹哨吹哨", 9) == "吹哨…"
    assert clip("short", 5) == clip_bytes("short", 5) == "short"


async def test_the_gateway_behind_http_is_told_and_names_its_message() -> None:
    async with web_sink(body=b'{"id": 4711}') as sink:
        gateway = HttpPhoneGateway(client(), f"{sink.url}?to={{number}}&words={{text}}", sink.url, token="let me in")
        handed = await SmsChannel(gateway).send(message(NUMBER))
        await VoiceChannel(gateway).send(message(NUMBER))
        await gateway.close()
    assert handed.remote_id == "4711"
    text, call = sink.asked
    assert text.path.startswith(f"/hook?to={NUMBER}&words=%E5%90%B9")
    assert text.json == {"number": NUMBER, "text": one_part(TEXT)}
    assert text.headers["authorization"] == "Bearer let me in"
    assert "http" not in call.json["text"]


@pytest.mark.parametrize("body", [b"", b"ok", b"[1]", b'{"id": null}', b'{"id": true}', b'{"id": {"a": 1}}'])
async def test_a_gateway_without_an_id_of_its_own(body: bytes) -> None:
    async with web_sink(body=body) as sink:
        gateway = HttpPhoneGateway(client(), sink.url, None)
        assert (await SmsChannel(gateway).send(message(NUMBER))).remote_id is None
        with pytest.raises(ChannelRefused):
            await VoiceChannel(gateway).send(message(NUMBER))
        await gateway.close()


@pytest.mark.parametrize(("status", "outcome"), [(400, ChannelRefused), (503, ChannelUnavailable)])
async def test_what_a_gateway_answers(status: int, outcome: type[Exception]) -> None:
    async with web_sink(status) as sink:
        gateway = HttpPhoneGateway(client(), sink.url, sink.url)
        with pytest.raises(outcome) as trouble:
            await SmsChannel(gateway).send(message(NUMBER))
        await gateway.close()
    assert NUMBER not in str(trouble.value)
