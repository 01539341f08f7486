"""Each channel knows one form of address; what it refuses, it refuses with the rule and without quoting it."""

import pytest

from services.notification.channels.addresses import (
    AddressWrong,
    NoSuchChannel,
    check_address,
    check_email,
    check_phone,
    check_web,
    dialled,
    per_minute_of,
)
from services.notification.channels.base import Channel
from services.notification.channels.chat import AppriseChannel
from services.notification.channels.inbox import InboxChannel
from services.notification.channels.phone import SmsChannel
from services.notification.channels.webhook import WebhookChannel
from tests.support.fake_phone import FakePhone
from tests.unit.notification.channels.given import client


@pytest.mark.parametrize("address", ["liaison@unit.example", "a.b+c@mail.gov.cn"])
def test_email_addresses_that_are_taken(address: str) -> None:
    check_email(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "liaison",
        "@unit.example",
        "liaison@",
        "liaison@.",
        "a@b, c@d",
        "Li Si <li@unit.example>",
        "li@unit.example\r\nBcc: all@unit.example",
        "李四@单位.cn",
        f"{'a' * 250}@unit.example",
        "a@b@c",
        '"',
    ],
)
def test_email_addresses_that_are_refused(address: str) -> None:
    with pytest.raises(AddressWrong) as refused:
        check_email(address)
    assert refused.value.field == "address"
    assert refused.value.rule
    assert not address or address not in refused.value.message


@pytest.mark.parametrize("address", ["https://host/path?x=1", "http://127.0.0.1:8080/", "http://[::1]/x"])
def test_web_addresses_that_are_taken_also_private_ones(address: str) -> None:
    assert check_web(address).hostname


@pytest.mark.parametrize(
    "address",
    [
        "",
        "host/path",
        "ftp://host/x",
        "file:///etc/passwd",
        "http://",
        "http://user:word@host/",
        "http://host:99999/",
        "http://host/a b",
        "http://[::1/x",
    ],
)
def test_web_addresses_that_are_refused(address: str) -> None:
    with pytest.raises(AddressWrong):
        check_web(address)


@pytest.mark.parametrize("address", ["13900000000", "+86 139-0000-0000", "0595-2222 2222", "12345"])
def test_phone_numbers_that_are_taken(address: str) -> None:
    check_phone(address)
    assert dialled(address).lstrip("+").isdigit()


@pytest.mark.parametrize("address", ["", "1390", "1390000000x", "++8613900000000", "1" * 16, "13900000000,13900000001"])
def test_phone_numbers_that_are_refused(address: str) -> None:
    with pytest.raises(AddressWrong):
        check_phone(address)


def test_a_channel_this_centre_does_not_have_is_named_with_those_it_has() -> None:
    channels: dict[str, Channel] = {"inbox": InboxChannel(), "webhook": WebhookChannel(client(), None)}
    with pytest.raises(NoSuchChannel, match=r"'email'.*inbox, webhook"):
        check_address(channels, "email", "a@unit.example")
    with pytest.raises(AddressWrong):
        check_address(channels, "webhook", "ftp://x")
    check_address(channels, "webhook", "https://host/")
    check_address(channels, "inbox", "police.liaison")


FILES = [
    "fcm://project@DEVICE/?keyfile=/etc/shadow",
    "fcm://project@DEVICE/?KeyFile=keys.json",
    "fcm://project@DEVICE/?x=1;keyfile=keys.json",
    "fcm://project@DEVICE/?%6Beyfile=keys.json",
    "vapid://post@unit.example/post@unit.example?keyfile=k.pem&subfile=s.json",
    "mailtos://post:word@unit.example?pgppub=pub.asc",
    "discord://1234567890/abcdefghij?template=card.json",
    "https://discord.com/api/webhooks/1234567890/abcdefghij?template=card.json",
    "ntfys://topic?attach=file:///etc/passwd",
    "slack://TA/TB/TC/#c?avatar_url=/etc/passwd",
    "jsons://host/?anything=~/x",
    "jsons://host/?anything=C:\\x",
]


@pytest.mark.parametrize("address", FILES)
def test_an_apprise_address_that_names_a_file_of_the_server_is_refused(address: str) -> None:
    with pytest.raises(AddressWrong, match="file") as refused:
        AppriseChannel(client()).check(address)
    assert "keyfile" not in refused.value.message


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("wecombot://KEY-1", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=KEY-1"),
        ("wecombot://KEY-1", "WeComBot://KEY-1/?format=text&overflow=split"),
        ("wecombot://KEY-1", "wecombot://x/?key=KEY-1"),
        ("dingtalk://TOKEN", "DingTalk://TOKEN/?overflow=split"),
        ("feishu://TOKEN1", "feishu://x/?token=TOKEN1"),
        ("lark://abcd-1234", "https://open.larksuite.com/open-apis/bot/v2/hook/abcd-1234"),
    ],
)
def test_one_robot_has_one_address_however_it_is_written(one: str, other: str) -> None:
    channels: dict[str, Channel] = {"apprise": AppriseChannel(client())}
    assert check_address(channels, "apprise", one) == check_address(channels, "apprise", other) == one


@pytest.mark.parametrize("address", ["dingtalk://SECRET@TOKEN", "ntfys://topic", "jsons://host/path?format=text"])
def test_other_addresses_stay_as_they_were_written(address: str) -> None:
    assert check_address({"apprise": AppriseChannel(client())}, "apprise", address) == address


def test_a_channel_that_can_tell_rates_by_address() -> None:
    chat = AppriseChannel(client())
    assert per_minute_of(chat, "wecombot://KEY") == 20
    assert per_minute_of(chat, "DingTalk://TOKEN") == 20
    assert per_minute_of(chat, "feishu://TOKEN") == 100
    assert per_minute_of(chat, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=K") == 20
    assert per_minute_of(chat, "ntfys://topic") == 60
    assert per_minute_of(SmsChannel(FakePhone()), "13900000000") == 10
    assert per_minute_of(InboxChannel(), "x") is None
