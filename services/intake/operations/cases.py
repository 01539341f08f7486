"""The verbs of a case, from registration to closure."""

from datetime import datetime, timedelta

from services.intake.errors import NothingToCorrect, NotPossibleNow
from services.intake.model import Case, Note, RequesterVault, closed_loop
from services.intake.operations import joining
from services.intake.operations.choosing import choose, choose_from_last
from services.intake.operations.contacts import new_contact, renew_contact
from services.intake.operations.registering import already_registered, new_case, receipt
from services.intake.operations.rows import known_category, known_flags, known_place, lock_case
from shared.contracts.base import Done
from shared.contracts.intake import (
    AcceptCase,
    CaseReceipt,
    CloseCase,
    CorrectCase,
    DeclineCase,
    ExplainCase,
    ExplainDelay,
    FinishOwnCase,
    FollowUpCase,
    RegisterCase,
    Requester,
)
from shared.infra.unit_of_work import Transaction, UnitOfWork
from shared.vault import KeyRing


class Intake:
    """The operations that need the vault's keys or the retention time."""

    def __init__(self, keys: KeyRing, *, retention: timedelta) -> None:
        self._keys = keys
        self._retention = retention
        self._joining = joining.Joining(keys)

    async def register_case(self, work: UnitOfWork, command: RegisterCase, /, *, now: datetime) -> CaseReceipt:
        """The case exists, has its code and its one first receiver, from here on and for ever."""
        async with work.begin(command) as tx:
            known = await already_registered(tx, command)
            if known is not None:
                return tx.answers(receipt(known, known=True))
            leader = None if command.joins is None else await joining.lock_leader(tx, command.joins)
            pack = await work.packs.in_force(tx.session)
            case = await new_case(tx, command, pack, now=now)
            tx.add(case)
            requester = command.requester or Requester()
            words = {"matter": command.matter, **requester.model_dump()}
            tx.add(RequesterVault.sealing(self._keys, case.case_id, words))
            contact = new_contact(self._keys, case, requester.phone, pack)
            if contact is not None:
                tx.add(contact)
            tx.record(case.registered())
            await joining.offered(tx, case, command, leader, now=now)
            if command.suggestion_id is not None:
                await choose(tx, case, command.suggestion_id, now=now)
            if leader is not None:
                await self._register_joined(work, tx, case, leader, command, now=now)
            elif command.accept_as is not None:
                tx.record(case.accept(command.accept_as, now=now))
            return tx.answers(receipt(case, leader=leader))

    async def _register_joined(
        self, work: UnitOfWork, tx: Transaction, case: Case, leader: Case, command: RegisterCase, *, now: datetime
    ) -> None:
        if command.accept_as is not None:
            raise NotPossibleNow("a case that joins another one is handled with that one", field="accept_as")
        await self._joining.follow(work, tx, case, leader, reason=command.join_reason, now=now)

    async def accept_case(self, work: UnitOfWork, command: AcceptCase, /, *, now: datetime) -> Done:
        async with work.begin(command) as tx:
            case = await lock_case(tx, command.case_code)
            pack = await work.packs.version(tx.session, case.pack_version)
            if command.category is not None:
                case.choose_category(known_category(pack, command.category), by=command.actor)
            if command.place is not None:
                case.place = known_place(pack, command.place)
            case.level = command.level or case.level
            accepted = case.accept(command.handling_mode, now=now)
            if command.suggestion_id is not None:
                await choose(tx, case, command.suggestion_id, now=now)
            elif command.category is not None:
                await choose_from_last(tx, case, now=now)
            if command.category is not None or command.place is not None:
                await renew_contact(tx, self._keys, case, pack)
            tx.record(accepted)
            return tx.answers(Done(at=now))

    async def correct_case(self, work: UnitOfWork, command: CorrectCase, /, *, now: datetime) -> Done:
        """What was taken down wrong is put right; whoever has the case keeps it until a person decides otherwise."""
        if (command.category, command.place, command.level, command.flags) == (None, None, None, None):
            raise NothingToCorrect("say what is to be put right: category, place, level or flags", field="category")
        async with work.begin(command) as tx:
            case = await lock_case(tx, command.case_code)
            pack = await work.packs.version(tx.session, case.pack_version)
            corrected = case.correct(
                category=known_category(pack, command.category) if command.category is not None else None,
                place=known_place(pack, command.place) if command.place is not None else None,
                level=command.level,
                flags=known_flags(pack, command.flags) if command.flags is not None else None,
                by=command.actor,
                now=now,
            )
            tx.record(corrected)
            tx.add(Note.sealing(self._keys, case.case_id, "correction", command.reason, at=now))
            await renew_contact(tx, self._keys, case, pack)
            return tx.answers(Done(at=now))

    async def close_case(self, work: UnitOfWork, command: CloseCase, /, *, now: datetime) -> Done:
        async with work.begin(command) as tx:
            case = await lock_case(tx, command.case_code)
            pack = await work.packs.version(tx.session, case.pack_version)
            tx.record(case.close(closed_loop.rule_of(case, pack), by=command.actor, now=now))
            await joining.solved(tx, case, now=now)
            vault = await tx.lock(RequesterVault, case.case_id)
            vault.expires_at = now + self._retention
            return tx.answers(Done(at=now))

    async def decline_case(self, work: UnitOfWork, command: DeclineCase, /, *, now: datetime) -> Done:
        async with work.begin(command) as tx:
            case = await lock_case(tx, command.case_code)
            await joining.require_nobody_waits(tx, case)
            tx.record(case.decline(command.reason, now=now))
            tx.add(Note.sealing(self._keys, case.case_id, "legal_channel", command.legal_channel, at=now))
            if command.note is not None:
                tx.add(Note.sealing(self._keys, case.case_id, "decline", command.note, at=now))
            vault = await tx.lock(RequesterVault, case.case_id)
            vault.expires_at = now + self._retention
            return tx.answers(Done(at=now))

    async def finish_own_case(self, work: UnitOfWork, command: FinishOwnCase, /, *, now: datetime) -> Done:
        async with work.begin(command) as tx:
            case = await lock_case(tx, command.case_code)
            tx.record(case.finish_own(by=command.actor, now=now))
            await joining.solved(tx, case, now=now)
            tx.add(Note.sealing(self._keys, case.case_id, "own_result", command.result, at=now))
            return tx.answers(Done(at=now))

    async def follow_up_case(self, work: UnitOfWork, command: FollowUpCase, /, *, now: datetime) -> Done:
        """回访, by whoever received first: reached or not, solved or not, satisfied or not."""
        async with work.begin(command) as tx:
            case, leader = await joining.lock_with_leader(tx, command.case_code)
            pack = await work.packs.version(tx.session, case.pack_version)
            told = closed_loop.follow_up(case, command, pack, now=now)
            tx.record(*told)
            await joining.reopened(tx, case, leader, told, command, now=now)
            if command.note is not None:
                tx.add(Note.sealing(self._keys, case.case_id, "follow_up", command.note, at=now))
            return tx.answers(Done(at=now))

    async def explain_case(self, work: UnitOfWork, command: ExplainCase, /, *, now: datetime) -> Done:
        async with work.begin(command) as tx:
            case = await lock_case(tx, command.case_code)
            tx.record(closed_loop.explain(case, command, now=now))
            tx.add(Note.sealing(self._keys, case.case_id, "explanation", command.explanation, at=now))
            return tx.answers(Done(at=now))

    async def explain_delay(self, work: UnitOfWork, command: ExplainDelay, /, *, now: datetime) -> Done:
        async with work.begin(command) as tx:
            case = await lock_case(tx, command.case_code)
            pack = await work.packs.version(tx.session, case.pack_version)
            tx.record(closed_loop.explain_delay(case, command, pack.closed_loop, now=now))
            tx.add(Note.sealing(self._keys, case.case_id, "delay", command.explanation, at=now))
            return tx.answers(Done(at=now))
