"""The ways to reach a post. Each is a plug-in that knows one kind of address."""

import asyncio
from collections.abc import Iterable, Mapping

from services.notification.channels.addresses import (
    AddressWrong,
    ChecksAddresses,
    NoSuchChannel,
    RatesAddresses,
    check_address,
    per_minute_of,
)
from services.notification.channels.base import (
    INBOX,
    Channel,
    ChannelRefused,
    ChannelUnavailable,
    HandedOver,
    Outgoing,
    Rendered,
)
from services.notification.channels.chat import AppriseChannel
from services.notification.channels.http_gateway import HttpPhoneGateway
from services.notification.channels.inbox import InboxChannel
from services.notification.channels.phone import PhoneGateway, SmsChannel, VoiceChannel
from services.notification.channels.plugins import installed, plugged_in
from services.notification.channels.settings import ChannelSettings
from services.notification.channels.web import WebClient
from services.notification.channels.webhook import WebhookChannel
from shared.clock import Clock
from shared.infra.logs import get_log
from shared.settings import ServiceSettings

__all__ = [
    "INBOX",
    "AddressWrong",
    "Channel",
    "ChannelRefused",
    "ChannelSettings",
    "ChannelUnavailable",
    "ChecksAddresses",
    "HandedOver",
    "NoSuchChannel",
    "Outgoing",
    "PhoneGateway",
    "RatesAddresses",
    "Rendered",
    "channels_from",
    "check_address",
    "close_all",
    "per_minute_of",
]


def channels_from(
    settings: ServiceSettings,
    clock: Clock,
    extra: Iterable[Channel] = (),
    *,
    own: ChannelSettings | None = None,
) -> Mapping[str, Channel]:
    """Every channel this centre has, by name. `extra` ones take the place of built-in ones of their name."""
    own = own or ChannelSettings()
    web = WebClient(clock)
    built: list[Channel] = [
        InboxChannel(),
        WebhookChannel(web, own.webhook_secret),
        AppriseChannel(web),
        *_email(settings, clock),
        *_phone(own, web),
    ]
    channels = {channel.name: channel for channel in (*built, *extra)}
    return {**channels, **plugged_in(installed(), settings, clock, taken=channels)}


def _email(settings: ServiceSettings, clock: Clock) -> Iterable[Channel]:
    if settings.smtp_url is None:
        return ()
    from services.notification.channels.email import EmailChannel, MailServer  # its library only where it is used

    try:
        return (EmailChannel(MailServer.from_url(settings.smtp_url), settings.mail_from, clock),)
    except ValueError as fault:
        get_log("channels").error("e-mail left out", setting="MUSTER_SMTP_URL", trouble=str(fault))
        return ()


def _phone(own: ChannelSettings, web: WebClient) -> Iterable[Channel]:
    gateway = HttpPhoneGateway(web, own.sms_url, own.voice_url, own.phone_token)
    if own.sms_url is not None:
        yield SmsChannel(gateway)
    if own.voice_url is not None:
        yield VoiceChannel(gateway)


async def close_all(channels: Mapping[str, Channel]) -> None:
    await asyncio.gather(*(channel.close() for channel in channels.values()))
