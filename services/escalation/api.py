"""Requests in: each row is decode, one operation, answer."""

from collections.abc import Sequence

from services.escalation.operations.record_verification import record_verification
from services.escalation.queries import list_clocks, list_verifications
from shared.contracts.escalation import ListClocks, ListVerifications, RecordVerification
from shared.infra.requests import Endpoint, serve
from shared.infra.unit_of_work import UnitOfWork


def endpoints(_work: UnitOfWork) -> Sequence[Endpoint]:
    return [
        serve(RecordVerification, record_verification),
        serve(ListVerifications, list_verifications),
        serve(ListClocks, list_clocks),
    ]
