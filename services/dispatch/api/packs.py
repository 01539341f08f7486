"""The centre pack. Each row is decode, one operation, answer."""

from collections.abc import Sequence

from services.dispatch.operations.packs import apply_centre_pack
from services.dispatch.queries.packs import read_centre_pack
from services.dispatch.queries.replay import list_routed_inputs
from shared.contracts.dispatch import ApplyCentrePack, ListRoutedInputs, ReadCentrePack
from shared.infra.requests import Endpoint, serve

ENDPOINTS: Sequence[Endpoint] = (
    serve(ApplyCentrePack, apply_centre_pack),
    serve(ReadCentrePack, read_centre_pack),
    serve(ListRoutedInputs, list_routed_inputs),
)
