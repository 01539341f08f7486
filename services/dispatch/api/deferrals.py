"""More time. Each row is decode, one operation, answer."""

from collections.abc import Sequence

from shared.infra.requests import Endpoint

ENDPOINTS: Sequence[Endpoint] = ()
