"""The whistle. Each row is decode, one operation, answer."""

from collections.abc import Sequence

from services.dispatch.operations.answers import (
    acknowledge_summons,
    send_substitute,
    tell_cannot_come,
    tell_on_the_way,
)
from services.dispatch.operations.arrivals import check_in_arrival, check_in_by_code
from services.dispatch.operations.drills import ask_drill
from services.dispatch.operations.summonses import approve_summons, ask_summons, refuse_summons, stand_down_summons
from services.dispatch.queries.drills import read_drill
from services.dispatch.queries.plans import plan_summons
from services.dispatch.queries.summonses import list_summonses, read_room_code
from shared.contracts.dispatch import (
    AcknowledgeSummons,
    ApproveSummons,
    AskDrill,
    AskSummons,
    CheckInArrival,
    CheckInByCode,
    ListSummonses,
    PlanSummons,
    ReadDrill,
    ReadRoomCode,
    RefuseSummons,
    SendSubstitute,
    StandDownSummons,
    TellCannotCome,
    TellOnTheWay,
)
from shared.infra.requests import Endpoint, serve

ENDPOINTS: Sequence[Endpoint] = (
    serve(AskSummons, ask_summons),
    serve(PlanSummons, plan_summons),
    serve(AskDrill, ask_drill),
    serve(ApproveSummons, approve_summons),
    serve(RefuseSummons, refuse_summons),
    serve(StandDownSummons, stand_down_summons),
    serve(AcknowledgeSummons, acknowledge_summons),
    serve(TellOnTheWay, tell_on_the_way),
    serve(SendSubstitute, send_substitute),
    serve(TellCannotCome, tell_cannot_come),
    serve(CheckInArrival, check_in_arrival),
    serve(CheckInByCode, check_in_by_code),
    serve(ReadRoomCode, read_room_code),
    serve(ListSummonses, list_summonses),
    serve(ReadDrill, read_drill),
)
