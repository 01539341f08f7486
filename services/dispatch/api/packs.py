"""The centre pack. Each row is decode, one operation, answer."""

from collections.abc import Sequence

from services.dispatch.operations.pack_drafts import approve_pack_draft, draft_centre_pack, withdraw_pack_draft
from services.dispatch.operations.packs import apply_centre_pack
from services.dispatch.queries.packs import list_pack_versions, read_centre_pack, read_pack_version
from services.dispatch.queries.replay import list_routed_inputs
from shared.contracts.dispatch import (
    ApplyCentrePack,
    ApprovePackDraft,
    DraftCentrePack,
    ListPackVersions,
    ListRoutedInputs,
    ReadCentrePack,
    ReadPackVersion,
    WithdrawPackDraft,
)
from shared.infra.requests import Endpoint, serve

ENDPOINTS: Sequence[Endpoint] = (
    serve(ApplyCentrePack, apply_centre_pack),
    serve(ReadCentrePack, read_centre_pack),
    serve(DraftCentrePack, draft_centre_pack),
    serve(ApprovePackDraft, approve_pack_draft),
    serve(WithdrawPackDraft, withdraw_pack_draft),
    serve(ListPackVersions, list_pack_versions),
    serve(ReadPackVersion, read_pack_version),
    serve(ListRoutedInputs, list_routed_inputs),
)
