"""The answer of whoever holds a signed link: once, in time, for one unit and one thing."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert

from services.dispatch.errors.summonses import EstimateMissing, LinkForNothing, LinkUsed, ReasonMissing, UnitNotSummoned
from services.dispatch.model import RollCall, UsedLink
from services.dispatch.model.roll_call import Told
from services.dispatch.operations.rows import lock_summons
from shared.contracts.actors import Actor, Role
from shared.contracts.dispatch import AnswerByLink, LinkAnswered
from shared.errors import NotFound
from shared.infra.unit_of_work import Transaction, UnitOfWork
from shared.links import AnswerLink, LinkSigner, require_in_time


class LinkAnswers:
    """Reads what notification signed with the same secrets."""

    def __init__(self, signer: LinkSigner) -> None:
        self._signer = signer

    async def answer_by_link(self, work: UnitOfWork, command: AnswerByLink, /, *, now: datetime) -> LinkAnswered:
        """Whoever passes the link on only carries it: who answers, on record too, is the post it was made for."""
        link = self._signer.opened(command.token)
        holder = Actor(staff=link.staff, role=Role(link.role), unit=link.unit)
        own = command.model_copy(update={"actor": holder})
        async with work.begin(own) as tx:
            require_in_time(link, now=now)
            roll = await _roll_call(tx, link)
            await _use(tx, link, now=now)
            tx.record(*_answer(roll, link, own, now=now))
            return tx.answers(LinkAnswered(at=now, summons_id=link.summons_id, unit=link.unit, answer=link.purpose))


async def _roll_call(tx: Transaction, link: AnswerLink) -> RollCall:
    try:
        roll = RollCall(*await lock_summons(tx, link.summons_id))
        roll.the(link.unit, field="token")
    except (NotFound, UnitNotSummoned):
        raise LinkForNothing(
            "no summons of this centre calls the unit this link was made for", field="token", unit=link.unit
        ) from None
    return roll


async def _use(tx: Transaction, link: AnswerLink, *, now: datetime) -> None:
    """The same link opened twice at once: the later one waits here for the key of the earlier, then is refused."""
    used = insert(UsedLink).values(
        link_id=link.link_id,
        summons_id=link.summons_id,
        unit=link.unit,
        purpose=link.purpose,
        used_by=link.staff,
        used_at=now,
    )
    first = await tx.session.scalar(used.on_conflict_do_nothing().returning(UsedLink.link_id))
    if first is None:
        raise LinkUsed("this link was answered already; say anything else in the program", field="token")


def _answer(roll: RollCall, link: AnswerLink, own: AnswerByLink, *, now: datetime) -> Told:
    match link.purpose:
        case "acknowledge":
            return roll.acknowledge(by=own.actor, now=now)
        case "on_the_way":
            if own.arrives_in_minutes is None:
                raise EstimateMissing("say in how many minutes you arrive", field="arrives_in_minutes")
            return roll.tell_on_the_way(own.arrives_in_minutes, by=own.actor, now=now)
        case "cannot_come":
            if own.reason is None:
                raise ReasonMissing("say why nobody of the unit can come", field="reason")
            return roll.tell_cannot_come(own.reason, by=own.actor, now=now)
