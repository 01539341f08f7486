"""Events in: what they settle is noted, what is to be told of them becomes notices. The sweep does the rest."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from services.notification.model import Message, ModeCopy, Notice, RosterCopy, Settled, SummonsCall
from services.notification.policy.drafts import LIAISON, URGENT, Draft
from services.notification.policy.facts import NoticeFacts
from services.notification.policy.mode_drafts import drafts
from services.notification.policy.settled import ORDER_ENDS, order_key
from services.notification.policy.settling import settles
from shared.contracts.base import Envelope, Event
from shared.contracts.dispatch import (
    ModeSwitched,
    RosterChanged,
    SummonsEnded,
    SummonsUnitCalled,
    WorkOrderReopened,
    WorkOrderSignedOff,
)
from shared.contracts.dispatch.summonses import SummonsUnitEvent
from shared.contracts.notification import MessageState
from shared.infra.arrays import among
from shared.infra.unit_of_work import Transaction, UnitOfWork

_TAKEN = [state.value for state in (MessageState.SENT, MessageState.DELIVERED, MessageState.READ)]


async def hear(work: UnitOfWork, event: Event, envelope: Envelope, *, now: datetime) -> None:
    """Any event: notes what it settles and writes down what is to be told of it."""
    async with work.begin(envelope) as tx:
        await _note(tx, event)
        await write_down(tx, drafts(event), envelope, now=now)


async def hear_answer(work: UnitOfWork, event: SummonsUnitEvent, envelope: Envelope, *, now: datetime) -> None:
    """A unit said something to its summons: what it was sent about it has been answered."""
    async with work.begin(envelope) as tx:
        await _note(tx, event)
        await write_down(tx, drafts(event), envelope, now=now)
        own = (Notice.summons_id == event.summons_id, Notice.unit == event.unit)
        await _mark_answered(tx, own, now)


async def hear_sign_off(work: UnitOfWork, event: WorkOrderSignedOff, envelope: Envelope, *, now: datetime) -> None:
    async with work.begin(envelope) as tx:
        await _note(tx, event)
        await _mark_answered(tx, (Notice.work_order_id == event.work_order_id, Notice.unit == event.unit), now)


async def hear_reopening(work: UnitOfWork, event: WorkOrderReopened, envelope: Envelope, *, now: datetime) -> None:
    """重办: the unit owes again and is told so; that it reported once settles nothing any more."""
    async with work.begin(envelope) as tx:
        keys = [order_key(event.work_order_id, end) for end in ORDER_ENDS]
        await tx.session.execute(sa.delete(Settled).where(among(Settled.key, keys)))
        await write_down(tx, drafts(event), envelope, now=now)


async def keep_call(work: UnitOfWork, event: SummonsUnitCalled, envelope: Envelope, *, now: datetime) -> None:
    """What texts about this unit's summons say."""
    async with work.begin(envelope) as tx:
        row = {
            "summons_id": event.summons_id,
            "unit": event.unit,
            "case_id": event.case_id,
            "case_code": event.case_code,
            "drill": event.drill,
            "category": event.category,
            "place": event.place,
            "level": event.level,
            "pack_version": event.pack_version,
            "called_at": event.called_at,
        }
        await tx.session.execute(insert(SummonsCall).values(row).on_conflict_do_nothing())


async def hear_end(work: UnitOfWork, event: SummonsEnded, envelope: Envelope, *, now: datetime) -> None:
    """Whoever was called and is not there is told that it is not needed any more; they may be on their way."""
    async with work.begin(envelope) as tx:
        await _note(tx, event)
        if event.outcome != "stood_down":
            return
        called = sa.select(SummonsCall).where(SummonsCall.summons_id == event.summons_id).order_by(SummonsCall.unit)
        calls = (await tx.session.scalars(called)).all()
        await write_down(tx, [_stood_down(call, event) for call in calls], envelope, now=now)


