"""A case: sent on, ruled on, explained. Each row is decode, one operation, answer."""

from collections.abc import Sequence

from services.dispatch.operations.cases import redispatch_case
from services.dispatch.operations.proposals import decide_proposal
from services.dispatch.operations.rulings import designate_unit
from services.dispatch.queries.cases import list_triage
from services.dispatch.queries.routes import explain_route, list_proposals
from services.dispatch.queries.rulings import list_rulings
from shared.contracts.dispatch import (
    DecideProposal,
    DesignateUnit,
    ExplainRoute,
    ListProposals,
    ListRulings,
    ListTriage,
    RedispatchCase,
)
from shared.infra.requests import Endpoint, serve

ENDPOINTS: Sequence[Endpoint] = (
    serve(RedispatchCase, redispatch_case),
    serve(DesignateUnit, designate_unit),
    serve(DecideProposal, decide_proposal),
    serve(ListTriage, list_triage),
    serve(ExplainRoute, explain_route),
    serve(ListProposals, list_proposals),
    serve(ListRulings, list_rulings),
)
