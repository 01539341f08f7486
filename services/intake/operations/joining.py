"""并案与拆案: a case joins an open one of the same matter, follows it, and is split from it again.

Whoever needs both locks the leading case first, so that a verification and a follow-up cannot block each other.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from services.intake.errors import CannotJoinItself, CaseUnknown, OthersFollow
from services.intake.model import Case, Note, closed_loop, joining
from services.intake.operations.contacts import renew_contact
from services.intake.policy import CaseState, differs
from shared.contracts.base import CaseEvent, Done
from shared.contracts.intake import (
    CaseReopened,
    FollowUpCase,
    JoinCase,
    JoinedTo,
    RegisterCase,
    SplitCase,
)
from shared.errors import Unavailable
from shared.infra.arrays import among
from shared.infra.unit_of_work import Transaction, UnitOfWork
from shared.vault import KeyRing


class Joining:
    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    async def join_case(self, work: UnitOfWork, command: JoinCase, /, *, now: datetime) -> JoinedTo:
        async with work.begin(command) as tx:
            case, leader = await _lock_both(tx, command.case_code, command.leader)
            await self.follow(work, tx, case, leader, reason=command.reason, now=now)
            return tx.answers(JoinedTo(leader=leader.case_code, at=now))

    async def follow(
        self, work: UnitOfWork, tx: Transaction, case: Case, leader: Case, *, reason: str | None, now: datetime
    ) -> None:
        pack = await work.packs.version(tx.session, case.pack_version)
        joined = joining.join(
            case,
            leader,
            differs=differs(pack, categories=(case.category, leader.category), places=(case.place, leader.place)),
            explained=reason is not None,
            leads=await count_joined(tx, case),
            now=now,
        )
        tx.record(*joined)
        if reason is not None:
            tx.add(Note.sealing(self._keys, case.case_id, "join", reason, at=now))
        await renew_contact(tx, self._keys, case, pack)

    async def split_case(self, work: UnitOfWork, command: SplitCase, /, *, now: datetime) -> Done:
        async with work.begin(command) as tx:
            case, leader = await lock_with_leader(tx, command.case_code)
            joining.require_may_split(case, command.actor)
            tx.record(joining.split(case, leader, cause="decided", now=now))
            tx.add(Note.sealing(self._keys, case.case_id, "split", command.reason, at=now))
            return tx.answers(Done(at=now))


# -- what happens to a leading case happens to those that follow it ----------------------------------------------------


async def solved(tx: Transaction, leader: Case, *, now: datetime) -> None:
    """Each case that waits for this one comes to a follow-up of its own."""
    for case in await _lock_joined(tx, leader, CaseState.HANDLING):
        tx.record(joining.leader_solved(case, leader, now=now))


async def reopened(
    tx: Transaction,
    case: Case,
    leader: Case | None,
    told: Sequence[CaseEvent],
    ask: FollowUpCase,
    *,
    now: datetime,
) -> None:
    """One requester's dissatisfaction reopens the matter for all whose follow-up is not done; what is done stays.

    Where the leading case is closed, the dissatisfied one goes on as a matter of its own.
    """
    if not any(isinstance(event, CaseReopened) for event in told):
        return
    if leader is not None and leader.closed_at is not None:
        tx.record(joining.split(case, leader, cause="leader_closed", now=now))
        return
    if leader is not None and leader.state in joining.SOLVED:
        tx.record(closed_loop.reopen(leader, ask, now=now))
    first = leader or case
    for other in await _lock_joined(tx, first, CaseState.TO_FOLLOW_UP):
        tx.record(joining.leader_reopened(other, first, now=now))


async def require_nobody_waits(tx: Transaction, case: Case) -> None:
    count = await count_joined(tx, case)
    if count:
        raise OthersFollow(
            f"{count} cases are joined to {case.case_code}: split them first", field="case_code", joined=count
        )


async def count_joined(tx: Transaction, case: Case) -> int:
    query = sa.select(sa.func.count()).select_from(Case).where(Case.joined_to == case.case_id)
    return await tx.session.scalar(query) or 0


# -- at registration ---------------------------------------------------------------------------------------------------


async def offered(tx: Transaction, case: Case, command: RegisterCase, leader: Case | None, *, now: datetime) -> None:
    """What the window was offered and what it took is on record, also where it took nothing."""
    if not command.offered and leader is None:
        return
    codes = tuple(dict.fromkeys(command.offered))
    known = set(await tx.session.scalars(sa.select(Case.case_code).where(among(Case.case_code, codes))))
    for code in codes:
        if code not in known:
            raise CaseUnknown(f"no case {code} was registered here", field="offered", case_code=code)
    tx.record(joining.offer(case, codes, None if leader is None else leader.case_code, now=now))


async def lock_leader(tx: Transaction, code: str) -> Case:
    """The case of this code, or the one it follows."""
    case_id, leader_id = await _ids(tx, code, field="joins")
    return await _lock_leading(tx, leader_id or case_id)


# -- locks -------------------------------------------------------------------------------------------------------------


async def lock_with_leader(tx: Transaction, code: str) -> tuple[Case, Case | None]:
    """The case, and the one it follows."""
    case_id, leader_id = await _ids(tx, code, field="case_code")
    leader = None if leader_id is None else await tx.lock(Case, leader_id)
    case = await tx.lock(Case, case_id)
    if case.joined_to != leader_id:
        raise Unavailable("this case was joined or split just now", retry_after_s=0.1)
    return case, leader


async def _lock_both(tx: Transaction, code: str, leader: str) -> tuple[Case, Case]:
    """Two leading cases are locked in the order of their ids."""
    case_id, _ = await _ids(tx, code, field="case_code")
    found_id, followed_id = await _ids(tx, leader, field="leader")
    leader_id = followed_id or found_id
    if leader_id == case_id:
        raise CannotJoinItself(f"case {code} cannot follow itself", field="leader")
    locked = {each: await tx.lock(Case, each) for each in sorted((case_id, leader_id))}
    _require_leading(locked[leader_id])
    return locked[case_id], locked[leader_id]


async def _lock_leading(tx: Transaction, case_id: UUID) -> Case:
    leader = await tx.lock(Case, case_id)
    _require_leading(leader)
    return leader


def _require_leading(leader: Case) -> None:
    if leader.joined_to is not None:
        raise Unavailable("the leading case was joined to another one just now", retry_after_s=0.1)


async def _lock_joined(tx: Transaction, leader: Case, state: CaseState) -> Sequence[Case]:
    """Those that follow it and are in this state; the leading case is locked."""
    await tx.session.flush()
    query = sa.select(Case).where(Case.joined_to == leader.case_id, Case.state == state).order_by(Case.case_id)
    return (await tx.session.scalars(query.with_for_update().execution_options(populate_existing=True))).all()


async def _ids(tx: Transaction, code: str, *, field: str) -> tuple[UUID, UUID | None]:
    row = (
        await tx.session.execute(sa.select(Case.case_id, Case.joined_to).where(Case.case_code == code))
    ).one_or_none()
    if row is None:
        raise CaseUnknown(f"no case {code} was registered here", field=field, case_code=code)
    return row[0], row[1]
