"""Puts escalation together."""

from pathlib import Path

from services.escalation.api import endpoints
from services.escalation.jobs import sweeps
from services.escalation.model import SPINE
from services.escalation.operations.case_clocks import open_cases_of
from services.escalation.queries import AuditWatch
from services.escalation.subscribers import HANDLERS
from shared.clock import Clock
from shared.infra.service import Service
from shared.settings import ServiceSettings
from shared.vault import KeyRing


def build(settings: ServiceSettings, clock: Clock) -> Service:
    keys = KeyRing.load(settings.vault_key_file)
    return Service(
        "escalation",
        settings,
        clock,
        spine=SPINE,
        migrations=Path(__file__).parent / "migrations",
        endpoints=lambda _work: endpoints(keys),
        handlers=HANDLERS,
        prepare=open_cases_of,
        sweeps=sweeps,
        reads_first=("escalation-clocks",),
        watch=AuditWatch().facts,
    )
