"""The switches of mode that have come, read once in each transaction."""

import sqlalchemy as sa

from services.escalation.model import ModeSwitch
from shared.centre.standing import Switch
from shared.infra.unit_of_work import Transaction

_KEPT = "escalation.switches"


async def known_switches(tx: Transaction) -> tuple[Switch, ...]:
    """In order. A batch of events shares one transaction: one that comes in it is known from the next one on."""
    kept = tx.session.info.get(_KEPT)
    if kept is None:
        rows = await tx.session.scalars(sa.select(ModeSwitch).order_by(ModeSwitch.number))
        kept = tx.session.info[_KEPT] = tuple(row.switch() for row in rows)
    return kept
