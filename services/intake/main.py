"""Puts intake together."""

from datetime import timedelta
from pathlib import Path

from services.intake.api import endpoints
from services.intake.jobs import sweeps
from services.intake.model import SPINE
from services.intake.operations import Intake
from services.intake.settings import key_ring
from services.intake.subscribers import HANDLERS
from shared.clock import Clock
from shared.infra.service import Service
from shared.settings import ServiceSettings


def build(settings: ServiceSettings, clock: Clock) -> Service:
    intake = Intake(key_ring(settings), retention=timedelta(days=settings.retention_days))
    return Service(
        "intake",
        settings,
        clock,
        spine=SPINE,
        migrations=Path(__file__).parent / "migrations",
        endpoints=lambda _work: endpoints(intake),
        handlers=HANDLERS,
        sweeps=sweeps,
    )
