"""A case: sent on, ruled on, explained. Each row is decode, one operation, answer."""

from collections.abc import Sequence

from services.dispatch.operations.cases import redispatch_case
from services.dispatch.queries.cases import list_triage
from shared.contracts.dispatch import ListTriage, RedispatchCase
from shared.infra.requests import Endpoint, serve

ENDPOINTS: Sequence[Endpoint] = (
    serve(RedispatchCase, redispatch_case),
    serve(ListTriage, list_triage),
)
