"""Puts notification together."""

import os
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from services.notification.api import endpoints
from services.notification.channels import Channel, channels_from
from services.notification.jobs import sweeps
from services.notification.model import SPINE
from services.notification.operations.means import Means
from services.notification.subscribers import HANDLERS
from shared.clock import Clock
from shared.infra.service import Service
from shared.links import SECRETS_VARIABLE, LinkSigner
from shared.settings import ServiceSettings


def build(settings: ServiceSettings, clock: Clock, *, extra: Iterable[Channel] = ()) -> Service:
    """`extra` channels beside the built-in ones, or in their place."""
    channels = channels_from(settings, clock, extra)
    means = Means(channels, _signer(settings), settings.public_url, settings.centre, settings.notice_language)
    return Service(
        "notification",
        settings,
        clock,
        spine=SPINE,
        migrations=Path(__file__).parent / "migrations",
        endpoints=lambda _work: endpoints(means),
        handlers=HANDLERS,
        sweeps=lambda work: sweeps(work, means, timedelta(days=settings.retention_days)),
    )


def _signer(settings: ServiceSettings) -> LinkSigner | None:
    """Without secrets no answer links are made; wrong ones stop the start. Raises LinkSecretsWrong."""
    if settings.link_key_file is None and not os.environ.get(SECRETS_VARIABLE):
        return None
    return LinkSigner.load(settings.link_key_file, centre=settings.centre)
