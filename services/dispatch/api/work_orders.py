"""A unit's work order. Each row is decode, one operation, answer."""

from collections.abc import Sequence

from services.dispatch.operations.work_orders import report_back, return_work_order, sign_off_work_order
from services.dispatch.queries.work_orders import list_work_orders
from shared.contracts.dispatch import ListWorkOrders, ReportBack, ReturnWorkOrder, SignOffWorkOrder
from shared.infra.requests import Endpoint, serve

ENDPOINTS: Sequence[Endpoint] = (
    serve(SignOffWorkOrder, sign_off_work_order),
    serve(ReturnWorkOrder, return_work_order),
    serve(ReportBack, report_back),
    serve(ListWorkOrders, list_work_orders),
)
