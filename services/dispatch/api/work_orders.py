"""A unit's work order, and several units on one case. Each row is decode, one operation, answer."""

from collections.abc import Sequence

from services.dispatch.operations.joint import (
    add_supporter,
    insist_on_supporter,
    release_supporter,
    replace_supporter,
)
from services.dispatch.operations.work_orders import (
    contact_requester,
    report_back,
    return_work_order,
    sign_off_work_order,
)
from services.dispatch.queries.work_orders import list_work_orders, read_results
from shared.contracts.dispatch import (
    AddSupporter,
    ContactRequester,
    InsistOnSupporter,
    ListWorkOrders,
    ReadResults,
    ReleaseSupporter,
    ReplaceSupporter,
    ReportBack,
    ReturnWorkOrder,
    SignOffWorkOrder,
)
from shared.infra.requests import Endpoint, serve

ENDPOINTS: Sequence[Endpoint] = (
    serve(SignOffWorkOrder, sign_off_work_order),
    serve(ContactRequester, contact_requester),
    serve(ReturnWorkOrder, return_work_order),
    serve(ReportBack, report_back),
    serve(AddSupporter, add_supporter),
    serve(ReleaseSupporter, release_supporter),
    serve(ReplaceSupporter, replace_supporter),
    serve(InsistOnSupporter, insist_on_supporter),
    serve(ListWorkOrders, list_work_orders),
    serve(ReadResults, read_results),
)
