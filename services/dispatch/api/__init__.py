"""Requests in."""

from collections.abc import Sequence

from services.dispatch.api import cases, deferrals, duty, modes, packs, summonses, work_orders
from shared.infra.requests import Endpoint
from shared.infra.unit_of_work import UnitOfWork

TOPICS = (packs, cases, work_orders, deferrals, summonses, duty, modes)


def endpoints(_work: UnitOfWork) -> Sequence[Endpoint]:
    return [endpoint for topic in TOPICS for endpoint in topic.ENDPOINTS]
