"""Puts intake together."""

from datetime import timedelta
from pathlib import Path

from services.intake.api import endpoints
from services.intake.jobs import sweeps
from services.intake.model import SPINE
from services.intake.operations import Intake
from services.intake.queries import MaskedReads
from services.intake.subscribers import HANDLERS
from shared.clock import Clock
from shared.infra.service import Service
from shared.settings import ServiceSettings
from shared.vault import KeyRing


def build(settings: ServiceSettings, clock: Clock) -> Service:
    keys = KeyRing.load(settings.vault_key_file)
    intake = Intake(keys, retention=timedelta(days=settings.retention_days))
    reads = MaskedReads(keys)
    return Service(
        "intake",
        settings,
        clock,
        spine=SPINE,
        migrations=Path(__file__).parent / "migrations",
        endpoints=lambda _work: endpoints(intake, reads),
        handlers=HANDLERS,
        sweeps=sweeps,
    )
