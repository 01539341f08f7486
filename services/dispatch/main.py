"""Puts dispatch together."""

from datetime import timedelta
from pathlib import Path

from services.dispatch.api import endpoints
from services.dispatch.api.links import link_endpoints
from services.dispatch.api.work_orders import report_endpoints
from services.dispatch.jobs import sweeps
from services.dispatch.model import SPINE
from services.dispatch.operations.links import LinkAnswers
from services.dispatch.operations.reports import Reporting
from services.dispatch.subscribers import HANDLERS
from shared.clock import Clock
from shared.infra.service import Service
from shared.links import LinkSigner
from shared.settings import ServiceSettings
from shared.vault import KeyRing


def build(settings: ServiceSettings, clock: Clock) -> Service:
    by_link = LinkAnswers(LinkSigner.load(settings.link_key_file, centre=settings.centre))
    reporting = Reporting(KeyRing.load(settings.vault_key_file))
    return Service(
        "dispatch",
        settings,
        clock,
        spine=SPINE,
        migrations=Path(__file__).parent / "migrations",
        endpoints=lambda work: [*endpoints(work), *report_endpoints(reporting), *link_endpoints(by_link)],
        handlers=HANDLERS,
        sweeps=lambda work: sweeps(work, timedelta(days=settings.retention_days)),
    )
