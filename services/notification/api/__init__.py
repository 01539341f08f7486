"""Requests in."""

from collections.abc import Sequence

from shared.infra.requests import Endpoint
from shared.infra.unit_of_work import UnitOfWork


def endpoints(_work: UnitOfWork) -> Sequence[Endpoint]:
    return []
