"""规则: the pack in force, or another version of it, as tables; its history; a proposal looked at and approved."""

import secrets
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.console.operations.pack_sheets import Sheet, read_sheet
from services.console.web.desk import actor_of, ask, desk_of, may, signed_in
from services.console.web.dry_runs import LISTED_MAX, try_out
from services.console.web.pages.front import text
from services.console.web.pages.page import Page, answer, to
from services.console.web.pages.rules_draft import ROUTES as DRAFT_ROUTES
from services.console.web.pages.rules_draft import changes_of, teller_of
from services.console.web.pages.rules_sheets import ROUTES as SHEET_ROUTES
from services.console.web.rule_tables import TABS, parts_of, told_changes
from services.console.web.security import post
from shared.centre.changes import pack_changes
from shared.centre.pack import CentrePack
from shared.contracts.actors import CENTRE_ROLES
from shared.contracts.dispatch import (
    ApprovePackDraft,
    DraftCentrePack,
    ListPackVersions,
    PackDraftView,
    PackHistory,
    PackOfVersion,
    ReadPackVersion,
    WithdrawPackDraft,
)
from shared.errors import Refused, not_found

FIRST_TAB = "units"
HISTORY_MAX = 50


async def tables(request: Request) -> Response:
    tab = request.path_params.get("tab", FIRST_TAB)
    if tab not in TABS:
        raise not_found("page", tab)
    pack = await desk_of(request).pack_now()
    sheet = await _own_sheet(request)
    of = request.query_params.get("of", "")
    content, version, changes = pack.model_dump(mode="json"), pack.version, ()
    if of == "draft" and sheet is not None:
        changes = changes_of(pack, sheet)
        content, version = sheet.content, ""
    elif of and of != "draft":
        content, version = (await ask(request, ReadPackVersion, version=of)).pack, of
    return await answer(
        request,
        "rules/tables.html",
        tab=tab,
        tabs=list(TABS),
        parts=parts_of(tab, content, teller_of(request, content), changes),
        of=of if sheet is not None or of != "draft" else "",
        sheet=sheet,
        changed=len(changes_of(pack, sheet)) if sheet else 0,
        version=version,
        in_force=pack.version,
        may_draft=may(actor_of(request), DraftCentrePack),
        key=secrets.token_hex(16),
    )


async def _own_sheet(request: Request) -> Sheet | None:
    if not may(actor_of(request), DraftCentrePack):
        return None
    return await read_sheet(desk_of(request).work, signed_in(request).account.staff)


async def history(request: Request) -> Response:
    told: PackHistory = await ask(request, ListPackVersions, limit=HISTORY_MAX)
    return await answer(
        request,
        "rules/history.html",
        tab="history",
        tabs=list(TABS),
        terms=told.terms,
        drafts=told.drafts,
        open_drafts=[draft for draft in told.drafts if draft.state in {"drafted", "approved"}],
        sheet=await _own_sheet(request),
        of="",
        may_draft=may(actor_of(request), DraftCentrePack),
    )


async def proposal(request: Request) -> Response:
    return await _proposal(request)


async def _proposal(request: Request, *, fault: Refused | None = None) -> Response:
    """What is proposed, beside what is in force now, with the cases of the last days: what an approver has to see."""
    draft = await _draft_of(request)
    desk, actor = desk_of(request), actor_of(request)
    pack = await desk.pack_now()
    before, after = await _content(request, draft.based_on), await _content(request, draft.version)
    is_open = draft.state in {"drafted", "approved"}
    may_approve = may(actor, ApprovePackDraft)
    changes = pack_changes(before, after)
    tried = None
    if is_open and may_approve and draft.based_on == pack.version:
        tried = await try_out(request, pack, CentrePack.model_validate(after))
    return await answer(
        request,
        "rules/proposal.html",
        status=200 if fault is None else 422,
        tab="history",
        tabs=list(TABS),
        draft=draft,
        told=told_changes(changes, teller_of(request, before), teller_of(request, after)),
        tried=tried,
        tried_rows=tried.found[:LISTED_MAX] if tried else (),
        names=(teller_of(request, before), teller_of(request, after)),
        stale=is_open and draft.based_on != pack.version,
        own=draft.drafted_by == actor.staff,
        may_approve=may_approve and draft.state == "drafted",
        may_withdraw=may(actor, WithdrawPackDraft) and is_open,
        sheet=await _own_sheet(request),
        of="",
        may_draft=may(actor, DraftCentrePack),
        fault=fault,
        key=secrets.token_hex(16),
    )


async def _content(request: Request, version: str) -> dict[str, Any]:
    found: PackOfVersion = await ask(request, ReadPackVersion, version=version)
    return found.pack


async def _draft_of(request: Request) -> PackDraftView:
    wanted = request.path_params["draft"]
    told: PackHistory = await ask(request, ListPackVersions, limit=100)
    draft = next((one for one in told.drafts if one.draft_id == wanted), None)
    if draft is None:
        raise not_found("draft", wanted)
    return draft


async def approving(request: Request, form: FormData) -> Response:
    return await _decide(request, form, ApprovePackDraft)


async def withdrawing(request: Request, form: FormData) -> Response:
    return await _decide(request, form, WithdrawPackDraft)


async def _decide(request: Request, form: FormData, act: type[ApprovePackDraft] | type[WithdrawPackDraft]) -> Response:
    draft = request.path_params["draft"]
    try:
        await ask(request, act, draft_id=draft, idempotency_key=text(form, "key") or secrets.token_hex(16))
    except Refused as fault:
        return await _proposal(request, fault=fault)
    return to(f"/rules/proposals/{draft}")


PAGE = Page(
    name="rules",
    path="/rules",
    title="规则表",
    roles=CENTRE_ROLES,
    routes=(
        Route("/rules", tables),
        Route("/rules/history", history),
        Route("/rules/proposals/{draft:uuid}", proposal),
        post("/rules/proposals/{draft:uuid}/approve", approving),
        post("/rules/proposals/{draft:uuid}/withdraw", withdrawing),
        *DRAFT_ROUTES,
        *SHEET_ROUTES,
        Route("/rules/{tab}", tables),
    ),
)