async def keep_roster(work: UnitOfWork, event: RosterChanged, envelope: Envelope, *, now: datetime) -> None:
    """The newest form of a roster takes the place of the one before; its chain brings them in order."""
    async with work.begin(envelope) as tx:
        roster = event.roster
        row = {
            "code": roster.code,
            "kind": roster.kind,
            "unit": roster.unit,
            "text": roster.model_dump_json(),
            "changed_at": event.changed_at,
        }
        upsert = insert(RosterCopy).values(row)
        await tx.session.execute(upsert.on_conflict_do_update(index_elements=["code"], set_=row))


async def keep_mode(work: UnitOfWork, event: ModeSwitched, envelope: Envelope, *, now: datetime) -> None:
    """Whose roster answers, and which ladder a summons climbs, goes by the mode of the time."""
    async with work.begin(envelope) as tx:
        row = {"number": event.number, "mode": event.mode, "switched_at": event.switched_at}
        await tx.session.execute(insert(ModeCopy).values(row).on_conflict_do_nothing())
        await write_down(tx, drafts(event), envelope, now=now)


def _stood_down(call: SummonsCall, event: SummonsEnded) -> Draft:
    facts = NoticeFacts(
        kind="stood_down",
        post=LIAISON,
        unit=call.unit,
        case_code=call.case_code,
        category=call.category,
        place=call.place,
        level=call.level,  # pyright: ignore[reportArgumentType] - checked by the model of the facts
        pack_version=call.pack_version,
        summons_id=call.summons_id,
        drill=call.drill,
        outcome=event.outcome,
        at=event.ended_at,
    )
    arrived = f"summons:{call.summons_id}:{call.unit}:arrived"
    return Draft(facts, f"stood_down:{call.summons_id}:{call.unit}", call.unit, call.case_id, (arrived,))


async def write_down(tx: Transaction, found: Iterable[Draft], envelope: Envelope, *, now: datetime) -> None:
    """One row for each; the same event, and the same rung of a ladder, always makes the same notice."""
    rows = [_row(draft, envelope.id, now) for draft in found]
    if rows:
        await tx.session.execute(insert(Notice).on_conflict_do_nothing(index_elements=["notice_id"]), rows)


def _row(draft: Draft, event_id: UUID, now: datetime) -> dict[str, Any]:
    facts = draft.facts
    return {
        "notice_id": draft.notice_id or uuid5(NAMESPACE_OID, f"{event_id}:{facts.kind}:{facts.post}:{draft.unit}"),
        "kind": facts.kind,
        "post": facts.post,
        "unit": draft.unit,
        "case_id": draft.case_id,
        "case_code": facts.case_code,
        "summons_id": draft.summons_id,
        "work_order_id": facts.work_order_id,
        "clock": draft.clock,
        "step": facts.step,
        "facts": facts.model_dump(mode="json", exclude_defaults=True),
        "matter": draft.matter,
        "settled_by": list(draft.settled_by),
        "urgent": facts.kind in URGENT,
        "drill": facts.drill,
        "created_at": now,
    }


async def _note(tx: Transaction, event: Event) -> None:
    rows = [{"key": fact.key, "why": fact.why, "at": fact.at} for fact in settles(event)]
    if rows:
        note = insert(Settled)
        newer = {"why": note.excluded.why, "at": sa.func.greatest(Settled.at, note.excluded.at)}
        await tx.session.execute(note.on_conflict_do_update(index_elements=["key"], set_=newer), rows)


async def _mark_answered(tx: Transaction, about: tuple[sa.ColumnElement[bool], ...], now: datetime) -> None:
    notices = sa.select(Notice.notice_id).where(*about)
    await tx.session.execute(
        sa.update(Message)
        .where(Message.notice_id.in_(notices), Message.state.in_(_TAKEN))
        .values(state=MessageState.ANSWERED.value, answered_at=now)
        .execution_options(synchronize_session=False)
    )
