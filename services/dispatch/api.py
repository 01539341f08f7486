"""Requests in: each row is decode, one operation, answer."""

from collections.abc import Sequence

from services.dispatch.operations.cases import redispatch_case
from services.dispatch.operations.packs import apply_centre_pack
from services.dispatch.operations.summonses import (
    acknowledge_summons,
    approve_summons,
    ask_summons,
    check_in_arrival,
    refuse_summons,
    stand_down_summons,
)
from services.dispatch.operations.work_orders import report_back, return_work_order, sign_off_work_order
from services.dispatch.queries import list_summonses, list_triage, list_work_orders, read_centre_pack
from shared.contracts.dispatch import (
    AcknowledgeSummons,
    ApplyCentrePack,
    ApproveSummons,
    AskSummons,
    CheckInArrival,
    ListSummonses,
    ListTriage,
    ListWorkOrders,
    ReadCentrePack,
    RedispatchCase,
    RefuseSummons,
    ReportBack,
    ReturnWorkOrder,
    SignOffWorkOrder,
    StandDownSummons,
)
from shared.infra.requests import Endpoint, serve
from shared.infra.unit_of_work import UnitOfWork


def endpoints(_work: UnitOfWork) -> Sequence[Endpoint]:
    return [
        serve(ApplyCentrePack, apply_centre_pack),
        serve(ReadCentrePack, read_centre_pack),
        serve(SignOffWorkOrder, sign_off_work_order),
        serve(ReturnWorkOrder, return_work_order),
        serve(ReportBack, report_back),
        serve(RedispatchCase, redispatch_case),
        serve(AskSummons, ask_summons),
        serve(ApproveSummons, approve_summons),
        serve(RefuseSummons, refuse_summons),
        serve(AcknowledgeSummons, acknowledge_summons),
        serve(CheckInArrival, check_in_arrival),
        serve(StandDownSummons, stand_down_summons),
        serve(ListWorkOrders, list_work_orders),
        serve(ListTriage, list_triage),
        serve(ListSummonses, list_summonses),
    ]
