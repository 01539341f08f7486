"""Rosters, and the watch handed over. Each row is decode, one operation, answer."""

from collections.abc import Sequence

from services.dispatch.operations.handover import accept_handover, offer_handover
from services.dispatch.operations.rosters import cancel_override, make_override, set_roster, substitute_absent
from services.dispatch.operations.swaps import answer_swap, ask_swap
from services.dispatch.queries.duty import check_rosters, list_rosters, read_duty_feed, who_is_responsible
from services.dispatch.queries.watch import read_watch
from shared.contracts.dispatch import (
    AcceptHandover,
    AnswerSwap,
    AskSwap,
    CancelOverride,
    CheckRosters,
    ListRosters,
    MakeOverride,
    OfferHandover,
    ReadDutyFeed,
    ReadWatch,
    SetRoster,
    SubstituteAbsent,
    WhoIsResponsible,
)
from shared.infra.requests import Endpoint, serve

ENDPOINTS: Sequence[Endpoint] = (
    serve(SetRoster, set_roster),
    serve(MakeOverride, make_override),
    serve(CancelOverride, cancel_override),
    serve(SubstituteAbsent, substitute_absent),
    serve(AskSwap, ask_swap),
    serve(AnswerSwap, answer_swap),
    serve(ListRosters, list_rosters),
    serve(WhoIsResponsible, who_is_responsible),
    serve(CheckRosters, check_rosters),
    serve(ReadDutyFeed, read_duty_feed),
    serve(OfferHandover, offer_handover),
    serve(AcceptHandover, accept_handover),
    serve(ReadWatch, read_watch),
)
