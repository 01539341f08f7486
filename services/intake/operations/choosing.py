"""A person's choice beside what was suggested: on record, so that suggestions can be judged."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from services.intake.model import Case, Suggestion
from services.intake.operations.rows import lock_suggestion
from shared.infra.unit_of_work import Transaction


async def choose(tx: Transaction, case: Case, suggestion_id: UUID, *, now: datetime) -> None:
    """Ties the suggestion to the case; without a category yet, the choice may come with acceptance."""
    suggestion = await lock_suggestion(tx, suggestion_id)
    suggestion.belongs_to(case)
    if case.category is not None and suggestion.chosen is None:
        tx.record(suggestion.choose(case, now=now))


async def choose_from_last(tx: Transaction, case: Case, *, now: datetime) -> None:
    """The category was left open at registration: the suggestion made then is answered now."""
    open_one = sa.select(Suggestion).where(Suggestion.case_id == case.case_id, Suggestion.chosen.is_(None))
    latest = open_one.order_by(Suggestion.asked_at.desc(), Suggestion.suggestion_id).limit(1)
    suggestion = await tx.session.scalar(latest.with_for_update())
    if suggestion is not None:
        tx.record(suggestion.choose(case, now=now))
