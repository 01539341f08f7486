"""The words of orders, appeals and referrals go with the requester's data: they may repeat what was said."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from services.escalation.model import Appeal, Base, Referral, SupervisionAnswer, SupervisionOrder
from shared.contracts.base import Envelope
from shared.contracts.intake import ERASED, RequesterErased
from shared.infra.unit_of_work import UnitOfWork

WORDS_OF_A_CASE: dict[type[Base], tuple[str, ...]] = {
    SupervisionOrder: ("reason", "end_reason"),
    SupervisionAnswer: ("answer", "words"),
    Appeal: ("words", "advice_words", "decide_words"),
    Referral: ("reason", "words"),
}


async def erase_words(work: UnitOfWork, event: RequesterErased, envelope: Envelope, *, now: datetime) -> None:
    """Who ordered, answered, decided what and when stays."""
    async with work.begin(envelope) as tx:
        for erasure in _erasures(event.case_id):
            await tx.session.execute(erasure, execution_options={"synchronize_session": False})


def _erasures(case_id: UUID) -> Iterator[sa.Update]:
    orders = sa.select(SupervisionOrder.order_id).where(SupervisionOrder.case_id == case_id)
    for model, names in WORDS_OF_A_CASE.items():
        column = sa.inspect(model).columns
        of_case = column["order_id"].in_(orders) if model is SupervisionAnswer else column["case_id"] == case_id
        yield sa.update(model).where(of_case).values({name: _erased(column[name]) for name in names})


def _erased(column: sa.Column[str]) -> sa.ColumnElement[str | None]:
    """What was never written stays unwritten."""
    return sa.case((column.is_not(None), ERASED))
