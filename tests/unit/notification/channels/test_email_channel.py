"""E-mail over a real SMTP conversation, and what each answer of a mail server means."""

import asyncio

import pytest

from services.notification.channels.base import ChannelRefused, ChannelUnavailable, HandedOver, Rendered
from services.notification.channels.email import CONNECTIONS_MAX, EmailChannel, MailServer
from shared.clock import MovedClock
from tests.support.mail_sink import mail_sink
from tests.unit.notification.channels.given import MESSAGE, NOW, message

ADDRESS = "liaison@unit.example"


def channel(port: int, *, account: str = "", timeout_s: float = 5.0) -> EmailChannel:
    server = MailServer.from_url(f"smtp://{account}127.0.0.1:{port}")
    return EmailChannel(server, "muster@centre.example", MovedClock(NOW), timeout_s=timeout_s)


async def test_the_mail_says_it_in_plain_and_in_html() -> None:
    async with mail_sink() as sink:
        handed = await channel(sink.port).send(message(ADDRESS))
    assert handed == HandedOver(remote_id=str(MESSAGE), delivered=False)
    (mail,) = sink.mails
    assert mail["Subject"] == "吹哨报到：资规建交局请于09:20前到场"
    assert (mail["To"], mail["From"]) == (ADDRESS, "muster@centre.example")
    assert mail["Message-ID"] == f"<{MESSAGE}@centre.example>"
    assert mail["Date"].datetime == NOW
    assert mail["Auto-Submitted"] == "auto-generated"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "类别 <施工噪声> & 其他" in plain.get_content()
    assert "收到: http://10.0.0.8/a/token1" in plain.get_content()
    assert "&lt;施工噪声&gt; &amp; 其他" in html.get_content()
    assert '<a href="http://10.0.0.8/a/token2">不能到场</a>' in html.get_content()


async def test_a_subject_of_several_lines_cannot_add_a_header() -> None:
    async with mail_sink() as sink:
        await channel(sink.port).send(message(ADDRESS, Rendered("one\r\nBcc: all@unit.example", "body")))
    assert sink.mails[0]["Bcc"] is None
    assert sink.mails[0]["Subject"] == "one Bcc: all@unit.example"


@pytest.mark.parametrize(
    ("verb", "answer"),
    [("RCPT", "550 no such mailbox"), ("RCPT", "553 not here"), ("DATA", "554 looks like spam")],
)
async def test_what_the_server_refuses_for_good(verb: str, answer: str) -> None:
    async with mail_sink(**{verb: answer}) as sink:
        with pytest.raises(ChannelRefused) as refused:
            await channel(sink.port).send(message(ADDRESS))
    assert answer[:3] in refused.value.why
    assert ADDRESS not in refused.value.why


@pytest.mark.parametrize(
    ("verb", "answer"),
    [
        ("RCPT", "450 mailbox busy"),
        ("DATA", "451 greylisted"),
        ("MAIL", "530 log in first"),
        ("GREETING", "554 not now"),
        ("GREETING", "DROP"),
        ("EHLO", "DROP"),
        ("RCPT", "DROP"),
        ("DATA", "DROP"),
    ],
)
async def test_what_may_be_taken_later_or_is_no_fault_of_the_contact(verb: str, answer: str) -> None:
    async with mail_sink(**{verb: answer}) as sink:
        with pytest.raises(ChannelUnavailable) as away:
            await channel(sink.port).send(message(ADDRESS))
    assert ADDRESS not in away.value.why


async def test_a_wrong_password_of_the_centre_is_not_the_contact_s_fault() -> None:
    async with mail_sink(AUTH="535 wrong") as sink:
        sink.offers = ("AUTH PLAIN",)
        with pytest.raises(ChannelUnavailable, match="535") as away:
            await channel(sink.port, account="centre:secret@").send(message(ADDRESS))
    assert "secret" not in away.value.why


async def test_a_server_that_hangs_is_given_up_in_time() -> None:
    async with mail_sink(RCPT="HANG") as sink:
        started = asyncio.get_running_loop().time()
        with pytest.raises(ChannelUnavailable):
            await channel(sink.port, timeout_s=0.3).send(message(ADDRESS))
        assert asyncio.get_running_loop().time() - started < 2.0


async def test_no_server_at_all() -> None:
    async with mail_sink() as sink:
        port = sink.port
    with pytest.raises(ChannelUnavailable):
        await channel(port).send(message(ADDRESS))


async def test_a_summons_of_fifty_opens_no_more_connections_than_a_server_bears() -> None:
    async with mail_sink() as sink:
        one = channel(sink.port)
        await asyncio.gather(*(one.send(message(ADDRESS)) for _ in range(50)))
    assert len(sink.mails) == 50
    assert sink.open_most <= CONNECTIONS_MAX + 1  # the server may see a new one before it saw an old one end


def test_where_the_server_is() -> None:
    assert MailServer.from_url("smtp://me%40x:p%3Aw@mail.example:587") == MailServer(
        "mail.example", 587, "me@x", "p:w", tls_at_once=False
    )
    assert MailServer.from_url("smtps://mail.example").port == 465
    assert MailServer.from_url("smtp://mail.example").port == 25
    assert "p:w" not in repr(MailServer.from_url("smtp://me:p%3Aw@mail.example"))
    for wrong in ("mail.example", "http://mail.example", "smtp://"):
        with pytest.raises(ValueError, match="smtp://"):
            MailServer.from_url(wrong)


@pytest.mark.parametrize("sign", "#/?[")
def test_a_password_with_an_unescaped_sign_is_not_quoted(sign: str) -> None:
    with pytest.raises(ValueError, match="percent-encoded") as refused:
        MailServer.from_url(f"smtp://me:secret{sign}word@mail.example:587")
    assert "secret" not in str(refused.value)
