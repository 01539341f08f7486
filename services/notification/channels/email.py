"""E-mail by SMTP: plain text, with the same words as plain HTML beside it."""

import asyncio
import html
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP as MAIL_POLICY
from email.utils import format_datetime
from typing import Self
from urllib.parse import unquote, urlsplit

import aiosmtplib

from services.notification.channels.addresses import check_email
from services.notification.channels.base import ChannelRefused, ChannelUnavailable, HandedOver, Outgoing, Rendered
from services.notification.channels.wording import plain
from shared.clock import Clock

CONNECTIONS_MAX = 8  # mail servers turn away whoever opens more at once
SERVER_FORM = (
    "the mail server is named as smtp://user:password@host:587 or smtps://...; other signs than letters and digits in "
    "user and password are percent-encoded, e.g. %23 for #"
)


@dataclass(frozen=True, slots=True)
class MailServer:
    host: str
    port: int
    user: str | None
    password: str | None = field(repr=False)
    tls_at_once: bool

    @classmethod
    def from_url(cls, url: str) -> Self:
        """`smtp://user:password@host:587` or `smtps://...`. Raises ValueError, without the password."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:  # quotes what it took for the port: a piece of a password with an unescaped # or /
            raise ValueError(SERVER_FORM) from None
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise ValueError(SERVER_FORM)
        at_once = parts.scheme == "smtps"
        user, password = (None if one is None else unquote(one) for one in (parts.username, parts.password))
        return cls(parts.hostname, port or (465 if at_once else 25), user or None, password, at_once)


@dataclass(frozen=True, slots=True)
class EmailChannel:
    server: MailServer
    sender: str
    clock: Clock
    name: str = "email"
    per_minute: int | None = None
    timeout_s: float = 20.0
    outside: bool = True
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CONNECTIONS_MAX), repr=False)

    def check(self, address: str) -> None:
        check_email(address)

    async def send(self, message: Outgoing) -> HandedOver:
        mail = compose(message, sender=self.sender, clock=self.clock)
        try:
            async with asyncio.timeout(self.timeout_s), self._turns:
                await self._hand_over(mail)
        except aiosmtplib.SMTPRecipientsRefused as refused:
            raise _judged(refused.recipients[0].code, "this recipient") from None
        except (aiosmtplib.SMTPAuthenticationError, aiosmtplib.SMTPSenderRefused) as ours:
            # Of the centre's own account: no contact is at fault.
            raise ChannelUnavailable(f"the mail server does not take mail from this centre ({ours.code})") from None
        except aiosmtplib.SMTPDataError as refused:
            raise _judged(refused.code, "this mail") from None
        except (TimeoutError, ssl.SSLError, OSError, aiosmtplib.SMTPException) as trouble:
            raise ChannelUnavailable(f"no conversation with the mail server ({type(trouble).__name__})") from None
        return HandedOver(remote_id=str(message.message_id))

    async def _hand_over(self, mail: EmailMessage) -> None:
        server = self.server
        await aiosmtplib.send(
            mail,
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.tls_at_once,
            timeout=self.timeout_s,
            local_hostname="muster",  # the default asks the name service, which may hang in a closed network
        )

    async def close(self) -> None:
        """Each mail has a connection of its own."""


def _judged(code: int, what: str) -> ChannelRefused | ChannelUnavailable:
    """5xx is for good, 4xx for now (RFC 5321, 4.2.1)."""
    if code >= 500:
        return ChannelRefused(f"the mail server refuses {what} ({code})")
    return ChannelUnavailable(f"the mail server does not take {what} now ({code})")


def compose(message: Outgoing, *, sender: str, clock: Clock) -> EmailMessage:
    text = message.text
    mail = EmailMessage(policy=MAIL_POLICY)
    mail["Subject"] = " ".join(text.subject.split())
    mail["From"] = sender
    mail["To"] = message.address
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<{message.message_id}@{sender.rpartition('@')[2].rstrip('>')}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no absence note may answer it
    mail.set_content(plain(text))
    mail.add_alternative(as_html(text), subtype="html")
    return mail


def as_html(text: Rendered) -> str:
    body = html.escape(text.body).replace("\n", "<br>\n")
    links = [*text.links, *([] if text.link is None else [(text.link, text.link)])]
    anchors = "".join(f'<p><a href="{html.escape(url)}">{html.escape(label)}</a></p>\n' for label, url in links)
    return f"<html><body><p>{body}</p>\n{anchors}</body></html>\n"
