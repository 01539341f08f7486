"""Normal and surge mode. Each row is decode, one operation, answer."""

from collections.abc import Sequence

from services.dispatch.operations.modes import end_surge, prolong_surge, switch_mode
from services.dispatch.queries.modes import list_mode_periods, read_mode
from shared.contracts.dispatch import EndSurge, ListModePeriods, ProlongSurge, ReadMode, SwitchMode
from shared.infra.requests import Endpoint, serve

ENDPOINTS: Sequence[Endpoint] = (
    serve(SwitchMode, switch_mode),
    serve(ProlongSurge, prolong_surge),
    serve(EndSurge, end_surge),
    serve(ReadMode, read_mode),
    serve(ListModePeriods, list_mode_periods),
)
