"""Requests in: each row is decode, one operation, answer."""

from collections.abc import Sequence

from services.console.operations.accounts import add_staff, disable_staff, reset_password
from services.console.operations.clear_board import clear_board
from services.console.operations.walls import make_wall_token, revoke_wall_token
from services.console.queries.accounts import list_staff
from services.console.queries.walls import list_wall_tokens
from shared.contracts.console import (
    AddStaff,
    ClearBoard,
    DisableStaff,
    ListStaff,
    ListWallTokens,
    MakeWallToken,
    ResetPassword,
    RevokeWallToken,
)
from shared.infra.requests import Endpoint, serve


def endpoints() -> Sequence[Endpoint]:
    return [
        serve(AddStaff, add_staff),
        serve(ListStaff, list_staff),
        serve(DisableStaff, disable_staff),
        serve(ResetPassword, reset_password),
        serve(ClearBoard, clear_board),
        serve(MakeWallToken, make_wall_token),
        serve(ListWallTokens, list_wall_tokens),
        serve(RevokeWallToken, revoke_wall_token),
    ]
