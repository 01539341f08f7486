"""A unit's work order, and several units on one case. Each row is decode, one operation, answer."""

from collections.abc import Sequence

from services.dispatch.operations.joint import (
    add_supporter,
    insist_on_supporter,
    release_supporter,
    replace_supporter,
)
from services.dispatch.operations.reports import Reporting, report_delay
from services.dispatch.operations.work_orders import contact_requester, return_work_order, sign_off_work_order
from services.dispatch.queries.work_orders import list_work_orders, read_results
from shared.contracts.dispatch import (
    AddSupporter,
    ContactRequester,
    InsistOnSupporter,
    ListWorkOrders,
    ReadReportPhoto,
    ReadResults,
    ReleaseSupporter,
    ReplaceSupporter,
    ReportBack,
    ReportDelay,
    ResealReportPhotos,
    ReturnWorkOrder,
    SignOffWorkOrder,
)
from shared.infra.requests import Endpoint, serve

ENDPOINTS: Sequence[Endpoint] = (
    serve(SignOffWorkOrder, sign_off_work_order),
    serve(ContactRequester, contact_requester),
    serve(ReturnWorkOrder, return_work_order),
    serve(ReportDelay, report_delay),
    serve(AddSupporter, add_supporter),
    serve(ReleaseSupporter, release_supporter),
    serve(ReplaceSupporter, replace_supporter),
    serve(InsistOnSupporter, insist_on_supporter),
    serve(ListWorkOrders, list_work_orders),
    serve(ReadResults, read_results),
)


def report_endpoints(reporting: Reporting) -> Sequence[Endpoint]:
    """Those that need the vault's keys."""
    return (
        serve(ReportBack, reporting.report_back),
        serve(ReadReportPhoto, reporting.read_report_photo),
        serve(ResealReportPhotos, reporting.reseal_report_photos),
    )
