"""Puts notification together."""

from pathlib import Path

from services.notification.api import endpoints
from services.notification.jobs import sweeps
from services.notification.model import SPINE
from services.notification.subscribers import HANDLERS
from shared.clock import Clock
from shared.infra.service import Service
from shared.settings import ServiceSettings


def build(settings: ServiceSettings, clock: Clock) -> Service:
    return Service(
        "notification",
        settings,
        clock,
        spine=SPINE,
        migrations=Path(__file__).parent / "migrations",
        endpoints=endpoints,
        handlers=HANDLERS,
        sweeps=sweeps,
    )
