"""More time. Each row is decode, one operation, answer."""

from collections.abc import Sequence

from services.dispatch.operations.deferrals import ask_extension, ask_suspension, decide_deferral, resume_work_order
from services.dispatch.queries.deferrals import list_deferrals
from shared.contracts.dispatch import AskExtension, AskSuspension, DecideDeferral, ListDeferrals, ResumeWorkOrder
from shared.infra.requests import Endpoint, serve

ENDPOINTS: Sequence[Endpoint] = (
    serve(AskExtension, ask_extension),
    serve(AskSuspension, ask_suspension),
    serve(DecideDeferral, decide_deferral),
    serve(ResumeWorkOrder, resume_work_order),
    serve(ListDeferrals, list_deferrals),
)
