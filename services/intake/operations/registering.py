"""How a case begins."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from services.intake.errors import ReceivedInFuture, UnknownWindow
from services.intake.model import CASE_NUMBER, Case
from services.intake.operations.rows import known_category, known_flags, known_place
from services.intake.policy import CaseState
from shared.centre.pack import CentrePack
from shared.codes import case_code
from shared.contracts.intake import CaseReceipt, RegisterCase, Source
from shared.infra.event_record import new_id
from shared.infra.unit_of_work import Transaction

CLOCK_SKEW_MAX = timedelta(minutes=5)


async def already_registered(tx: Transaction, command: RegisterCase) -> Case | None:
    """The same push of a platform, under another idempotency key. The lock makes two at once wait for each other."""
    if command.external_reference is None:
        return None
    name = f"{command.source}/{command.external_reference}"
    await tx.session.execute(sa.select(sa.func.pg_advisory_xact_lock(7003, sa.func.hashtext(name))))
    query = sa.select(Case).where(
        Case.source == command.source.value, Case.external_reference == command.external_reference
    )
    return await tx.session.scalar(query)


async def new_case(tx: Transaction, command: RegisterCase, pack: CentrePack, *, now: datetime) -> Case:
    window = command.actor.window
    if (window is None and command.source is Source.WINDOW) or (window is not None and pack.window(window) is None):
        raise UnknownWindow(f"{window!r} is not a window of this centre", field="actor.window", window=window)
    if command.received_at is not None and command.received_at > now + CLOCK_SKEW_MAX:
        raise ReceivedInFuture("the time of receipt lies in the future", field="received_at")
    number = await tx.session.scalar(sa.select(CASE_NUMBER.next_value()))
    assert number is not None
    case = Case(
        case_id=new_id(),
        case_code=case_code(now.astimezone(ZoneInfo(pack.timezone)).year, number),
        source=command.source.value,
        category=None,
        category_chosen_by=None,
        place=known_place(pack, command.place) if command.place is not None else None,
        level=command.level,
        flags=known_flags(pack, command.flags),
        handling_mode=None,
        state=CaseState.REGISTERED,
        owner=command.actor.staff,
        window=window,
        unit=None,
        round=1,
        attempts=0,
        misses=0,
        promises=0,
        handled_by=[],
        outcome=None,
        pack_version=pack.version,
        external_reference=command.external_reference,
        received_at=command.received_at or now,
        registered_at=now,
        accepted_at=None,
        closed_at=None,
        taken_on=False,
        splits=0,
    )
    if command.category is not None:
        case.choose_category(known_category(pack, command.category), by=command.actor)
    return case


def receipt(case: Case, *, known: bool = False, leader: Case | None = None) -> CaseReceipt:
    return CaseReceipt(
        case_id=case.case_id,
        case_code=case.case_code,
        state=case.state,
        owner=case.owner,
        registered_at=case.registered_at,
        known=known,
        joined_to=None if leader is None else leader.case_code,
    )
