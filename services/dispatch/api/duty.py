"""Rosters, and the watch handed over. Each row is decode, one operation, answer."""

from collections.abc import Sequence

from shared.infra.requests import Endpoint

ENDPOINTS: Sequence[Endpoint] = ()
