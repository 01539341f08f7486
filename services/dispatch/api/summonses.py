"""The whistle. Each row is decode, one operation, answer."""

from collections.abc import Sequence

from services.dispatch.operations.summonses import (
    acknowledge_summons,
    approve_summons,
    ask_summons,
    check_in_arrival,
    refuse_summons,
    stand_down_summons,
)
from services.dispatch.queries.summonses import list_summonses
from shared.contracts.dispatch import (
    AcknowledgeSummons,
    ApproveSummons,
    AskSummons,
    CheckInArrival,
    ListSummonses,
    RefuseSummons,
    StandDownSummons,
)
from shared.infra.requests import Endpoint, serve

ENDPOINTS: Sequence[Endpoint] = (
    serve(AskSummons, ask_summons),
    serve(ApproveSummons, approve_summons),
    serve(RefuseSummons, refuse_summons),
    serve(AcknowledgeSummons, acknowledge_summons),
    serve(CheckInArrival, check_in_arrival),
    serve(StandDownSummons, stand_down_summons),
    serve(ListSummonses, list_summonses),
)
