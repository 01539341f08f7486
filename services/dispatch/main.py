"""Puts dispatch together."""

from pathlib import Path

from services.dispatch.api import endpoints
from services.dispatch.jobs import sweeps
from services.dispatch.model import SPINE
from services.dispatch.subscribers import HANDLERS
from shared.clock import Clock
from shared.infra.service import Service
from shared.settings import ServiceSettings


def build(settings: ServiceSettings, clock: Clock) -> Service:
    return Service(
        "dispatch",
        settings,
        clock,
        spine=SPINE,
        migrations=Path(__file__).parent / "migrations",
        endpoints=endpoints,
        handlers=HANDLERS,
        sweeps=sweeps,
    )
