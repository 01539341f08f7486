"""Puts intake together."""

from datetime import timedelta
from pathlib import Path

from services.intake.api import endpoints
from services.intake.jobs import sweeps
from services.intake.model import SPINE
from services.intake.operations.cases import Intake
from services.intake.operations.entrusted import Entrusted
from services.intake.operations.joining import Joining
from services.intake.operations.learning import Learning
from services.intake.operations.news import lock_cases
from services.intake.operations.similar import FindingSimilar
from services.intake.operations.suggesting import Suggesting
from services.intake.queries import MaskedReads
from services.intake.subscribers import HANDLERS
from shared.clock import Clock
from shared.infra.service import Service
from shared.settings import ServiceSettings
from shared.vault import KeyRing


def build(settings: ServiceSettings, clock: Clock) -> Service:
    keys = KeyRing.load(settings.vault_key_file)
    intake = Intake(keys, retention=timedelta(days=settings.retention_days))
    learning = Learning(keys)
    return Service(
        "intake",
        settings,
        clock,
        spine=SPINE,
        migrations=Path(__file__).parent / "migrations",
        endpoints=lambda _work: endpoints(
            intake,
            Entrusted(keys),
            Suggesting(learning),
            MaskedReads(keys),
            similar=FindingSimilar(keys),
            joining=Joining(keys),
        ),
        handlers=HANDLERS,
        sweeps=lambda work: sweeps(work, learning),
        prepare=lock_cases,
    )
