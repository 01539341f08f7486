"""A notice becomes messages: whom the post means now, on which channels, and whether anything is left to say.

A batch is planned with a handful of statements, so that fifty units can be called within a second.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from services.notification.channels.base import INBOX
from services.notification.model import Contact, Message, Notice, RosterCopy, Settled, SummonsCall
from services.notification.model.contact import in_order
from services.notification.model.mode_copy import every_switch
from services.notification.policy.recipients import Recipient, Recipients, recipients
from services.notification.policy.settled import Fact, arrival_settled_by, needless
from services.notification.policy.timing import BUNDLE_WAIT, SAME_WITHIN, patience
from shared.centre.pack import CentrePack, LadderStep, Mode
from shared.centre.standing import Switch, mode_at
from shared.contracts.base import Event
from shared.contracts.notification import MessageState, Unreached
from shared.duty import Roster
from shared.errors import Unavailable
from shared.infra.arrays import among
from shared.infra.packs import NoCentrePack
from shared.infra.unit_of_work import Transaction, UnitOfWork

PLAN_MAX = 500
_GONE = (MessageState.FAILED.value, MessageState.SKIPPED.value)


@dataclass(slots=True)
class Told:
    """Who was told which matter a moment ago: (matter, staff) -> the notice that told it."""

    by_matter: dict[tuple[str, str], Notice] = field(default_factory=dict)

    def add(self, notice: Notice, staff: str) -> None:
        self.by_matter.setdefault((notice.matter, staff), notice)

    def before(self, notice: Notice, staff: str) -> Notice | None:
        earlier = self.by_matter.get((notice.matter, staff))
        return None if earlier is notice else earlier


@dataclass(frozen=True, slots=True)
class Planning:
    """What one batch is planned with."""

    now: datetime
    whom: Mapping[UUID, Recipients]
    contacts: Mapping[str, Sequence[Contact]]
    settled: Mapping[str, Fact]
    told: Told


async def plan_notices(work: UnitOfWork) -> int:
    """Plans a batch, in one transaction. Returns how many notices there were; the urgent ones first."""
    now = work.clock.now()
    waiting = sa.select(Notice).where(Notice.planned_at.is_(None)).order_by(Notice.urgent.desc(), Notice.created_at)
    async with work.begin() as tx:
        found = await tx.session.scalars(waiting.limit(PLAN_MAX).with_for_update(skip_locked=True))
        notices = found.all()
        if not notices:
            return 0
        try:
            pack = await work.packs.in_force(tx.session)
        except NoCentrePack:
            return 0  # a centre without a pack has no posts; they are planned when it comes
        plan = await _planning(work, tx, notices, pack, now)
        for notice in notices:
            tx.record(*_plan(tx, notice, plan))
    return len(notices)


async def _planning(
    work: UnitOfWork, tx: Transaction, notices: Sequence[Notice], pack: CentrePack, now: datetime
) -> Planning:
    switches = [row.switch() for row in await tx.session.scalars(every_switch())]
    await _describe_summonses(work, tx, notices, pack, switches)
    rosters = [row.roster for row in await tx.session.scalars(sa.select(RosterCopy).order_by(RosterCopy.code))]
    mode = mode_at(switches, now)
    whom = {notice.notice_id: _recipients(notice, rosters, pack, mode, now) for notice in notices}
    staff = {one.staff for found in whom.values() if not isinstance(found, Unreached) for one in found}
    contacts: dict[str, list[Contact]] = defaultdict(list)
    for contact in await tx.session.scalars(sa.select(Contact).where(among(Contact.staff, staff))):
        contacts[contact.staff].append(contact)
    settled = await settled_among(tx, notices)
    return Planning(now, whom, contacts, settled, await _told_before(tx, notices, now))


def _recipients(notice: Notice, rosters: Sequence[Roster], pack: CentrePack, mode: Mode, now: datetime) -> Recipients:
    return recipients(notice.post, notice.unit, rosters=rosters, pack=pack, at=now, mode=mode)


async def settled_among(tx: Transaction, notices: Iterable[Notice]) -> dict[str, Fact]:
    """Of all the keys these notices name: the settled ones."""
    keys = {key for notice in notices for key in notice.settled_by}
    if not keys:
        return {}
    rows = await tx.session.execute(sa.select(Settled.key, Settled.why, Settled.at).where(among(Settled.key, keys)))
    return {row.key: Fact(row.key, row.why, row.at) for row in rows}


async def _told_before(tx: Transaction, notices: Sequence[Notice], now: datetime) -> Told:
    """Looked for on both sides of now: after a clock was set back, what was told a moment ago lies ahead.

    One matter is planned by one copy at a time, so that the later one sees what the earlier one told.
    """
    await _lock_matters(tx, {notice.matter for notice in notices})
    earlier = (
        sa.select(Notice, Message.staff)
        .join(Message, Message.notice_id == Notice.notice_id)
        .where(
            among(Notice.matter, {notice.matter for notice in notices}),
            Notice.planned_at.between(now - SAME_WITHIN, now + SAME_WITHIN),
            Message.channel == INBOX,
            Message.state.not_in(_GONE),
        )
        .order_by(Notice.created_at)
    )
    told = Told()
    for notice, staff in await tx.session.execute(earlier):
        told.add(notice, staff)
    return told


async def _lock_matters(tx: Transaction, matters: Iterable[str]) -> None:
    """In one order, so that two copies never wait for each other."""
    keys = sorted({int.from_bytes(hashlib.sha256(matter.encode()).digest()[:8], signed=True) for matter in matters})
    lock = "select pg_advisory_xact_lock(key) from unnest(cast(:keys as bigint[])) with ordinality as one (key, place)"
    await tx.session.execute(sa.text(lock), {"keys": keys})


# -- one notice --------------------------------------------------------------------------------------------------------


def _plan(tx: Transaction, notice: Notice, plan: Planning) -> list[Event]:
    notice.planned_at = plan.now
    found = plan.whom[notice.notice_id]
    if isinstance(found, Unreached):
        return [*notice.give_up(found, now=plan.now)]
    why = needless(notice.settled_by, plan.settled, issued_at=notice.told.at)
    if why is not None:
        return [event for one in found for event in _skipped(tx, notice, one, why, plan.now)]
    new = [one for one in found if plan.told.before(notice, one.staff) is None]
    if not new:
        return _same_as(notice, plan.told.before(notice, found[0].staff), plan.now)
    told = [event for one in new for event in _tell(tx, notice, one, plan)]
    if is_in_the_inbox_enough(notice, [plan.contacts.get(one.staff, ()) for one in new]):
        told += notice.hand_over(INBOX, now=plan.now)
    return told


def _tell(tx: Transaction, notice: Notice, one: Recipient, plan: Planning) -> list[Event]:
    """Into the inbox at once, and on the way on the first channel outside; on all of them when a unit is called."""
    plan.told.add(notice, one.staff)
    inbox = Message.of(notice, staff=one.staff, role=one.role, channel=INBOX, now=plan.now)
    tx.add(inbox)
    outside = in_order(plan.contacts.get(one.staff, ()))
    for contact in outside if _on_every_channel(notice) else outside[:1]:
        tx.add(pending(notice, staff=one.staff, role=one.role, channel=contact.channel, now=plan.now))
    return [*inbox.put_in_inbox(now=plan.now)]


def pending(notice: Notice, *, staff: str, role: str | None, channel: str, now: datetime) -> Message:
    """An urgent one is due at once; an ordinary one waits a moment for company."""
    terms = patience(urgent=notice.urgent)
    message = Message.of(notice, staff=staff, role=role, channel=channel, now=now)
    message.next_try_at = now if notice.urgent else now + BUNDLE_WAIT
    message.deadline_at, message.give_up_at = now + terms.deadline, now + terms.give_up
    return message


def _skipped(tx: Transaction, notice: Notice, one: Recipient, why: str, now: datetime) -> Iterable[Event]:
    message = Message.of(notice, staff=one.staff, role=one.role, channel=INBOX, now=now)
    tx.add(message)
    return message.skip(why, now=now)


def _same_as(notice: Notice, earlier: Notice | None, now: datetime) -> list[Event]:
    """The post has just been told this: nothing is sent, and the notice has reached it all the same."""
    assert earlier is not None
    notice.same_as = earlier.notice_id
    channel = earlier.handed_over_on
    return [] if channel is None else [*notice.hand_over(channel, now=now)]


def is_in_the_inbox_enough(notice: Notice, contacts: Sequence[Sequence[Contact]]) -> bool:
    """Whether a notice has reached its post once it stands in the inbox. `contacts` are those of each recipient.

    Ordinary ones are read when the post is next at work. A summons is to bring somebody into the room: where there is a
    contact outside the program, it is handed over when that takes it, or when the inbox is read.
    """
    return notice.kind != "summons" or not all(contacts)


def _on_every_channel(notice: Notice) -> bool:
    """The whistle itself: the first rung of the arrival ladder (DOMAIN: duty and summons, 3)."""
    return notice.kind == "summons" and notice.step == 1


# -- what a text about a summons says ----------------------------------------------------------------------------------


async def _describe_summonses(
    work: UnitOfWork, tx: Transaction, notices: Sequence[Notice], pack: CentrePack, switches: Sequence[Switch]
) -> None:
    """Matter, place and level come with the call of the unit, a rung's own condition with the pack of its ladder."""
    summoning = [(notice, facts) for notice in notices if (facts := notice.told).summons_id is not None]
    if not summoning:
        return
    wanted = among(SummonsCall.summons_id, {facts.summons_id for _, facts in summoning})
    calls = {
        (call.summons_id, call.unit): call for call in await tx.session.scalars(sa.select(SummonsCall).where(wanted))
    }
    for notice, facts in summoning:
        assert facts.summons_id is not None
        call = calls.get((facts.summons_id, facts.unit or ""))
        frozen = pack if call is None else await pack_of(work, tx, call.pack_version)
        if call is not None:
            described = {name: getattr(call, name) for name in ("category", "place", "level", "pack_version")}
            notice.facts = {**notice.facts, **{name: value for name, value in described.items() if value is not None}}
        if notice.summons_id is None:  # a word about the summons, but no rung of its ladder
            continue
        rung = _rung(frozen, notice.step, "normal" if call is None else mode_at(switches, call.called_at))
        unless = None if rung is None or facts.why == "cannot_come" else rung.unless
        settled_by = arrival_settled_by(facts.summons_id, facts.unit or "", action=facts.action, unless=unless)
        notice.settled_by = list(settled_by)


async def pack_of(work: UnitOfWork, tx: Transaction, version: str | None) -> CentrePack:
    """The pack something began with; the one in force where that has not arrived here."""
    if version is not None:
        try:
            return await work.packs.version(tx.session, version)
        except Unavailable:
            return await work.packs.in_force(tx.session)
    return await work.packs.in_force(tx.session)


def _rung(pack: CentrePack, number: int | None, mode: Mode) -> LadderStep | None:
    """Of the ladder that was frozen on the summons: by the pack and the mode it was called in."""
    steps = pack.ladder_for("arrival", mode).steps
    return steps[number - 1] if number is not None and 1 <= number <= len(steps) else None
