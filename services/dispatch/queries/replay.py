"""What cases were routed by, so that they can be routed again through another pack."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, cast

import sqlalchemy as sa

from services.dispatch.model import ModePeriod, RoutedCase
from shared.centre.standing import Switch, mode_at
from shared.contracts.base import Level
from shared.contracts.dispatch import ListRoutedInputs, Mode, RoutedInput, RoutedInputs
from shared.infra.unit_of_work import UnitOfWork


async def list_routed_inputs(work: UnitOfWork, request: ListRoutedInputs, /, *, now: datetime) -> RoutedInputs:
    """Cases accepted since an instant, in the order of acceptance, with what the table said of each."""
    since = RoutedCase.accepted_at >= request.since
    query = (
        sa.select(RoutedCase)
        .where(since)
        .order_by(RoutedCase.accepted_at, RoutedCase.case_id)
        .offset(request.offset)
        .limit(request.limit)
    )
    async with work.read() as session:
        total = await session.scalar(sa.select(sa.func.count()).select_from(RoutedCase).where(since))
        cases = (await session.scalars(query)).all()
        periods = (await session.scalars(sa.select(ModePeriod).order_by(ModePeriod.number))).all()
    switches = tuple(period.switch() for period in periods)
    return RoutedInputs(cases=tuple(_input(case, switches) for case in cases), total=total or 0)


def _input(case: RoutedCase, switches: Sequence[Switch]) -> RoutedInput:
    return RoutedInput(
        case_code=case.case_code,
        source=case.source,
        category=case.category,
        place=case.place,
        level=cast("Level", case.level),
        flags=tuple(case.flags),
        accepted_at=case.accepted_at,
        mode=cast("Mode", mode_at(switches, case.accepted_at)),  # no period is in a surge of no level
        unit=str(case.decision["unit"]),
        by=cast("Literal['rule', 'fallback', 'triage']", case.decision["by"]),
    )
