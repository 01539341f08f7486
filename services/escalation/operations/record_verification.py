"""A grid worker says what was found in the field; where nothing was, the dispatcher says better where to look."""

from collections.abc import Sequence
from datetime import datetime

from services.escalation.errors.verifications import NotWaitingForPlace, UnknownPlace
from services.escalation.model import CaseClocks, Verification, VerificationPhoto
from services.escalation.operations.case_clocks import arm, open_case
from services.escalation.operations.keep_clocks import ask_verification
from services.escalation.operations.known_switches import known_switches
from services.escalation.policy.obligations import (
    DISPATCHER,
    Obligation,
    Owing,
    Which,
    follow_up_key,
    place_key,
    verify_key,
)
from shared.centre.pack import CentrePack
from shared.centre.standing import mode_at
from shared.contracts.base import Done, Event
from shared.contracts.escalation import RecordVerification, SendVerificationAgain
from shared.errors import not_found
from shared.infra.sealed_photos import taken_in
from shared.infra.unit_of_work import Transaction, UnitOfWork
from shared.photos import Photo
from shared.vault import KeyRing


class Verifying:
    """The operations on a verification that seal what was written and photographed."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    async def record_verification(self, work: UnitOfWork, command: RecordVerification, /, *, now: datetime) -> Done:
        """核查: where it is solved the first receiver's follow-up begins; where not, it goes back (`goes_to`).

        The clock is met by the instant of recording. When it was looked at, by the worker's own word, stands beside it.
        """
        async with work.begin(command) as tx:
            known = await _known(tx, command)
            pack = await work.packs.version(tx.session, known.pack_version)
            photos = await taken_in(command.photos, pack.closed_loop)
            # The case before the task, as events do: two locks in one order cannot deadlock.
            case = await open_case(tx, known.case_id, known.case_code)
            task = await tx.lock(Verification, command.verification_id, field="verification_id")
            told = task.record(
                command.outcome,
                None if command.note is None else task.sealed(self._keys, "note", command.note),
                by=command.actor,
                pack=pack,
                now=now,
                mode=mode_at(await known_switches(tx), now),
                handlers=case.file.handlers,
                found_at=command.found_at,
                photos=len(photos),
            )
            tx.record(told)
            self._keep(tx, task, photos, now=now)
            tx.record(*case.meet(Which(key=verify_key(task.verification_id)), now, now=now))
            tx.record(*await _owe_what_follows(work, tx, case, task, now=now))
            return tx.answers(Done(at=now))

    async def send_verification_again(
        self, work: UnitOfWork, command: SendVerificationAgain, /, *, now: datetime
    ) -> Done:
        """By the dispatcher: the grid looks again, by better words or in another grid."""
        async with work.begin(command) as tx:
            known = await _known(tx, command)
            pack = await work.packs.version(tx.session, known.pack_version)
            _require_place(pack, command.place)
            case = await open_case(tx, known.case_id, known.case_code)
            task = await tx.lock(Verification, command.verification_id, field="verification_id")
            key = Which(key=place_key(task.verification_id))
            if not case.open(key):
                raise NotWaitingForPlace("nobody waits for a better place here", field="verification_id")
            ask = task.again(task.sealed(self._keys, "hint", command.hint), command.place, now=now)
            tx.record(*case.meet(key, now, now=now))
            case.file.hear_done(place_key(task.verification_id))
            tx.record(*await ask_verification(work, tx, case, ask, now))
            return tx.answers(Done(at=now))

    def _keep(self, tx: Transaction, task: Verification, photos: Sequence[Photo], *, now: datetime) -> None:
        for number, photo in enumerate(photos, start=1):
            row = VerificationPhoto(verification_id=task.verification_id)
            row.keep(self._keys, photo, task.case_id, number=number, now=now)
            tx.add(row)


async def _known(tx: Transaction, command: RecordVerification | SendVerificationAgain) -> Verification:
    known = await tx.get(Verification, command.verification_id)
    if known is None:
        raise not_found("verification", command.verification_id, field="verification_id")
    return known


async def _owe_what_follows(
    work: UnitOfWork, tx: Transaction, case: CaseClocks, task: Verification, *, now: datetime
) -> tuple[Event, ...]:
    """What goes back to the unit, dispatch sends there and tells of."""
    if task.goes_to == "first_receiver":
        facts = case.facts()
        key = follow_up_key(task.case_id, facts.follow_ups + 1)
        owed = Obligation(key, "follow_up", facts.first_receiver, now, task.grounds())
        case.file.hear_solved(now, task.grounds())
    elif task.goes_to == "dispatcher":
        key = place_key(task.verification_id)
        order = task.work_order_id
        owed = Obligation(key, "dispatch", DISPATCHER, now, task.grounds(), work_order_id=order)
        case.file.hear_not_found(key, Owing("dispatch", DISPATCHER, now, task.grounds(), work_order_id=order))
    else:
        return ()
    return await arm(tx, work.packs, case, owed, now=now)


def _require_place(pack: CentrePack, place: str | None) -> None:
    if place is not None and pack.place(place) is None:
        raise UnknownPlace(f"{place!r} is not a place of this centre", field="place", place=place)
