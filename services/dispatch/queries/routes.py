"""Why this unit: every decision about who answers, and what new routes wait for a person."""

from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch.errors.cases import CaseUnknown
from services.dispatch.model import CaseRouting, RoutedCase, RouteProposal
from services.dispatch.policy.views import reads_words
from services.dispatch.queries.rulings import Asked, precedents, rulings_of, township_of
from shared.contracts.base import Level
from shared.contracts.dispatch import (
    ExplainRoute,
    ListProposals,
    Proposal,
    Proposals,
    RoutedBy,
    RouteExplained,
    Routing,
    Ruling,
)
from shared.infra.unit_of_work import UnitOfWork

PRECEDENTS_SHOWN_MAX = 5


async def explain_route(work: UnitOfWork, request: ExplainRoute, /, *, now: datetime) -> RouteExplained:
    with_words = reads_words(request.actor)
    async with work.read() as session:
        case = await session.scalar(sa.select(RoutedCase).where(RoutedCase.case_code == request.case_code))
        if case is None:
            raise CaseUnknown(
                f"case {request.case_code} is not with dispatch: not accepted yet, or its window handles it itself",
                field="case_code",
                case_code=request.case_code,
            )
        routings = sa.select(CaseRouting).where(CaseRouting.case_id == case.case_id).order_by(CaseRouting.number)
        told = tuple(_routing(each, with_words=with_words) for each in await session.scalars(routings))
        rulings = await _rulings(work, session, case, with_words=with_words)
        open_one = sa.select(RouteProposal).where(RouteProposal.case_id == case.case_id, RouteProposal.state == "open")
        proposal = await session.scalar(open_one)
    return RouteExplained(
        case_code=case.case_code,
        owner=case.owner,
        state=case.state,
        hops=case.hops,
        routings=told,
        precedents=rulings,
        proposal=None if proposal is None else _proposal(proposal),
    )


async def list_proposals(work: UnitOfWork, request: ListProposals, /, *, now: datetime) -> Proposals:
    waits = RouteProposal.state == "open"
    query = sa.select(RouteProposal).where(waits).order_by(RouteProposal.proposed_at, RouteProposal.proposal_id)
    async with work.read() as session:
        total = await session.scalar(sa.select(sa.func.count()).select_from(RouteProposal).where(waits))
        found = (await session.scalars(query.limit(request.limit))).all()
    return Proposals(proposals=tuple(_proposal(each) for each in found), total=total or 0)


async def _rulings(
    work: UnitOfWork, session: AsyncSession, case: RoutedCase, *, with_words: bool
) -> tuple[Ruling, ...]:
    """Those on the case itself, then the newest on the like."""
    own = await rulings_of(session, case.case_id, with_words=with_words)
    if case.category is None or case.place is None:
        return own
    pack = await work.packs.version(session, case.pack_version)
    asked = Asked(case.category, case.place, township_of(pack, case.place))
    found = await precedents(session, (asked,), limit=PRECEDENTS_SHOWN_MAX, with_words=with_words)
    return tuple(dict.fromkeys((*own, *found.get(asked, ()))))


def _routing(one: CaseRouting, *, with_words: bool) -> Routing:
    return Routing(
        number=one.number,
        by=cast("RoutedBy", one.by),
        unit=one.unit,
        supporters=tuple(one.supporters),
        rule=one.rule,
        reason=one.reason,
        considered=tuple(one.considered),
        source=one.source,
        category=one.category,
        place=one.place,
        level=cast("Level", one.level),
        flags=tuple(one.flags),
        pack_version=one.pack_version,
        decided_by=one.decided_by,
        words=one.words if with_words else None,
        routed_at=one.routed_at,
    )


def _proposal(one: RouteProposal) -> Proposal:
    return Proposal(
        proposal_id=one.proposal_id,
        case_code=one.case_code,
        unit=one.unit,
        supporters=tuple(one.supporters),
        instead_of=one.instead_of,
        rule=one.rule,
        reason=one.reason,
        category=one.category,
        place=one.place,
        level=cast("Level", one.level),
        proposed_at=one.proposed_at,
    )
